"""A lost phone without recovery codes: an admin offers, and the person takes it with a password.

Until then nothing changes: neither an admin who errs nor somebody who talks one into it locks
anybody out or gets in. Whoever takes it reads the account's mail and knows its password.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, NotFound
from directory.models import Account, Actor, AuditEvent, Passkey, Role
from directory.usecases.accounts import proving, roles
from directory.usecases.audit import chain
from directory.usecases.listings import loading

OFFERED, FORGOTTEN = "second factor reset offered", "second factor forgotten"
HOLDS_FOR = timedelta(days=2)
# After one of these, an offer from before it is worth nothing.
ENDS = (OFFERED, FORGOTTEN, roles.MOVED, roles.SIGNED_OUT, roles.DISABLED)


@dataclass(frozen=True, slots=True)
class Offer:
    """Leave to sign in without the second factor and set up another, for whom it was made."""

    account_id: int
    email: str
    mark: str


def offer(session: Session, account_id: int, *, by: Actor, at: datetime) -> Offer:
    """Offer somebody else to forget their second factor; one that was made before is void.

    NotFound without such an account, Conflict for one's own or one that has no second factor.
    """
    by.must_be(Role.ADMIN)
    account = session.get(Account, account_id)
    if account is None or "@" not in account.email:
        raise NotFound("There is no such account.")
    if account.id == by.account_id:
        raise Conflict("Nobody resets their own second factor: ask another admin.")
    keyed = session.scalar(select(exists().where(Passkey.user_id == account.id)))
    if not (account.tf_primary_method or keyed):
        raise Conflict("This account has no second factor.")
    mark = secrets.token_hex(8)
    detail = {"account_id": account.id, "mark": mark}
    chain.record(session, OFFERED, None, by=str(by), at=at, **detail)
    return Offer(account.id, account.email, mark)


def whose(session: Session, account_id: int, mark: str, *, at: datetime) -> Account:
    """The account of an offer that may still be taken: the newest one, fresh, and not taken yet.

    Conflict when it is too late.
    """
    account = session.get(Account, account_id)
    if account is None or not account.active or not _holds(session, account_id, mark, at):
        raise Conflict("This link was used, is more than two days old, or there is a newer one.")
    return account


def take(session: Session, account_id: int, mark: str, *, at: datetime) -> Account:
    """Forget the second factor, the recovery codes and the passkeys; Conflict when it is too late.

    Only for whoever has shown the account's password just now.
    """
    session.get(Account, account_id, with_for_update=loading.OURS_ALONE)
    account = whose(session, account_id, mark, at=at)
    proving.forget_factors(session, account_id)
    proving.end_sessions(session, account_id)
    by = Actor(account.id, account.role, account.email)
    chain.record(session, FORGOTTEN, None, by=str(by), at=at, account_id=account_id)
    return account


def _holds(session: Session, account_id: int, mark: str, at: datetime) -> bool:
    latest = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_(ENDS), AuditEvent.at > at - HOLDS_FOR)
        .order_by(AuditEvent.id.desc())
    )
    last = next((one for one in latest if one.detail.get("account_id") == account_id), None)
    return last is not None and last.action == OFFERED and last.detail.get("mark") == mark
