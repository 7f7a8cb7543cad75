"""The pages of an account: sign-in and the like are Flask-Security's views in our clothes.

Its links in mails lead to pages with one button here: mail scanners open every link, and a GET
changes nothing.
"""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_login
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_date
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import for_one, public, signed_in
from directory.signin import proofs, sessions
from directory.web.responses import see

blueprint = Blueprint("accounts", __name__, url_prefix="/account")


def init(app: Flask) -> None:
    """Put our buttons on Flask-Security's pages, and the pages for forms that were refused."""
    app.jinja_env.filters["on_day"] = lambda moment: format_date(moment, "long")
    views = app.view_functions
    views["security.confirm_email"] = _by_button(
        views["security.confirm_email"], lambda: (_("Confirm your address"), _("Confirm"))
    )
    views["security.change_email_confirm"] = views["accounts.change_email_confirmed"] = _by_button(
        views["security.change_email_confirm"],
        lambda: (_("Use this e-mail address from now on"), _("Use this address")),
    )
    app.register_error_handler(CSRFError, on_refused_form)
    app.register_error_handler(TooManyRequests, on_too_many)
    app.after_request(keep_out_of_caches)


@blueprint.get("/")
@signed_in
def overview() -> str:
    """How somebody signs in, where they are signed in, and what they can do about it."""
    user = flask_login.current_user
    browsers = [(one, sessions.is_here(one)) for one in sessions.open_for(user.id)]
    return render_template("accounts/overview.html", user=user, browsers=browsers)


@blueprint.post("/browsers/<id:number>")
@signed_in
def sign_out_there(number: int) -> AnyResponse:
    """Sign one browser out; one that is not theirs, or not there any more, is left as it is."""
    sessions.end_one(flask_login.current_user.id, number)
    flash(_("That browser is signed out."), "info")
    return see(url_for("accounts.overview"))


@blueprint.post("/everywhere")
@signed_in
def sign_out_everywhere() -> AnyResponse:
    """Sign every browser out, this one too."""
    sessions.end_everywhere(flask_login.current_user._get_current_object())
    flask_login.logout_user()
    return see(url_for("accounts.signed_out"))


@blueprint.get("/signed-out")
@public
def signed_out() -> str:
    """After signing out."""
    return render_template("accounts/signed_out.html")


@blueprint.get("/check-your-mail")
@public
def check_your_mail() -> str:
    """After signing up: the same page whether or not the address had an account."""
    return render_template("accounts/check_your_mail.html")


@blueprint.get("/second-factor-done")
@signed_in
def second_factor_done() -> AnyResponse:
    """After setting the second factor up: on to the recovery codes; after switching it off: home."""
    on = flask_login.current_user.tf_primary_method
    return redirect(url_for("security.mf_recovery_codes" if on else "accounts.overview"))


@blueprint.post("/change-email/<token>")
@public
def change_email_confirmed(token: str) -> AnyResponse:
    """The button behind the link in the mail to a new address; `init` puts the deed here."""
    raise RuntimeError(token)


@blueprint.get("/proof")
@public
def proof() -> Response:
    """A riddle for proof.js to solve while somebody types."""
    return jsonify(proofs.challenge())


def _by_button(
    view: Callable[..., Any], words: Callable[[], tuple[str, str]]
) -> Callable[..., Any]:
    """The view, behind a page with one button."""

    @wraps(view)
    def asked(token: str) -> Any:
        if request.method == "POST":
            return view(token=token)
        heading, label = words()
        return render_template("accounts/press.html", heading=heading, label=label)

    asked.guard = "public"  # type: ignore[attr-defined]
    return asked


def on_refused_form(_error: CSRFError) -> tuple[str, int]:
    """The form's token is missing or belongs to another sign-in: going back loses nothing."""
    return render_template("accounts/refused.html"), 403


def on_too_many(error: TooManyRequests) -> tuple[str, int, dict[str, str]]:
    """Too many tries; when to come back stands in the page and in its header."""
    limit = next(iter(current_app.extensions["limiter"])).current_limit
    seconds = 900
    if isinstance(error.retry_after, int):
        seconds = error.retry_after
    elif limit:
        seconds = max(1, math.ceil(limit.reset_at - time.time()))
    minutes = math.ceil(seconds / 60)
    page = render_template("accounts/too_many.html", minutes=minutes)
    return page, 429, {"Retry-After": str(seconds)}


def keep_out_of_caches(response: Response) -> Response:
    """What stands in an account is for one person and one look, also where there is no page."""
    return for_one(response) if request.path.startswith("/account") else response
