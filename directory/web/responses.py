"""Answers that many pages give alike: who may keep them, and where to go next."""

from collections.abc import Iterable
from itertools import chain

from flask import (
    Response,
    request,
)

BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
PRIVATE = "private, no-cache"


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


def no_store(response: Response) -> Response:
    """What stands here is for one person and one look."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def csv_file(lines: Iterable[str], name: str) -> Response:
    """Lines of CSV as a file to keep, sent while they are made."""
    response = Response(chain((BOM,), lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
