"""How the directory is: its index, its mail, its freshness, what it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.orm import Session

from directory.config import Config
from directory.models import (
    Actor,
    IndexReport,
    Listing,
    OutgoingMail,
    RebuildRequest,
    Role,
    State,
)
from directory.search.port import IndexStatus, Reader
from directory.usecases.audit import chain
from directory.usecases.curation import figures
from directory.usecases.mailing import delivery
from directory.usecases.mailing.delivery import Backlog
from directory.usecases.practitioners import status

DEAD_SHOWN = 50
QUARTER, HALF_YEAR = timedelta(days=90), timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Index:
    """The index: what serves (None: nothing can), how many changes it has not heard of.

    `report` is the last comparison with the database (None: it is being made), `asked` the
    last rebuild that somebody asked for.
    """

    status: IndexStatus | None
    lag: int
    report: IndexReport | None
    asked: RebuildRequest | None

    @property
    def rebuilding(self) -> bool:
        """Whether a rebuild was asked for and has not ended."""
        return self.asked is not None and self.asked.finished_at is None


@dataclass(frozen=True, slots=True)
class Freshness:
    """Live listings, and how many were confirmed within 90 and 180 days."""

    live: int
    quarter: int
    half_year: int

    def share(self, number: int) -> float:
        """That part of all."""
        return number / self.live if self.live else 1.0


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for an admin: how many, since when, and how long decisions took lately."""

    waiting: int
    oldest: datetime | None
    usual: timedelta | None


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes."""

    database: int
    index: int
    photos: int
    free: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The audit chain's end, and when it was last written down outside the database.

    `elsewhere` is the second file that it is written to, "" when there is none.
    """

    length: int
    hash: str
    anchored_at: datetime | None
    elsewhere: str
    elsewhere_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """All of it, at one moment."""

    index: Index
    mail: Backlog
    dead: Sequence[OutgoingMail]
    freshness: Freshness
    queue: Queue
    storage: Storage
    chain: Chain


def look(session: Session, config: Config, reader: Reader, *, by: Actor, at: datetime) -> Health:
    """How the directory is now; for admins."""
    by.must_be(Role.ADMIN)
    dead = select(OutgoingMail).where(OutgoingMail.dead_at.is_not(None))
    return Health(
        index=index(session, reader, by=by),
        mail=delivery.backlog(session),
        dead=session.scalars(
            dead.order_by(OutgoingMail.dead_at.desc(), OutgoingMail.id.desc()).limit(DEAD_SHOWN)
        ).all(),
        freshness=_freshness(session, at),
        queue=_queue(session),
        storage=_storage(session, config),
        chain=_chain(session, config),
    )


def index(session: Session, reader: Reader, *, by: Actor) -> Index:
    """How the index is now."""
    by.must_be(Role.ADMIN)
    status = figures.status(reader)
    return Index(
        status,
        figures.lag(session, status).changes,
        session.scalar(select(IndexReport)),
        session.scalar(select(RebuildRequest).order_by(RebuildRequest.id.desc()).limit(1)),
    )


def ask_rebuild(session: Session, *, by: Actor, at: datetime) -> bool:
    """Ask the indexer for a fresh index; False when one was asked for and is not done yet."""
    by.must_be(Role.ADMIN)
    chain.hold(session)
    open_one = select(RebuildRequest.id).where(RebuildRequest.finished_at.is_(None)).limit(1)
    if session.scalar(open_one) is not None:
        return False
    session.add(RebuildRequest(asked_by=str(by), asked_at=at))
    chain.record(session, "rebuild asked", None, by=str(by), at=at)
    return True


def ask_comparison(session: Session, *, by: Actor, at: datetime) -> None:
    """Have the indexer compare index and database now: it does when there is no report."""
    by.must_be(Role.ADMIN)
    session.execute(delete(IndexReport))
    chain.record(session, "comparison asked", None, by=str(by), at=at)


def _freshness(session: Session, at: datetime) -> Freshness:
    today = at.date()

    def since(age: timedelta) -> ColumnElement[int]:
        return func.count().filter(Listing.confirmed_on >= today - age)

    live, quarter, half = session.execute(
        select(func.count(), since(QUARTER), since(HALF_YEAR)).where(Listing.state == State.LIVE)
    ).one()
    return Freshness(live, quarter, half)


def _queue(session: Session) -> Queue:
    found = figures.queue(session)
    return Queue(found.waiting, found.oldest, status.usual_wait(session))


def _storage(session: Session, config: Config) -> Storage:
    return Storage(
        _database_size(session),
        _size(config.index_dir),
        _size(config.data_dir / "photos"),
        figures.disks(config)["data"].free,
    )


def _database_size(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        return session.scalar(text("SELECT pg_database_size(current_database())")) or 0
    pages = session.scalar(text("SELECT page_count FROM pragma_page_count()")) or 0
    size = session.scalar(text("SELECT page_size FROM pragma_page_size()")) or 0
    return int(pages * size)


def _size(folder: Path) -> int:
    """What lies below it; a file that goes while we look counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def _chain(session: Session, config: Config) -> Chain:
    end, second = chain.now(session), config.audit_anchor_file
    at = {one.name: one.at for one in figures.anchored(session, config)}
    return Chain(end.length, end.hash, at["data"], str(second or ""), at.get("elsewhere"))
