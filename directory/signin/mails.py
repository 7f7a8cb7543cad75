"""Flask-Security's mails, as rows of our outbox in the transaction that they tell of."""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from flask import current_app
from flask_security import MailUtil

from directory import mailboxes
from directory.edge import runtime
from directory.signin import store
from directory.signin.people import SignIn
from directory.usecases.mailing import outbox

# The mail worker drops these: an address without an account costs the same work.
NOBODY = "nobody"


class Mails(MailUtil):
    """Addresses in lower case, as people paste them; mails through the outbox."""

    def normalize(self, email: str) -> str:
        """The address as we keep it; raises ValueError for what is none by our rule."""
        return _ours(super().normalize(mailboxes.pasted(email)))

    def validate(self, email: str) -> str:
        """The same: whether mail arrives, the confirmation shows."""
        return _ours(super().validate(mailboxes.pasted(email)))

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **about: Any,
    ) -> None:
        """Queue the mail; its links lead to BASE_URL, whatever host was asked for."""
        links = {
            name: absolute(value)
            for name, value in about.items()
            if name.endswith("link") and value and isinstance(value, str)
        }
        kind = f"account-{template.rsplit('/', 1)[-1].replace('_', '-')}"
        if kind == "account-welcome-existing" and links.get("confirmation_link"):
            # Nobody has it yet: whoever asks again is as welcome as the first.
            kind, links = "account-welcome", {"confirmation_link": links["confirmation_link"]}
        user = about.get("user")
        if user is not None and user.id is None:
            kind, recipient, user = NOBODY, "nobody@invalid", None
        send(kind, str(recipient), user, **links)


def _ours(email: str) -> str:
    if not mailboxes.is_one(email):
        raise ValueError("this is no e-mail address")
    return email.casefold()


def known_as(typed: str) -> str:
    """The one name of an account's address, however it was typed; what is none stays as it is."""
    try:
        return Mails(current_app).normalize(typed)
    except ValueError:
        return typed


def send(kind: str, to: str, user: SignIn | None = None, **values: str) -> None:
    """Queue one mail about an account, in the request's own session."""
    outbox.send(
        store.session(),
        kind,
        to,
        event=f"{kind} {secrets.token_hex(16)}",
        at=runtime().clock(),
        account_id=user.id if user else None,
        listing_id=None,
        after=timedelta(0),
        **values,
    )


def ghost(email: str) -> SignIn:
    """Somebody who is not there: a mail to them costs what any other costs, and is dropped."""
    return SignIn(email=email, password=NOBODY, fs_uniquifier=uuid4().hex)


def absolute(link: str) -> str:
    """The same path and query at BASE_URL."""
    parts = urlsplit(link)
    query = f"?{parts.query}" if parts.query else ""
    return f"{runtime().config.base_url}{parts.path}{query}"


def warn(user: Any, what: str) -> None:
    """Tell somebody of what others try; for a ghost it costs the same, and is dropped."""
    if user.id is None:
        send(NOBODY, "nobody@invalid", what=what, link=absolute("/account/reset"))
    else:
        told(user, what)


def told(user: SignIn, what: str) -> None:
    """Tell somebody that the way they sign in was changed."""
    send("account-security-changed", user.email, user, what=what, link=absolute("/account/"))
