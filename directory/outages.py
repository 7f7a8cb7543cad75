"""A database that cannot be used, in plain words: where it is, what is wrong, and no password."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from directory.errors import DatabaseUnavailable

# What says that a database or a disk cannot be used; `meaning` says what.
KINDS = (DBAPIError, PoolTimeout, OSError)
# A disk that is full, may not be written, or has failed.
OF_DISKS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})

STEPS = Path(__file__).parent / "migrations" / "versions"
MIGRATE = "run `stillpoint migrate` (in a checkout `flask --app wsgi migrate`) first."
# How SQLite names what is wrong begins like this (https://sqlite.org/rescode.html).
OF_SQLITE = {
    "SQLITE_NOTADB": "this file is no SQLite database.",
    "SQLITE_READONLY": "this user may not write to it, or to its folder.",
    "SQLITE_PERM": "this user may not read and write it.",
    "SQLITE_BUSY": "another process keeps it locked.",
    "SQLITE_CORRUPT": "the file is damaged.",
    "SQLITE_FULL": "the disk is full.",
    "SQLITE_IOERR": "the disk cannot be read or written.",
}
# PostgreSQL tells in words alone why it lets nobody in.
OF_CONNECTING = {
    "resolve host": "no host has this name.",
    "Connection refused": "nothing listens there.",
    "password authentication failed": "it refuses this user with this password.",
    "no password supplied": "it asks for a password, and DATABASE_URL has none.",
    "timeout": "it does not answer.",
}
OF_NAMES = {"database": "it has no database of this name.", "role": "it knows no such user."}
# Classes of SQLSTATE, or whole ones, that no program can mend
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
OF_POSTGRESQL = {
    "08": "the connection was lost.",
    "25006": "it only lets us read.",
    "25P03": "what was begun there stood still for too long.",
    "28": "it refuses this user with this password.",
    "3D000": "it has no database of this name.",
    "42501": "this user may not do what is needed there.",
    "53100": "its disk is full.",
    "53": "it has no room for more connections or work.",
    "55P03": "another process keeps it locked.",
    "57014": "it took too long to answer.",
    "57P": "it is starting or shutting down.",
}


def revisions() -> tuple[str, ...]:
    """Every form of the database that this program knows, oldest first."""
    return tuple(sorted(path.name.partition("_")[0] for path in STEPS.glob("[0-9]*.py")))


def check(engine: Engine, *, newest: bool = True) -> None:
    """Raise DatabaseUnavailable when the database cannot be used by this program.

    It must answer and have the form that this program knows; without `newest` an older form
    will do, or none at all.
    """
    if not newest and _is_to_be_made(engine.url):
        return
    with plainly(engine), engine.connect() as connection:
        stands = _revision(connection)
    known = revisions()
    if stands is not None and stands not in known:
        raise newer(engine, stands)
    if newest and stands is None:
        raise DatabaseUnavailable(
            f"The database at {place(engine.url)} has no tables yet: {MIGRATE}"
        )
    if newest and stands != known[-1]:
        raise DatabaseUnavailable(
            f"The database at {place(engine.url)} has an older form ({stands}) than this program"
            f" needs ({known[-1]}): {MIGRATE}"
        )


def _is_to_be_made(url: URL) -> bool:
    """Whether there is not even a file, as before a new site's first migration."""
    path = Path(url.database or "")
    return url.get_backend_name() == "sqlite" and path.parent.is_dir() and not path.exists()


def newer(engine: Engine, stands: str) -> DatabaseUnavailable:
    """What is wrong with a database that a newer program has changed."""
    return DatabaseUnavailable(
        f"The database at {place(engine.url)} has a newer form ({stands}) than this program knows"
        f" ({revisions()[-1]}): run the newer program, or restore the backup from before."
    )


@contextmanager
def plainly(engine: Engine) -> Iterator[None]:
    """Within the block, a database or disk that cannot be used is a DatabaseUnavailable.

    Errors that are ours to mend, such as wrong SQL, stay as they are.
    """
    try:
        yield
    except KINDS as error:
        told = meaning(error, engine)
        if told is None:
            raise
        raise told from None


def meaning(
    error: DBAPIError | PoolTimeout | OSError, engine: Engine
) -> DatabaseUnavailable | None:
    """What an error of the database or a disk says of it; None when the error is ours to mend."""
    if isinstance(error, OSError):
        known = error.errno in OF_DISKS
        return DatabaseUnavailable(f"The disk cannot be used: {error.strerror}.") if known else None
    busy = "it has no connection left for us."
    reason = busy if isinstance(error, PoolTimeout) else _reason(error, engine.url)
    if reason is None:
        return None
    return DatabaseUnavailable(f"The database at {place(engine.url)} cannot be used: {reason}")


def sentence(error: Exception, engine: Engine) -> str:
    """What is wrong with a database that gave this error, for anybody: not where it is.

    It is the doctor's sentence, also for a database that answers and has another form.
    """
    told = meaning(error, engine) if isinstance(error, KINDS) else None
    if told is None:
        try:
            check(engine)
        except DatabaseUnavailable as found:
            told = found
    said = str(told or f"The database cannot be used ({type(error).__name__}).")
    return said.replace(f" at {place(engine.url)}", "")


def place(url: URL) -> str:
    """Where a database is: a file, or host:port/name. No user, no password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    asked = url.query.get("host", "")
    host = url.host or (asked if isinstance(asked, str) else ",".join(asked)) or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"{host}{port}/{url.database or ''}"


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _reason(error: DBAPIError, url: URL) -> str | None:
    """What is wrong, or None when it is not the database's fault."""
    if url.get_backend_name() == "sqlite":
        return _of_sqlite(getattr(error.orig, "sqlite_errorname", ""), Path(url.database or ""))
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return _of_connecting(str(error.orig), url)
    return next((words for code, words in OF_POSTGRESQL.items() if state.startswith(code)), None)


def _of_sqlite(name: str, path: Path) -> str | None:
    if not name.startswith("SQLITE_CANTOPEN"):
        return next((words for code, words in OF_SQLITE.items() if name.startswith(code)), None)
    with suppress(PermissionError):
        if path.is_dir():
            return "this is a folder, not a file."
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
        if not path.exists():
            return f"there is no such file. To make a new site, {MIGRATE}"
    return OF_SQLITE["SQLITE_READONLY"]


def _of_connecting(said: str, url: URL) -> str:
    found = next((words for part, words in OF_CONNECTING.items() if part in said), None)
    if found is None and "does not exist" in said:
        found = next((words for part, words in OF_NAMES.items() if f' {part} "' in said), None)
    return found or _without_password(said, url)


def _without_password(said: str, url: URL) -> str:
    """The first line of what the driver said."""
    first = said.strip().partition("\n")[0].rpartition("failed: ")[2]
    return first.replace(str(url.password), "***") if url.password else first
