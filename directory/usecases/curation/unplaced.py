"""Listings that wait for a place on the map: what is wrong, and putting them there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from directory.errors import Conflict, Invalid
from directory.models import Actor, Listing, Practice, PracticePlace, Role, State
from directory.places import Gazetteer, Place, Point
from directory.said import said
from directory.usecases.listings import changes, loading, placing, waiting

PER_PAGE = 20
CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A practice that nobody can find: why, and the places that may be meant.

    `position` is its place among the revision's practices.
    """

    listing_id: int
    revision_id: int
    position: int
    title: str
    practice: Practice
    problem: str
    since: datetime
    candidates: tuple[Place, ...]


def count(session: Session) -> int:
    """How many listings wait so."""
    found = _waiting().with_only_columns(func.count(Listing.id.distinct())).order_by(None)
    return session.scalar(found) or 0


def queue(session: Session, gazetteer: Gazetteer, *, page: int = 1) -> Sequence[Unplaced]:
    """The practices to be placed, the longest wait first, those of a page of listings."""
    wanted = _waiting().distinct().options(joinedload(Listing.pending))
    found = session.scalars(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [one for listing in found for one in _unplaced(listing, gazetteer)]


def settle(
    session: Session,
    listing_id: int,
    revision_id: int,
    position: int,
    where: str | Point,
    *,
    gazetteer: Gazetteer,
    by: Actor,
    at: datetime,
) -> None:
    """Put a practice on the map: at one of its candidates, by label, or at a point.

    What waits is proposed anew with it, and keeps its place in the queue. Raises Conflict
    when something else waits by now, Invalid for a place that was not offered.
    """
    by.must_be(Role.REVIEWER)
    listing = loading.locked(session, listing_id)
    waits = listing.pending
    if waits is None or waits.id != revision_id or position >= len(waits.content.practices):
        raise Conflict("This was changed or decided while you were looking at it.")
    practices = list(waits.content.practices)
    practices[position] = _placed(practices[position], where, gazetteer)
    draft = replace(waits.content, practices=tuple(practices))
    listing.propose(draft, at=waits.created_at)
    session.flush()
    waiting.enqueue_many(session, [listing])
    changes.noted(session, listing, "placed", by=by, at=at, revision=revision_id, position=position)


def _waiting() -> Select[Listing]:
    return (
        select(Listing)
        .join(PracticePlace, PracticePlace.revision_id == Listing.pending_id)
        .where(PracticePlace.lat.is_(None), Listing.state != State.ERASED)
        .order_by(Listing.pending_id)
    )


def _unplaced(listing: Listing, gazetteer: Gazetteer) -> list[Unplaced]:
    waits = listing.pending
    assert waits is not None  # noqa: S101  (`_waiting` asked for it)
    found = []
    for position, practice in enumerate(waits.content.practices):
        if practice.placed:
            continue
        # One practice alone, so that the words are about it.
        alone = placing.place(replace(waits.content, practices=(practice,)), gazetteer)
        problem = next(iter(alone.problems), "")
        found.append(
            Unplaced(
                listing_id=listing.id,
                revision_id=waits.id,
                position=position,
                title=waits.content.title,
                practice=practice,
                problem=problem,
                since=waits.created_at,
                candidates=placing.candidates(practice, gazetteer)[:CANDIDATES],
            )
        )
    return found


def _placed(practice: Practice, where: str | Point, gazetteer: Gazetteer) -> Practice:
    if isinstance(where, Point):
        return placing.pinned(practice, where)
    moved = placing.moved_to(practice, where, gazetteer)
    if moved is None:
        raise Invalid({"place": [said("Choose one of the places, or type coordinates.")]})
    return moved
