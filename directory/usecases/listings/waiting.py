"""What waits for an admin: one entry a listing, with its risks, written when something is proposed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from directory.models import (
    Listing,
    ReviewLock,
    Revision,
    Waiting,
)
from directory.usecases.listings import risks

AT_ONCE = 200


def enqueue(session: Session, listing: Listing, *, at: datetime) -> None:
    """Put what a listing proposes into the queue, with its risks as they are now."""
    session.flush()  # gives the revision its id
    if listing.pending is not None:
        found = risks.reasons(session, listing, listing.pending.content, on=at.date())
        _write(session, session.get(Waiting, listing.id), listing.pending, found)


def enqueue_many(session: Session, listings: Iterable[Listing]) -> None:
    """Put many into the queue; whether they are listed already is asked when they are read."""
    session.flush()
    proposing = {one.id: (one, one.pending) for one in listings if one.pending is not None}
    there = select(Waiting).where(Waiting.listing_id.in_(proposing))
    known = {row.listing_id: row for row in session.scalars(there)}
    for listing, revision in proposing.values():
        found = risks.plain_reasons(listing, revision.content)
        _write(session, known.get(listing.id), revision, found)


def catch_up(session: Session, *, at: datetime) -> int:
    """Put into the queue what waits without an entry, at most 200; says how many it were.

    Entries that do not count any more, and readings that ran out, are dropped.
    """
    counts = exists().where(
        Listing.id == Waiting.listing_id, Listing.pending_id == Waiting.revision_id
    )
    _drop(session, Waiting, ~counts)
    _drop(session, ReviewLock, ReviewLock.until <= at)
    session.expire_all()
    entered = exists().where(
        Waiting.listing_id == Listing.id, Waiting.revision_id == Listing.pending_id
    )
    missing = session.scalars(
        select(Listing)
        .options(joinedload(Listing.pending), joinedload(Listing.live))
        .where(Listing.pending_id.is_not(None), ~entered)
        .order_by(Listing.id)
        .limit(AT_ONCE)
        # Whoever is writing to a listing puts it into the queue themselves.
        .with_for_update(of=Listing, skip_locked=True, key_share=True)
    ).all()
    for listing in missing:
        enqueue(session, listing, at=at)
    return len(missing)


def _drop(session: Session, model: type[Waiting | ReviewLock], which: ColumnElement[bool]) -> None:
    """Delete these rows, but for those that somebody is at: waiting for them might never end."""
    free = select(model.listing_id).where(which).with_for_update(of=model, skip_locked=True)
    gone = delete(model).where(which, model.listing_id.in_(free))
    session.execute(gone.execution_options(synchronize_session=False))


def _write(
    session: Session, row: Waiting | None, revision: Revision, found: tuple[str, ...]
) -> None:
    if row is None:
        row = Waiting(listing_id=revision.listing_id)
        session.add(row)
    row.revision_id, row.since = revision.id, revision.created_at
    row.risk, row.reasons = risks.weight(found), list(found)


def behind(row: Waiting) -> Any:
    """The condition of standing behind this entry in the queue."""
    same = Waiting.risk == row.risk
    return or_(
        Waiting.risk < row.risk,
        and_(same, Waiting.since > row.since),
        and_(same, Waiting.since == row.since, Waiting.listing_id > row.listing_id),
    )


def in_order() -> tuple[Any, ...]:
    """The order of the queue."""
    return Waiting.risk.desc(), Waiting.since, Waiting.listing_id


def waits() -> Any:
    """The condition under which an entry of Waiting joined with its Listing counts."""
    return and_(Listing.id == Waiting.listing_id, Listing.pending_id == Waiting.revision_id)
