"""The live listings as documents: all of them, a range of ids, or some by id.

Read in batches by id, each in a transaction of its own: memory stays bounded, and neither those
who write nor the database's own clearing up waits for a reader that takes long.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Engine, Select, Text, cast, func, select
from sqlalchemy.orm import Session

from directory.db import reading
from directory.models import Listing, Revision, State
from directory.search.port import Document
from indexer.documents import Documents

BATCH = 500
_LIVE = Listing.state == State.LIVE
_Wanted = Select[int, str, date, date | None]


def count(session: Session) -> int:
    """How many listings are live."""
    return session.scalar(select(func.count()).select_from(Listing).where(_LIVE)) or 0


def stream(
    engine: Engine, documents: Documents, *, after: int = 0, until: int | None = None
) -> Iterator[Document]:
    """The documents of the live listings with `after < id <= until` (None: to the end), by id."""
    wanted = _rows().order_by(Listing.id).limit(BATCH)
    if until is not None:
        wanted = wanted.where(Listing.id <= until)
    while rows := _batch(engine, wanted.where(Listing.id > after)):
        yield from filter(None, map(documents.of_row, rows))
        after = rows[-1].id


def present(
    session: Session, documents: Documents, ids: Iterable[int]
) -> tuple[list[Document], list[int]]:
    """The present state of some listings: their documents, and the ids that have none."""
    wanted = sorted(set(ids))
    found: list[Document] = []
    for start in range(0, len(wanted), BATCH):
        rows = session.execute(_rows().where(Listing.id.in_(wanted[start : start + BATCH])))
        found.extend(filter(None, map(documents.of_row, rows)))
    return found, sorted(set(wanted) - {document.listing_id for document in found})


def cuts(engine: Engine, parts: int, *, at_least: int) -> list[int]:
    """The last id of each part but the last one, when the live listings are parted evenly.

    There are fewer parts when they would hold fewer than `at_least` listings.
    """
    with reading(engine) as session:
        size = max(at_least, -(-count(session) // parts))
        place = func.row_number().over(order_by=Listing.id).label("place")
        live = select(Listing.id, place).where(_LIVE).subquery()
        ends = select(live.c.id).where(live.c.place % size == 0).order_by(live.c.id)
        return list(session.scalars(ends))[: parts - 1]


def _rows() -> _Wanted:
    # The JSON comes as text: one row that is no JSON must not fail the batch.
    content = cast(Revision.content, Text).label("content")
    columns = (Listing.id, content, Listing.confirmed_on, Listing.accepting_stated_on)
    return select(*columns).join(Revision, Revision.id == Listing.live_id).where(_LIVE)


def _batch(engine: Engine, wanted: _Wanted) -> list[Any]:
    with reading(engine) as session:
        return list(session.execute(wanted))
