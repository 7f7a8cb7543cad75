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
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_date
from flask_babel import gettext as _
from flask_security import auth_required
from flask_security.confirmable import confirm_email_token_status
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import for_one, public, runtime, signed_in
from directory.signin import addresses, making, proofs, sessions, settings, store
from directory.usecases.accounts import proving
from directory.web.accounts.refused_forms import on_refused_form
from directory.web.responses import attachment, see

blueprint = Blueprint("accounts", __name__, url_prefix="/account")


def init(app: Flask) -> None:
    """Put our buttons on Flask-Security's pages, and the pages for forms that were refused."""
    app.jinja_env.filters["on_day"] = lambda moment: format_date(moment, "long")
    views = app.view_functions
    views["security.confirm_email"] = public(
        _by_button(
            store.repeated(_proving(views["security.confirm_email"])),
            lambda _token: (_("Confirm your address"), _("Confirm"), ""),
        )
    )
    # Signed in: or an address would go to the account of whoever mailed its owner this link.
    views["security.change_email_confirm"] = views["accounts.change_email_confirmed"] = signed_in(
        _by_button(
            store.repeated(_taking(views["security.change_email_confirm"])),
            lambda token: (
                _("Use this e-mail address from now on"),
                _("Use this address"),
                addresses.asked_for(token)[1],
            ),
        )
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
    wanted = addresses.newest(user.id)
    waits = "" if wanted == user.email else wanted
    return render_template("accounts/overview.html", user=user, browsers=browsers, waits=waits)


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
    """After switching a factor on: the recovery codes that came with it; after switching off: home."""
    user = flask_login.current_user
    if user.tf_primary_method or user.webauthn:
        return redirect(url_for("security.mf_recovery_codes", show_codes=1))
    return redirect(url_for("accounts.overview"))


@blueprint.get("/recovery-codes.txt")
@signed_in
@auth_required("session", within=lambda: settings.FRESH, grace=lambda: settings.FRESH)
def recovery_codes_file() -> Response:
    """The recovery codes as a file to keep."""
    util = current_app.extensions["security"].mf_recovery_codes_util
    codes = util.get_recovery_codes(flask_login.current_user)
    title = _("Recovery codes for %(site)s, each works once", site=runtime().config.site_name)
    response = make_response("\r\n".join([title, "", *codes, ""]))
    response.mimetype = "text/plain"
    return attachment(response, "recovery-codes.txt")


@blueprint.post("/change-email/<token>")
@signed_in
def change_email_confirmed(token: str) -> AnyResponse:
    """The button behind the link in the mail to a new address; `init` puts the deed here."""
    raise RuntimeError(token)


@blueprint.get("/proof")
@public
def proof() -> Response:
    """A riddle for proof.js to solve while somebody types."""
    return jsonify(proofs.challenge())


def _by_button(
    view: Callable[..., Any], words: Callable[[str], tuple[str, str, str]]
) -> Callable[..., Any]:
    """The view, behind a page with one button."""

    @wraps(view)
    def asked(token: str) -> Any:
        if request.method == "POST":
            return view(token=token)
        heading, label, address = words(token)
        return render_template("accounts/press.html", heading=heading, label=label, address=address)

    return asked


def _proving(view: Callable[..., Any]) -> Callable[..., Any]:
    """Confirming an address: then its owner, who pressed, chooses the password.

    Until one is chosen, the link may be pressed again. The view says why another does not work.
    """

    @wraps(view)
    def proved(token: str) -> Any:
        expired, invalid, user = confirm_email_token_status(token)
        if user is None or expired or invalid or (user.confirmed_at and user.password):
            return view(token=token)
        proving.prove(store.session(), user.id, at=runtime().clock())
        flash(_("Your address is confirmed. Now choose a password."), "info")
        return see(making.choosing(user))

    return proved


def _taking(view: Callable[..., Any]) -> Callable[..., Any]:
    """Taking a new address: only for the account that asked for it."""

    @wraps(view)
    def taken(token: str) -> Any:
        owner, email = addresses.asked_for(token)
        if owner is not None and addresses.newest(owner.id) != email:
            owner, token = None, ""  # they thought better of it
        if owner is not None and owner.id != flask_login.current_user.id:
            flash(_("This link belongs to another account: sign in with that one."), "error")
            return see(url_for("accounts.overview"))
        if owner is not None:
            proving.give_way(store.session(), email)
        return view(token=token)

    return taken


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
