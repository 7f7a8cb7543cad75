"""The way back for whoever has lost the second factor: an admin offers it, a password takes it."""

import unicodedata

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_security import verify_password
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, public, runtime
from directory.errors import Conflict, Invalid, NotFound
from directory.said import said
from directory.schemas import read
from directory.schemas.accounts import PasswordSchema
from directory.signin import limits
from directory.usecases.accounts import resets
from directory.usecases.mailing import outbox
from directory.web.formatting.filters import saying
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("second_factor", __name__)

LONGEST_TOKEN = 500


@blueprint.post("/admin/accounts/<id:account_id>/second-factor")
@admin
def offer(account_id: int) -> AnyResponse:
    """Write to somebody who lost phone and codes: with their password they begin anew."""
    here, by = runtime(), actor()
    try:
        with here.transaction() as session:
            made = resets.offer(session, account_id, by=by, at=here.clock())
            token = _signer().dumps([made.account_id, made.mark])
            outbox.send(
                session,
                "factor-reset",
                made.email,
                event=f"factor-reset:{made.account_id}:{made.mark}",
                at=here.clock(),
                account_id=made.account_id,
                link=f"{here.config.base_url}/account/factor-reset/{token}",
            )
    except Conflict as error:
        flash(str(error), "error")
    else:
        flash(_("A mail is on its way. With the link in it and their password they go on."), "info")
    return see(url_for("roles.one", account_id=account_id))


@blueprint.get("/account/factor-reset/<token>")
@public
def ask(token: str) -> Response:
    """What is offered; opening the link changes nothing."""
    here, (account_id, mark) = runtime(), _offered(token)
    try:
        with here.reading() as session:
            resets.whose(session, account_id, mark, at=here.clock())
    except Conflict as error:
        return _page(error)
    return _page()


@blueprint.post("/account/factor-reset/<token>")
@public
def take(token: str) -> AnyResponse:
    """Forget the second factor of whoever reads the mail and knows the password."""
    here, (account_id, mark) = runtime(), _offered(token)
    try:
        _check(account_id, mark, read(PasswordSchema(), request.form)["password"])
        with here.transaction() as session:
            taken = resets.take(session, account_id, mark, at=here.clock())
            outbox.send(
                session,
                "account-security-changed",
                taken.email,
                event=f"factor-forgotten:{account_id}:{mark}",
                at=here.clock(),
                account_id=account_id,
                what="second-factor-off",
                link=f"{here.config.base_url}/account/",
            )
    except (Conflict, Invalid) as error:
        return _page(error)
    flash(_("Please sign in with your password, and set up a new second factor."), "info")
    return see(url_for("security.login"))


def _check(account_id: int, mark: str, password: str) -> None:
    """Raise Invalid unless it is the account's password; tries count with those of signing in."""
    here = runtime()
    with here.reading() as session:
        account = resets.whose(session, account_id, mark, at=here.clock())
    limits.count(current_app, limits.WRONG_WITH_LINK, "factor-reset", str(account_id))
    plain = unicodedata.normalize("NFKD", password)
    if not (plain and account.password and verify_password(plain, account.password)):
        raise Invalid({"password": [said("This is not your password.")]})


def _page(error: Conflict | Invalid | None = None) -> Response:
    form = saying(problems(error, clash=""))
    late = isinstance(error, Conflict)
    return rendered("accounts/factor_reset.html", error, form=form, late=late)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(runtime().config.secret_key, salt="second factor")


def _offered(token: str) -> tuple[int, str]:
    try:
        account_id, mark = _signer().loads(token[:LONGEST_TOKEN])
        return int(account_id), str(mark)
    except (BadSignature, ValueError, TypeError):
        raise NotFound("There is nothing at this address.") from None
