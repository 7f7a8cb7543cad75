"""The indexer as it really runs: on SQLite and on PostgreSQL, in processes of its own."""

import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from directory.models import IndexChange, State
from directory.search.port import Heard, Query
from directory.search.whoosh_engine import WhooshReader
from indexer import outbox
from indexer.follow import catch_up
from indexer.rebuild import rebuild
from indexer.verify import differences
from tests import factories, sites

ALL = Query(day=factories.TODAY)


@pytest.fixture
def reader(config):
    return WhooshReader(config.index_dir)


@pytest.fixture
def settings(config, database_url):
    return {"DATABASE_URL": database_url, "DATA_DIR": str(config.data_dir)}


def test_a_rebuild_holds_exactly_what_is_live(engine, session, writer, reader):
    listings = factories.dozen(session)
    session.commit()
    totals, heard = [], []

    status = rebuild(engine, writer, started=totals.append, progress=heard.append)

    live = {one.id for one in listings if one.state is State.LIVE}
    assert set(reader.ids()) == live
    assert (status.listings, totals) == (len(live), [len(live)])
    assert (heard, heard[-1]) == (sorted(heard), len(live))
    assert list(differences(engine, reader)) == []


def test_an_approved_listing_is_found_after_the_next_catch_up(engine, session, writer, reader):
    catch_up(engine, writer)
    assert reader.search(ALL).total == 0
    factories.listing(session)
    session.commit()

    catch_up(engine, writer)
    time.sleep(0.3)

    assert reader.search(ALL).total == 1


def test_a_hidden_listing_is_gone_after_the_next_catch_up(engine, session, writer, reader):
    listing = factories.listing(session)
    session.commit()
    catch_up(engine, writer)

    listing.state = State.HIDDEN
    session.add(IndexChange(listing_id=listing.id, at=factories.NOW))
    session.commit()
    catch_up(engine, writer)

    assert reader.search(ALL).total == 0
    assert list(differences(engine, reader)) == []


def test_many_changes_are_folded_into_a_fresh_base(engine, session, writer, reader):
    catch_up(engine, writer)
    for i in range(301):
        factories.listing(session, slug=f"sample-{i}")
    session.commit()

    catch_up(engine, writer)

    assert writer.overlaid() == 0
    assert reader.search(ALL).total == 301


def test_verify_names_each_difference(engine, session, writer, reader):
    kept, changed, hidden = (factories.listing(session, slug=slug) for slug in "abc")
    session.commit()
    rebuild(engine, writer)
    later = factories.draft(name="Sage Changed")
    changed.approve(changed.propose(later, at=factories.NOW), on=factories.TODAY)
    hidden.state = State.HIDDEN
    new = factories.listing(session, slug="d")
    session.commit()

    assert set(differences(engine, reader)) == {
        f"listing {changed.id} differs from its live revision",
        f"listing {hidden.id} is in the index but not live",
        f"listing {new.id} is live but not in the index",
    }
    assert str(kept.id) not in "".join(differences(engine, reader))


def test_verify_exits_1_with_differences_and_0_without(session, settings):
    factories.listing(session)
    session.commit()

    assert sites.indexer("rebuild", **settings).exit_code == 0
    agreed = sites.indexer("verify", **settings)
    factories.listing(session, slug="another")
    session.commit()
    differing = sites.indexer("verify", **settings)

    assert (agreed.exit_code, "agree on 1" in agreed.stdout) == (0, True)
    assert (differing.exit_code, "1 differences" in differing.stdout) == (1, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_an_index_status_says_so_in_one_line(settings):
    told = sites.run("-m", "indexer", "status", **settings)

    assert (told.returncode, told.stderr) == (1, "indexer: There is no index yet.\n")


@contextmanager
def following(settings):
    process = subprocess.Popen(
        [sys.executable, "-m", "indexer", "follow"],
        cwd=sites.ROOT,
        env=sites.environment(**settings),
    )
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(10) == 0


def test_what_is_approved_is_searchable_within_a_second(session, engine, writer, reader, settings):
    rebuild(engine, writer)
    assert reader.search(ALL).total == 0
    with following(settings):
        factories.listing(session, slug="first")
        session.commit()
        _wait_for_total(reader, 1, seconds=20)

        factories.listing(session, slug="second")
        session.commit()
        committed = time.monotonic()
        _wait_for_total(reader, 2, seconds=5)
        took = time.monotonic() - committed

    assert took < 2  # a second, and another for a busy machine


def _wait_for_total(reader, total, *, seconds):
    deadline = time.monotonic() + seconds
    while reader.search(ALL).total != total:
        assert time.monotonic() < deadline, f"{total} listings were not found in time"
        time.sleep(0.05)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_change_that_commits_late_under_a_low_number_is_not_skipped(engine, session):
    first, second = factories.listing(session, slug="a"), factories.listing(session, slug="b")
    session.commit()
    start = outbox.newest(engine)
    late = Session(engine)
    late.add(IndexChange(listing_id=first.id, at=factories.NOW))
    late.flush()
    session.add(IndexChange(listing_id=second.id, at=factories.NOW))
    session.commit()

    at_once, heard = outbox.after(engine, start)
    late.commit()
    late.close()

    assert at_once == [second.id]
    assert outbox.after(engine, heard) == ([first.id], Heard(start.cursor + 2))
