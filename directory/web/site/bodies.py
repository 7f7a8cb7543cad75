"""What is sent in a body: read once, and what cannot be read is the sender's fault.

Error pages fill the boxes with what was typed, and the log leaves it out: both look at the form.
Neither may fail as the page did: a form whose reading failed is empty from then on, and one
that nobody read before the error (see `leave`) stays unread.
"""

import time
from collections.abc import Callable, Iterator
from typing import IO, Any, ParamSpec, TypeVar

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
)

# How many seconds a body may take, beside those that so many bytes a second need.
PATIENCE, SLOWEST = 30.0, 16 * 1024
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def init(app: Flask) -> None:
    """Have every request read its body so."""
    app.request_class = Sent


def leave() -> None:
    """Read no more of this request's body: it is empty, unless it was read already."""
    _leave(request)


def _leave(sent: Request) -> None:
    for name in ("form", "files"):
        sent.__dict__.setdefault(name, ImmutableMultiDict())


class Sent(Request):
    """A request that fails to read its form once, not again and again."""

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        most = None if environ.get("CONTENT_LENGTH") else lambda: self.max_content_length
        environ["wsgi.input"] = _Input(environ["wsgi.input"], most)
        super().__init__(environ, *args, **kwargs)

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except HTTPException:
            _leave(self)
            raise


class _Input:
    """The server's own reader; whatever it raises, the body was broken: 400.

    `most` says how much may come in chunks. Werkzeug stops there, but takes what came until then
    for all.
    """

    def __init__(self, server: IO[bytes], most: Callable[[], int | None] | None) -> None:
        self._server, self._most = server, most
        self._came, self._began = 0, time.monotonic()

    def read(self, *size: int) -> bytes:
        part = _whole(self._server.read, *size)
        self._came += len(part)
        if time.monotonic() - self._began > PATIENCE + self._came / SLOWEST:
            raise RequestTimeout
        most = self._most() if self._most and part else None
        if most is not None and self._came >= most and _whole(self._server.read, 1):
            raise RequestEntityTooLarge
        return part

    def readline(self, *size: int) -> bytes:
        return _whole(self._server.readline, *size)

    def readlines(self, *size: int) -> list[bytes]:
        return _whole(self._server.readlines, *size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def close(self) -> None:
        self._server.close()


def _whole(read: Callable[Asked, Found], *args: Asked.args, **kwargs: Asked.kwargs) -> Found:
    try:
        return read(*args, **kwargs)
    except Exception as error:
        raise BadRequest from error
