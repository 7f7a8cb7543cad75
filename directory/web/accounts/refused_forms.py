"""The page for a form whose token is missing, or is of another sign-in.

What was typed comes along, to be sent again with one press, but only when the browser says that
the form stood on a page of ours: else another site could have it sent by whoever presses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import flask_login
from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import for_one, is_for_somebody
from directory.signin import ways
from directory.web.responses import see

MOST = 1024 * 1024
TOKEN = "csrf_token"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent: fields in their order, and what has to be given again."""

    address: str
    fields: tuple[tuple[str, str], ...]
    passwords: Mapping[str, str]
    files: tuple[str, ...]


def on_refused_form(_error: CSRFError) -> AnyResponse:
    """Nothing is done; what came from a page of ours can be sent again."""
    ours = _is_ours()
    user = flask_login.current_user if ours else None
    here = bool(user and user.is_authenticated)
    if here and request.endpoint == "security.login":
        return see(ways.local(request.values.get("next")))
    page = render_template(
        "accounts/refused.html",
        kept=kept_if_ours(),
        email=user.email if user and here else "",
        must_sign_in=ours and not here and is_for_somebody(),
    )
    response: Response = make_response(page, 403)
    return for_one(response)


def _is_ours() -> bool:
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def kept_if_ours() -> Kept | None:
    """What the form held; None for what is no form of ours, or too much."""
    if not _is_ours() or request.method != "POST" or request.is_json:
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    if sum(len(name.encode()) + len(value.encode()) for name, value in sent) > MOST:
        return None
    return Kept(
        address=request.full_path.rstrip("?"),
        fields=tuple((name, value) for name, value in sent if not _is_password(name)),
        passwords={name: _label(name) for name, _value in sent if _is_password(name)},
        files=tuple(dict.fromkeys(name for name, _file in request.files.items(multi=True))),
    )


def _is_password(name: str) -> bool:
    return "password" in name.lower()


def _label(name: str) -> str:
    return _("New password, once more") if "new" in name.lower() else _("Password, once more")
