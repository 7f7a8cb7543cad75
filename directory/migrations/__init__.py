"""The database's shape, step by step; `to_head` is the only way it changes.

Forward only: the way back is the backup from before. A new step, after changing the models:
`.venv/bin/python -m directory.migrations "What changes"`, then read and tidy what it wrote.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Engine, text

from directory import outages
from directory.db import IN_TURN, MIGRATIONS, bear, make_file, repeated

if TYPE_CHECKING:
    from alembic.config import Config as Alembic

HERE = Path(__file__).parent
# Any number will do, as long as nothing else in the database locks it.
POSTGRES_LOCK = 0x57111


class Step(NamedTuple):
    """One migration: its number, and in a sentence what it brings."""

    revision: str
    words: str


def settings() -> "Alembic":
    """Alembic's own settings, for `to_head` and for making a new migration."""
    # Alembic is loaded when it is needed: a web worker never migrates.
    from alembic.config import Config as Alembic

    alembic = Alembic()
    alembic.set_main_option("script_location", str(HERE).replace("%", "%%"))
    alembic.set_main_option("path_separator", "os")
    return alembic


def to_head(engine: Engine) -> tuple[Step, ...]:
    """Bring the database to the newest shape, in one transaction; two at once wait in turn.

    Returns the steps that this took, first to last; none when nothing was to be done. Raises
    DatabaseUnavailable when the database cannot be used, when somebody keeps a table that must be
    changed, or a newer program has changed it.
    """

    def once() -> tuple[Step, ...]:
        with engine.execution_options(writes=True).begin() as connection:
            bear(connection, IN_TURN)
            _wait_for_others(connection)
            bear(connection, MIGRATIONS)
            return upgrade(connection)

    with outages.plainly(engine):
        make_file(engine)
        return repeated(once)  # a site that goes on may be in its way


def upgrade(connection: Connection, revision: str = "head") -> tuple[Step, ...]:
    """`to_head`, or as far as that revision, in a transaction of the caller's that writes."""
    from alembic import command

    _wait_for_others(connection)
    alembic = settings()
    alembic.attributes["connection"] = connection
    missing = _missing(connection, alembic)
    command.upgrade(alembic, revision)
    return missing


def _missing(connection: Connection, alembic: "Alembic") -> tuple[Step, ...]:
    """The steps from where the database stands to the newest shape."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    stands = MigrationContext.configure(connection).get_current_revision()
    if stands is not None and stands not in outages.revisions():
        raise outages.newer(connection.engine, stands)
    found = ScriptDirectory.from_config(alembic).iterate_revisions("heads", stands or "base")
    return tuple(Step(step.revision, step.doc) for step in reversed(list(found)))


def _wait_for_others(connection: Connection) -> None:
    # SQLite waits by itself: a writing transaction begins IMMEDIATE.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRES_LOCK})
