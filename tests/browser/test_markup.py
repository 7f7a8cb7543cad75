"""What machines read of a listing: nothing that the page does not show, nor may be said."""

import csv
import json
import re
from functools import cache

import pytest
from babel import Locale

from tests import sites
from tests.browser import people

pytestmark = pytest.mark.browser

SLUGS = ["aspen-thorough", "rowan-testerly", "maple", "yarrow-invented", "elodie-demonstration"]
BRITISH = ["yarrow-invented", "willow-sampleford", "alder-specimen"]


def leaves(value):
    """Every value of a JSON document, without the words that are the vocabulary's own."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not key.startswith("@"):
                yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def markup(page):
    (text,) = page.locator("script[type='application/ld+json']").all_text_contents()
    return json.loads(text)


@cache
def condition_words():
    """Labels and synonyms of every condition there is."""
    data = sites.ROOT / "directory" / "files" / "data" / "conditions.csv"
    with data.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = {word for row in rows for word in (row["label"], *row["synonyms"].split("|"))}
    assert len(said) > 200
    return re.compile(rf"\b({'|'.join(re.escape(word) for word in said if word)})\b", re.IGNORECASE)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_markup_says_nothing_that_the_page_does_not_show(browser_page, slug):
    browser_page.goto(f"/practitioners/{slug}")
    person = markup(browser_page)
    own = person.pop("url")
    # What is folded is on the page, too.
    browser_page.locator("main details").evaluate_all(
        "(all) => all.forEach((one) => { one.removeAttribute('name'); one.open = true; })"
    )
    text = " ".join(browser_page.get_by_role("main").inner_text().split()).casefold()
    links = browser_page.locator("main a").evaluate_all("(all) => all.map((one) => one.href)")
    numbers = {float(n) for link in links for n in re.findall(r"-?\d+\.\d+", link)}
    countries = Locale("en").territories

    def is_shown(value):
        if isinstance(value, float):
            return value in numbers
        return (
            str(value).casefold() in text
            or value in links
            or str(countries.get(value, "no such country")).casefold() in text
        )

    said = list(leaves(person))
    assert own.endswith(f"/practitioners/{slug}")
    assert len(said) > 5
    assert [value for value in said if not is_shown(value)] == []


def test_a_hidden_address_is_nowhere(browser_page):
    browser_page.goto("/practitioners/aspen-thorough")
    home = markup(browser_page)["worksFor"][1]
    answers = [
        browser_page.content(),
        browser_page.request.get("/practitioners/aspen-thorough.vcf").text(),
        browser_page.request.get("/api/v1/practitioners/aspen-thorough").text(),
        browser_page.request.get("/api/v1/practitioners?q=aspen").text(),
    ]

    assert home["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Nederland",
        "addressRegion": "Colorado",
        "addressCountry": "US",
    }
    assert "geo" not in home
    hidden = (people.DISCREET.address, people.DISCREET.postcode, "39.961", "105.510")
    assert [word for word in hidden for answer in answers if word in answer] == []


@pytest.mark.parametrize("slug", BRITISH)
def test_in_great_britain_no_condition_is_named_anywhere(browser_page, slug):
    page = browser_page
    page.goto(f"/practitioners/{slug}")
    listing = page.request.get(f"/api/v1/practitioners/{slug}").json()
    (found,) = [
        one
        for one in page.request.get("/api/v1/practitioners?near=London%2C+GB&within=500km").json()[
            "results"
        ]
        if one["slug"] == slug
    ]
    told = {
        "page": page.get_by_role("main").inner_text(),
        "description": page.locator("meta[name=description]").get_attribute("content"),
        "markup": " ".join(map(str, leaves(markup(page)))),
        "card": page.request.get(f"/practitioners/{slug}.vcf").text(),
        "listing": json.dumps({**listing, "url": ""}),
        "result": json.dumps({**found, "url": ""}),
    }

    named = {where: condition_words().findall(text) for where, text in told.items()}
    assert named == {where: [] for where in told}
    assert (listing["conditions"], found["conditions"]) == ([], [])


def test_a_british_bio_keeps_the_sentences_that_name_no_condition(browser_page):
    browser_page.goto("/practitioners/yarrow-invented")

    text = browser_page.get_by_role("main").inner_text()
    assert "Tea is served in the parlour." in text
    assert "Many who come here" not in text


def test_a_british_listing_is_not_found_by_a_condition_in_any_way(browser_page):
    for asked in ("condition=migraine", "q=migraine", "q=anxiety"):
        answer = browser_page.request.get(f"/api/v1/practitioners?{asked}&per_page=100").json()
        assert not {one["slug"] for one in answer["results"]} & set(BRITISH)

    near = browser_page.request.get("/api/v1/practitioners?near=Bristol%2C+GB").json()
    assert [one["slug"] for one in near["results"]] == ["yarrow-invented"]
    assert near["facets"]["condition"] == []


def test_a_condition_near_a_british_place_is_left_out_and_that_is_said(browser_page):
    page = browser_page
    page.goto("/search?q=migraines+near+Bristol")

    assert "listings name no conditions" in page.get_by_role("main").inner_text()
    assert page.locator("#results .card h2 a").all_inner_texts() == ["Yarrow Invented"]


def test_elsewhere_conditions_stand_beside_the_evidence(browser_page):
    browser_page.goto("/practitioners/aspen-thorough")
    block = browser_page.get_by_role("region", name="Works with people who have")

    assert "Migraine" in block.inner_text()
    assert "Systematic reviews disagree" in block.inner_text()
    assert "See a doctor first" in block.inner_text()
