"""Listings read in bulk: each once, as documents that are the same by every way."""

import pickle
from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy import text

from directory.db import reading
from directory.errors import SearchUnavailable
from directory.models import Listing, State, Taxonomy
from directory.policies import Policies
from directory.search.port import Divisible
from indexer import listings, shares
from indexer.documents import Documents
from indexer.shares import Live, Share
from tests import factories

POLICIES = Policies()


@pytest.fixture(autouse=True)
def _few_are_worth_a_process(monkeypatch):
    monkeypatch.setattr(shares, "WORTH_A_PROCESS", 1)


def add_all_kinds(session):
    """The DOZEN, and what else a document can depend on."""
    hidden = replace(factories.BOULDER, hide_address=True, lat=40.01499, lon=-105.27051)
    clinic = replace(factories.LONDON, name="The Migraine Clinic")
    factories.dozen(session)
    factories.listing(session, slug="hidden", practices=(hidden, factories.DENVER))
    factories.listing(session, slug="unknown", conditions=("no-such-term",), accepting=True)
    factories.listing(
        session,
        slug="quiet",
        practices=(clinic, factories.MUNICH),
        conditions=("migraine",),
        about="I see people with migraine. Come for relaxation.",
    )
    factories.listing(session, slug="paused", state=State.PAUSED)
    session.commit()


def one_by_one(session):
    """What the public should find, by the models' own reading."""
    maker = Documents(Taxonomy.load(session), POLICIES)
    found = (maker.of(listing) for listing in session.query(Listing).order_by(Listing.id))
    return [document for document in found if document]


def digests(documents):
    return [(document.listing_id, document.digest()) for document in documents]


def parted(engine, count):
    """Every share's documents, each share having crossed to another process and back."""
    crossed = pickle.loads(pickle.dumps(Live(engine, POLICIES).shares(count)))
    return [digests(share()) for share in crossed]


def test_a_listing_is_the_same_document_by_every_way(engine, session, monkeypatch):
    monkeypatch.setattr(listings, "BATCH", 4)
    add_all_kinds(session)
    expected = digests(one_by_one(session))
    maker = Documents(Taxonomy.load(session), POLICIES)

    found, gone = listings.present(session, maker, range(1, 100))

    assert len(expected) == 14
    assert digests(Live(engine, POLICIES)) == expected
    assert sorted(digests(found)) == expected
    assert set(gone) == set(range(1, 100)) - {number for number, _ in expected}
    assert list(chain(*parted(engine, 3))) == expected


@pytest.mark.parametrize("number", [0, 1, 2, 7])
def test_shares_hold_each_listing_once_and_about_equally_many(engine, session, number):
    for i in range(number):
        factories.listing(session, slug=f"sample-{i}")
        factories.listing(session, slug=f"between-{i}", state=State.HIDDEN)
    session.commit()
    every = digests(Live(engine, POLICIES))

    for count in (1, 2, 3, 5):
        parts = parted(engine, count)
        assert list(chain(*parts)) == every
        assert 1 <= len(parts) <= count
        assert max(map(len, parts)) <= -(-number // count)


def test_few_listings_are_one_share_for_another_process_is_not_worth_its_start(
    engine, session, monkeypatch
):
    monkeypatch.setattr(shares, "WORTH_A_PROCESS", 3)
    for i in range(5):
        factories.listing(session, slug=f"sample-{i}")
    session.commit()

    assert [len(part) for part in parted(engine, 4)] == [3, 2]
    assert len(parted(engine, 1)) == 1


def test_shares_are_made_for_listings_that_come_later_too(engine, session):
    factories.listing(session, slug="first")
    session.commit()
    made = Live(engine, POLICIES).shares(2)
    factories.listing(session, slug="second")
    session.commit()

    assert [document.listing_id for share in made for document in share()] == [1, 2]


def test_the_policies_of_the_settings_reach_every_share(engine, session):
    factories.listing(session, practices=(factories.LONDON,), conditions=("migraine",))
    session.commit()
    neutral = Policies.named((("GB", "neutral"),))

    (document,) = (one for share in Live(engine, neutral).shares(2) for one in share())

    assert document.facets["condition"] == ("migraine",)


def test_what_is_divided_is_what_the_engine_calls_divisible(engine):
    assert isinstance(Live(engine, POLICIES), Divisible)


def test_a_share_without_its_database_says_so_and_shows_no_password():
    share = Share("postgresql+psycopg://rowan:hunter2@127.0.0.1:1/none", (), 0, None)

    with pytest.raises(SearchUnavailable, match="The database does not answer") as told:
        list(share())

    assert "hunter2" not in f"{told.value}{share}"


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "No practices"}',
        '{"name": "Off the map", "practices": [{"country": "US", "locality": "Boulder"}]}',
        '{"name": "Odd", "practices": [], "tomorrow": 1}',
        "[]",
    ],
)
def test_a_listing_that_cannot_be_read_is_left_out_and_stops_no_other(engine, session, content):
    before, harmed, after = (factories.listing(session, slug=slug) for slug in "abc")
    session.commit()
    harm(session, harmed, content)
    told = []

    with reading(engine) as looking:
        maker = Documents(Taxonomy.load(looking), POLICIES, lambda *what: told.append(what))
        found, gone = listings.present(looking, maker, [before.id, harmed.id, after.id])
    streamed = list(listings.stream(engine, maker))

    assert [one.listing_id for one in found] == [before.id, after.id]
    assert [one.listing_id for one in streamed] == [before.id, after.id]
    assert gone == [harmed.id]
    assert [number for number, _ in told] == [harmed.id, harmed.id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_not_even_a_row_that_is_no_json_stops_the_others(engine, session):
    harmed, kept = factories.listing(session, slug="a"), factories.listing(session, slug="b")
    session.commit()
    harm(session, harmed, '{"name": "cut o')

    assert [one.listing_id for one in Live(engine, POLICIES)] == [kept.id]


def harm(session, listing, content):
    """Put something in a live revision's place that no door of ours lets through."""
    change = text("UPDATE revision SET content = :content WHERE id = :id")
    if session.get_bind().dialect.name == "postgresql":
        change = text("UPDATE revision SET content = cast(:content AS json) WHERE id = :id")
    session.execute(change, {"content": content, "id": listing.live_id})
    session.commit()
