"""Accounts that are made from a terminal: an admin's, and the one to try a demonstration with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from flask import current_app
from flask_security import hash_password
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.models import Listing, Role
from directory.signin import mails, passwords
from directory.signin.people import SignIn
from directory.usecases.accounts import proving, resets
from directory.usecases.audit import chain

BY = "command line"
DEMO_EMAIL = "rowan@practice.example"
DEMO_PASSWORD = "four lanterns by a slow river"  # noqa: S105 - printed for whoever tries it out


@dataclass(frozen=True, slots=True)
class Made:
    """An admin's account; `was_there`: it had an owner already, whose ways to sign in it keeps."""

    account: SignIn
    was_there: bool


def wanted(email: str, password: str | None, *, site_name: str) -> tuple[str, str | None]:
    """The address as we keep it, and the password's hash, which takes long: not to be made while
    anybody waits for a transaction.

    Raises Invalid for an address or a password that will not do. Needs the app's context.
    """
    try:
        address = current_app.extensions["security"].mail_util.validate(email)
    except ValueError as error:
        raise Invalid({"email": [str(error)]}) from None
    if password is not None and (wrong := passwords.problem(password, address, site_name)):
        raise Invalid({"password": [wrong]})
    return address, hash_password(password) if password is not None else None


def make_admin(session: Session, address: str, *, hashed: str | None, at: datetime) -> Made:
    """Give an address an admin's account, confirmed; an account that is there becomes one.

    One that nobody ever proved is made anew. A password that is given, by its hash, replaces the
    one of now.
    """
    known = session.scalar(select(SignIn).where(SignIn.__table__.c.email == address))
    was_there = known is not None and known.confirmed_at is not None
    admin = _account(session, address, at)
    before = admin.role.value
    admin.role, admin.active = Role.ADMIN, True
    session.flush()
    # With another role one signs in anew.
    proving.end_sessions(session, admin.id)
    if hashed is not None:
        admin.password = hashed
        session.flush()
    told = {"account_id": admin.id, "before": before, "after": admin.role.value}
    chain.record(session, "made an admin", None, by=BY, at=at, **told)
    return Made(admin, was_there)


def forget_factor(session: Session, email: str, *, at: datetime) -> None:
    """The way back for the last admin without phone and codes: the password alone opens it.

    Raises Invalid for an address without an account.
    """
    account = session.scalar(select(SignIn).where(SignIn.__table__.c.email == email.casefold()))
    if account is None:
        raise Invalid({"email": ["There is no account with this address."]})
    proving.forget_factors(session, account.id)
    proving.end_sessions(session, account.id)
    chain.record(session, resets.FORGOTTEN, None, by=BY, at=at, account_id=account.id)


def choosing(account: SignIn) -> str:
    """The path where a password can be chosen, once, within the hour."""
    return f"/account/reset/{generate_reset_password_token(account)}"


def one_time_link(account: SignIn) -> str:
    """The same at BASE_URL, to be read elsewhere."""
    return mails.absolute(choosing(account))


def make_demo(session: Session, *, hashed: str, at: datetime) -> bool:
    """Give the first demonstration listing an owner to try things with, whose password has this
    hash; False without one."""
    listing = session.scalar(
        select(Listing).where(Listing.is_demo.is_(True)).order_by(Listing.id).limit(1)
    )
    if listing is None:
        return False
    known = session.scalar(select(SignIn).where(SignIn.__table__.c.email == DEMO_EMAIL))
    if known is None:
        made = _account(session, DEMO_EMAIL, at)
        made.password = hashed
        session.flush()
        listing.owner_id = made.id
        chain.record(session, "made a demo owner", listing.id, by=BY, at=at)
    return True


def _account(session: Session, email: str, at: datetime) -> SignIn:
    found = session.scalar(select(SignIn).where(SignIn.__table__.c.email == email))
    if found is None:
        found = SignIn(
            email=email,
            role=Role.PRACTITIONER,
            active=True,
            created_at=at,
            fs_uniquifier=uuid4().hex,
            fs_webauthn_user_handle=uuid4().hex,
        )
        session.add(found)
        session.flush()
    proving.prove(session, found.id, at=at)
    return found
