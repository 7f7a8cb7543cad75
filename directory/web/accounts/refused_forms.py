"""The page for a form whose token is missing, or is of another sign-in: it can be sent again."""

import flask_login
from flask import Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import for_one, is_for_somebody
from directory.signin import ways
from directory.web import kept_forms
from directory.web.responses import see


def on_refused_form(_error: CSRFError) -> AnyResponse:
    """Nothing is done; what came from a page of ours can be sent again."""
    ours = kept_forms.is_ours()
    user = flask_login.current_user if ours else None
    here = bool(user and user.is_authenticated)
    if here and request.endpoint == "security.login":
        return see(ways.local(request.values.get("next")))
    page = render_template(
        "accounts/refused.html",
        kept=kept_forms.kept(),
        email=user.email if user and here else "",
        must_sign_in=ours and not here and is_for_somebody(),
    )
    response: Response = make_response(page, 403)
    return for_one(response)
