"""Accounts and roles: who may do what here; and invitations to take part."""

from functools import partial
from typing import Any

import flask_security
from flask import Blueprint, Flask, Response, current_app, flash, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import BY_PASSKEY, Verb, actor, admin, public, runtime
from directory.errors import Conflict, DirectoryError, Invalid, NotFound
from directory.models import Role
from directory.said import Said, said
from directory.schemas import read
from directory.schemas.accounts import FindSchema, InviteSchema, RoleSchema
from directory.signin import making
from directory.signin.people import SignIn
from directory.usecases.accounts import roles
from directory.usecases.accounts.roles import Invitation
from directory.usecases.mailing import outbox
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("roles", __name__)

LONGEST_ADDRESS = 254
LONGEST_TOKEN = 500
NAMES: dict[Role, Said] = {
    Role.PRACTITIONER: said("Practitioner"),
    Role.REVIEWER: said("Reviewer: reads the queue and reports"),
    Role.ADMIN: said("Admin: may do everything"),
}
ROLES = [role.value for role in Role]


def init(app: Flask) -> None:
    """Remember in the cookie whether a passkey was shown in this sign-in."""
    flask_security.user_authenticated.connect(_remember_way, app)
    flask_security.wan_registered.connect(_remember_new, app)


def _remember_way(_: Flask, authn_via: list[str] | None = None, **__: Any) -> None:
    # By itself, or after the password.
    shown = request.endpoint == "security.wan_signin_response"
    cookie[BY_PASSKEY] = shown or "webauthn" in (authn_via or ())


def _remember_new(_: Flask, **__: Any) -> None:
    cookie[BY_PASSKEY] = True


@blueprint.get("/admin/accounts")
@admin
def show() -> str:
    """Accounts, newest first, by letters of their address and by role."""
    given = read(FindSchema(), request.args)
    with runtime().reading() as session:
        found = roles.find(
            session, words=given["q"], role=given["role"], page=given["page"], by=actor()
        )
    pages = max(-(-found.total // roles.PER_PAGE), 1)
    return render_template(
        "accounts/accounts.html", found=found, given=given, names=NAMES, pages=pages
    )


@blueprint.get("/admin/accounts/<id:account_id>")
@admin
def one(account_id: int) -> Response:
    """One account, and what can be done with it."""
    return _one(account_id)


@blueprint.post("/admin/accounts/<id:account_id>/role")
@admin
def change_role(account_id: int) -> AnyResponse:
    """Give it another role."""
    role = read(RoleSchema(), request.form)["role"]
    change = partial(roles.change_role, role=role)
    return _do(account_id, change, _("The role is changed."))


@blueprint.post("/admin/accounts/<id:account_id>/disable")
@admin
def disable(account_id: int) -> AnyResponse:
    """Let it sign in no more, at once."""
    return _do(account_id, roles.disable, _("This account is disabled, and signed out."))


@blueprint.post("/admin/accounts/<id:account_id>/enable")
@admin
def enable(account_id: int) -> AnyResponse:
    """Let it sign in again."""
    return _do(account_id, roles.enable, _("This account can sign in again."))


@blueprint.post("/admin/accounts/<id:account_id>/sign-out")
@admin
def sign_out(account_id: int) -> AnyResponse:
    """Sign all of its browsers out, at once."""
    return _do(account_id, roles.sign_out, _("Every browser is signed out."))


@blueprint.post("/admin/accounts/<id:account_id>/uninvite")
@admin
def take_back(account_id: int) -> AnyResponse:
    """The role that was offered cannot be taken any more."""
    return _do(account_id, roles.withdraw, _("The invitation is taken back."))


@blueprint.get("/admin/accounts/invite")
@admin
def ask() -> Response:
    """The form of an invitation."""
    return _form()


@blueprint.post("/admin/accounts/invite")
@admin
def invite() -> AnyResponse:
    """Send an invitation; its role is taken when it is accepted."""
    here, by = runtime(), actor()
    try:
        given = read(InviteSchema(), request.form)
        email = _address(given["email"])
        with here.transaction() as session:
            invited = roles.invite(session, email, given["role"], by=by, at=here.clock())
            outbox.send(
                session,
                "admin-invited",
                email,
                event=f"admin-invited:{invited.account_id}:{invited.mark}",
                at=here.clock(),
                account_id=invited.account_id,
                link=f"{here.config.base_url}/account/invitation/{_token(invited)}",
                role=invited.role.value,
            )
    except (Conflict, Invalid) as error:
        return _form(error)
    flash(_("The invitation is on its way to %(email)s.", email=email), "info")
    return see(url_for(".show"))


@blueprint.get("/account/invitation/<token>")
@public
def invitation(token: str) -> Response:
    """What is offered, and a button; opening the link changes nothing."""
    here, offered = runtime(), _offered(token)
    try:
        with here.reading() as session:
            address = roles.offered(session, offered, at=here.clock()).email
    except Conflict as error:
        return _over(offered, error)
    return rendered(
        "accounts/invitation.html", role=NAMES[offered.role], problem="", address=address
    )


@blueprint.post("/account/invitation/<token>")
@public
def accept(token: str) -> AnyResponse:
    """Take the role, then choose a password where there is none."""
    here, offered = runtime(), _offered(token)
    try:
        with here.transaction() as session:
            taken = roles.accept(session, offered, at=here.clock())
            known, account_id = taken.password is not None, taken.id
    except Conflict as error:
        return _over(offered, error)
    if known:
        return see(url_for("security.login"))
    with here.reading() as session:
        newcomer = session.get(SignIn, account_id)
        if newcomer is None:
            raise NotFound("There is no such account.")
        return see(making.choosing(newcomer))


def _over(offered: Invitation, error: Conflict) -> Response:
    role = NAMES[offered.role]
    return rendered("accounts/invitation.html", error, role=role, problem=str(error), address="")


def _do(account_id: int, verb: Verb, done: str) -> AnyResponse:
    here = runtime()
    try:
        with here.transaction() as session:
            verb(session, account_id, by=actor(), at=here.clock())
    except Conflict as error:
        return _one(account_id, error)
    flash(done, "info")
    return see(url_for(".one", account_id=account_id))


def _one(account_id: int, error: Conflict | None = None) -> Response:
    with runtime().reading() as session:
        card = roles.one(session, account_id, by=actor(), at=runtime().clock())
    errors = problems(error, clash="role")
    return rendered("accounts/account.html", error, card=card, names=NAMES, errors=errors)


def _form(error: DirectoryError | None = None) -> Response:
    errors = problems(error, clash="email")
    answers = {name: request.form.getlist(name) for name in ("email", "role")}
    staff = [(role.value, NAMES[role]) for role in roles.STAFF]
    return rendered("accounts/invite.html", error, errors=errors, answers=answers, staff=staff)


def _address(text: str) -> str:
    try:
        return str(current_app.extensions["security"].mail_util.validate(text))
    except ValueError:
        raise Invalid({"email": [said("This is no e-mail address.")]}) from None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(runtime().config.secret_key, salt="invitation")


def _token(invited: Invitation) -> str:
    return str(_signer().dumps([invited.account_id, invited.role.value, invited.mark]))


def _offered(token: str) -> Invitation:
    """What we once signed; whether it still holds is seen when it is accepted."""
    try:
        account_id, role, mark = _signer().loads(token[:LONGEST_TOKEN])
        return Invitation(account_id, Role(role), mark)
    except (BadSignature, ValueError, TypeError):
        raise NotFound("There is nothing at this address.") from None
