"""Which listings changed since somebody asked last: for whoever keeps a copy of what is public.

Read from the outbox, in the order of its numbers. PostgreSQL gives out numbers before the commit:
while somebody may yet commit a lower one, nothing behind its gap is told, so that nobody's
erasure is ever passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.models import IndexChange, Listing, State
from directory.said import said

# No transaction takes longer: what was numbered before is there, or never will be.
SETTLED_AFTER = timedelta(days=1)
# Looked at, not taken: nobody waits for us, and we for nobody. Whoever adds a row holds its lock
# from before the number is given out until the row can be seen.
_WRITERS = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'index_change'::regclass"
    " AND mode = 'RowExclusiveLock' AND granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far a copy has come: all that rows up to `row` of the outbox tell is in it.

    `second` is when that row was made (seconds since 1970), which shows when a database was put
    back to an earlier time. While a copy is being filled, `filled_to` is the number of the last
    listing in it; else None.
    """

    row: int = 0
    second: int = 0
    filled_to: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Listings to look at anew, each once; the bookmark behind them; whether there is more now."""

    listings: Sequence[int]
    reached: Bookmark
    more: bool


def news(session: Session, since: Bookmark | None, *, most: int, at: datetime) -> News:
    """What there is behind a bookmark; without one everybody who is public, so many at a time.

    Raises Invalid for a bookmark of which this database knows nothing.
    """
    if since is None:
        since = replace(_settled(session, at), filled_to=0)
    elif not _is_known(session, since):
        told = said("This bookmark is not known any more. Leave it out to begin again.")
        raise Invalid({"since": [told]})
    if since.filled_to is not None:
        return _everybody(session, since, since.filled_to, most)
    return _changed(session, since, most, at)


def _settled(session: Session, at: datetime) -> Bookmark:
    """A row behind which no lower one can come: what is told twice does no harm."""
    before = IndexChange.at <= at - SETTLED_AFTER
    number = session.scalar(select(func.max(IndexChange.id)).where(before))
    made = session.scalar(select(IndexChange.at).where(IndexChange.id == number))
    return Bookmark(number, int(made.timestamp())) if number and made else Bookmark()


def _is_known(session: Session, since: Bookmark) -> bool:
    if since.row == 0:
        return True
    made = session.scalar(select(IndexChange.at).where(IndexChange.id == since.row))
    return made is not None and int(made.timestamp()) == since.second


def _everybody(session: Session, since: Bookmark, filled_to: int, most: int) -> News:
    live = select(Listing.id).where(Listing.state == State.LIVE, Listing.id > filled_to)
    found = session.scalars(live.order_by(Listing.id).limit(most)).all()
    is_full = len(found) < most
    reached = replace(since, filled_to=None if is_full else found[-1])
    return News(found, reached, more=True)


def _changed(session: Session, since: Bookmark, most: int, at: datetime) -> News:
    # In this order: what could be committed after the look at the writers lies above the top.
    top = session.scalar(select(func.max(IndexChange.id))) or 0
    may_come_late = session.get_bind().dialect.name == "postgresql" and session.scalar(_WRITERS)
    newer = select(IndexChange.id, IndexChange.listing_id, IndexChange.at)
    newer = newer.where(IndexChange.id > since.row, IndexChange.id <= top)
    rows = session.execute(newer.order_by(IndexChange.id).limit(most)).all()
    told = _up_to_gap(rows, since.row, at) if may_come_late else rows
    if not told:
        return News((), since, more=False)
    last = told[-1]
    reached = Bookmark(last.id, int(last.at.timestamp()))
    ids = sorted({row.listing_id for row in told})
    return News(ids, reached, more=last.id < top and len(told) == len(rows))


def _up_to_gap(
    rows: Sequence[Row[int, int, datetime]], last: int, at: datetime
) -> Sequence[Row[int, int, datetime]]:
    """The rows before the first number that is missing and may yet come."""
    for place, row in enumerate(rows):
        if row.id != last + 1 and row.at > at - SETTLED_AFTER:
            return rows[:place]
        last = row.id
    return rows
