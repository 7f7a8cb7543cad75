"""Databases that cannot be used, as SQLite and PostgreSQL really refuse them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from directory import migrations, outages
from directory.db import make_engine, make_file
from directory.errors import DatabaseUnavailable
from tests.databases import BOTH

PASSWORD = "hunter2-and-more"
NOBODY = 65534
on_both = pytest.mark.parametrize("database_url", BOTH, indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def refused(url: str, *, newest: bool = True) -> str:
    """What is said of a database that cannot be used."""
    engine = make_engine(url)
    try:
        with pytest.raises(DatabaseUnavailable) as told:
            outages.check(engine, newest=newest)
    finally:
        engine.dispose()
    said = str(told.value)
    assert PASSWORD not in said
    assert "\n" not in said
    return said


@contextmanager
def as_somebody_else(folder) -> Iterator[None]:
    """Whoever runs the tests, within the block they may not write to the folder."""
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def run(url: str, *sql: str) -> None:
    engine = make_engine(url)
    make_file(engine)
    with engine.connect() as connection:
        for one in sql:
            connection.execute(text(one))
        connection.commit()
    engine.dispose()


def test_a_folder_is_no_sqlite_file(tmp_path):
    assert refused(f"sqlite:///{tmp_path}").endswith("this is a folder, not a file.")


def test_a_sqlite_file_needs_its_folder(tmp_path):
    path = tmp_path / "no" / "such" / "site.db"

    assert refused(f"sqlite:///{path}") == (
        f"The database at {path} cannot be used: there is no folder {path.parent}"
    )


def test_a_file_of_another_kind_is_no_database(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("name,email\nRowan,rowan@practice.example\n" * 99)

    assert refused(f"sqlite:///{path}").endswith("this file is no SQLite database.")


def test_a_folder_where_one_may_not_write_is_named(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir()

    with as_somebody_else(closed):
        said = refused(f"sqlite:///{closed / 'site.db'}")

    assert said.startswith(f"The database at {closed / 'site.db'} cannot be used:")


def test_a_file_that_may_only_be_read_is_told_when_something_is_to_be_written(tmp_path):
    run(f"sqlite:///{tmp_path / 'site.db'}", "CREATE TABLE one (id INTEGER)")
    read_only = make_engine(f"sqlite:///file:{tmp_path / 'site.db'}?immutable=1&uri=true")

    with pytest.raises(DatabaseUnavailable, match="may not write"):
        migrations.to_head(read_only)

    read_only.dispose()


def test_a_damaged_file_is_not_taken_for_an_empty_one(database_url):
    path = Path(database_url.removeprefix("sqlite:///"))
    page = 4096
    path.write_bytes(path.read_bytes()[:page] + b"\xff" * (path.stat().st_size - page))

    assert "the file is damaged" in refused(database_url)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("127.0.0.1:1", "127.0.0.1:1/site cannot be used: nothing listens there."),
        ("nowhere.invalid", "nowhere.invalid/site cannot be used: no host has this name."),
    ],
)
def test_a_postgresql_server_that_is_not_there_is_told_without_the_password(host, words):
    said = refused(f"postgresql+psycopg://site:{PASSWORD}@{host}/site")

    assert said == f"The database at {words}"


def test_an_option_that_nobody_knows_is_told_in_the_words_of_the_driver():
    said = refused(f"postgresql+psycopg://site:{PASSWORD}@127.0.0.1:1/site?sslmod={PASSWORD}")

    assert said.endswith('cannot be used: invalid connection option "sslmod"')


@on_postgresql
def test_a_postgresql_database_of_another_name_is_told(database_url):
    name = database_url.partition("?")[0].rpartition("/")[2]

    said = refused(database_url.replace(name, "stilpoint"))

    assert said.endswith("/stilpoint cannot be used: it has no database of this name.")


@on_postgresql
def test_a_postgresql_user_whom_nobody_knows_is_told(database_url):
    said = refused(database_url.replace("//postgres:", f"//stranger:{PASSWORD}"))

    assert said.endswith("cannot be used: it knows no such user.")


@pytest.fixture
def by_password(database_url) -> Iterator[str]:
    """The database's address for a user who needs a password, which is another one."""
    user, engine = f"u{os.getpid()}", make_engine(database_url)
    with engine.connect() as connection:
        rules = Path(connection.scalar(text("SHOW hba_file")))
        connection.execute(text(f"CREATE ROLE {user} LOGIN PASSWORD 'the right one'"))
        connection.commit()
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.commit()
    yield database_url.replace("//postgres:", f"//{user}:{PASSWORD}")
    with engine.connect() as connection:
        connection.execute(text(f"DROP ROLE {user}"))
        connection.commit()
    engine.dispose()


@on_postgresql
def test_a_wrong_password_is_told_and_not_shown(by_password):
    assert refused(by_password).endswith("it refuses this user with this password.")


@on_postgresql
def test_a_user_who_may_not_do_it_is_told(database_url):
    engine = make_engine(database_url)

    with engine.connect() as connection:
        connection.execute(text("SET ROLE pg_read_all_stats"))
        with (
            pytest.raises(DatabaseUnavailable, match="may not do what is needed"),
            outages.plainly(engine),
        ):
            connection.execute(text("SELECT * FROM account"))

    engine.dispose()


@on_both
def test_an_older_form_is_to_be_migrated_first_and_a_newer_one_left_alone(database_url):
    run(database_url, "UPDATE alembic_version SET version_num = '0001'")
    older = refused(database_url)
    run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    newer = refused(database_url)
    engine = make_engine(database_url)
    with pytest.raises(DatabaseUnavailable) as told:
        migrations.to_head(engine)
    engine.dispose()

    assert "an older form (0001)" in older
    assert "run `stillpoint migrate` (in a checkout `flask --app wsgi migrate`) first" in older
    assert "a newer form (9999)" in newer
    assert str(told.value) == newer == refused(database_url, newest=False)


@on_both
def test_tables_that_are_not_there_are_to_be_made_first(database_url):
    run(database_url, "DROP TABLE alembic_version")

    assert refused(database_url).endswith(
        "has no tables yet: run `stillpoint migrate` (in a checkout `flask --app wsgi migrate`) first."
    )


@on_both
def test_sql_that_is_ours_to_mend_stays_an_error_of_ours(database_url):
    engine = make_engine(database_url)

    with pytest.raises(DBAPIError), outages.plainly(engine), engine.connect() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))

    engine.dispose()


@on_both
def test_a_database_of_the_newest_form_will_do(database_url):
    engine = make_engine(database_url)

    outages.check(engine)

    engine.dispose()
