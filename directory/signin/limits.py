"""How often one may try: by client address, and by account and address together.

A stranger can never lock somebody out. Who fails too often is held up himself; an account that
many strangers try is asked for a proof of work at sign-in, nothing more. Counts live in the
memory of each worker process: N workers allow N times as much.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Flask, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

# POSTs per client address, by endpoint.
LIMITS = {
    "security.login": "100 per 10 minutes",
    "security.register": "30 per hour",
    "security.forgot_password": "10 per hour",
    "security.reset_password": "20 per hour",
    "security.send_confirmation": "10 per hour",
    "security.confirm_email": "30 per hour",
    "security.change_email": "10 per hour",
    "security.change_password": "20 per hour",
    "security.verify": "20 per 10 minutes",
    "security.two_factor_token_validation": "10 per 10 minutes",
    "security.mf_recovery": "10 per 10 minutes",
    "security.wan_signin": "60 per 10 minutes",
    "security.wan_signin_response": "30 per 10 minutes",
}
ONE_PAIR = RateLimitItemPerMinute(10, 15)
ONE_MAILBOX = RateLimitItemPerHour(5)
SUSPICIOUS = RateLimitItemPerHour(20)
WITHOUT_PROOF = RateLimitItemPerHour(5)


def init(app: Flask) -> None:
    """Give the app counters of its own."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    Limiter(get_remote_address, app=app)


def of(app: Flask) -> Limiter:
    """The app's counters."""
    found: Limiter = next(iter(app.extensions["limiter"]))
    return found


def hold_back(app: Flask) -> None:
    """Limit the views of `LIMITS`; call it once they are registered."""
    for endpoint, limit in LIMITS.items():
        view: Callable[..., Any] = app.view_functions[endpoint]
        app.view_functions[endpoint] = of(app).limit(limit, methods=["POST"], scope=endpoint)(view)


def count_sign_in(app: Flask, email: str) -> None:
    """One more try at an account from this client; too many are answered with 429."""
    if not of(app).limiter.hit(ONE_PAIR, "sign-in", _hash(email), _client()):
        abort(429)


def count_failure(app: Flask, email: str) -> None:
    """One more failure at an account, from wherever."""
    of(app).limiter.hit(SUSPICIOUS, "failures", _hash(email))


def is_under_attack(app: Flask, email: str) -> bool:
    """Whether so many failed at an account lately that the next one must prove some work."""
    return not of(app).limiter.test(SUSPICIOUS, "failures", _hash(email))


def may_mail(app: Flask, email: str) -> bool:
    """Whether one more mail that anybody can ask for may go to this address within the hour."""
    return of(app).limiter.hit(ONE_MAILBOX, "mails", _hash(email))


def may_without_proof(app: Flask) -> bool:
    """The slow lane of sign-up for browsers without JavaScript: a few an hour per client."""
    return of(app).limiter.hit(WITHOUT_PROOF, "no proof", _client())


def _client() -> str:
    return request.remote_addr or "nowhere"


def _hash(email: str) -> str:
    return sha256(email.strip().casefold().encode()).hexdigest()
