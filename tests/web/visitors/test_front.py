"""The front page: what it counts, and how long it is kept."""

import gzip
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from directory.edge import Runtime
from directory.models import Listing, State
from tests import factories
from tests.sites import rebuild_index

# Its counts come from the index; journeys try the rest on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def page(client, url):
    return BeautifulSoup(client.get(url).text, "html.parser")


def tallies(front) -> dict[str, int]:
    """What each link to a search says that it finds."""
    links = front.select("main a[href*='/search?']")
    return {link["href"]: int(link.find_parent("li").select_one(".tally").text) for link in links}


def found(client, url) -> int:
    return client.get(f"/api/v1/practitioners?{urlsplit(url).query}").get_json()["total"]


def told(client) -> str:
    return page(client, "/").select_one(".lede").get_text()


def test_each_count_is_the_one_of_the_page_that_it_opens(indexed, client):
    with indexed.transaction() as session:
        row = factories.listing(session, name="Wren Visitsome")
        row.confirmed_on = indexed.today() - timedelta(days=400)  # shown no more
    rebuild_index(indexed.config)

    counted = tallies(page(client, "/"))

    assert {urlsplit(url).query.split("=")[0] for url in counted} == {
        "profession",
        "condition",
        "near",
    }
    assert counted == {url: found(client, url) for url in counted}


def test_towns_to_browse_by_lie_apart_and_are_called_as_they_are_found(indexed, client):
    towns = page(client, "/").select("[aria-labelledby=by-place] a")

    assert len(towns) > 2
    for town in towns:
        heading = page(client, town["href"]).h1.get_text()
        assert heading.strip().endswith(town.get_text().strip())


def test_it_is_made_anew_when_the_index_the_day_or_the_terms_are_others(
    indexed: Runtime, client, monkeypatch
):
    before = told(client)
    with indexed.transaction() as session:
        session.query(Listing).filter_by(slug="juniper-exampleton").one().state = State.HIDDEN
        factories.listing(session, name="Ash Invently", is_demo=True)
        factories.listing(session, name="Elm Invently", is_demo=True)

    assert told(client) == before
    rebuild_index(indexed.config)
    with_both = told(client)
    assert with_both != before
    assert "made up" in page(client, "/").select_one(".demo-banner").get_text()

    later = indexed.clock() + timedelta(days=364)
    monkeypatch.setattr(indexed, "clock", lambda: later)
    assert told(client) != with_both


def test_whatever_a_browser_unpacks_it_reads_the_same(indexed, client):
    plain = client.get("/")
    zipped = client.get("/", headers={"Accept-Encoding": "gzip, br;q=0"})

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Language, Accept-Encoding"


def test_it_stands_without_an_index_and_is_not_kept_so(indexed, client):
    there, aside = indexed.config.index_dir, indexed.config.index_dir.with_name("aside")
    there.rename(aside)
    assert "resting" in page(client, "/").get_text()

    aside.rename(there)

    assert tallies(page(client, "/"))


@pytest.mark.parametrize("url", ["/", "/practitioners/juniper-exampleton"])
def test_whoever_keeps_it_asks_again_and_is_told_that_nothing_changed(indexed, client, url):
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    with indexed.transaction() as session:
        session.query(Listing).filter_by(slug="juniper-exampleton").one().state = State.HIDDEN
    rebuild_index(indexed.config)
    after = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.data) == (304, b"")
    assert after.status_code in (200, 404, 410)


def test_a_page_that_leads_back_to_a_search_is_nobody_elses(indexed, client):
    page = client.get("/practitioners/juniper-exampleton?from=q%3Dcolic")

    assert "private" in page.headers["Cache-Control"]
