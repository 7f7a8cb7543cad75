"""Every engine behind the port passes this suite; today there is one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from directory.search.port import Changes, Document, Reader
from directory.search.whoosh_engine import WhooshReader, WhooshWriter

Indexed = Callable[..., Reader]


@pytest.fixture
def indexed_with(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """Index some documents, then some changes; gives a Reader of the outcome."""

    def make(documents: list[Document], *changes: Changes) -> Reader:
        root: Path = tmp_path_factory.mktemp("index")
        writer = WhooshWriter(root)
        writer.rebuild(documents, cursor=0)
        for change in changes:
            writer.apply(change)
        return WhooshReader(root)

    return make
