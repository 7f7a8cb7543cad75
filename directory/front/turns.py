"""So many requests at once, a few that wait, and a way that is always free.

Whoever asks whether the process lives, or for a file, is never behind a search that waits for a
slow database. Beyond the queue the answer is 503 at once: better than a page after half a minute.
"""

from collections.abc import Iterable
from threading import BoundedSemaphore, Lock
from typing import Any

FREE = frozenset({"/healthz", "/readyz", "/metrics"})
AT_ONCE, WAITING, SECONDS = 6, 6, 5.0
BUSY = (
    b"Too many people are here at once. Please go back, where all that you typed still stands, and"
    b" try again in a moment.\n"
)


class Turns:
    """WSGI: lets so many through; the threads of a process must be more than all of these."""

    def __init__(self, site: Any, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self.site, self.waiting = site, waiting
        self.turns, self.lock = BoundedSemaphore(at_once), Lock()
        self.queue = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in FREE:
            found: Iterable[bytes] = self.site(environ, start_response)
            return found
        if not self._have_turn():
            headers = [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(BUSY))),
                ("Retry-After", "5"),
                ("Cache-Control", "no-store"),
            ]
            start_response("503 Service Unavailable", headers)
            return [BUSY]
        try:
            found = self.site(environ, start_response)
        finally:
            self.turns.release()
        return found

    def _have_turn(self) -> bool:
        if self.turns.acquire(blocking=False):
            return True
        with self.lock:
            if self.queue >= self.waiting:
                return False
            self.queue += 1
        try:
            return self.turns.acquire(timeout=SECONDS)
        finally:
            with self.lock:
                self.queue -= 1
