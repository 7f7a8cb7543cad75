"""Logs: one JSON line per event, for people on a terminal, and nothing about visitors.

No query string, address or search word is ever written: what people look for here is
about their health. A request is known by its route's rule and a random id.
"""

import logging
import re
import sys
import time
import traceback
from secrets import token_hex

import structlog
from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.exc import StatementError
from structlog.typing import EventDict, ExcInfo, Processor
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import HTTPException

from directory.config import Config

# These name addresses and whole URLs, or tell how they were put together.
TOO_CHATTY = ("alembic", "gunicorn.error", "werkzeug")
QUERY = re.compile(r"\?[^\s\"']+")
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}\b", re.I)

log = structlog.stdlib.get_logger("stillpoint")


def init(app: Flask, config: Config) -> None:
    """Set up logging for the process and write one line per request."""
    configure(config.log_level)
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def configure(level: str) -> None:
    """Send all logs of the process, ours and the libraries', to stderr in one shape."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_without_words),
                _without_addresses,
                _renderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if not isinstance(other, _Handler)]
    root.addHandler(handler)
    root.setLevel(level)
    for name in TOO_CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Ours, so that a second `configure` replaces it and leaves others alone."""


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()


def _begin() -> None:
    g.began, g.request_id = time.perf_counter(), token_hex(8)
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    took = (time.perf_counter() - g.began) * 1000 if "began" in g else 0.0
    write = log.error if response.status_code >= 500 else log.info
    write(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round(took, 1),
    )
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def _forget(_: BaseException | None) -> None:
    structlog.contextvars.clear_contextvars()


def _without_words(exc_info: ExcInfo) -> str:
    """The traceback; its messages lose the visitor's words and the values sent to SQL."""
    error: BaseException | None = exc_info[1]
    while error is not None:
        if isinstance(error, StatementError):
            error.hide_parameters = True
        error = error.__cause__ or error.__context__
    text = "".join(traceback.format_exception(*exc_info)).rstrip()
    words = _words_of_request()
    if not words:
        return text
    # Frames are indented, messages are not.
    lines = (line if line.startswith("  ") else words.sub("…", line) for line in text.split("\n"))
    return "\n".join(lines)


def _words_of_request() -> re.Pattern[str] | None:
    if not has_request_context():
        return None
    try:
        told = request.values
    except HTTPException:  # it may be the body that failed
        told = CombinedMultiDict([request.args])
    given = [value for values in told.listvalues() for value in values]
    given += [str(value) for value in (request.view_args or {}).values()]
    words = {word for value in given for word in (value, *value.split()) if len(word) > 2}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.I) if words else None


def _without_addresses(_: object, __: str, event: EventDict) -> EventDict:
    if str(event.get("event", "")).startswith("Exception on "):
        # Flask names the whole path, and a path may hold a link that opens something.
        rule = request.url_rule if has_request_context() else None
        event["event"] = f"Exception on {rule.rule if rule else '(unknown)'}"
    for name in ("event", "exception"):
        if isinstance(event.get(name), str):
            event[name] = ADDRESS.sub("(address)", QUERY.sub("?…", event[name]))
    return event
