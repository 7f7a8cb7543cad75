"""Whose turn it is: an admin who reads a listing is alone with it for ten minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from directory.errors import Conflict
from directory.models import (
    Account,
    Actor,
    Listing,
    ReviewLock,
    Role,
    Waiting,
)
from directory.usecases.listings import loading
from directory.usecases.listings.waiting import behind, in_order, waits

READ_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who reads a listing now, and since when."""

    email: str
    since: datetime
    mine: bool


def take(
    session: Session, listing_id: int, *, by: Actor, at: datetime, anyway: bool = False
) -> None:
    """Begin to read a listing. Conflict while another reads it, unless one does so `anyway`."""
    by.must_be(Role.REVIEWER)
    # The listing's lock lets one in after the other.
    loading.locked(session, listing_id)
    reading = session.get(ReviewLock, listing_id, populate_existing=True)
    if reading is None:
        reading = ReviewLock(listing_id=listing_id)
        session.add(reading)
    elif reading.until > at and reading.account_id != by.account_id and not anyway:
        raise Conflict("Somebody else is reading this.")
    reading.account_id, reading.until = by.account_id, at + READ_FOR


def put_back(session: Session, listing_id: int, *, by: Actor) -> None:
    """Stop reading a listing; what another reads stays theirs."""
    by.must_be(Role.REVIEWER)
    mine = ReviewLock.listing_id == listing_id, ReviewLock.account_id == by.account_id
    session.execute(delete(ReviewLock).where(*mine))


def reader(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Holder | None:
    """Who reads a listing now."""
    found = session.execute(
        select(ReviewLock, Account.email)
        .join(Account, Account.id == ReviewLock.account_id)
        .where(ReviewLock.listing_id == listing_id, ReviewLock.until > at)
    ).one_or_none()
    return holder_of(found[0], found[1], by) if found else None


def following(session: Session, listing_id: int | None, *, by: Actor, at: datetime) -> int | None:
    """The listing to read after this one that nobody else reads; past the last, the first."""
    by.must_be(Role.REVIEWER)
    others = exists().where(
        ReviewLock.listing_id == Waiting.listing_id,
        ReviewLock.account_id != by.account_id,
        ReviewLock.until > at,
    )
    free = (
        select(Waiting.listing_id)
        .join(Listing, waits())
        .where(~others, Waiting.listing_id != (listing_id or 0))
        .order_by(*in_order())
        .limit(1)
    )
    row = session.get(Waiting, listing_id) if listing_id else None
    after = session.scalar(free.where(behind(row))) if row else None
    return after or session.scalar(free)


def holder_of(reading: ReviewLock, email: str, by: Actor) -> Holder:
    """Who holds a reading."""
    return Holder(email, reading.until - READ_FOR, reading.account_id == by.account_id)
