"""Changing one's e-mail address: what the link in the mail to the new one says."""

from flask import current_app
from flask_security.utils import check_and_get_token_status, verify_hash

from directory.signin.people import SignIn


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
