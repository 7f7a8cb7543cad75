"""The public pages, as a visitor's browser gets them."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from directory.models import Listing, Price, Slug, State
from tests import factories
from tests.sites import rebuild_index

PAGES = (
    "/",
    "/search",
    "/search?q=chiropractor+for+migraines+near+Boulder",
    "/search?near=Portland",
    "/search?near=Zzyzxqq",
    "/practitioners/juniper-exampleton",
    "/practitioners/nobody-at-all",
    "/shortlist",
    "/shortlist?s=juniper-exampleton&s=sage-mockridge",
    "/about/cst",
    "/about/ranking",
    "/about/privacy",
    "/about/health-data",
    "/about/accessibility",
    "/about/attribution",
)
HTMX = {"HX-Request": "true"}


def see(client, url, *, status=200, **kwargs):
    """The page at an address, taken apart."""
    response = client.get(url, **kwargs)
    assert response.status_code == status, response.text[:500]
    return BeautifulSoup(response.text, "html.parser")


def said(element):
    """The words of an element, as they read."""
    return " ".join(element.get_text(" ").split())


def params(url):
    return parse_qsl(urlsplit(url).query)


def relist(runtime, **changes):
    with runtime.transaction() as session:
        factories.listing(session, **changes)
    rebuild_index(runtime.config)


@pytest.mark.parametrize("url", PAGES)
def test_no_page_sets_a_cookie_or_loads_anything_from_elsewhere(indexed, client, url):
    response = client.get(url)

    page = BeautifulSoup(response.text, "html.parser")
    loaded = [tag.get("src") or tag.get("href") for tag in page.select("script, img, link, use")]
    foreign = [address for address in loaded if address and not address.startswith("/")]
    own = indexed.config.base_url
    assert "Set-Cookie" not in response.headers
    assert [address for address in foreign if not address.startswith(own)] == []
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("url", PAGES)
def test_no_page_has_inline_style_or_script_or_ids_twice(indexed, client, url):
    page = BeautifulSoup(client.get(url).text, "html.parser")

    ids = [tag["id"] for tag in page.select("[id]")]
    inline = page.select("style, [style], script:not([src]):not([type='application/ld+json'])")
    handlers = [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert (inline, handlers) == ([], [])
    assert len(ids) == len(set(ids))
    assert len(page.select("h1")) == 1
    assert page.title.get_text(strip=True)


def test_plain_words_become_chips_that_can_be_taken_away(indexed, client):
    page = see(client, "/search?q=chiropractor+for+migraines+near+Boulder")

    chips = page.select(".chip.read")
    assert [said(chip) for chip in chips] == [
        "Remove Chiropractor ×",
        "Remove Migraine ×",
        "Remove Near Boulder, Colorado, US ×",
    ]
    assert params(chips[1]["href"]) == [("q", "chiropractor near Boulder")]


def test_the_count_stands_in_a_polite_live_region(indexed, client):
    page = see(client, "/search?near=Denver")

    status = page.select_one("#found-count")
    assert (status["role"], status["aria-live"]) == ("status", "polite")
    assert said(status).startswith(f"{len(page.select('.card'))} found within 31 miles")


def test_distances_are_told_as_people_there_say_them(indexed, client):
    assert "within 31 miles" in said(see(client, "/search?near=Boulder,+CO").select_one("h1 + p"))
    assert "within 50 km" in said(see(client, "/search?near=Munich").select_one("h1 + p"))


def test_a_condition_that_only_words_asked_for_is_taken_out_by_a_link_not_a_box(indexed, client):
    page = see(client, "/search?q=migraine")

    facet = page.select_one("#facet-condition")
    assert facet.select_one("input[value=migraine]") is None
    assert page.select_one("#facet-condition .from-words a")["href"] == "/search"


def test_a_chosen_filter_is_ticked_and_belongs_to_the_one_form(indexed, client):
    page = see(client, "/search?profession=chiropractor&accepting=1")

    ticked = {box["value"]: box["form"] for box in page.select("input[checked]")}
    assert ticked == {"chiropractor": "search", "1": "search"}
    assert page.select_one("form#search")["method"] == "get"


def test_pages_keep_every_parameter(indexed, client):
    asked = "profession=massage-therapist&profession=chiropractor&language=en&per_page=1&sort=name"
    page = see(client, f"/search?{asked}")

    following = params(page.select_one("a[rel=next]")["href"])
    assert sorted(following) == sorted([*parse_qsl(asked), ("page", "2")])


def test_a_page_beyond_the_end_leads_back(indexed, client):
    page = see(client, "/search?near=Denver&page=99")

    assert page.select(".card") == []
    assert params(page.select_one(".nobody a")["href"]) == [("near", "Denver")]


def test_nothing_found_is_never_a_dead_end(indexed, client):
    page = see(client, "/search?near=Munich&profession=midwife")

    ways = {said(way): params(way["href"]) for way in page.select(".relaxations a")}
    assert ways["without Midwife 1 found"] == [("near", "Munich")]
    assert ways["anywhere 1 found"] == [("profession", "midwife")]


def test_other_places_of_the_name_keep_the_rest_of_the_search(indexed, client):
    page = see(client, "/search?q=massage+near+Portland&language=en")

    other = params(page.select_one(".alternatives a")["href"])
    assert dict(other)["near"].startswith("Portland, Maine")
    assert dict(other)["q"] == "massage"
    assert dict(other)["language"] == "en"


def test_an_unknown_place_gives_the_form_back_filled_with_the_message_beside_it(indexed, client):
    page = see(client, "/search?q=massage&near=Bouldr,+Colorado", status=422)

    field = page.select_one("#near")
    assert page.title.get_text(strip=True).startswith("Error:")
    assert (field["value"], field["aria-invalid"]) == ("Bouldr, Colorado", "true")
    assert "near-error" in field["aria-describedby"]
    assert "Bouldr" in said(page.select_one("#near-error"))
    assert page.select_one("#q")["value"] == "massage"
    assert page.select_one("#errors a")["href"] == "#near"


@pytest.mark.parametrize(
    "asked",
    ["page=abc", "lat=abc&lon=1", "within=-5&near=Boulder", "profession=nobody", "sort=a&sort=b"],
)
def test_what_cannot_be_understood_is_told_with_422(indexed, client, asked):
    page = see(client, f"/search?{asked}", status=422)

    assert said(page.select_one("#errors"))


def test_words_from_an_address_never_become_markup(indexed, client):
    response = client.get("/search?q=<script>alert(1)</script>&near=<b>x</b>")

    assert "<script>alert" not in response.text
    assert "<b>x" not in response.text


def test_a_live_change_gets_only_what_changed_and_the_clean_address(indexed, client):
    response = client.get("/search?q=&near=Denver&accepting=1&sort=", headers=HTMX)

    assert "<html" not in response.text
    assert 'id="results"' in response.text
    assert 'id="found-count" hx-swap-oob' in response.text
    assert response.headers["HX-Push-Url"] == "/search?near=Denver&accepting=1"
    assert "HX-Request" in response.headers["Vary"]


def test_going_back_gets_a_whole_page(indexed, client):
    headers = HTMX | {"HX-History-Restore-Request": "true"}

    assert "<html" in client.get("/search", headers=headers).text


def test_results_are_kept_out_of_caches_and_search_engines(indexed, client):
    headers = client.get("/search?q=migraine").headers

    assert "private" in headers["Cache-Control"]
    assert headers["X-Robots-Tag"] == "noindex"


def test_evidence_stands_above_results_that_name_conditions(indexed, client):
    page = see(client, "/search?condition=migraine")

    evidence = page.select_one("#results .evidence")
    assert evidence.find_next("ol", class_="cards")
    assert evidence.select_one("a")["href"] == "/about/cst#evidence"
    assert "What research says" in said(page.select_one(".card .works-with"))


def test_a_serious_condition_says_see_a_doctor_first(indexed, client):
    page = see(client, "/search?condition=epilepsy")

    assert "See a doctor first" in said(page.select_one(".note.serious"))


def test_in_britain_no_condition_is_named(indexed, client):
    relist(
        indexed,
        name="Rowan Quietly",
        conditions=("migraine",),
        practices=(factories.LONDON,),
    )

    listing = client.get("/practitioners/rowan-quietly").text
    card = see(client, "/search?near=London").select_one(".cards")
    assert "igraine" not in listing
    assert "What research says" not in listing
    assert "igraine" not in said(card)


def test_the_home_page_browses_by_everything_with_counts(indexed, client):
    page = see(client, "/")

    tiles = {link["href"]: said(link) for link in page.select(".tiles a")}
    assert tiles["/search?profession=chiropractor"] == "Chiropractors 2"
    assert page.select_one("a[href='/search?condition=migraine']")
    assert page.select_one("a[href^='/search?near=Boulder']")
    assert page.select_one("a[href='/about/health-data']")
    assert "about 5 grams" in said(page)


def test_invented_people_are_announced(indexed, client):
    assert see(client, "/").select_one(".demo-banner") is None

    relist(indexed, name="Fern Invented", is_demo=True)

    for url in ("/", "/search?q=Invented", "/practitioners/fern-invented", "/shortlist"):
        assert see(client, url).select_one(".demo-banner"), url


def test_a_listing_shows_every_practice_and_how_to_get_there(indexed, client):
    page = see(client, "/practitioners/juniper-exampleton")

    assert said(page.h1) == "Juniper Exampleton , DC"
    assert [said(place).split()[0] for place in page.select(".places address")] == ["Denver,", "12"]
    assert "Visits homes within 37 miles" in said(page.select_one(".places"))
    outward = page.select("a[href^=http]")
    assert outward
    assert all("noreferrer" in link["rel"] for link in outward)


def test_a_hidden_address_shows_its_town_alone(indexed, client):
    hidden = replace(factories.BOULDER, hide_address=True)
    relist(indexed, name="Fern Hidden", practices=(hidden,))

    for url in ("/practitioners/fern-hidden", "/practitioners/fern-hidden.vcf"):
        text = client.get(url).text
        assert "Boulder" in text
        assert "Invented Street" not in text
        assert "80302" not in text
        assert "40.01" not in text


def test_training_is_decoded_and_not_called_verified(indexed, client):
    training = said(see(client, "/practitioners/hazel-pretend").select_one(".credentials"))

    assert "Attended" in training
    assert "Taking part is not an exam" in training
    assert "verified" not in client.get("/practitioners/hazel-pretend").text.lower()


def test_a_moved_listing_leads_on_and_an_erased_one_is_gone(indexed, client):
    with indexed.transaction() as session:
        listing = session.query(Listing).filter_by(slug="sage-mockridge").one()
        session.add(Slug(slug="sage-old", listing_id=listing.id))
        session.query(Listing).filter_by(slug="linden-fictional").one().state = State.ERASED

    moved = client.get("/practitioners/sage-old")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/practitioners/sage-mockridge")
    assert client.get("/practitioners/sage-old.vcf").status_code == 301
    assert "removed for good" in said(see(client, "/practitioners/linden-fictional", status=410))
    see(client, "/practitioners/birch-unseen", status=404)


def test_suggestions_are_the_options_of_a_listbox_grouped_by_kind(indexed, client):
    page = see(client, "/suggest?q=migr")

    option = page.select_one("[role=option]")
    group = option.find_parent(attrs={"role": "group"})
    assert (said(option), option["data-fill"]) == ("Migraine", "Migraine")
    assert said(page.find(id=group["aria-labelledby"])) == "Conditions"
    assert page.select_one("[data-says]")["data-says"].startswith(
        str(len(page.select("[role=option]")))
    )


def test_the_place_box_is_offered_places_alone(indexed, client):
    page = see(client, "/suggest?q=boulder&kind=place&box=near")

    assert {tag["data-kind"] for tag in page.select("[role=option]")} == {"place"}
    assert page.select_one("[role=option]")["id"] == "near-place-1"


def test_a_suggested_practitioner_leads_to_the_listing(indexed, client):
    option = see(client, "/suggest?q=Juniper").select_one("[data-href]")

    assert option["data-href"] == "/practitioners/juniper-exampleton"


def test_a_shared_shortlist_compares_without_javascript(indexed, client):
    page = see(client, "/shortlist?s=sage-mockridge&s=juniper-exampleton&s=birch-unseen")

    assert [row["data-row"] for row in page.select("tr[data-row]")] == [
        "sage-mockridge",
        "juniper-exampleton",
    ]
    assert "1 listing is not public" in said(page)


def test_without_an_index_search_says_so_and_listings_still_work(runtime, client):
    with runtime.transaction() as session:
        factories.listing(session)

    search = client.get("/search?q=massage")
    assert search.status_code == 503
    assert "Search is resting" in search.text
    assert "resting" in client.get("/search", headers=HTMX).text
    assert "Rowan" in client.get("/practitioners/rowan-testerly").text
    assert "resting" in see(client, "/").get_text()
    assert client.get("/suggest?q=mas").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, list(ready.json["reasons"])) == (503, ["index"])
    assert client.get("/healthz").status_code == 200


def test_ready_when_database_and_index_are(indexed, client):
    ready = client.get("/readyz")

    assert ready.status_code == 200
    assert ready.json["index"]["listings"] == len(factories.DOZEN) - 1


def test_the_sitemap_has_public_listings_with_the_day_of_their_content(indexed, client):
    relist(indexed, name="Fern Forgotten", on=factories.TODAY - timedelta(days=400))

    sitemap = ElementTree.fromstring(client.get("/sitemap.xml").text)
    found = {url[0].text: url[1].text if len(url) > 1 else None for url in sitemap}
    own = indexed.config.base_url
    assert found[f"{own}/practitioners/juniper-exampleton"] == factories.TODAY.isoformat()
    assert f"{own}/about/cst" in found
    assert f"{own}/practitioners/birch-unseen" not in found
    assert f"{own}/practitioners/fern-forgotten" not in found
    assert not any("/search" in address for address in found)


def test_robots_are_asked_to_leave_searches_alone(client):
    text = client.get("/robots.txt").text

    assert {"Disallow: /search", "Disallow: /suggest", "Disallow: /api/"} <= set(text.splitlines())


def test_errors_of_the_protocol_are_pages_and_keep_their_headers(indexed, client):
    refused = client.post("/suggest")

    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]
    assert "<h1>" in refused.text


def test_a_mistake_of_ours_is_a_page_without_our_insides(app, client, monkeypatch):
    def fail():
        raise RuntimeError("secret insides")

    app.testing = False
    monkeypatch.setitem(app.view_functions, "visitors.home", fail)
    response = client.get("/")

    assert response.status_code == 500
    assert "Something went wrong here" in response.text
    assert "secret insides" not in response.text


def test_structured_data_is_what_the_page_shows(indexed, client):
    page = see(client, "/practitioners/juniper-exampleton")

    data = json.loads(page.select_one("script[type='application/ld+json']").string)
    shown = said(page.select_one("main"))
    assert data["name"] in shown
    assert [one["name"] for one in data["hasOccupation"]] == ["Chiropractor"]
    assert all(place["address"]["addressLocality"] in shown for place in data["worksFor"])
    assert "migraine" not in json.dumps(data).lower()
    assert "aggregateRating" not in json.dumps(data)


def test_a_price_asked_for_stands_in_its_box_and_in_every_form(indexed, client):
    page = see(client, "/search?near=Denver&up_to=95.50")
    box = page.select_one("#up_to")

    assert (box["value"], box["form"]) == ("95.5", "search")
    assert said(page.select_one("label[for=up_to]")) == "A session costs up to USD"
    assert "who name no price" in said(page.select_one("#results"))


def test_who_works_online_only_shows_no_place(runtime, client):
    relist(runtime, name="Away Pretend", online=True, online_only=True, price=Price(80, "USD", 50))

    card = see(client, "/search?near=Denver&online=1").select_one("article.card")
    listing = see(client, "/practitioners/away-pretend")
    data = json.loads(listing.select_one('script[type="application/ld+json"]').text)
    contact = client.get("/practitioners/away-pretend.vcf").text

    assert "Works online only, for people in United States" in said(card)
    assert "$80 for 50 minutes" in said(card)
    assert "Works online only for people in United States" in said(listing)
    told = said(listing) + said(card) + contact + json.dumps(data)
    assert not any(word in told for word in ("Boulder", "Invented Street", "80302", "Stillwater"))
