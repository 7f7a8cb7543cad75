"""Somebody else's e-mail address, and what a stranger may have left in an account of that name."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from directory.models import Account, Passkey
from directory.signin.people import SignIn
from tests import factories, sign_ins

THEIRS = factories.PASSWORD
MINE = "a lamp that nobody else has lit"
numbers = count(1)


@dataclass
class Browser:
    """One person's browser, from an address of its own."""

    app: Flask
    address: str = field(
        default_factory=lambda: f"203.0.{(n := next(numbers)) // 250}.{n % 250 + 1}"
    )

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = self.address

    def post(self, url: str, **fields: str) -> Any:
        """Send a form, as a page that was just opened would."""
        sign_ins.carry_token(self.client)
        return self.client.post(url, data=fields)

    def sign_in(self, email: str, password: str) -> str:
        """Where the right password leads, "" for a wrong one."""
        self.client.delete_cookie("session")
        answer = self.post("/account/sign-in", email=email, password=password)
        return (answer.location or "").partition("?")[0]

    def is_in(self) -> bool:
        """Whether the cookie opens the account."""
        return self.client.get("/account/").status_code == 200


def account(app: Flask, email: str) -> Account | None:
    with app.extensions["stillpoint"].reading() as session:
        return session.scalar(select(Account).where(Account.email == email))


def passkey(account_id: int, name: str) -> Passkey:
    """One that an account has; nobody can show it."""
    return Passkey(
        user_id=account_id,
        credential_id=f"{name} {account_id}".encode(),
        public_key=name.encode(),
        backup_state=False,
        device_type="single_device",
        create_datetime=factories.NOW,
        lastuse_datetime=factories.NOW,
        name=name,
        usage="first",
    )


@dataclass
class Trap:
    """An account that a stranger made for somebody else's address, with all it can hold."""

    app: Flask
    email: str

    def __post_init__(self) -> None:
        here = self.app.extensions["stillpoint"]
        changes = {
            "confirmed_at": None,
            "tf_primary_method": "authenticator",
            "tf_totp_secret": "theirs",
            "mf_recovery_codes": ["theirs"],
        }
        made = sign_ins.known(here, self.email, **changes)
        self.account_id = made.id
        self.browser = Browser(self.app)
        sign_ins.sign_in(self.browser.client, made)
        with here.transaction() as session:
            session.add(passkey(made.id, "theirs"))
        with self.app.test_request_context(), here.reading() as session:
            theirs = session.get(SignIn, made.id)
            self.old_link = f"/account/reset/{generate_reset_password_token(theirs)}"

    def is_sprung(self) -> bool:
        """Whether anything of the stranger's is in an account that somebody proved, or opens one."""
        here = self.app.extensions["stillpoint"]
        with here.reading() as session:
            left = session.get(Account, self.account_id)
            keys = session.scalars(select(Passkey).where(Passkey.public_key == b"theirs")).all()
        if left is None or left.confirmed_at is None:
            return self.browser.is_in() or bool(
                left is not None and Browser(self.app).sign_in(self.email, THEIRS)
            )
        kept = left.tf_totp_secret or left.mf_recovery_codes
        opened = Browser(self.app).sign_in(self.email, THEIRS)
        link = Browser(self.app).post(self.old_link, password="yet another unrelated phrase")
        by_link = link.location == "/account/sign-in"
        return bool(kept or keys or opened or by_link or self.browser.is_in())


def command(app: Flask, *words: str) -> str:
    """What a command at the terminal says."""
    return app.test_cli_runner().invoke(args=list(words)).output
