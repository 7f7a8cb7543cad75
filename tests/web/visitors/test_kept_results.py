"""Answers to a search are kept, and never sent once SQL, the index or the day say otherwise."""

import gzip
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest

from directory.models import Listing, Revision, State, Tally
from directory.usecases.visitors import searching
from tests import factories
from tests.factories import NOW
from tests.sites import rebuild_index

PAGE, JSON = "/search?q=chiropractor", "/api/v1/practitioners?q=chiropractor"
BOTH = pytest.mark.parametrize("url", [PAGE, JSON])
PERSON = {"User-Agent": "Mozilla/5.0"}
# Of those found for it, as a page writes the name and as JSON does.
SLUG = "juniper-exampleton"


@pytest.fixture
def found_anew(monkeypatch):
    """The searches that were not answered by what is kept."""
    searched, find = [], searching.find

    def noted(session, finder, wanted):
        searched.append(wanted.q)
        return find(session, finder, wanted)

    monkeypatch.setattr(searching, "find", noted)
    return searched


def change(runtime, **values):
    with runtime.transaction() as session:
        listing = session.query(Listing).filter_by(slug=SLUG).one()
        for name, value in values.items():
            setattr(listing, name, value)


def flushed(runtime):
    """How often each was found."""
    runtime.tallies.flush(runtime.transaction, runtime.today())
    with runtime.reading() as session:
        return dict(session.query(Tally.listing_id, Tally.total).filter_by(what="found"))


def headers(answer):
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


def told(client, url, **headers):
    answer = client.get(url, headers=PERSON | headers)
    assert answer.status_code == 200
    return answer.text


@BOTH
def test_the_same_search_is_made_once(indexed, client, found_anew, url):
    first = client.get(url)
    again = client.get(url)

    assert again.data == first.data
    assert headers(again) == headers(first)
    assert found_anew == ["chiropractor"]


@BOTH
@pytest.mark.parametrize("state", [state for state in State if state is not State.LIVE])
def test_who_is_live_no_more_is_gone_at_once_and_back_at_once(indexed, client, url, state):
    assert SLUG in told(client, url)
    change(indexed, state=state)
    without = told(client, url), told(client, url)
    change(indexed, state=State.LIVE)

    assert not [text for text in without if SLUG in text]
    assert SLUG in told(client, url)


@BOTH
def test_another_version_is_seen_at_once(indexed, client, url):
    told(client, url)
    with indexed.transaction() as session:
        listing = session.query(Listing).filter_by(slug=SLUG).one()
        content = replace(listing.live.content, name="Juniper Otherwise")
        listing.live = Revision(listing_id=listing.id, content=content, created_at=NOW)

    assert "Juniper Otherwise" in told(client, url)


@BOTH
def test_another_day_generation_language_or_country_is_another_answer(
    indexed, client, found_anew, monkeypatch, url
):
    told(client, url)
    told(client, url, **{"Accept-Language": "en-GB"})
    assert len(found_anew) == 2
    with indexed.transaction() as session:
        factories.listing(session, name="Ash Invently")
    rebuild_index(indexed.config)
    told(client, url)
    assert len(found_anew) == 3
    tomorrow = indexed.clock() + timedelta(days=1)
    monkeypatch.setattr(indexed, "clock", lambda: tomorrow)
    told(client, url)
    assert len(found_anew) == 4


def test_whoever_is_shown_is_counted_each_time(indexed, client):
    for _ in range(3):
        told(client, PAGE)

    with indexed.reading() as session:
        number = session.query(Listing.id).filter_by(slug=SLUG).scalar()
    assert flushed(indexed)[number] == 3


@BOTH
def test_what_came_in_a_body_is_kept_nowhere(indexed, client, found_anew, url):
    for _ in range(2):
        assert client.post(url.partition("?")[0], data={"q": "chiropractor"}).status_code == 200

    assert found_anew == ["chiropractor"] * 2


@BOTH
@pytest.mark.parametrize("kept", [False, True])
def test_everybody_can_read_it_packed_or_not(indexed, client, url, kept):
    plain = told(client, url, **{"Accept-Encoding": "identity"}) if kept else None
    packed = {
        name: client.get(url, headers={"Accept-Encoding": name}) for name in ("br", "gzip", "")
    }
    texts = {
        brotli.decompress(packed["br"].data),
        gzip.decompress(packed["gzip"].data),
        packed[""].data,
    }

    assert len(texts) == 1
    assert plain is None or texts == {plain.encode()}


@BOTH
def test_the_words_stand_in_the_box_as_they_were_typed(indexed, client, url):
    one, other = told(client, f"{url}&near=Boulder"), told(client, f"{url}&near=boulder")

    assert 'value="boulder"' in other or url == JSON
    assert 'value="boulder"' not in one
