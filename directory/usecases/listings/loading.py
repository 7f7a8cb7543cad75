"""The ways to take a listing: one's own, one that there is, or that one alone until the end.

Whoever may not learn that a listing exists is told that it does not: each raises NotFound. One
that is locked is as it is now, and nobody else changes it until the transaction ends.

Everybody locks in one order, or two wait for each other: accounts, then listings by their
numbers, then what belongs to a listing, and the end of the audit's chain last. Whoever writes
anything that belongs to a listing, locks the listing first.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.models import Account, Actor, Delegate, Listing, State

# As an update locks that changes no key (FOR NO KEY UPDATE): who only points to the row goes on.
OURS_ALONE = {"key_share": True}


def mine(
    session: Session,
    listing_id: int,
    *,
    by: Actor,
    as_owner: bool = False,
    for_owner: bool = False,
    lock: bool = False,
) -> Listing:
    """A listing that somebody keeps; with `as_owner` a helper is not enough.

    With `for_owner` an admin will do, who opened it to change it for them.
    """
    if for_owner and by.edits(listing_id):
        return locked(session, listing_id) if lock else seen(session, listing_id)
    allowed = Listing.owner_id == by.account_id
    return _one(
        session,
        select(Listing).where(
            Listing.id == listing_id,
            Listing.state != State.ERASED,
            allowed if as_owner else or_(allowed, _helps(by)),
        ),
        "There is no listing of yours at this address.",
        lock=lock,
    )


def all_mine(session: Session, by: Actor) -> Sequence[Listing]:
    """The listings that somebody keeps, as owner or helper, oldest first."""
    return session.scalars(
        select(Listing)
        .where(Listing.state != State.ERASED, or_(Listing.owner_id == by.account_id, _helps(by)))
        .order_by(Listing.id)
    ).all()


def seen(session: Session, listing_id: int) -> Listing:
    """A listing, whoever keeps it, to be looked at by whoever may."""
    return _one(session, _there(listing_id), "There is no such listing.")


def locked(session: Session, listing_id: int) -> Listing:
    """A listing, whoever keeps it, to be changed by whoever may."""
    return _one(session, _there(listing_id), "There is no such listing.", lock=True)


def locked_many(session: Session, ids: Iterable[int | None]) -> Sequence[Listing]:
    """Those of the listings that there are, locked in the order that everybody keeps to."""
    wanted = select(Listing).where(Listing.id.in_(list(ids))).order_by(Listing.id)
    fresh = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def shown(session: Session, slug: str, *, on: date, lock: bool = False) -> Listing:
    """The listing that the public finds at an address that day."""
    nothing = "There is no listing at this address."
    listing = _one(session, select(Listing).where(Listing.slug == slug), nothing, lock=lock)
    if not listing.shown(on):
        raise NotFound(nothing)
    return listing


def owner(session: Session, listing: Listing) -> Account | None:
    """Whoever owns a listing; None when nobody does."""
    return session.get(Account, listing.owner_id) if listing.owner_id else None


def is_heard(session: Session, listing: Listing) -> bool:
    """Whether somebody is there to get a mail: an owner whose account is not disabled."""
    found = owner(session, listing)
    return found is not None and found.active


def _there(listing_id: int) -> Select[Listing]:
    return select(Listing).where(Listing.id == listing_id, Listing.state != State.ERASED)


def _one(session: Session, wanted: Select[Listing], nothing: str, *, lock: bool = False) -> Listing:
    if lock:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(nothing)
    return found


def _helps(by: Actor) -> ColumnElement[bool]:
    helped = select(Delegate.listing_id).where(
        Delegate.account_id == by.account_id, Delegate.accepted_at.is_not(None)
    )
    return Listing.id.in_(helped)
