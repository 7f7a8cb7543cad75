"""One request after the other as long as each is quick, a few at once when some are not, others
that wait, and a way that is always free.

Python runs one thread at a time: requests that are answered side by side take turns every few
milliseconds, and cost half as much again. But who has waited for a slow database, or is still
there for whatever reason, holds nobody up. Whoever asks whether the process lives, or for a file,
is never behind them. Beyond the queue the answer is 503 at once: better than a page after half a
minute.
"""

from collections import deque
from collections.abc import Iterable
from threading import Event, Lock
from time import monotonic
from typing import Any

FREE = frozenset({"/healthz", "/readyz", "/metrics"})
AT_ONCE, WAITING, SECONDS = 6, 30, 5.0
# Whoever takes longer is not alone any more.
ALONE = 0.1
BUSY = (
    b"Too many people are here at once. Please go back, where all that you typed still stands, and"
    b" try again in a moment.\n"
)


class Turns:
    """WSGI: lets so many through; the threads of a process must be more than all of these."""

    def __init__(self, site: Any, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self.site, self.at_once, self.waiting = site, at_once, waiting
        self.lock = Lock()
        self.line: deque[Event] = deque()
        # When each that is answered now had its turn.
        self.began: list[float] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in FREE:
            found: Iterable[bytes] = self.site(environ, start_response)
            return found
        began = self._turn()
        if began is None:
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
            with self.lock:
                self.began.remove(began)
                self._wake_first()
        return found

    def _turn(self) -> float | None:
        """When the turn began; None when there is none, within SECONDS or at all."""
        came = now = monotonic()
        with self.lock:
            if not self.line and self._rest(now) <= 0:
                self.began.append(now)
                return now
            if len(self.line) >= self.waiting:
                return None
            called = Event()
            self.line.append(called)
            rest = self._rest(now)
        while now - came < SECONDS:
            called.wait(rest)
            now = monotonic()
            with self.lock:
                called.clear()
                first = self.line[0] is called
                rest = self._rest(now) if first else SECONDS
                if rest <= 0:
                    return self._begin(now)
        with self.lock:
            self.line.remove(called)
            self._wake_first()
        return None

    def _begin(self, now: float) -> float:
        self.line.popleft()
        self.began.append(now)
        self._wake_first()
        return now

    def _wake_first(self) -> None:
        if self.line:
            self.line[0].set()

    def _rest(self, now: float) -> float:
        """Seconds until the first may begin, if nobody who is there ends before."""
        if len(self.began) >= self.at_once:
            return SECONDS
        return max((began + ALONE - now for began in self.began), default=0.0)
