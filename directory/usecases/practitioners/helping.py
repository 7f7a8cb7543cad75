"""Helpers: the owner invites, somebody accepts; either may end it at any time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid, NotFound
from directory.models import Account, Actor, Delegate, Listing, OutgoingMail, State
from directory.said import said
from directory.usecases.audit import chain
from directory.usecases.listings import loading
from directory.usecases.mailing import outbox

INVITATION_HOLDS_FOR = timedelta(days=14)
MOST_HELPERS = 10
MOST_INVITATIONS_A_DAY = 10
# A second press of the button is not a second wish.
SAME_PRESS = timedelta(minutes=1)
KIND = "helper-invited"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who helps, or was asked to. `account` is the address they sign in with, then."""

    id: int
    email: str
    account: str
    invited_at: datetime
    accepted_at: datetime | None
    expired: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody who was invited is asked: to help with this listing."""

    listing_id: int
    title: str
    expires_at: datetime
    accepted: bool


def helpers(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Sequence[Helper]:
    """Who helps with a listing, and who was asked; for its owner alone."""
    listing = loading.mine(session, listing_id, by=by, as_owner=True)
    rows = session.execute(
        select(Delegate, Account.email)
        .outerjoin(Account, Account.id == Delegate.account_id)
        .where(Delegate.listing_id == listing.id)
        .order_by(Delegate.id)
    )
    return [
        Helper(row.id, row.email, account or "", row.invited_at, row.accepted_at, _expired(row, at))
        for row, account in rows
    ]


def invite(
    session: Session, listing_id: int, email: str, *, helping_url: str, by: Actor, at: datetime
) -> None:
    """Ask somebody to help. `helping_url` is the address of invitations, without the token.

    An invitation that waits is sent anew, with a new link in place of the old one. Raises
    Invalid when it is the owner's own address, Conflict when there are too many.
    """
    listing = loading.mine(session, listing_id, by=by, as_owner=True, lock=True)
    email = email.strip()
    if email.casefold() == by.email.casefold():
        raise Invalid({"email": [said("This is your own address.")]})
    rows = session.scalars(select(Delegate).where(Delegate.listing_id == listing.id)).all()
    same = [row for row in rows if row.email.casefold() == email.casefold()]
    if any(row.accepted_at for row in same):
        raise Invalid({"email": [said("Whoever was invited at this address helps already.")]})
    if any(row.invited_at > at - SAME_PRESS for row in same):
        return
    _refuse_too_many(session, listing, len(rows) - len(same), at)
    for row in same:
        session.delete(row)
    _send(session, listing, email, helping_url=helping_url, by=by, at=at)


def invitation(session: Session, token: str, *, by: Actor, at: datetime) -> Invitation:
    """What a link asks. NotFound when it is unknown, too old, or was accepted by somebody else."""
    row = _invited(session, token, by, at)
    listing = session.get_one(Listing, row.listing_id)
    return Invitation(
        listing.id,
        _title(listing),
        row.invited_at + INVITATION_HOLDS_FOR,
        accepted=row.accepted_at is not None,
    )


def accept(session: Session, token: str, *, by: Actor, at: datetime) -> int:
    """Begin to help, as the account that is signed in; says with which listing.

    Accepted twice, it has one effect. Conflict for the owner, who needs no leave.
    """
    row = _invited(session, token, by, at)
    listing = loading.locked(session, row.listing_id)
    session.expire(row)
    row = _invited(session, token, by, at)
    if row.listing_id != listing.id:
        raise Conflict("This listing was joined with another one just now. Try again.")
    if row.accepted_at is not None:
        return listing.id
    if listing.owner_id == by.account_id:
        raise Conflict("This is your own listing: you keep it already.")
    if _helps(session, listing, by) is not None:
        session.delete(row)
        return listing.id
    row.account_id, row.accepted_at = by.account_id, at
    chain.record(session, "helper accepted", listing.id, by=str(by), at=at, helper=row.id)
    return listing.id


def revoke(session: Session, listing_id: int, helper_id: int, *, by: Actor, at: datetime) -> None:
    """End somebody's help, or an invitation, at once. Who is gone already stays gone."""
    listing = loading.mine(session, listing_id, by=by, as_owner=True, lock=True)
    row = session.scalar(
        select(Delegate).where(Delegate.id == helper_id, Delegate.listing_id == listing.id)
    )
    if row is not None:
        session.delete(row)
        chain.record(session, "helper revoked", listing.id, by=str(by), at=at, helper=helper_id)


def leave(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """Help no longer; NotFound for whoever does not."""
    listing = loading.mine(session, listing_id, by=by, lock=True)
    row = _helps(session, listing, by)
    if row is None:
        raise NotFound("You do not help with this listing.")
    chain.record(session, "helper left", listing.id, by=str(by), at=at, helper=row.id)
    session.delete(row)


def owns(session: Session, listing_id: int, *, by: Actor) -> bool:
    """Whether somebody who keeps a listing owns it; NotFound for whoever does not keep it."""
    return loading.mine(session, listing_id, by=by).owner_id == by.account_id


def _refuse_too_many(session: Session, listing: Listing, others: int, at: datetime) -> None:
    if others >= MOST_HELPERS:
        raise Conflict("There are ten helpers and invitations. End one before you invite another.")
    sent = session.scalar(
        select(func.count()).where(
            OutgoingMail.listing_id == listing.id,
            OutgoingMail.kind == KIND,
            OutgoingMail.created_at > at - timedelta(days=1),
        )
    )
    if (sent or 0) >= MOST_INVITATIONS_A_DAY:
        raise Conflict("No more invitations can be sent today. Try again tomorrow.")


def _send(
    session: Session, listing: Listing, email: str, *, helping_url: str, by: Actor, at: datetime
) -> None:
    token = secrets.token_urlsafe(32)
    row = Delegate(listing_id=listing.id, email=email, token=digest(token), invited_at=at)
    session.add(row)
    session.flush()
    chain.record(session, "helper invited", listing.id, by=str(by), at=at, helper=row.id)
    outbox.send(
        session,
        KIND,
        email,
        event=f"{KIND}:{row.token}",
        at=at,
        listing_id=listing.id,
        name=_title(listing),
        link=f"{helping_url.rstrip('/')}/{token}",
    )


def _invited(session: Session, token: str, by: Actor, at: datetime) -> Delegate:
    row = session.scalar(select(Delegate).where(Delegate.token == digest(token)))
    if row is None or row.account_id not in (None, by.account_id) or _expired(row, at):
        raise NotFound("This invitation does not work any more.")
    if session.get_one(Listing, row.listing_id).state is State.ERASED:
        raise NotFound("This invitation does not work any more.")
    return row


def _helps(session: Session, listing: Listing, by: Actor) -> Delegate | None:
    return session.scalar(
        select(Delegate).where(
            Delegate.listing_id == listing.id,
            Delegate.account_id == by.account_id,
            Delegate.accepted_at.is_not(None),
        )
    )


def _expired(row: Delegate, at: datetime) -> bool:
    return row.accepted_at is None and row.invited_at <= at - INVITATION_HOLDS_FOR


def _title(listing: Listing) -> str:
    """The name on the listing, as far as anybody has seen it; "" when nobody has."""
    return listing.title if listing.newest else ""


def digest(token: str) -> str:
    """What is kept of the token in a link."""
    return hashlib.sha256(token.encode()).hexdigest()
