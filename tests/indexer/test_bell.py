"""The bell: rung with the commit, missed by nobody for long, and mended when it breaks."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.db import make_engine, writing
from directory.models import IndexChange
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from indexer.bell import Bell
from indexer.follow import follow
from tests import factories

# Whoever is told returns at once; whoever is not, after this long, and that shows.
LONG, AT_ONCE = 8.0, 4.0
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def listing_id(session):
    """A live listing, committed."""
    made = factories.listing(session, slug="a")
    number = made.id
    session.commit()
    return number


@pytest.fixture
def bell(engine, listing_id):
    """A bell whose line is laid."""
    with closing(Bell(engine)) as one:
        one.wait(LONG)
        yield one


@pytest.fixture
def change(engine, listing_id):
    """Call it to commit a row of the outbox, as the site does: through an engine of its own."""
    site = make_engine(engine.url.render_as_string(hide_password=False))

    def add():
        with writing(site) as session:
            session.add(IndexChange(listing_id=listing_id, at=factories.NOW))

    yield add
    site.dispose()


def seconds(do):
    began = monotonic()
    do()
    return monotonic() - began


def later(do):
    """Do it while somebody waits."""
    timer = threading.Timer(0.3, do)
    timer.start()
    return timer


def test_whoever_waits_is_woken_by_a_commit(bell, change):
    timer = later(change)

    took = seconds(lambda: bell.wait(LONG))
    timer.join()

    assert 0.2 < took < AT_ONCE


def test_what_is_committed_while_nobody_waits_is_told_at_the_next_wait(bell, change):
    change()
    change()

    assert seconds(lambda: bell.wait(LONG)) < AT_ONCE


def test_what_was_told_is_not_told_again(bell, change):
    change()
    bell.wait(LONG)

    assert seconds(lambda: bell.wait(0.3)) >= 0.3


def test_what_is_not_committed_is_not_told(bell, engine, listing_id):
    with Session(engine.execution_options(writes=True)) as session:
        session.add(IndexChange(listing_id=listing_id, at=factories.NOW))
        session.flush()
        took = seconds(lambda: bell.wait(0.3))
        session.rollback()

    assert took >= 0.3
    assert seconds(lambda: bell.wait(0.3)) >= 0.3


def test_two_who_wait_are_both_woken(engine, bell, change):
    with closing(Bell(engine)) as other:
        other.wait(LONG)
        change()

        assert seconds(lambda: bell.wait(LONG)) < AT_ONCE
        assert seconds(lambda: other.wait(LONG)) < AT_ONCE


def test_a_new_line_is_no_reason_to_wait_for_nobody_told_of_what_came_before(engine, bell):
    bell.close()

    assert seconds(lambda: bell.wait(LONG)) < AT_ONCE


@on_postgresql
def test_a_line_that_the_server_cut_is_laid_anew(engine, bell, change):
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )
    for _ in range(3):  # it breaks, and is laid anew
        bell.wait(0.3)
    change()

    assert seconds(lambda: bell.wait(LONG)) < AT_ONCE


@on_sqlite
def test_a_file_that_took_the_place_of_another_is_heard_too(engine, bell, change, tmp_path):
    path = Path(engine.url.database)
    copied = tmp_path / "copied.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", [str(copied)])
    copied.replace(path)
    for beside in ("-wal", "-shm"):
        Path(f"{path}{beside}").unlink()
    for _ in range(2):  # the old one is given up, and the new one heard
        bell.wait(0.1)
    timer = later(change)

    took = seconds(lambda: bell.wait(LONG))
    timer.join()

    assert took < AT_ONCE


@on_sqlite
def test_where_no_kernel_tells_it_is_heard_all_the_same(engine, change, monkeypatch):
    monkeypatch.setattr("indexer.bell._Ear.__bool__", lambda ear: False)
    with closing(Bell(engine)) as bell:
        bell.wait(LONG)
        timer = later(change)

        took = seconds(lambda: bell.wait(LONG))
        timer.join()

    assert took < AT_ONCE


def test_a_database_that_is_away_lets_nobody_wait_longer(tmp_path):
    with closing(Bell(make_engine(f"sqlite:///{tmp_path / 'away.db'}"))) as bell:
        assert 0.3 <= seconds(lambda: bell.wait(0.3)) < AT_ONCE


def test_two_followers_of_two_indexes_both_publish_at_once(
    engine, session, listing_id, tmp_path, monkeypatch
):
    monkeypatch.setattr("indexer.follow.LOOK_EVERY", 6 * LONG)
    stop, roots = threading.Event(), [tmp_path / "one", tmp_path / "two"]
    threads = [
        threading.Thread(
            target=follow,
            args=[engine, WhooshWriter(root)],
            kwargs={"going": lambda: not stop.is_set()},
        )
        for root in roots
    ]
    for thread in threads:
        thread.start()
    readers = [WhooshReader(root) for root in roots]

    def see(wanted):
        until = monotonic() + 3 * LONG
        while any(_ids(reader) != wanted for reader in readers) and monotonic() < until:
            threading.Event().wait(0.02)
        return [_ids(reader) for reader in readers]

    first = see({listing_id})
    threading.Event().wait(0.6)  # they have published, rested, looked, and wait for the bell
    other = factories.listing(session, slug="b").id
    session.commit()
    second = see({listing_id, other})
    stop.set()
    factories.listing(session, slug="c")
    session.commit()
    for thread in threads:
        thread.join()

    assert first == [{listing_id}] * 2
    assert second == [{listing_id, other}] * 2


def _ids(reader):
    try:
        return set(reader.ids())
    except Exception:
        return set()
