"""Where limits count: one store for all workers and machines, which a restart does not empty.

With `LIMITS_URL` it is a Redis or Valkey. Else it is a table of the database, on a connection
of its own, and where the database is SQLite a small file beside it: SQLite lets one writer in
at a time, and counting must wait for no request, nor any request for itself.

No address and no e-mail stands in it: keys are hashed with the secret of the site.
"""

import fcntl
import hmac
import logging
import secrets
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from limits.storage import MemoryStorage, RedisStorage, Storage
from sqlalchemy import Connection, Engine, Table, case, create_engine, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from directory.config import Config
from directory.db.files import identity
from directory.models import Counter

FILE = "limits.db"
# Waiting longer than that for a counter helps nobody.
PATIENCE = 2.0
# A store that did not answer is left alone so long: not every request waits for it.
LEFT_ALONE = 5.0
# One count in so many also clears old ones away, so many at once.
SWEEP_ONE_IN = 500
SWEPT = 1000
# What SQLite says of a file that is no database, or no longer a sound one.
DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

log = logging.getLogger("stillpoint")
Found = TypeVar("Found")
counters = cast(Table, Counter.__table__)


class Rows(Storage):
    """Counts in a table; each is one statement that is its own transaction."""

    STORAGE_SCHEME = None

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        # Connections end with the store, not whenever the collector comes by.
        weakref.finalize(self, engine.dispose)
        dialect = sqlite if engine.dialect.name == "sqlite" else postgresql
        self._insert: Callable[..., Any] = dialect.insert

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a database says that does not work."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and say how many there are now; the first one begins the window."""
        now = time.time()
        new = self._insert(counters).values(key=key, hits=amount, ends=now + expiry)
        over = counters.c.ends <= now
        counted = new.on_conflict_do_update(
            index_elements=[counters.c.key],
            set_={
                "hits": case((over, new.excluded.hits), else_=counters.c.hits + new.excluded.hits),
                "ends": case((over, new.excluded.ends), else_=counters.c.ends),
            },
        ).returning(counters.c.hits)
        hits = self._do(lambda connection: int(connection.execute(counted).scalar_one()))
        if secrets.randbelow(SWEEP_ONE_IN) == 0:
            self.sweep()
        return hits

    def get(self, key: str) -> int:
        """How many there are now."""
        found = select(counters.c.hits).where(counters.c.key == key, counters.c.ends > time.time())
        return self._do(lambda connection: connection.scalar(found) or 0)

    def get_expiry(self, key: str) -> float:
        """When this window ends; now, where there is none."""
        now = time.time()
        which = select(counters.c.ends).where(counters.c.key == key)
        return max(now, self._do(lambda connection: connection.scalar(which)) or now)

    def check(self) -> bool:
        """Whether the store answers."""
        with suppress(SQLAlchemyError):
            self.get("")
            return True
        return False

    def reset(self) -> int:
        """Forget all counts."""
        return self._delete(delete(counters))

    def clear(self, key: str) -> None:
        """Forget one."""
        self._delete(delete(counters).where(counters.c.key == key))

    def sweep(self) -> int:
        """Clear some windows away that have ended; how many."""
        old = select(counters.c.key).where(counters.c.ends <= time.time()).limit(SWEPT)
        # Two that sweep at once find the same rows, and the second deletes none of them again.
        return self._delete(delete(counters).where(counters.c.key.in_(old)))

    def _delete(self, which: Any) -> int:
        return self._do(lambda connection: int(connection.execute(which).rowcount))

    def _do(self, statement: Callable[[Connection], Found]) -> Found:
        with self.engine.connect() as connection:
            return statement(connection)


class RowsBeside(Rows):
    """Counts in a file beside a SQLite database: what a power cut takes of it are a few counts.

    A file that is no sound database is put aside, once for all workers, and made anew: counts
    are lost then, limits are not. One that was deleted or replaced is noticed by all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        engine = create_engine(
            f"sqlite:///{path}",
            creator=partial(_opened, path),
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )

        @event.listens_for(engine, "checkout")
        def is_still_there(connection: Any, _: object, __: object) -> None:
            if connection.file != identity(path):
                raise DisconnectionError

        super().__init__(engine)

    def _do(self, statement: Callable[[Connection], Found]) -> Found:
        file = identity(self.path)
        try:
            return super()._do(statement)
        except DBAPIError as error:
            if not _tells_of_damage(error):
                raise
            try:
                _put_aside(self.path, file)
            except (OSError, sqlite3.Error):
                raise error from None
        return super()._do(statement)


class _Opened(sqlite3.Connection):
    """A connection that knows which file it opened."""

    file: tuple[int, int] | None = None


def _opened(path: Path) -> _Opened:
    """The file at this path, made when there is none, and ready to count in."""
    with _alone(path):
        if not path.exists():
            # What a file left that somebody deleted belongs to no other.
            _remove_companions(path)
        connection = sqlite3.connect(
            path, timeout=PATIENCE, factory=_Opened, check_same_thread=False
        )
        try:
            # The mode stays with the file: whoever comes second finds it set.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode=WAL")
            for sql in ("PRAGMA synchronous=NORMAL", *_table()):
                connection.execute(sql)
        except sqlite3.Error:
            connection.close()
            raise
        connection.file = identity(path)
    return connection


def _table() -> Iterator[str]:
    dialect = sqlite.dialect()
    yield str(CreateTable(counters, if_not_exists=True).compile(dialect=dialect))
    for index in counters.indexes:
        yield str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))


def _tells_of_damage(error: DBAPIError) -> bool:
    # Of an extended code the last byte is the plain one.
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in DAMAGED


def _put_aside(path: Path, file: tuple[int, int] | None) -> None:
    """Put this file aside; nothing, when another worker was quicker."""
    with _alone(path):
        if file is None or identity(path) != file:
            return
        path.replace(path.with_name(f"{path.name}.damaged"))
        _remove_companions(path)
    log.warning("The counters of limits were damaged: %s is made anew.", path.name)


def _remove_companions(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other worker opens the file meanwhile, or puts it aside."""
    try:
        lock = path.with_name(f"{path.name}.lock").open("w")
    except OSError as error:
        raise sqlite3.OperationalError("the file's lock cannot be had") from error
    with closing(lock):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Counters(Storage):
    """The store as limits see it: keys are hashed, and one that is away stops no page.

    Then each worker counts for itself until the store answers again, which one line of the
    log says. What must not happen twice goes through `is_first`, which says no meanwhile.
    """

    STORAGE_SCHEME = ["stillpoint"]  # noqa: RUF012 - limits wants a list

    def __init__(self, _uri: str, *, config: Config, **_options: Any) -> None:
        super().__init__()
        self._key = config.key
        self._lock = Lock()
        self._away_until = 0.0
        self.store = made(config)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What the store says when it cannot be used."""
        return self.store.base_exceptions

    @cached_property
    def _here(self) -> MemoryStorage:
        return MemoryStorage()

    @property
    def is_away(self) -> bool:
        """Whether the store did not answer just now."""
        return self._away_until > 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and say how many there are now."""
        return self._asked(lambda store: store.incr(self._hashed(key), expiry, amount))

    def get(self, key: str) -> int:
        """How many there are now."""
        return self._asked(lambda store: store.get(self._hashed(key)))

    def get_expiry(self, key: str) -> float:
        """When this window ends."""
        return self._asked(lambda store: store.get_expiry(self._hashed(key)))

    def check(self) -> bool:
        """Whether the store answers."""
        return self.store.check()

    def reset(self) -> int | None:
        """Forget all counts."""
        self._away_until = 0.0
        self.__dict__.pop("_here", None)
        return self._asked(lambda store: store.reset())

    def clear(self, key: str) -> None:
        """Forget one."""
        self._asked(lambda store: store.clear(self._hashed(key)))

    def is_first(self, key: str, expiry: int) -> bool:
        """Whether nobody anywhere asked for this before; no, where that cannot be known."""
        return self._from_store(lambda store: store.incr(self._hashed(key), expiry)) == 1

    def _asked(self, question: Callable[[Storage], Found]) -> Found:
        found = self._from_store(lambda store: (question(store),))
        return question(self._here) if found is None else found[0]

    def _from_store(self, question: Callable[[Storage], Found]) -> Found | None:
        """What the store says; None while it is away."""
        if time.monotonic() < self._away_until:
            return None
        try:
            found = question(self.store)
        except self.base_exceptions as error:
            self._gone(error)
            return None
        self._away_until = 0.0
        return found

    def _gone(self, error: Exception) -> None:
        with self._lock:
            known, self._away_until = self.is_away, time.monotonic() + LEFT_ALONE
        if not known:
            # An error's own words may hold an address; its kind is enough.
            kind = type(getattr(error, "orig", None) or error).__name__
            log.warning("The counters of limits cannot be used (%s): workers count alone.", kind)

    def _hashed(self, key: str) -> str:
        return hmac.digest(self._key, f"limits {key}".encode(), "sha256").hex()


def made(config: Config) -> Storage:
    """The store that the settings ask for; nothing connects before it is asked."""
    if config.limits_url:
        from redis.backoff import NoBackoff  # late: it takes a twelfth of what a start takes
        from redis.retry import Retry

        return RedisStorage(
            config.limits_url,
            key_prefix="stillpoint",
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1),  # type: ignore[arg-type]
        )
    if config.database_url.startswith("sqlite"):
        return RowsBeside(config.data_dir / FILE)
    return Rows(
        create_engine(
            config.database_url,
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
            pool_size=1,
            max_overflow=3,
            pool_timeout=PATIENCE,
            hide_parameters=True,
            connect_args={"connect_timeout": int(PATIENCE)},
        )
    )


def sweep(config: Config) -> int:
    """Clear away all windows that have ended, and say how many; Redis does so by itself."""
    swept = 0
    store = made(config)
    if isinstance(store, Rows):
        while part := store.sweep():
            swept += part
        store.engine.dispose()
    return swept
