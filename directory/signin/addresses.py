"""Changing one's e-mail address: what the link in the mail to the new one says."""

from flask import current_app
from flask_security.utils import check_and_get_token_status, verify_hash
from sqlalchemy import select

from directory.edge import runtime
from directory.models import OutgoingMail
from directory.signin import store
from directory.signin.people import SignIn

KIND = "account-change-email-instructions"


def asked_for(token: str) -> tuple[SignIn | None, str]:
    """Whose address is to change, and to which; None when the link does not hold any more.

    As Flask-Security reads its own link, which it does not tell.
    """
    within = current_app.config["SECURITY_CHANGE_EMAIL_WITHIN"]
    expired, invalid, said = check_and_get_token_status(token, "change_email", within)
    if expired or invalid or not said:
        return None, ""
    uniquifier, hashed, email = said
    datastore = current_app.extensions["security"].datastore
    user: SignIn | None = datastore.find_user(fs_uniquifier=uniquifier)
    if user is None or not verify_hash(hashed, user.email):
        return None, ""
    return user, email


def newest(account_id: int) -> str:
    """The address that an account asked for last, as long as its link holds; "" for none."""
    since = runtime().clock() - current_app.config["SECURITY_CHANGE_EMAIL_WITHIN"]
    asked = (
        select(OutgoingMail.recipient)
        .where(
            OutgoingMail.account_id == account_id,
            OutgoingMail.kind == KIND,
            OutgoingMail.created_at > since,
        )
        .order_by(OutgoingMail.id.desc())
    )
    return store.session().scalar(asked.limit(1)) or ""
