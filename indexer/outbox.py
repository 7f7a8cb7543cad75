"""Reading the outbox: which listings changed since what is heard of it.

PostgreSQL gives out numbers before the commit, so a lower one can come late. Nobody is made to
wait for it: what is committed is read at once, and a number that is missing is remembered as a
gap for as long as anybody could still commit it. Whoever adds a row holds its lock on the table
before the number is given out and until the row can be seen; so when nobody holds that lock,
and one looks only then, every number from before is there, or never will be. On SQLite, where
one writes at a time, numbers come in order.
"""

from collections.abc import Iterable, Iterator
from typing import cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Engine,
    Select,
    bindparam,
    func,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from directory.db import reading
from directory.models import IndexChange
from directory.search.port import Gaps, Heard

NOTHING = Heard(0)
_Rows = Select[int, int]
_HIGHEST = select(func.max(IndexChange.id))
# Looked at, not taken: nobody waits for us, and we for nobody.
_WRITERS = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'index_change'::regclass"
    " AND mode = 'RowExclusiveLock' AND granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


def newest(engine: Engine) -> Heard:
    """All rows that can be seen."""
    top, late = _looked(engine)
    if not late:
        return Heard(top)
    with reading(engine) as session:
        numbers = select(IndexChange.id).where(IndexChange.id <= top).order_by(IndexChange.id)
        return Heard(top, _between(session.scalars(numbers), ((1, top),)))


def after(engine: Engine, heard: Heard) -> tuple[list[int], Heard]:
    """The listings that rows not heard yet name, each once, and what is heard with these."""
    heard = _still_open(engine, heard)
    if _nothing_new(engine, heard):
        return [], heard
    top, late = _looked(engine)
    # In a transaction that begins after that look: it sees what was committed before, however
    # strictly the server keeps transactions apart.
    with reading(engine) as session:
        rows = [(number, of) for number, of in session.execute(_rows(heard)) if number <= top]
    top = max(top, heard.cursor)
    open_ = (*heard.gaps, (heard.cursor + 1, top)) if late else ()
    gaps = _between(sorted(number for number, _ in rows), open_)
    return sorted({of for _, of in rows}), Heard(top, gaps)


def waiting(engine: Engine, heard: Heard) -> int:
    """How many rows the index has yet to hear."""
    rows = _rows(_still_open(engine, heard)).subquery()
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(rows)) or 0


def _still_open(engine: Engine, heard: Heard) -> Heard:
    """The same; on SQLite nothing comes late, so no gap is left of a move from PostgreSQL."""
    return heard if _may_come_late(engine) else Heard(heard.cursor)


def _may_come_late(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _nothing_new(engine: Engine, heard: Heard) -> bool:
    if heard.gaps:
        return False
    with engine.connect() as connection:  # asked all day long: a session would cost as much again
        return _highest(connection) <= heard.cursor


def _looked(engine: Engine) -> tuple[int, bool]:
    """The newest row, and whether somebody may yet commit one with a number below it."""
    with reading(engine) as session:
        top = _highest(session)
        return top, _may_come_late(engine) and bool(session.scalar(_WRITERS))


def _highest(inside: Session | Connection) -> int:
    return inside.scalar(_HIGHEST) or 0


def _rows(heard: Heard) -> _Rows:
    """The rows that are not heard, as they can be seen: number, and listing."""
    newer = select(IndexChange.id, IndexChange.listing_id).where(IndexChange.id > heard.cursor)
    if not heard.gaps:
        return newer
    lows, highs = zip(*heard.gaps, strict=True)
    arrays = (bindparam(None, list(ends), ARRAY(BigInteger)) for ends in (lows, highs))
    gap = func.unnest(*arrays).table_valued("low", "high", name="gap").render_derived()
    late = select(IndexChange.id, IndexChange.listing_id).join(
        gap, IndexChange.id.between(gap.c.low, gap.c.high)
    )
    return cast(_Rows, union_all(newer, late))


def _between(numbers: Iterable[int], ranges: Gaps) -> Gaps:
    """What is left of some ranges without these numbers, which come in ascending order."""
    return tuple(_left(iter(numbers), ranges))


def _left(numbers: Iterator[int], ranges: Gaps) -> Iterator[tuple[int, int]]:
    number = next(numbers, None)
    for first, last in ranges:
        low = first
        while number is not None and number <= last:
            if low < number:
                yield low, number - 1
            low, number = number + 1, next(numbers, None)
        if low <= last:
            yield low, last
