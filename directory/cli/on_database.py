"""What every command does that uses the database: it looks first, and says plainly what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from directory import logs, outages
from directory.cli.desk import Desk
from directory.db import alone
from directory.errors import DatabaseUnavailable, DirectoryError

# In DATA_DIR, beside SQLite: which commands are at work.
LOCKS = "locks"


class Busy(DirectoryError):
    """The same command is at work already."""


class Denied(DirectoryError):
    """This user may not use a file that is needed."""


def must_be_there(engine: Engine) -> None:
    """Whoever opens a file of SQLite that is not there makes an empty one."""
    where = outages.place(engine.url)
    if engine.dialect.name == "sqlite" and not Path(where).exists():
        raise DatabaseUnavailable(f"The database at {where} has no tables yet: {outages.MIGRATE}")


@contextmanager
def used(at_hand: Desk, *, newest: bool | None, alone_as: str = "") -> Iterator[None]:
    """Within the block a command is at work on the database: `newest` says whether it needs the
    newest form of it, None that it does not ask it; `alone_as` under what name it is the only one."""
    logs.configure(at_hand.config.log_level)
    with _told(at_hand.engine):
        if newest is not None:
            outages.check(at_hand.engine, newest=newest)
        with _only_one(at_hand, alone_as) if alone_as else nullcontext():
            yield


@contextmanager
def _only_one(at_hand: Desk, name: str) -> Iterator[None]:
    with alone(at_hand.engine, name, at_hand.config.data_dir / LOCKS) as nobody_else:
        if not nobody_else:
            raise Busy(f"Another {name} is at work: try again when it has ended.")
        yield


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Within the block, whatever a database says that is no mistake of ours is one line: also that
    others were in the way (a deadlock, a lock that was not to be had)."""
    try:
        with outages.plainly(engine):
            yield
    except OperationalError as error:
        said = " ".join(str(error.orig).split())[:200]
        where = outages.place(engine.url)
        raise DatabaseUnavailable(f"The database at {where} did not do it: {said}") from None
    except PermissionError as error:
        raise Denied(
            f"{error.filename}: {error.strerror}; `doctor` says what belongs to whom."
        ) from None
