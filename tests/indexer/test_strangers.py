"""Transactions of others that stay open: nobody waits for them, and nothing that comes late is
skipped."""

import threading
import time
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from directory.models import IndexChange, Listing, State
from directory.search.port import Heard
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from indexer import outbox
from indexer.follow import catch_up, follow
from indexer.rebuild import changes_since, rebuild
from indexer.verify import differences
from tests import factories

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def listings(session):
    """Two live listings, committed."""
    return add(session, "a", "b")


@pytest.fixture
def stranger(engine):
    """A session whose transaction stays open."""
    with Session(engine) as one:
        yield one


def add(session, *slugs):
    made = [factories.listing(session, slug=slug) for slug in slugs]
    session.commit()
    return [listing.id for listing in made]


def reads(session, _):
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    session.scalars(select(IndexChange.id)).all()
    session.scalars(select(Listing)).all()


def writes_a_listing(session, number):
    session.get_one(Listing, number).state = State.HIDDEN
    session.flush()


def hides_and_tells(session, number):
    session.get_one(Listing, number).state = State.HIDDEN
    session.add(IndexChange(listing_id=number, at=factories.NOW))
    session.flush()


def looks_at_the_table_alone(session, _):
    session.execute(text("LOCK TABLE index_change IN ACCESS SHARE MODE"))


@contextmanager
def following(engine, writer):
    """Follow in a thread, as the process of that name does."""
    stop = threading.Event()
    going = {"going": lambda: not stop.is_set()}
    thread = threading.Thread(target=follow, args=[engine, writer], kwargs=going)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def comes_true(condition):
    """How many seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < 10
        time.sleep(0.02)
    return time.monotonic() - began


@on_postgresql
@pytest.mark.parametrize(
    "does", [reads, writes_a_listing, hides_and_tells, looks_at_the_table_alone]
)
def test_publishing_goes_on_within_two_seconds_while_a_stranger_keeps_a_transaction_open(
    engine, session, writer, found, listings, stranger, does
):
    first, second = listings
    rebuild(engine, writer)
    does(stranger, first)
    with following(engine, writer):
        took = []
        wanted = {first, second}

        def shown():
            return found() == wanted

        for slug in ("c", "d", "e"):
            wanted.update(add(session, slug))
            took.append(comes_true(shown))
        stranger.rollback()
        hides_and_tells(stranger, first)
        wanted.update(add(session, "f"))
        took.append(comes_true(shown))
        stranger.commit()
        wanted.remove(first)
        took.append(comes_true(shown))

    assert max(took) < 2  # a second, and another for a busy machine


@on_postgresql
@pytest.mark.parametrize("ends", [Session.commit, Session.rollback])
def test_whoever_starts_meanwhile_on_whatever_host_hears_what_comes_late(
    engine, session, writer, found, listings, stranger, ends, config
):
    first, second = listings
    rebuild(engine, writer)
    elsewhere = WhooshWriter(config.index_dir.parent / "elsewhere")
    hides_and_tells(stranger, first)
    rebuild(engine, elsewhere)
    third, *_ = add(session, "c")
    catch_up(engine, writer)
    before = found()
    again = WhooshWriter(config.index_dir)
    fourth, *_ = add(session, "d")
    waited = [catch_up(engine, one).cursor for one in (again, elsewhere)]
    ends(stranger)

    heard = [catch_up(engine, one) for one in (WhooshWriter(config.index_dir), elsewhere)]

    late = set() if ends is Session.rollback else {first}
    assert before == {first, second, third}
    assert found() == {first, second, third, fourth} - late
    assert list(differences(engine, WhooshReader(config.index_dir.parent / "elsewhere"))) == []
    assert [one.cursor for one in heard] == waited
    if late:
        assert [one.gaps for one in heard] == [(), ()]


@on_postgresql
def test_a_number_that_was_rolled_back_is_forgotten_once_nobody_can_commit_it(
    engine, session, writer, listings, stranger
):
    cursor = rebuild(engine, writer).cursor
    hides_and_tells(stranger, listings[0])
    add(session, "c")
    while_open = catch_up(engine, writer)
    again = catch_up(engine, writer)
    stranger.rollback()
    add(session, "d")
    after = catch_up(engine, writer)

    assert (while_open.cursor, while_open.gaps) == (cursor + 2, ((cursor + 1, cursor + 1),))
    assert again == while_open  # nothing was published twice
    assert (after.cursor, after.gaps) == (cursor + 3, ())


@on_postgresql
def test_a_rebuild_takes_its_place_while_a_number_is_missing(
    engine, session, writer, found, listings, stranger
):
    first, second = listings
    hides_and_tells(stranger, first)
    (third,) = add(session, "c")

    built = rebuild(engine, writer)
    stranger.commit()

    assert found() == {first, second, third}
    assert not built.heard.holds(built.cursor - 1)
    catch_up(engine, writer)
    assert found() == {second, third}


@on_postgresql
def test_changes_read_before_a_late_number_came_undo_nothing_that_it_told(
    engine, session, writer, found, listings, stranger
):
    first, second = listings
    start = rebuild(engine, writer).heard
    hides_and_tells(stranger, first)
    session.add(IndexChange(listing_id=first, at=factories.NOW))
    session.commit()
    early = changes_since(engine, start)
    stranger.commit()
    served = catch_up(engine, writer)

    passed_over = writer.apply(early)

    assert (early.cursor, passed_over) == (served.cursor, served)
    assert found() == {second}


@on_postgresql
@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize("moment", range(8))
def test_nothing_is_skipped_whichever_statement_a_late_commit_falls_behind(
    engine, session, listings, stranger, isolation, moment
):
    start = outbox.newest(engine)
    stranger.add(IndexChange(listing_id=listings[0], at=factories.NOW))
    stranger.flush()
    session.add(IndexChange(listing_id=listings[1], at=factories.NOW))
    session.commit()
    strict = engine.execution_options(isolation_level=isolation)
    said = []

    @event.listens_for(strict, "after_cursor_execute")
    def commit(*_):
        said.append(1)
        if len(said) == moment + 1:
            stranger.commit()

    told, heard = outbox.after(strict, start)
    stranger.commit()
    late, heard = outbox.after(strict, heard)

    assert sorted([*told, *late]) == listings
    assert heard == Heard(start.cursor + 2)


def test_on_sqlite_no_gap_is_left_of_another_kind_of_database(engine, session, listings):
    heard = Heard(1, ((1, 1),))

    assert outbox.after(engine, heard)[1].gaps == () or engine.dialect.name == "postgresql"
    assert outbox.waiting(engine, heard) == (2 if engine.dialect.name == "postgresql" else 1)


@st.composite
def known(draw):
    """Which rows are known, and the same as a set of numbers."""
    cursor = draw(st.integers(0, 12))
    missing = draw(st.sets(st.integers(1, 12)).map(lambda some: {n for n in some if n <= cursor}))
    rest = sorted(set(range(1, cursor + 1)) - missing)
    return Heard(cursor, outbox._between(rest, ((1, cursor),))), set(rest)


@given(known(), known())
def test_what_is_heard_is_a_set_of_numbers(one, other):
    (heard, numbers), (theirs, their_numbers) = one, other

    assert {number for number in range(1, 20) if heard.holds(number)} == numbers
    # A cursor at a gap's end says more than the set: it is never taken for less.
    assert heard.covers(theirs) <= (their_numbers <= numbers)
    assert heard.covers(theirs) or not their_numbers <= numbers or theirs.cursor > heard.cursor
