"""Proof of work: a second of a browser's time, which costs a person nothing and a robot much.

The challenge is altcha's (https://altcha.org), solved by our own static/js/proof.js: altcha's
widget writes styles into the page, which our content security policy forbids.
"""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from altcha import v1 as altcha
from flask import current_app, g, request
from limits import RateLimitItemPerMinute

from directory.signin import limits

FIELD = "proof"
HOLDS = timedelta(minutes=10)
# About half a second on a phone: 25,000 hashes in the mean.
WORK = 50_000
# It is remembered for longer than it holds.
ONCE = RateLimitItemPerMinute(1, int(HOLDS.total_seconds() // 60) + 1)


def challenge() -> dict[str, Any]:
    """A fresh riddle, signed, for the page."""
    wanted = altcha.ChallengeOptions(
        algorithm="SHA-256",
        max_number=WORK,
        hmac_key=_key(),
        expires=datetime.now(UTC) + HOLDS,
    )
    return dict(altcha.create_challenge(wanted).to_dict())


def is_given() -> bool:
    """Whether this request brings a solution that holds, for the first time anywhere.

    A request that is begun anew after a lost race brings it still.
    """
    if "proof_is_given" not in g:
        g.proof_is_given = _is_first()
    return bool(g.proof_is_given)


def _is_first() -> bool:
    given = request.form.get(FIELD, "")
    riddle = _solved(given) if 0 < len(given) <= 2000 else None
    # The riddle is what is used up: its solution can be written in many ways.
    return riddle is not None and limits.is_first(current_app, ONCE, "proof", riddle)


def _solved(given: str) -> str | None:
    """The riddle of ours that this solves."""
    try:
        payload = json.loads(base64.b64decode(given, validate=True))
        texts = all(isinstance(payload[name], str) for name in ("challenge", "salt", "signature"))
        if not texts or type(payload["number"]) is not int or payload["algorithm"] != "SHA-256":
            return None
        right, _ = altcha.verify_solution(payload, _key())
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    return str(payload["challenge"]) if right else None


def _key() -> str:
    return sha256(f"proof of work {current_app.secret_key!r}".encode()).hexdigest()
