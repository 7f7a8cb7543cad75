"""How long each kind of work waits, as the database itself says, and what it tells then."""

import time
from contextlib import contextmanager
from dataclasses import astuple

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from directory import db, migrations, outages
from directory.app import create_app
from directory.backups import taking
from directory.cli import commands, desk
from directory.db import BACKUPS, COMMANDS, FOLLOW, MIGRATIONS, PAGES, REBUILD, WORKER, make_engine
from directory.errors import DatabaseUnavailable
from indexer import __main__ as indexer
from indexer.shares import Share

SETTINGS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
KINDS = {
    "a page": PAGES,
    "create-admin": COMMANDS,
    "import-listings": COMMANDS,
    "work": WORKER,
    "work, with pages": WORKER,
    "follow": FOLLOW,
    "rebuild": REBUILD,
    "verify": REBUILD,
    "backup": BACKUPS,
    "migrate": MIGRATIONS,
}


def said(connection):
    """What the database says of a connection, in seconds; of SQLite the one lock alone."""
    if connection.dialect.name == "sqlite":
        return (connection.exec_driver_sql("PRAGMA busy_timeout").scalar() / 1000,)
    # In milliseconds, whatever unit SHOW would choose.
    asked = text("SELECT setting::int FROM pg_settings WHERE name = :name")
    return tuple(connection.scalar(asked, {"name": name}) / 1000 for name in SETTINGS)


def wanted(patience, engine):
    _, *limits = (limit or 0 for limit in astuple(patience))
    return tuple(limits[: len(SETTINGS) if engine.dialect.name == "postgresql" else 1])


@contextmanager
def connected(kind, config):
    """A connection of that kind of work, made where that work makes it."""
    if kind == "backup":
        engine = make_engine(config.database_url)
        with taking.snapshot(engine) as connection:
            yield connection
        engine.dispose()
        return
    if kind == "a page":
        engine = create_app(config).extensions["stillpoint"].engine
    elif kind in ("follow", "rebuild", "verify"):
        engine = index_engine(kind, config)
    else:
        engine = command_engine(kind, config)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def index_engine(kind, config):
    """The engine that the process of that name has when its command begins."""
    made = []

    class Look(click.Command):
        def invoke(self, context):
            made.append(context.obj.engine)

    settings = {"DATABASE_URL": config.database_url, "DATA_DIR": str(config.data_dir)}
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(indexer.cli.commands, kind, Look(kind))
        ended = CliRunner().invoke(indexer.cli, [kind], env=settings)
    assert (ended.exit_code, ended.output) == (0, "")
    return made[0]


def command_engine(kind, config):
    name, _, pages = kind.partition(", with ")
    app = desk.make(config)
    command = commands.load(name)
    with app.app_context():
        at_hand = desk.here()
        at_hand.bear(command.patience)
        if not pages:
            return at_hand.engine
        with at_hand.pages() as site:
            return site.extensions["stillpoint"].engine


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "migrate"])
def test_each_kind_of_work_has_its_limits_and_the_database_knows_them(kind, config, engine):
    patience = KINDS[kind]
    with connected(kind, config) as connection:
        told = said(connection)

    if kind == "backup" and engine.dialect.name == "sqlite":
        patience = COMMANDS  # what its engine has
    assert told == wanted(patience, engine)


def test_a_migration_has_its_limits_once_it_is_its_turn(engine):
    told = []
    listening = engine.execution_options()
    event.listen(listening, "commit", lambda connection: told.append(said(connection)))

    migrations.to_head(listening)

    patience = MIGRATIONS if engine.dialect.name == "postgresql" else COMMANDS
    assert told[-1] == wanted(patience, engine)


def test_another_process_of_a_rebuild_reads_with_the_limits_of_a_rebuild(engine, monkeypatch):
    told, share = [], Share(engine.url.render_as_string(hide_password=False), (), 0, None)

    def noted(url, patience):
        made = make_engine(url, patience)
        with made.connect() as connection:
            told.append(said(connection))
        return made

    monkeypatch.setattr("indexer.shares.make_engine", noted)

    assert list(share()) == []
    assert told == [wanted(REBUILD, engine)]


# What came after form 0004.
SINCE = (
    ("account", "tf_failures"),
    ("account", "tf_paused_until"),
    ("practice_place", "shown"),
    ("account", "email_key"),
)
TABLES_SINCE = ("handle", "staff_note", "staff_copy", "handover")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_migration_steps_back_from_a_table_that_somebody_keeps_and_says_so(engine, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", db.Patience(lock=0.2))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
        connection.execute(text("DROP INDEX ix_listing_made_up"))
        connection.execute(text("DROP FUNCTION tell_of_index_change CASCADE"))
        for table in TABLES_SINCE:
            connection.execute(text(f"DROP TABLE {table}"))
        for table, column in SINCE:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))

    with Session(engine) as somebody:
        somebody.execute(text("SELECT count(*) FROM account"))
        with pytest.raises(DatabaseUnavailable, match="another process keeps it locked"):
            migrations.to_head(engine)
    steps = migrations.to_head(engine)

    assert steps[0].revision == "0005"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_stood_still_for_too_long_is_told_and_the_next_finds_a_connection(engine):
    url = engine.url.render_as_string(hide_password=False)
    hasty = make_engine(url, db.Patience(idle=0.1))

    def stand_still():
        with outages.plainly(hasty), hasty.connect() as connection:
            connection.execute(text("SELECT 1"))
            time.sleep(0.5)
            connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailable, match="stood still for too long"):
        stand_still()
    with hasty.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    hasty.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_the_url_says_itself_goes_before(engine):
    url = engine.url.update_query_dict({"options": "-c lock_timeout=7000"})
    own = make_engine(url.render_as_string(hide_password=False), PAGES)
    with own.connect() as connection:
        told = said(connection)
    own.dispose()

    assert told == (7, 0, 0)
