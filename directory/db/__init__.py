"""One Base, one way to make an engine; the transaction opens at the edge."""

import fcntl
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from directory.db import files, silence

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# How long whoever erases waits for those who are reading.
BRIEF_PATIENCE_MS = 1000

# How PostgreSQL says that two were in each other's way: it could not put them one after the other,
# they waited for each other, or both were the first to write a key
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
RACES = frozenset({"40001", "40P01", "23505"})
MOST_TRIES, LONGEST_PAUSE_S = 5, 0.05

# What is kept with the session, to be done when its transaction has been committed.
AFTERWARDS = "what is done once all is committed"


Result = TypeVar("Result")


class Base(DeclarativeBase):
    """The one registry of tables: ours and the gazetteer's."""

    metadata = MetaData(naming_convention=NAMES)


class Moment(TypeDecorator[datetime]):
    """An instant in UTC; SQLite forgets the zone, so we give it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds to wait for a connection, for whoever holds a lock, for one statement, and
    for a transaction to go on; None is for ever. On SQLite there is but the one lock."""

    connect: float = 10
    lock: float | None = 60
    statement: float | None = None
    idle: float | None = None


# Each kind of work has limits of its own.
# Somebody looks at an empty page meanwhile, and others stand behind.
PAGES = Patience(connect=3, lock=4, statement=5, idle=30)
# Somebody waits who can stop it, and one statement may take in a whole table. What stands still in
# the middle (Ctrl-Z, a closed laptop) holds for ten minutes what others want, not for ever.
COMMANDS = Patience(idle=600)
# Nobody waits; what fails is tried again. A part of an import, or a chore, writes for some seconds.
WORKER = Patience(lock=30, statement=300, idle=120)
# All its transactions are short, and within a second it looks again: so it need not wait long.
FOLLOW = Patience(lock=10, statement=60, idle=60)
# Short ones, too, but for counting all there is; who rebuilds by hand begins again only once.
REBUILD = Patience(lock=60, statement=600, idle=60)
# One transaction that reads everything, or writes it; between two tables it packs photos.
BACKUPS = Patience()
# Behind whoever waits to alter a table stands every page that reads it: rather fail, and be tried
# again at a better moment. Once it has its locks, a long step may take long.
MIGRATIONS = Patience(lock=5)
# For another who migrates, one waits as long as that takes.
IN_TURN = Patience(lock=None)


def make_engine(url: str, patience: Patience = COMMANDS) -> Engine:
    """An engine for SQLite or PostgreSQL, set up for many readers and safe writes.

    What is asked of it never stands in an error message.
    """
    if url.startswith("sqlite"):
        return _sqlite_engine(url, patience)
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=5,
        pool_timeout=patience.connect,
        hide_parameters=True,
        connect_args=_postgresql(url, patience),
    )
    if patience.statement:
        silence.end(engine, patience.statement)
    return engine


def _postgresql(url: str, patience: Patience) -> dict[str, Any]:
    """As the server takes it; what DATABASE_URL says itself goes before."""
    told = [f"-c {name}={milliseconds}" for name, milliseconds in _limits(patience) if milliseconds]
    args = {"connect_timeout": round(patience.connect), "options": " ".join(told)}
    said = make_url(url).query
    return {name: value for name, value in args.items() if value and name not in said}


def _limits(patience: Patience) -> Iterator[tuple[str, int]]:
    """PostgreSQL's settings, in milliseconds; 0 is for ever."""
    yield "lock_timeout", round((patience.lock or 0) * 1000)
    yield "statement_timeout", round((patience.statement or 0) * 1000)
    yield "idle_in_transaction_session_timeout", round((patience.idle or 0) * 1000)


def bear(connection: Connection, patience: Patience) -> None:
    """Let this transaction have the limits of another kind of work than its engine."""
    if connection.dialect.name == "postgresql":
        for name, milliseconds in _limits(patience):
            connection.execute(select(func.set_config(name, str(milliseconds), True)))


def _sqlite_engine(url: str, patience: Patience) -> Engine:
    lock = patience.lock or 0
    connect_args = {"timeout": lock, "isolation_level": None}
    engine = create_engine(url, connect_args=connect_args, hide_parameters=True)
    if path := file_of(engine):
        files.hold_to(engine, path)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            f"busy_timeout={round(lock * 1000)}",
            "secure_delete=ON",  # what is erased leaves no traces in the file
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A transaction that will write says so at once (IMMEDIATE), so that
        # two workers queue up and never deadlock on upgrading a read lock.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def make_file(engine: Engine) -> None:
    """An empty database for a new site, where that is a file; one that is there stays."""
    if path := file_of(engine):
        files.make(path)


def file_of(engine: Engine) -> Path | None:
    """The file that a database is; None where it is none."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    plain = name and name != ":memory:" and not name.startswith("file:")
    return Path(str(name)) if plain else None


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that looks and never writes."""
    with Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction: committed as a whole, or not at all."""
    writer = engine.execution_options(writes=True)
    with sessionmaker(writer).begin() as session:
        yield session


def one_at_a_time(inside: Session | Connection, work: str) -> None:
    """Wait until no other transaction does this work, and keep others from it until ours ends."""
    connection = inside.connection() if isinstance(inside, Session) else inside
    if connection.dialect.name == "postgresql":  # on SQLite one writes at a time anyway
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(work))))


@contextmanager
def alone(engine: Engine, work: str, folder: Path) -> Iterator[bool]:
    """Whether no other process does this work, on whatever machine; within the block none begins.

    What a process held that died is free at once. Beside SQLite a file in `folder` tells.
    """
    if engine.dialect.name == "postgresql":
        key = func.hashtext(work)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            mine = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(select(func.pg_advisory_unlock(key)))
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{work.replace(' ', '-')}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_race(error: DBAPIError) -> bool:
    """Whether a transaction failed only because of another one at the same moment."""
    return getattr(error.orig, "sqlstate", None) in RACES


def repeated(work: Callable[[], Result], *, safe: Callable[[], bool] = lambda: True) -> Result:
    """Do some work, and again from the start when it lost a race, as long as that is `safe`.

    Whoever comes second reads then what the first one wrote, and takes that into account.
    """
    for tries in range(1, MOST_TRIES):
        try:
            return work()
        except DBAPIError as error:
            if not (is_race(error) and safe()):
                raise
        sleep(tries * LONGEST_PAUSE_S * secrets.randbelow(1000) / 1000)
    return work()


def afterwards(session: Session, do: Callable[[], object]) -> None:
    """Do something once, and only if, the transaction is committed: what no rollback brings back,
    such as deleting a file.

    One that fails is logged and stops no other: whatever it leaves, a chore must find.
    """
    session.info.setdefault(AFTERWARDS, []).append(do)


def fold(engine: Engine) -> bool:
    """Bring what was written into SQLite's main file and empty the log beside it, where what is
    erased would stand on for a while; whether that is done.

    Somebody who reads for long is not waited for: a chore tries again. PostgreSQL reads its log
    only to recover.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={BRIEF_PATIENCE_MS}")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={before}")
    finally:
        connection.close()
    return not busy


@event.listens_for(Session, "after_commit")
def _do_afterwards(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released; all of it may still be rolled back
    for do in session.info.pop(AFTERWARDS, ()):
        try:
            do()
        except Exception:
            logging.getLogger(__name__).exception("what was to follow a commit failed")


@event.listens_for(Session, "after_rollback")
def _forget_afterwards(session: Session) -> None:
    session.info.pop(AFTERWARDS, None)
