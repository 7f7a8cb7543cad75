"""Whose listing it is: the one question that every step of a practitioner begins with."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.models import Actor, Delegate, Listing, Role, State


def mine(session: Session, by: Actor) -> Sequence[Listing]:
    """The listings that somebody keeps, as owner or helper, oldest first."""
    return session.scalars(
        select(Listing)
        .where(Listing.state != State.ERASED, or_(Listing.owner_id == by.account_id, _helps(by)))
        .order_by(Listing.id)
    ).all()


def kept(session: Session, listing_id: int, *, by: Actor, as_owner: bool = False) -> Listing:
    """One listing that somebody keeps; with `as_owner` a helper is not enough.

    Whoever may not learn that it exists is told that it does not: raises NotFound.
    """
    allowed = Listing.owner_id == by.account_id
    found = session.scalar(
        select(Listing).where(
            Listing.id == listing_id,
            Listing.state != State.ERASED,
            allowed if as_owner else or_(allowed, _helps(by)),
        )
    )
    if found is None:
        raise NotFound("There is no listing of yours at this address.")
    return found


def _helps(by: Actor) -> ColumnElement[bool]:
    helped = select(Delegate.listing_id).where(
        Delegate.account_id == by.account_id, Delegate.accepted_at.is_not(None)
    )
    return Listing.id.in_(helped)


def held(session: Session, listing_id: int) -> Listing:
    """A listing as it is now, ours alone until the transaction ends."""
    listing = session.get(Listing, listing_id, with_for_update=True, populate_existing=True)
    if listing is None or listing.state is State.ERASED:
        raise NotFound("There is no such listing.")
    return listing


def looked_at(session: Session, listing_id: int, *, by: Actor) -> Listing:
    """A listing, for whoever is about to decide about it."""
    by.must_be(Role.REVIEWER)
    listing = session.get(Listing, listing_id)
    if listing is None or listing.state is State.ERASED:
        raise NotFound("There is no such listing.")
    return listing


def title(listing: Listing) -> str:
    """How a listing is called, whichever version of it there is; its address without any."""
    version = listing.live or listing.pending
    return version.content.title if version else listing.slug
