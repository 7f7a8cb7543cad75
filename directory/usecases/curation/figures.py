"""Figures of how the site does, each read in one place: for the health page, for whoever collects
metrics, for the doctor.

Each is one cheap look: a few rows by an index, or a file's date. They tell numbers and moments,
never a person.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.config import Config
from directory.errors import SearchUnavailable
from directory.models import AuditEvent, IndexChange, IndexReport, Listing, Waiting
from directory.search.port import IndexStatus, Reader
from directory.usecases.audit import anchors, chain
from directory.usecases.mailing import delivery
from directory.usecases.mailing.delivery import Backlog

# In DATA_DIR, empty: its time is when a worker last went through what is done every minute.
LIFE = "worker-alive"
# In DATA_DIR: an empty file for each chore, whose time is when the chore was last done.
DONE = "chores-done"
# In DATA_DIR, empty: its time is when the last backup was taken.
TAKEN = "backup-taken"
# In DATA_DIR, empty: its time is when `up` was last started, and all that waited begins to go on.
STARTED = "site-started"
# A decision takes no longer where all is well; practitioners see how long it usually takes.
PROMISED = timedelta(days=3)
# Looking further back than so many events costs more than it tells.
MOST_EVENTS_BACK = 10_000


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for an admin: how many, and since when the oldest does."""

    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Lag:
    """Changes that the index has not heard of: how many, and since when the oldest is there."""

    changes: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where the audit chain is written down, and since when it goes on beyond that.

    `name` is "data" or "elsewhere"; `at` is None while nothing was ever written there, or what
    was cannot be read, as `trouble` says then.
    """

    name: str
    path: Path
    at: datetime | None
    behind_since: datetime | None
    length: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Disk:
    """Room where we write: bytes and files; `most_files` is 0 where nobody counts files."""

    path: Path
    size: int
    free: int
    free_files: int
    most_files: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The last comparison of index and database."""

    at: datetime
    differences: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the database tells."""

    queue: Queue
    mail: Backlog
    lag: Lag
    anchored: tuple[Anchored, ...]
    compared: Compared | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the files in DATA_DIR tell: when something was last done (None: never, here)."""

    worker: datetime | None
    chores: dict[str, datetime]
    backup: datetime | None
    disks: dict[str, Disk]


def told(session: Session, config: Config, status: IndexStatus | None) -> Told:
    """All that the database tells; `status` is what serves, None when nothing can."""
    return Told(
        queue(session),
        delivery.backlog(session),
        lag(session, status),
        tuple(anchored(session, config)),
        compared(session),
    )


def kept(config: Config) -> Kept:
    """All that files tell."""
    done = config.data_dir / DONE
    return Kept(
        at(config.data_dir / LIFE),
        {path.name: found for path in sorted(done.glob("[a-z]*")) if (found := at(path))},
        at(config.data_dir / TAKEN),
        disks(config),
    )


def status(reader: Reader) -> IndexStatus | None:
    """What serves; None when nothing can."""
    try:
        return reader.status()
    except SearchUnavailable:
        return None


def trouble(error: SearchUnavailable) -> str:
    """Why the index cannot be used and what to do, in one line."""
    return f"{str(error) or 'The index cannot be opened.'} Run `python -m indexer rebuild`."


def queue(session: Session) -> Queue:
    """What waits for an admin."""
    entry = (Waiting.listing_id == Listing.id) & (Waiting.revision_id == Listing.pending_id)
    found = select(func.count(), func.min(Waiting.since)).join(Listing, entry)
    waiting, oldest = session.execute(found).one()
    return Queue(waiting, oldest)


def lag(session: Session, status: IndexStatus | None) -> Lag:
    """What the index has not heard of; without an index that is everything."""
    newer = IndexChange.id > (status.cursor if status else 0)
    found = select(func.count(), func.min(IndexChange.at)).where(newer)
    changes, oldest = session.execute(found).one()
    return Lag(changes, oldest)


def newest_event(session: Session) -> datetime | None:
    """When the last event of the audit was written down, as the clock was then."""
    return session.scalar(select(AuditEvent.at).order_by(AuditEvent.id.desc()).limit(1))


def compared(session: Session) -> Compared | None:
    """The last comparison of index and database; None while one is being made."""
    report = session.scalar(select(IndexReport))
    return Compared(report.at, len(report.differences)) if report else None


def anchored(session: Session, config: Config) -> Iterator[Anchored]:
    """Each place where the chain is written down."""
    head = chain.now(session)
    for name, path in zip(("data", "elsewhere"), anchors.places(config), strict=False):
        length, trouble, written = 0, "", None
        try:
            known, written = anchors.last(path), anchors.last_at(path)
            length = known.length if known else 0
        except OSError as error:  # as good as none; all other figures are told
            trouble = error.strerror or type(error).__name__
        missing = head.length - length
        since = _since(session, missing) if missing > 0 else None
        yield Anchored(name, path, written, since, length, trouble)


def _since(session: Session, missing: int) -> datetime | None:
    """When the first of the last so many events was written down."""
    back = min(missing, MOST_EVENTS_BACK) - 1
    newest = select(AuditEvent.at).order_by(AuditEvent.id.desc())
    return session.scalar(newest.offset(back).limit(1))


def disks(config: Config) -> dict[str, Disk]:
    """Where data and index lie; a folder that is not there yet will lie where the one above is."""
    return {"data": _disk(config.data_dir), "index": _disk(config.index_dir)}


def _disk(folder: Path) -> Disk:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    found = os.statvfs(there)
    size = found.f_frsize
    return Disk(there, found.f_blocks * size, found.f_bavail * size, found.f_favail, found.f_files)


def at(path: Path) -> datetime | None:
    """When a file was last touched; None when it is not there."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


def touch(path: Path) -> None:
    """Let the file's date be now; once it is there, that needs no room on the disk."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)


def age(since: datetime | None, now: datetime) -> timedelta:
    """How long ago that was; nothing, when it never was or lies ahead."""
    return max(now - since, timedelta()) if since else timedelta()
