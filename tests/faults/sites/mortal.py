"""The site for gunicorn, whose worker dies by SIGKILL where a request asks it to.

`X-Dies: before 1`   before the first commit of the request
`X-Dies: after 1`    when that is committed
`X-Dies: reply 1`    when all is done and nothing was said

FAULTS_SKEW says by how many seconds its clock is wrong.
"""

import os
import signal
import time
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from directory import cli

application = cli.site()
_site = application.wsgi_app
_time = time.time
if skew := float(os.environ.get("FAULTS_SKEW", "0")):
    time.time = lambda: _time() + skew
    application.extensions["stillpoint"].clock = lambda: datetime.fromtimestamp(time.time(), UTC)
_dying: ContextVar[list[Any] | None] = ContextVar("dying", default=None)


def _mortal(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """WSGI: the site, for as long as it lives."""
    where, _, nth = environ.get("HTTP_X_DIES", "").partition(" ")
    _dying.set([where, int(nth)] if nth else None)
    answer: Iterable[bytes] = _site(environ, start_response)
    _pass("reply")
    return answer


application.wsgi_app = _mortal  # type: ignore[method-assign]


def _pass(where: str) -> None:
    wanted = _dying.get()
    if wanted and wanted[0] == where:
        wanted[1] -= 1
        if wanted[1] == 0:
            os.kill(os.getpid(), signal.SIGKILL)


@event.listens_for(Session, "before_commit")
def _before(_: Session) -> None:
    _pass("before")


@event.listens_for(Session, "after_commit")
def _after(_: Session) -> None:
    _pass("after")
