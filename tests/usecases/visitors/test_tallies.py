"""Daily totals: added up from several processes, and nothing else kept."""

from contextlib import contextmanager
from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from directory.db import writing
from directory.models import Tally
from directory.usecases.visitors import tallies
from directory.usecases.visitors.tallies import Tallies, Totals
from tests import factories

DAY = factories.TODAY


@pytest.fixture
def two(engine):
    """The ids of two listings."""
    with writing(engine) as session:
        return [factories.listing(session, slug=slug).id for slug in ("one", "two")]


def kept(session, listing_id, since=DAY - timedelta(days=90)):
    return tallies.of(session, listing_id, since)


def test_several_workers_add_to_the_same_day(engine, session, two):
    for _ in range(3):
        worker = Tallies()
        worker.note("found", two)
        worker.note("found", two[:1])
        worker.note("opened", two[:1])
        worker.flush(lambda: writing(engine), DAY)
        worker.flush(lambda: writing(engine), DAY)  # nothing new

    assert kept(session, two[0]) == {DAY: Totals(found=6, opened=3)}
    assert kept(session, two[1]) == {DAY: Totals(found=3)}


def test_threads_lose_nothing(engine, session, two):
    counted = Tallies()

    def visit():
        for _ in range(500):
            counted.note("opened", two[:1])

    threads = [Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted.flush(lambda: writing(engine), DAY)

    assert kept(session, two[0]) == {DAY: Totals(opened=4000)}


def test_what_the_database_would_not_take_is_kept_for_the_next_time(engine, session, two):
    @contextmanager
    def failing():
        with writing(engine) as session:
            yield session
            raise OSError("the disk is full")

    counted = Tallies()
    counted.note("found", two)
    with pytest.raises(OSError, match="full"):
        counted.flush(failing, DAY)
    counted.note("found", two)
    counted.flush(lambda: writing(engine), DAY)

    assert kept(session, two[0]) == {DAY: Totals(found=2)}


def test_without_counts_no_transaction_begins():
    Tallies().flush(lambda: pytest.fail("it wrote"), DAY)


def test_a_listing_that_was_erased_meanwhile_hinders_nobody(engine, session, two):
    counted = Tallies()
    counted.note("found", [*two, 987_654])
    counted.flush(lambda: writing(engine), DAY)

    assert set(session.scalars(select(Tally.listing_id))) == set(two)


def test_totals_come_by_day_and_old_ones_are_dropped(session, two):
    days = [DAY, DAY - timedelta(days=1), DAY - timedelta(days=401)]
    for number, day in enumerate(days, 1):
        tallies.add(session, {(two[0], "found"): number}, day)

    tallies.drop_old(session, today=DAY)

    assert tallies.of(session, two[0], date.min) == {days[1]: Totals(2), days[0]: Totals(1)}
    assert kept(session, two[0], DAY) == {DAY: Totals(1)}
