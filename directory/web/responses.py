"""Answers that many pages give alike: where to go next, who may keep them, what is a file.

What is for one person alone says `edge.for_one`, which the guards of the admins say, too.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import status_of
from directory.errors import Conflict, DirectoryError, Invalid
from directory.said import Said, said
from directory.schemas.kinds import MOST_ID

BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
PRIVATE = "private, no-cache"


class Number(IntegerConverter):
    """A whole number in an address, `<int(max=99):position>`; one that is too large fits none.

    werkzeug's own looks at the size last: then an address of ours stands there, and is told to
    be asked in another way (405).
    """

    def __init__(
        self,
        addresses: Map,
        fixed_digits: int = 0,
        min: int | None = None,  # noqa: A002 - werkzeug's names
        max: int | None = None,  # noqa: A002
    ) -> None:
        super().__init__(addresses, fixed_digits, min, max)
        self.regex = "[0-9]+" if max is None else _up_to(max)


class Id(Number):
    """The number of a row in an address, `<id:listing_id>`."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=MOST_ID)


def _up_to(most: int) -> str:
    """A pattern of the numbers from 0 to `most`: 0 to 99, say, or 0 to 9, 10 to 19, 20 to 23."""
    digits = str(most)
    fits = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        rest = len(digits) - place - 1
        fits.append(f"{digits[:place]}[0-{int(digit) - (rest > 0)}][0-9]{{{rest}}}")
    return f"(?:{'|'.join(one for one in fits if '[0--1]' not in one)})"


def init(app: Flask) -> None:
    """Let addresses name rows, and numbers."""
    app.url_map.converters |= {"id": Id, "int": Number}


def see(address: str) -> AnyResponse:
    """What was sent is dealt with; what came of it stands at this address, to be loaded again."""
    return redirect(address, 303)


def rendered(
    template: str,
    error: DirectoryError | None = None,
    /,
    *,
    status: int | None = None,
    **values: Any,
) -> Response:
    """A page; one that tells of an error has that error's status, or the one that is given."""
    usual = status_of(error) if error else 200
    return make_response(render_template(template, **values), status or usual)


def problems(
    error: DirectoryError | None, clash: str | None = None
) -> dict[str, Sequence[str | Said]]:
    """What an error says, by the box that it stands at.

    A Conflict is about no box; it stands at `clash`, or is left to the page.
    """
    if isinstance(error, Invalid):
        return dict(error.fields)
    if isinstance(error, Conflict) and clash is not None:
        return {clash: [said(str(error))]}
    return {}


def asks_for_fragment() -> bool:
    """Whether a script on our own page asks, which needs only the part that changed."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def unshared(response: Response) -> Response:
    """What somebody looks for is nobody else's business: no shared cache, no search engine."""
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("HX-Request")
    return response


def attachment(response: Response, name: str) -> Response:
    """A file to keep, under this name, instead of a page."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_file(lines: Iterable[str], name: str) -> Response:
    """Lines of CSV as a file to keep, sent while they are made."""
    response = Response(chain((BOM,), lines), content_type="text/csv; charset=utf-8")
    return attachment(response, name)
