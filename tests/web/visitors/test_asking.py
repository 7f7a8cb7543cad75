"""A search by POST: the same results, and no word of it in any address."""

import re
from urllib.parse import parse_qsl

import pytest
from bs4 import BeautifulSoup

ASKED = (
    {"q": "migraine"},
    {"q": "chiropractor near Boulder", "sort": "name"},
    {"near": "Boulder, CO", "within": "100km", "accepting": "1"},
    {"q": "zzzunheardof", "profession": ["massage-therapist", "chiropractor"]},
    {"per_page": "2", "page": "2"},
    {"q": "migrain"},
)
PATH = "/search"


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def told(answer):
    """What the results say, without the form."""
    return " ".join(soup(answer).find(class_="found").get_text(" ").split())


def ways(answer):
    """All ways on from a page to a search, as parameters."""
    page = soup(answer)
    links = [a["href"] for a in page.select(f'main a[href^="{PATH}?"]')]
    buttons = [button["value"] for button in page.select('button[name="again"]')]
    found = [way.partition("?")[2] for way in links] + [way for way in buttons if way]
    return [parse_qsl(way) for way in found]


@pytest.mark.parametrize("asked", ASKED)
def test_both_ways_of_asking_find_the_same_and_lead_on_alike(client, indexed, asked):
    by_address, by_body = client.get(PATH, query_string=asked), client.post(PATH, data=asked)

    assert by_address.status_code == by_body.status_code == 200
    cards = [[str(card) for card in soup(one).select(".card")] for one in (by_address, by_body)]
    assert cards[0] == cards[1]
    assert told(by_address) == told(by_body)
    assert ways(by_address) == ways(by_body)


@pytest.mark.parametrize("asked", [*ASKED, {"q": "migraine", "lat": "north"}, {"near": "Bouldr"}])
def test_no_address_on_the_page_holds_what_was_asked(client, indexed, asked):
    page = client.post(PATH, data=asked)

    head = soup(page).title.text + " ".join(map(str, page.headers.values()))
    addresses = [
        tag[name]
        for name in ("href", "src", "action", "formaction", "hx-get", "data-suggest")
        for tag in soup(page).find_all(attrs={name: True})
    ]
    assert not soup(page).select("[data-suggest]")
    for word in re.findall(r"\w{4,}", " ".join(map(str, asked.values()))):
        assert word.lower() not in head.lower()
    assert not [one for one in addresses if one.startswith(f"{PATH}?")]
    # Not no-store: the way back from a listing leads to these results.
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_a_way_on_is_a_button_that_says_the_search_whole(client, indexed):
    page = soup(client.post(PATH, data={"per_page": "2"}))

    second = next(one for one in page.select("nav.pages button") if one.text.strip() == "Page 2")
    form = page.find("form", id=second["form"])
    answer = client.post(form["action"], data={second["name"]: second["value"]})

    assert form["method"] == "post"
    assert told(answer) == told(client.get(PATH, query_string={"per_page": "2", "page": "2"}))


def test_live_filters_ask_by_post_and_push_no_address(client, indexed):
    page = soup(client.post(PATH, data={"q": "migraine"}))
    part = client.post(PATH, data={"q": "migraine"}, headers={"HX-Request": "true"})

    assert page.find(id="filters")["hx-post"] == PATH
    assert "HX-Push-Url" not in part.headers
    assert 'id="results"' in part.text
    assert "<title>Search results" in part.text


def test_it_needs_no_token_sets_no_cookie_and_cannot_be_sent_from_another_site(client, indexed):
    answer = client.post(PATH, data={"q": "migraine"})
    foreign = client.post(PATH, data={"q": "migraine"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, foreign.status_code) == (200, 403)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", PATH])
def test_every_search_form_offers_both_ways_without_a_script(client, indexed, path):
    offered = soup(client.get(path)).select_one('#search button[formmethod="post"]')
    back = soup(client.post(PATH)).select_one('#search button[formmethod="get"]')

    assert "Keep my words out of the address bar" in offered.text
    assert "address" in back.text


def test_garbage_in_place_of_a_whole_search_is_an_error_of_no_server(client, indexed):
    for whole in ("", "%", "q=%ff%00", "&&&", "=", "q=" + "x" * 5000, "page=-1", "a=1&" * 9000):
        assert client.post(PATH, data={"again": whole}).status_code in (200, 422)
