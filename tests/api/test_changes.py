"""GET /api/v1/changes: a partner that only follows `next` has what is public, and forgets in time."""

from datetime import date, timedelta

import pytest

from directory.freshness import SHOWN_FOR
from directory.models import IndexChange, Listing, State
from tests import factories
from tests.databases import BOTH

URL = "/api/v1/changes"
pytestmark = pytest.mark.parametrize("database_url", BOTH, indirect=True)


class Partner:
    """Somebody elsewhere, with nothing but a copy and the address to ask next."""

    def __init__(self, runtime, client):
        self.runtime, self.client, self.copy, self.next = runtime, client, {}, URL

    def ask(self):
        answer = self.client.get(self.next.removeprefix(self.runtime.config.base_url))
        assert answer.status_code == 200, answer.text
        told = answer.json
        for gone in told["gone"]:
            self.copy.pop(gone, None)
        self.copy |= {one["id"]: one for one in told["listings"]}
        self.next = told["next"]
        return told

    def catch_up(self):
        while self.ask()["more"]:
            pass
        return self.copy


def public(runtime, client):
    """What the API shows of everybody, listing by listing."""
    with runtime.reading() as session:
        slugs = [one.slug for one in session.query(Listing) if one.state is State.LIVE]
    answers = [client.get(f"/api/v1/practitioners/{slug}") for slug in slugs]
    return {one.json["id"]: one.json for one in answers if one.status_code == 200}


@pytest.fixture
def partner(runtime, client, monkeypatch):
    monkeypatch.setattr("directory.api.v1.TOLD_AT_ONCE", 3)
    with runtime.transaction() as session:
        factories.dozen(session)
    return Partner(runtime, client)


def change(runtime, listing_id, **values):
    with runtime.transaction() as session:
        listing = session.get(Listing, listing_id)
        for name, value in values.items():
            setattr(listing, name, value)
        session.add(IndexChange(listing_id=listing_id, at=runtime.clock()))


def test_a_copy_is_filled_and_then_follows_every_change(runtime, client, partner):
    assert partner.catch_up() == public(runtime, client)

    first, second, third, *_ = partner.copy
    change(runtime, first, state=State.PAUSED)
    change(runtime, second, state=State.ERASED, live=None)
    change(runtime, third, slug="moved-elsewhere")
    with runtime.transaction() as session:
        factories.listing(session, name="New Here")

    copy = partner.catch_up()
    assert copy == public(runtime, client)
    assert {first, second}.isdisjoint(copy)
    assert copy[third]["slug"] == "moved-elsewhere"


def test_whoever_is_erased_is_told_as_a_bare_number(runtime, partner):
    gone, *_ = partner.catch_up()
    change(runtime, gone, state=State.ERASED, live=None)

    told = partner.ask()

    assert gone in told["gone"]
    assert gone not in [one["id"] for one in told["listings"]]


def test_a_change_while_a_copy_is_filled_is_not_missed(runtime, client, partner):
    first = partner.ask()["listings"][0]["id"]
    change(runtime, first, state=State.HIDDEN)

    assert partner.catch_up() == public(runtime, client)


def test_every_listing_says_until_when_it_may_be_kept(runtime, client, partner):
    copy = partner.catch_up()

    runtime.clock = lambda: factories.NOW + SHOWN_FOR - timedelta(days=1)
    still = public(runtime, client)
    runtime.clock = lambda: factories.NOW + SHOWN_FOR
    after = public(runtime, client)

    for number, one in copy.items():
        until = date.fromisoformat(one["shown_until"])
        day = factories.TODAY + SHOWN_FOR
        assert (number in still) == (until > day - timedelta(days=1))
        assert (number in after) == (until > day)


def test_with_nothing_new_the_same_place_is_told_again(partner):
    partner.catch_up()
    before = partner.next

    told = partner.ask()

    assert (told["listings"], told["gone"], told["more"]) == ([], [], False)
    assert partner.next == before


@pytest.mark.parametrize(
    "since", ["1", "x", "-1-1", "999999999-1", "3-1", "1-1.1.1", "9" * 40, "1-1.x", "１-1"]
)
def test_a_bookmark_that_is_not_known_is_refused(partner, client, since):
    answer = client.get(URL, query_string={"since": since})

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["since"]


def test_a_database_that_was_put_back_knows_no_bookmark_from_after(runtime, client, partner):
    partner.catch_up()
    with runtime.transaction() as session:
        newest = session.query(IndexChange).order_by(IndexChange.id.desc()).first()
        newest.at += timedelta(hours=1)

    answer = client.get(partner.next.removeprefix(runtime.config.base_url))

    assert answer.status_code == 422


def test_nothing_behind_a_number_that_may_yet_come_is_told(runtime, partner, database_url):
    ids = list(partner.catch_up())
    if not database_url.startswith("postgresql"):
        return  # there, one writes at a time
    with runtime.transaction() as slow:
        slow.add(IndexChange(listing_id=ids[0], at=runtime.clock()))
        slow.flush()
        change(runtime, ids[1], state=State.PAUSED)
        meanwhile = partner.ask()
    after = partner.ask()

    assert (meanwhile["gone"], meanwhile["more"]) == ([], False)
    assert [one["id"] for one in after["listings"]] == [ids[0]]
    assert after["gone"] == [ids[1]]
