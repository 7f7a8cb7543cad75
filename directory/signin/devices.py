"""Browsers that an account was signed in with before: strangers' guesses do not keep them out.

A cookie of its own, set when a sign-in is whole, tells one (see OWASP, "Device Cookies"). It opens
nothing, goes to pages under /account alone, and is void after a new password, another address, or
when every browser is signed out.
"""

from hashlib import sha256
from secrets import token_hex

from flask import Response, after_this_request, request
from itsdangerous import BadSignature, URLSafeSerializer

from directory.edge import runtime
from directory.signin.people import SignIn

LASTS = 180 * 24 * 3600
PATH = "/account"


def name() -> str:
    """The cookie's name; over https the browser holds it to its word that it is safe."""
    return "__Secure-known" if _safe() else "known"


def is_known(user: SignIn | None) -> bool:
    """Whether this account was signed in with this browser before, and nothing changed since."""
    told = _told()
    return user is not None and told is not None and told[:2] == [user.id, _mark(user)]


def number() -> str:
    """What tells this browser from others; "" for one that was never signed in."""
    told = _told()
    return str(told[2]) if told else ""


def remember(user: SignIn) -> None:
    """Know this browser the next time."""
    if is_known(user):
        return
    value = _signer().dumps([user.id, _mark(user), token_hex(8)])

    @after_this_request
    def tell(response: Response) -> Response:
        response.set_cookie(
            name(), value, LASTS, path=PATH, secure=_safe(), httponly=True, samesite="Lax"
        )
        return response


def forget(response: Response) -> Response:
    """Whoever erases the account takes this along."""
    response.delete_cookie(name(), path=PATH, secure=_safe(), httponly=True, samesite="Lax")
    return response


def _told() -> list[object] | None:
    try:
        told = _signer().loads(request.cookies.get(name(), "")[:300])
    except BadSignature:
        return None
    return told if isinstance(told, list) and len(told) == 3 else None


def _mark(user: SignIn) -> str:
    return sha256(user.fs_uniquifier.encode()).hexdigest()[:16]


def _safe() -> bool:
    return runtime().config.base_url.startswith("https")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(runtime().config.secret_key, salt="known browser")
