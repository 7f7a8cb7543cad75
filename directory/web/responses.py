"""Answers that many pages give alike: where to go next, who may keep them, what is a file.

What is for one person alone says `edge.for_one`, which the guards of the admins say, too.
"""

from collections.abc import Iterable
from itertools import chain

from flask import Flask, Response, redirect, request
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from directory.schemas.kinds import MOST_ID

BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
PRIVATE = "private, no-cache"


class Id(IntegerConverter):
    """The number of a row in an address, `<id:listing_id>`; one too large for any row fits none."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=MOST_ID)


def init(app: Flask) -> None:
    """Let addresses name rows."""
    app.url_map.converters["id"] = Id


def see(address: str) -> AnyResponse:
    """What was sent is dealt with; what came of it stands at this address, to be loaded again."""
    return redirect(address, 303)


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
