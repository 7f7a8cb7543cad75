"""Being signed in, in tests: quickly with Flask's client, for real in a browser."""

import base64
import json
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from altcha import v1 as altcha
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.models import Account, OutgoingMail, Role, SignedIn
from directory.signin import sessions
from tests import factories


def sign_in(client: FlaskClient, account: Account, *, fresh: bool = True) -> SignedIn:
    """Sign the client in as a committed account, and let its forms carry the right token.

    Without `fresh`, what matters asks for the password again.
    """
    here = client.application.extensions["stillpoint"]
    key = secrets.token_urlsafe(32)
    with here.transaction() as session:
        now = here.clock()
        row = SignedIn(
            account_id=account.id,
            key=sessions.digest(key),
            browser="Firefox on Linux",
            started_at=now,
            seen_at=now,
        )
        session.add(row)
        session.flush()
        session.expunge(row)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = account.fs_uniquifier
        cookie["_fresh"] = True
        cookie[sessions.KEY] = key
        cookie["fs_paa"] = time.time() if fresh else 1
        cookie.pop("fs_gexp", None)
        cookie.permanent = True
    carry_token(client)
    return row


def sign_in_admin(
    client: FlaskClient, account: Account | None = None, *, role: Role = Role.ADMIN
) -> Account:
    """Sign the client in as that committed account of the staff, or as a new one of that role."""
    here = client.application.extensions["stillpoint"]
    if account is None:
        with here.transaction() as session:
            account = factories.admin(session, f"{role.value}@association.example", role=role)
            session.expunge(account)
    sign_in(client, account)
    return account


def carry_token(client: FlaskClient) -> str:
    """Let all further requests of the client carry its CSRF token, as a header; return it."""
    from flask_wtf.csrf import generate_csrf

    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
    with client.application.test_request_context():
        from flask import session

        session["csrf_token"] = raw
        token = generate_csrf()
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    return token


def sign_in_page(page: Any, email: str, password: str = factories.PASSWORD) -> None:
    """Sign in through the form, as a person does."""
    page.goto("/account/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/sign-in" not in url)


def known(runtime: Any, email: str = "rowan@practice.example", **changes: Any) -> Account:
    """A committed account that can sign in with factories.PASSWORD."""
    with runtime.transaction() as session:
        made = factories.account(session, email, **changes)
        session.expunge(made)
    return made


def mails_to(runtime: Any, email: str) -> list[OutgoingMail]:
    """What is queued for an address, in order."""
    with runtime.reading() as session:
        wanted = select(OutgoingMail).where(OutgoingMail.recipient == email)
        return list(session.scalars(wanted.order_by(OutgoingMail.id)))


def path_in(mail: OutgoingMail, name: str) -> str:
    """The path of a link in a mail."""
    parts = urlsplit(mail.values[name])
    return parts.path + (f"?{parts.query}" if parts.query else "")


def words(answer: Any) -> str:
    """What a page says, without its frame."""
    main = BeautifulSoup(answer.text, "html.parser").find("main")
    return " ".join(main.get_text(" ").split())


def solved(challenge: dict[str, Any]) -> str:
    """The proof of work that a browser would find."""
    found = altcha.solve_challenge(challenge["challenge"], challenge["salt"], max_number=50_000)
    assert found is not None
    names = ("algorithm", "challenge", "salt", "signature")
    proof = {name: challenge[name] for name in names} | {"number": found.number}
    return base64.b64encode(json.dumps(proof).encode()).decode()
