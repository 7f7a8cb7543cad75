"""Counting how often listings are found and opened: daily totals, and nobody tracked.

A page view adds one in memory; now and then the sums go to the database. Who looked, from
where and with which words is known to nothing here, so it can never be written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.models import Listing, State, Tally

What = Literal["found", "opened"]
Counts = Mapping[tuple[int, What], int]
KEPT_FOR = timedelta(days=400)
AT_ONCE = 200


class Tallies:
    """Sums of this process that the database has not heard of yet; safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[tuple[int, What]] = Counter()

    def note(self, what: What, listing_ids: Iterable[int]) -> None:
        """Each of these listings was found, or opened, once more."""
        with self._lock:
            self._counts.update((listing_id, what) for listing_id in listing_ids)

    def flush(self, transaction: Callable[[], AbstractContextManager[Session]], day: date) -> None:
        """Write the sums to that day's; without any, no transaction begins.

        When writing fails they are kept for the next time, and the error is raised.
        """
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with transaction() as session:
                add(session, counts, day)
        except BaseException:
            with self._lock:
                self._counts.update(counts)
            raise


def add(session: Session, counts: Counts, day: date) -> None:
    """Add to a day's totals; listings that are gone are passed over."""
    ids = {listing_id for listing_id, _ in counts}
    there = set(
        session.scalars(
            select(Listing.id).where(Listing.id.in_(ids), Listing.state != State.ERASED)
        )
    )
    # In one order everywhere, so that two workers never wait for each other.
    rows = [
        {"listing_id": listing_id, "day": day, "what": what, "total": total}
        for (listing_id, what), total in sorted(counts.items())
        if listing_id in there
    ]
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for start in range(0, len(rows), AT_ONCE):
        new = insert(Tally).values(rows[start : start + AT_ONCE])
        session.execute(
            new.on_conflict_do_update(
                index_elements=[Tally.listing_id, Tally.day, Tally.what],
                set_={"total": Tally.total + new.excluded.total},
            )
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """How often a listing was found and opened, on one day or on many."""

    found: int = 0
    opened: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(self.found + other.found, self.opened + other.opened)


def of(session: Session, listing_id: int, since: date) -> dict[date, Totals]:
    """A listing's totals by day, from that day on, oldest first; days with none are left out."""
    rows = session.execute(
        select(Tally.day, Tally.what, Tally.total)
        .where(Tally.listing_id == listing_id, Tally.day >= since)
        .order_by(Tally.day)
    )
    days: dict[date, Totals] = {}
    for day, what, total in rows:
        days[day] = days.get(day, Totals()) + Totals(**{what: total})
    return days


def drop_old(session: Session, *, today: date) -> None:
    """Forget the totals of more than 400 days ago."""
    session.execute(delete(Tally).where(Tally.day < today - KEPT_FOR))
