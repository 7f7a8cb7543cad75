"""How often one may try: by client, and by account and client together.

A stranger can never lock somebody out. Who fails too often is held up himself; an account that
many strangers try is asked for a proof of work at sign-in, nothing more. A limit holds once,
however many workers and machines there are, and across restarts (see `counters`). When the
store of the counts is away, each worker counts for itself; wrong codes of a second factor are
counted elsewhere, with the account (see `guesses`).
"""

import math
import re
import time
from collections.abc import Callable
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, cast

from flask import Flask, g, request
from flask_limiter import Limiter
from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
)
from werkzeug.exceptions import TooManyRequests

from directory import measured
from directory.signin.counters import Counters

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
    "security.two_factor_token_validation": "30 per 10 minutes",
    "security.mf_recovery": "30 per 10 minutes",
    "security.wan_signin": "60 per 10 minutes",
    "security.wan_signin_response": "30 per 10 minutes",
}
ONE_PAIR = RateLimitItemPerMinute(10, 15)
ONE_MAILBOX = RateLimitItemPerHour(5)
SUSPICIOUS = RateLimitItemPerHour(20)
# From here on a password alone opens an account only where it did before, or by mail.
TOO_MANY = RateLimitItemPerHour(100)
WARNED = RateLimitItemPerDay(1)
# Wrong passwords of whoever is signed in, by browser; of whoever has a link, by account.
WRONG_HERE = RateLimitItemPerHour(10)
WRONG_WITH_LINK = RateLimitItemPerHour(10)
WRONG_CODES_HERE = RateLimitItemPerMinute(10, 15)
WITHOUT_PROOF = RateLimitItemPerHour(5)


# IPv4 as it arrives from a network that speaks IPv6 alone (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")
WITH_PORT = re.compile(r"\[(?P<v6>[^]]+)\](:\d+)?|(?P<v4>[\d.]+):\d+")
NOWHERE = "nowhere"


def init(app: Flask) -> None:
    """Give the app its counters; the Runtime must be there."""
    options: Any = {"config": app.extensions["stillpoint"].config}
    Limiter(client, app=app, storage_uri="stillpoint://", storage_options=options)


def of(app: Flask) -> Limiter:
    """The app's counters."""
    found: Limiter = next(iter(app.extensions["limiter"]))
    return found


def client() -> str:
    """Who asks, as it is counted: an IPv4 address, or the /64 of an IPv6 address.

    A /64 is what one connection gets, and each of its 2^64 addresses is free to use.
    """
    return counted_as(request.remote_addr or "")


def counted_as(said: str) -> str:
    """The one name for all addresses that are one client."""
    bare = WITH_PORT.fullmatch(said)  # some proxies forward the port, too
    try:
        address = ip_address(((bare["v6"] or bare["v4"]) if bare else said).partition("%")[0])
    except ValueError:
        return NOWHERE
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            within = ip_address(address.packed[-4:])  # type: ignore[assignment]
        return str(within or IPv6Network((address, 64), strict=False))
    return str(address)


def hold_back(app: Flask) -> None:
    """Limit the views of `LIMITS`; call it once they are registered."""
    for endpoint, limit in LIMITS.items():
        view: Callable[..., Any] = app.view_functions[endpoint]
        app.view_functions[endpoint] = of(app).limit(limit, methods=["POST"], scope=endpoint)(view)


def count(app: Flask, limit: RateLimitItem, *names: str) -> None:
    """One more of these; too many are answered with 429, which says when to come back."""
    if not of(app).limiter.hit(limit, *names):
        raise TooManyRequests(retry_after=seconds_left(app, limit, *names))


def seconds_left(app: Flask, limit: RateLimitItem, *names: str) -> int:
    """In how many seconds, at least one, such a limit begins anew."""
    ends = of(app).limiter.get_window_stats(limit, *names).reset_time
    return max(1, math.ceil(ends - time.time()))


def is_first(app: Flask, limit: RateLimitItem, *names: str) -> bool:
    """Whether this never happened before; no, too, when nobody can know."""
    return _counters(app).is_first(limit.key_for(*names), limit.get_expiry())


def count_sign_in(app: Flask, email: str) -> None:
    """One more try at an account from this client; too many are answered with 429."""
    try:
        count(app, ONE_PAIR, "sign-in", _hash(email), client())
    except TooManyRequests:
        measured.sign_in_failed("limit")
        raise


def count_failure(app: Flask, email: str) -> bool:
    """One more failure at an account, from wherever; whether its owner is to be warned of them."""
    of(app).limiter.hit(TOO_MANY, "failures", _hash(email))
    few = of(app).limiter.hit(SUSPICIOUS, "failures", _hash(email))
    return not few and is_first(app, WARNED, "warned", _hash(email))


def is_besieged(app: Flask, email: str) -> bool:
    """Whether so many failed at an account that a proof of work is not enough any more."""
    return not of(app).limiter.test(TOO_MANY, "failures", _hash(email))


def forget_failures(app: Flask, email: str) -> None:
    """A new password makes all guesses worthless."""
    for limit in (SUSPICIOUS, TOO_MANY):
        of(app).limiter.clear(limit, "failures", _hash(email))


def is_under_attack(app: Flask, email: str) -> bool:
    """Whether so many failed at an account lately that the next one must prove some work."""
    return not of(app).limiter.test(SUSPICIOUS, "failures", _hash(email))


def may_mail(app: Flask, email: str) -> bool:
    """Whether one more mail that anybody can ask for may go to this address within the hour."""
    return of(app).limiter.hit(ONE_MAILBOX, "mails", _hash(email))


def may_without_proof(app: Flask) -> bool:
    """The slow lane of sign-up for browsers without JavaScript: a few an hour per client.

    A request that is begun anew after a lost race counts once.
    """
    if "may_without_proof" not in g:
        g.may_without_proof = of(app).limiter.hit(WITHOUT_PROOF, "no proof", client())
    return bool(g.may_without_proof)


def _counters(app: Flask) -> Counters:
    return cast(Counters, of(app).storage)


def _hash(email: str) -> str:
    return sha256(email.strip().casefold().encode()).hexdigest()
