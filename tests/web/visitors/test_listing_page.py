"""A listing's page: what its first screen answers, and ways on and back."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from directory.models import Closure, Listing, Opening, Practice, State
from tests import factories
from tests.sites import rebuild_index

# What SQL does here is asked by slug and id, which journeys try on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def see(client, url, **kwargs):
    response = client.get(url, **kwargs)
    assert response.status_code == 200, response.text[:300]
    return BeautifulSoup(response.text, "html.parser")


def said(element):
    return " ".join(element.get_text(" ").split())


@pytest.fixture
def listed(indexed, client):
    """The page of somebody who says this."""

    def make(**says):
        with indexed.transaction() as session:
            slug = factories.listing(session, name="Wren Pagewell", **says).slug
        rebuild_index(indexed.config)
        return see(client, f"/practitioners/{slug}")

    return make


def test_the_ways_to_somebody_stand_before_their_words(listed):
    page = listed(
        phone="+1 303 555 0100",
        email="wren@example.com",
        website="https://wren.example/book",
        about="A quiet room.",
        hours=(Opening(0, "09:00", "17:00"), Opening(1, "09:00", "17:00")),
    )

    ways = [said(way) for way in page.select(".listing-head .ways a")]
    assert [way.split()[0] for way in ways] == ["Call", "Message", "Website", "Directions"]
    assert page.select_one(".ways a[href^='tel:']")
    assert [row["data-days"] for row in page.select("#hours li")] == ["0 1"]
    assert str(page).index('class="ways"') < str(page).index("A quiet room.")


def test_without_a_script_the_hours_of_the_week_stand_and_nobody_says_what_today_is(listed):
    page = listed(
        hours=(Opening(0, "09:00", "17:00"),), closures=(Closure("2099-12-24", "2099-12-31"),)
    )

    assert page.select_one("[data-today]").has_attr("hidden")
    assert "Monday" in said(page.select_one("#hours"))
    away = page.select_one("[data-from]")
    assert (away["data-from"], away["data-to"]) == ("2099-12-24", "2099-12-31")


def test_the_way_leads_to_the_practice_itself_and_to_no_hidden_one(listed):
    exact = replace(factories.BOULDER, lat=40.0123, lon=-105.2711, precision="exact")
    town = replace(factories.DENVER, precision="locality", hide_address=False)
    hidden = replace(factories.LONDON, hide_address=True)

    ways = listed(practices=(exact, town, hidden)).select("[data-way]")

    to = [parse_qs(urlsplit(way["href"]).query)["to"][0] for way in ways]
    assert to == [way["data-way"] for way in ways]
    assert to[0] == to[1] == "40.01230,-105.27110"
    assert to[2].startswith(town.address)
    assert len(to) == 3
    assert all("noreferrer" in way["rel"] for way in ways)


def test_several_practices_unfold_one_by_one_without_a_script(listed):
    places = listed(practices=(factories.BOULDER, factories.DENVER)).select(".places details")

    assert [place.has_attr("open") for place in places] == [True, False]
    assert {place["name"] for place in places} == {"places"}
    assert all(place.select_one("address") for place in places)


def test_the_highest_training_stands_and_the_rest_is_folded(listed):
    page = listed(credentials=("cst1", "cst2"))

    training = page.select_one("[aria-labelledby=training]")
    assert len(training.select("section > .credentials > li")) == 1
    assert said(training.summary) == "1 more"
    assert len(training.select("details li")) == 1


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("q%3Dmassage%26near%3DBoulder%26page%3D2", "/search?q=massage&near=Boulder&page=2"),
        ("profession%3Dchiropractor", "/search?profession=chiropractor"),
        ("page%3D0", None),
        ("lat%3D999%26lon%3D0", None),
        ("https%3A%2F%2Felsewhere.example", "/search"),
        ("x" * 3000, None),
    ],
)
def test_the_way_back_leads_to_a_search_of_ours_or_nowhere(indexed, client, came_from, back):
    link = see(client, f"/practitioners/juniper-exampleton?from={came_from}").select_one(".back a")

    assert link["href"].startswith("/search")
    if back:
        assert link["href"] == back
        assert said(link) == "Back to the results"
    else:
        assert link["href"].startswith("/search?near=")


def test_what_is_kept_of_a_page_is_never_shown_against_what_the_database_says(indexed, client):
    url = "/practitioners/juniper-exampleton"
    first = client.get(url, headers={"Accept-Encoding": "br"})
    assert first.headers["Content-Encoding"] == "br"
    assert client.get(url, headers={"Accept-Encoding": "br"}).data == first.data

    with indexed.transaction() as session:
        row = session.query(Listing).filter_by(slug="juniper-exampleton").one()
        row.confirmed_on = indexed.today() - timedelta(days=100)
    assert "3 months ago" in said(see(client, url))
    with indexed.transaction() as session:
        session.query(Listing).filter_by(slug="juniper-exampleton").one().state = State.PAUSED
    assert client.get(url).status_code == 404


def test_whoever_works_online_only_has_no_way_and_no_town(listed):
    munich = Practice(locality="Munich", country="DE", lat=48.1, lon=11.6, address="3 Secret Lane")

    page = listed(practices=(munich,), online_only=True)

    assert page.select("[data-way], .at") == []
    assert "Munich" not in str(page)
    assert said(page.select_one(".back a")) == "Others in Germany"
