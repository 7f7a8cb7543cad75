"""Reading the outbox: which listings changed after a cursor."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from directory.models import IndexChange


def newest(session: Session) -> int:
    """The id of the newest row; 0 when there is none."""
    _wait_for_writers(session)
    return _highest(session)


def after(session: Session, cursor: int) -> tuple[list[int], int]:
    """The listings named after a cursor, each once, and the newest row's id."""
    if _highest(session) <= cursor:
        return [], cursor
    last = newest(session)
    named = (
        select(IndexChange.listing_id)
        .where(IndexChange.id > cursor, IndexChange.id <= last)
        .distinct()
        .order_by(IndexChange.listing_id)
    )
    return list(session.scalars(named)), last


def waiting(session: Session, cursor: int) -> int:
    """How many rows the index has yet to hear."""
    newer = select(func.count()).select_from(IndexChange).where(IndexChange.id > cursor)
    return session.scalar(newer) or 0


def _highest(session: Session) -> int:
    return session.scalar(select(func.max(IndexChange.id))) or 0


def _wait_for_writers(session: Session) -> None:
    """Let transactions that hold a lower id finish, so that no late id is skipped.

    PostgreSQL gives out ids before the commit; SQLite writes one transaction at a time.
    The lock conflicts with inserting alone and ends with this short transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE index_change IN SHARE MODE"))
