"""The API is for everybody's pages and programs: any origin may read it, within fair use.

Nothing under /api/ reads a cookie, so that a page elsewhere learns no more than anybody could.
"""

import math
from collections.abc import Callable
from ipaddress import ip_address
from threading import Lock
from time import monotonic

from cachetools import LRUCache
from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import TooManyRequests

from directory.api.problems import PREFIX, problem
from directory.signin.limits import client

# Requests of a client, by its address, within so many seconds.
MOST, WINDOW = 600, 60
CLIENTS = 20_000
POLICY = f'"fair-use";q={MOST};w={WINDOW}'
EXPOSED = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After"
ALLOWED = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class FairUse:
    """Counts requests, in this process alone: clients get what is stated, or more, never less.

    Nothing is written down: who asked is forgotten with the process, or when others come.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._windows: LRUCache[str, tuple[float, int]] = LRUCache(CLIENTS)
        self._lock = Lock()

    def count(self, who: str) -> tuple[int, int]:
        """One more request; how many are left (below 0: none), and for how many seconds."""
        with self._lock:
            now = self._clock()
            ends, counted = self._windows.get(who, (0.0, 0))
            if ends <= now:
                ends, counted = now + WINDOW, 0
            self._windows[who] = ends, counted + 1
        return MOST - counted - 1, max(1, math.ceil(ends - now))


def init(app: Flask) -> None:
    """Let every origin read what stands under /api/, and nothing else."""

    @app.after_request
    def share(response: Response) -> Response:
        if request.path.startswith(PREFIX):
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
            if request.method == "OPTIONS":
                response.headers.update(ALLOWED)
        return response


def hold_to_fair_use(blueprint: Blueprint) -> None:
    """Count what each client asks of a blueprint; too much is answered with 429.

    This machine's own requests are not held back: without TRUSTED_PROXIES a proxy's would be
    everybody's.
    """
    counts = FairUse()

    @blueprint.before_request
    def count() -> Response | None:
        if request.method == "OPTIONS":
            return None
        left, seconds = (MOST, WINDOW) if _is_of_this_machine() else counts.count(client())
        g.fair_use = f'"fair-use";r={max(0, left)};t={seconds}'
        return problem(TooManyRequests(retry_after=seconds)) if left < 0 else None

    @blueprint.after_request
    def tell(response: Response) -> Response:
        if "fair_use" in g:
            response.headers["RateLimit-Policy"] = POLICY
            response.headers["RateLimit"] = g.fair_use
        return response


def _is_of_this_machine() -> bool:
    try:
        return ip_address(request.remote_addr or "::1").is_loopback
    except ValueError:  # a socket's
        return True
