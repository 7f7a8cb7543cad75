"""Rosters that come in while others are at work, on PostgreSQL: every row minds what they did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from directory.db import reading, repeated, writing
from directory.models import Decision, Listing, Revision
from directory.usecases.curation import merging
from directory.usecases.imports import intake
from directory.usecases.imports.rows import ImportReport, Row
from tests import factories, races
from tests.factories import NOW

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
HANDS = 3


def row(line: int, key: str, about: str) -> Row:
    return Row(line, f"Person {line}", key, factories.draft(name=f"Person {line}", about=about))


@pytest.fixture
def take(engine, gazetteer) -> Callable[..., ImportReport]:
    """Import these rows as the command does."""

    def take(*rows: Row) -> ImportReport:
        def once() -> ImportReport:
            how = {"gazetteer": gazetteer, "approve": True, "by": "command line", "at": NOW}
            with writing(engine) as session:
                return intake.take_rows(session, rows, **how).report

        return repeated(once)

    return take


@pytest.fixture
def listed(engine) -> dict[str, int]:
    """Two listings that came by import, by what the roster calls them."""
    with writing(engine) as session:
        made = {
            key: factories.listing(session, slug=key.lower(), import_key=f"id:{key}")
            for key in ("A-1", "A-2")
        }
        return {key: one.id for key, one in made.items()}


def meanwhile(engine, do: Callable[[Session], object], take: Callable[[], ImportReport]):
    """What the import says that began before this was committed."""
    with ThreadPoolExecutor(1) as elsewhere:
        with writing(engine) as session:
            do(session)
            session.flush()
            told = elsewhere.submit(take)
            races.wait_until_it_waits(engine, told)
        return told.result(races.PATIENCE)


def words(engine, listing_id: int) -> str:
    with reading(engine) as session:
        return session.get(Listing, listing_id).public.about


def test_an_import_leaves_the_words_of_whoever_claimed_the_listing_meanwhile(engine, listed, take):
    def claim_and_publish(session: Session) -> None:
        mine = session.get(Listing, listed["A-1"])
        mine.owner_id = factories.account(session).id
        mine.publish_at_once(factories.draft(about="My own words."), at=NOW)

    rows = row(2, "A-1", "The roster's."), row(3, "A-2", "The roster's.")
    report = meanwhile(engine, claim_and_publish, lambda: take(*rows))

    assert [one.outcome.value for one in report.rows] == ["failed", "updated"]
    assert "kept by its practitioner" in report.rows[0].notes[0]
    assert words(engine, listed["A-1"]) == "My own words."
    assert words(engine, listed["A-2"]) == "The roster's."


def test_a_listing_merged_away_meanwhile_costs_no_other_row(engine, listed, take):
    with writing(engine) as session:
        ada = factories.actor(factories.admin(session))
        keep = factories.listing(session, slug="keep").id

    def merge(session: Session) -> None:
        merging.merge(session, keep, listed["A-1"], by=ada, at=NOW)

    rows = row(2, "A-1", "The roster's."), row(3, "A-2", "The roster's.")
    report = meanwhile(engine, merge, lambda: take(*rows))

    # The one that stays has the other's key by now.
    assert [one.outcome.value for one in report.rows] == ["updated", "updated"]
    assert words(engine, keep) == words(engine, listed["A-2"]) == "The roster's."


def test_imports_at_the_same_moment_write_each_row_once(engine, listed, take):
    start = Barrier(HANDS)

    def hand(number: int) -> ImportReport:
        known = [row(2 + at, key, "The roster's.") for at, key in enumerate(listed)]
        new = [row(10 + at, f"N-{at}", "The roster's.") for at in range(8)]
        start.wait(races.PATIENCE)
        return take(*(known + new if number % 2 else new[::-1] + known[::-1]))

    with ThreadPoolExecutor(HANDS) as hands:
        reports = list(hands.map(hand, range(HANDS)))

    said = [one.outcome.value for report in reports for one in report.rows]
    assert (said.count("created"), said.count("updated")) == (8, 2)
    assert said.count("unchanged") == len(said) - 10
    with reading(engine) as session:
        both = selectinload(Listing.live), selectinload(Listing.revisions)
        for listing in session.scalars(select(Listing).options(*both)):
            approved = [one for one in listing.revisions if one.decision is Decision.APPROVED]
            assert approved == [listing.live]
        open_ones = select(func.count()).where(Revision.decision.is_(None))
        assert session.scalar(open_ones) == 0
