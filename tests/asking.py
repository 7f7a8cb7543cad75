"""Searching in tests as the page and the API do: by parameters, through the schema."""

from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.edge import Runtime
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.usecases.visitors import searching
from directory.usecases.visitors.results import Results


def asking(runtime: Runtime, home: str = "") -> Callable[..., Results]:
    """A search from pairs of parameters, or from names; a list of values repeats one."""

    def find(*pairs: tuple[str, str], **params: Any) -> Results:
        for name, values in params.items():
            several = values if isinstance(values, list) else [values]
            pairs = (*pairs, *((name, value) for value in several))
        wanted = read(SearchSchema(), MultiDict(pairs))
        with runtime.reading() as session:
            return searching.find(session, runtime.finder(home), wanted)

    return find
