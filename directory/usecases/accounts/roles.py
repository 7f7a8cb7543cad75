"""Accounts as admins see them: who may do what, and who may do nothing any more."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid, NotFound
from directory.models import Account, Actor, AuditEvent, Listing, Passkey, Role, SignedIn, State
from directory.said import said
from directory.usecases.accounts import proving
from directory.usecases.audit import chain
from directory.usecases.listings import loading

PER_PAGE = 50
INVITED_FOR = timedelta(days=7)
STAFF = (Role.REVIEWER, Role.ADMIN)
INVITED, TAKEN, CHANGED = "invited", "role taken", "role changed"
DISABLED, ENABLED, SIGNED_OUT = "account disabled", "account enabled", "signed out everywhere"
MOVED, WITHDRAWN = "address changed", "invitation withdrawn"
# After one of these, an invitation from before it is worth nothing.
ENDS_INVITATIONS = (INVITED, TAKEN, CHANGED, DISABLED, SIGNED_OUT, MOVED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Row:
    """An account in a list; `factor`: more than a password opens it."""

    id: int
    email: str
    role: Role
    active: bool
    confirmed: bool
    factor: bool
    created_at: datetime
    listings: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the accounts that were asked for, and how many there are in all."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A listing that an account keeps."""

    id: int
    slug: str
    name: str
    live: bool


@dataclass(frozen=True, slots=True)
class Card:
    """All that admins see of one account; `myself`: it is the reader's own.

    `invited` is the role that waits to be taken, by its mail, until then; None when none does.
    """

    row: Row
    listings: Sequence[Kept]
    browsers: int
    last_seen: datetime | None
    myself: bool
    invited: tuple[Role, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role that waits to be taken by whoever reads an address's mail."""

    account_id: int
    role: Role
    mark: str


def find(
    session: Session, *, words: str = "", role: Role | None = None, page: int = 1, by: Actor
) -> Page:
    """Accounts whose address has these letters, of a role when one is given, newest first."""
    by.must_be(Role.ADMIN)
    wanted = _rows()
    if words:
        wanted = wanted.where(Account.email.icontains(words, autoescape=True))
    if role:
        wanted = wanted.where(Account.role == role)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    some = wanted.order_by(Account.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return Page([Row(*row) for row in session.execute(some)], total)


def one(session: Session, account_id: int, *, by: Actor, at: datetime) -> Card:
    """One account; NotFound when there is none, or none any more."""
    by.must_be(Role.ADMIN)
    row = session.execute(_rows().where(Account.id == account_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such account.")
    listings = session.scalars(
        select(Listing).where(Listing.owner_id == account_id).order_by(Listing.id)
    )
    browsers, seen = session.execute(
        select(func.count(), func.max(SignedIn.seen_at)).where(SignedIn.account_id == account_id)
    ).one()
    kept = [_kept(one) for one in listings]
    asked = _asked(session, account_id, at)
    invited = (Role(asked.detail["role"]), asked.at + INVITED_FOR) if asked else None
    return Card(Row(*row), kept, browsers, seen, account_id == by.account_id, invited)


def change_role(session: Session, account_id: int, role: Role, *, by: Actor, at: datetime) -> None:
    """Give somebody else another role, from now on; they sign in again, with what it asks for.

    An offer of a role that waits is over. Raises Conflict for one's own, and when no admin would be left.
    """
    account = _other(session, account_id, by)
    if account.role is role:
        withdraw(session, account_id, by=by, at=at)
        return
    before, account.role = account.role, role
    _record(session, CHANGED, account, by=by, at=at, before=before.value, after=role.value)
    proving.end_sessions(session, account.id)


def disable(session: Session, account_id: int, *, by: Actor, at: datetime) -> None:
    """Let somebody else sign in no more, and end where they are signed in, at once."""
    account = _other(session, account_id, by)
    if not account.active:
        return
    account.active = False
    proving.end_sessions(session, account.id)
    _record(session, DISABLED, account, by=by, at=at)


def enable(session: Session, account_id: int, *, by: Actor, at: datetime) -> None:
    """Let somebody sign in again."""
    account = _other(session, account_id, by)
    if account.active:
        return
    account.active = True
    _record(session, ENABLED, account, by=by, at=at)


def sign_out(session: Session, account_id: int, *, by: Actor, at: datetime) -> None:
    """Sign every browser of an account out, at once; links that it was sent are void, too."""
    by.must_be(Role.ADMIN)
    account = _account(session, account_id)
    proving.end_sessions(session, account.id)
    _record(session, SIGNED_OUT, account, by=by, at=at)


def invite(session: Session, email: str, role: Role, *, by: Actor, at: datetime) -> Invitation:
    """Offer a role among the staff to an address; it is taken when somebody accepts.

    An address without an account gets one. Raises Invalid, or Conflict for who has the role.
    """
    by.must_be(Role.ADMIN)
    if role not in STAFF:
        raise Invalid({"role": [said("Choose what they may do.")]})
    account = session.scalar(select(Account).where(func.lower(Account.email) == email.lower()))
    account = _account(session, account.id) if account else _made(session, email, at)
    if Actor(account.id, account.role).may(role):
        raise Conflict("This account may do that already.")
    if account.id == by.account_id or not account.active:
        raise Conflict("This account cannot be invited: it is your own, or disabled.")
    mark = secrets.token_hex(8)
    _record(session, INVITED, account, by=by, at=at, role=role.value, mark=mark)
    return Invitation(account.id, role, mark)


def withdraw(session: Session, account_id: int, *, by: Actor, at: datetime) -> None:
    """Take an offer back that nobody has taken yet; without one, nothing happens."""
    by.must_be(Role.ADMIN)
    account = _account(session, account_id)
    if _asked(session, account.id, at) is not None:
        _record(session, WITHDRAWN, account, by=by, at=at)


def note_moved(session: Session, account_id: int, *, role: Role, at: datetime) -> None:
    """Write down that somebody has another e-mail address: offers to the old one are over."""
    by = Actor(account_id, role)
    chain.record(session, MOVED, None, by=str(by), at=at, account_id=account_id)


def offered(session: Session, invitation: Invitation, *, at: datetime) -> Account:
    """Whose the offer is; Conflict when it was taken, ended, or is too old."""
    account = session.get(Account, invitation.account_id)
    asked = _asked(session, invitation.account_id, at)
    there = account is not None and "@" in account.email and account.active
    if account is None or not there or asked is None or asked.detail["mark"] != invitation.mark:
        raise Conflict("This invitation was used or taken back, or is more than a week old.")
    return account


def accept(session: Session, invitation: Invitation, *, at: datetime) -> Account:
    """Take the role that was offered; the address is confirmed by that.

    Raises Conflict when it was taken, the account changed since, or the offer is too old.
    """
    _account(session, invitation.account_id)
    account = offered(session, invitation, at=at)
    proving.end_sessions(session, account.id)
    proving.prove(session, account.id, at=at)
    before, account.role = account.role, invitation.role
    who = Actor(account.id, account.role, account.email)
    _record(session, TAKEN, account, by=who, at=at, before=before.value, after=account.role.value)
    return account


def keep_an_admin(session: Session, account_id: int) -> None:
    """Raise Conflict when, without this account, nobody could administer the directory.

    Who was made an admin and never chose a password cannot sign in, and does not count. Two who
    ask at once wait for each other; to be called before anything else is locked.
    """
    everybody = select(Account.id).where(Account.role == Role.ADMIN).order_by(Account.id)
    session.execute(everybody.with_for_update(key_share=True)).all()
    opens = or_(Account.password.is_not(None), exists().where(Passkey.user_id == Account.id))
    admins = select(Account.id).where(
        Account.role == Role.ADMIN,
        Account.active.is_(True),
        Account.confirmed_at.is_not(None),
        opens,
    )
    if set(session.scalars(admins)) == {account_id}:
        raise Conflict("This is the last admin: make somebody else an admin first.")


def _asked(session: Session, account_id: int, at: datetime) -> AuditEvent | None:
    """The offer that waits to be taken."""
    latest = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_(ENDS_INVITATIONS), AuditEvent.at > at - INVITED_FOR)
        .order_by(AuditEvent.id.desc())
    )
    last = next((one for one in latest if one.detail.get("account_id") == account_id), None)
    return last if last is not None and last.action == INVITED else None


def _other(session: Session, account_id: int, by: Actor) -> Account:
    """Somebody else's account, ours to change; by an admin who still is one."""
    by.must_be(Role.ADMIN)
    if account_id == by.account_id:
        raise Conflict("Nobody changes what they may do themselves: ask another admin.")
    keep_an_admin(session, account_id)
    account = _account(session, account_id)
    asking = session.get(Account, by.account_id, populate_existing=True)
    if asking is None or asking.role is not Role.ADMIN or not asking.active:
        raise NotFound("There is nothing at this address.")
    return account


def _account(session: Session, account_id: int) -> Account:
    lock = loading.OURS_ALONE
    account = session.get(Account, account_id, with_for_update=lock, populate_existing=True)
    if account is None or "@" not in account.email:
        raise NotFound("There is no such account.")
    return account


def _made(session: Session, email: str, at: datetime) -> Account:
    made = Account(
        email=email.lower(),
        role=Role.PRACTITIONER,
        active=True,
        created_at=at,
        fs_uniquifier=uuid4().hex,
        fs_webauthn_user_handle=uuid4().hex,
    )
    session.add(made)
    session.flush()
    return made


def _record(
    session: Session, verb: str, account: Account, *, by: Actor, at: datetime, **detail: object
) -> None:
    chain.record(session, verb, None, by=str(by), at=at, account_id=account.id, **detail)


def _rows() -> Select[int, str, Role, bool, bool, bool, datetime, int]:
    kept = select(func.count()).where(Listing.owner_id == Account.id).scalar_subquery()
    passkey = exists().where(Passkey.user_id == Account.id)
    return select(
        Account.id,
        Account.email,
        Account.role,
        Account.active,
        Account.confirmed_at.is_not(None),
        or_(Account.tf_primary_method.is_not(None), passkey),
        Account.created_at,
        kept,
    ).where(Account.email.contains("@"))


def _kept(listing: Listing) -> Kept:
    known = listing.live or listing.pending
    name = known.content.name if known else ""
    return Kept(listing.id, listing.slug, name, listing.state is State.LIVE)
