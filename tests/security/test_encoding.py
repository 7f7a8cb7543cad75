"""Chapter 1: what people say is text, in whatever it ends up."""

import json
import re

import pytest

from directory.schemas.draft import DraftSchema
from directory.usecases.accounts import roles
from tests import factories
from tests.security import crawl

RUNS = re.compile(r"\s*(?:javascript|vbscript|data)\s*:", re.I)
LEADS = ("href", "src", "action", "formaction", "data", "poster", "xlink:href")
DATA = "application/ld+json"
# Ways to write an address that a browser would run.
SCRIPTS = (
    "javascript:canary()",
    "JaVaScRiPt:canary()",
    "java\tscript:canary()",
    "java&#10;script:canary()",
    "&#106;avascript:canary()",
    "\x01javascript:canary()",
    " javascript:canary()",
    "javascript://practice.example/%0acanary()",
    "data:text/html,<script>canary()</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:canary()",
)
# They stand for other letters in SQL, in expressions and in queries.
SIGNS = ("r_wan", "%", "_", "ro%n", "*", ".+", "[rx]owan", "r?wan", "ro.an", "r.*n", "\\", "'")


def tags(walk):
    return ((one, tag) for one in walk.attacked for tag in one.soup.find_all(True))


def test_the_walk_has_seen_what_the_attack_said_where_people_look(walk):
    who = [one.who for one in walk.attacked]

    assert len(walk.seen) > 150
    assert who.count("anybody") >= 8
    assert who.count("owner") >= 12
    assert who.count("admin") >= 8


def test_no_text_of_anybody_becomes_markup_on_any_page(walk):
    wrong = {one for one, tag in tags(walk) if tag.name == "b-canary" or "b-canary" in tag.attrs}

    assert [repr(one) for one in wrong] == []


def test_no_text_of_anybody_becomes_a_script_or_an_event_on_any_page(walk):
    events = [(one, name) for one, tag in tags(walk) for name in tag.attrs if name.startswith("on")]
    scripts = [
        one
        for one, tag in tags(walk)
        if tag.name == "script" and tag.get("type") != DATA and "canary" in str(tag)
    ]

    assert (events, scripts) == ([], [])


def test_no_link_of_any_page_leads_to_a_script(walk):
    leads = [(one, tag[name]) for one, tag in tags(walk) for name in LEADS if tag.has_attr(name)]

    assert len(leads) > 100
    assert [(one, to) for one, to in leads if RUNS.match(re.sub(r"[\x00-\x20]", "", to))] == []


def test_no_text_of_anybody_is_read_as_a_template(walk):
    assert any("{{7*7}}canary" in one.text for one in walk.attacked)
    assert [one for one in walk.seen if "49canary" in one.text] == []


def test_json_within_a_page_cannot_end_its_script(walk):
    found = [
        tag.string for _, tag in tags(walk) if tag.name == "script" and tag.get("type") == DATA
    ]

    assert found
    for text in found:
        assert not re.search("[<>&\u2028\u2029]", text)
        assert crawl.ATTACKS[6] in str(json.loads(text))


def test_what_is_no_page_says_so_and_is_not_sniffed(walk):
    others = [one for one in walk.seen if not one.is_html and "canary" in one.text]

    kinds = {one.headers["Content-Type"].split(";")[0] for one in others}
    assert kinds >= {"application/json", "text/vcard"}
    assert {one.headers["X-Content-Type-Options"] for one in others} == {"nosniff"}


def test_looking_at_what_names_addresses_asks_nothing_of_the_network(walk):
    assert walk.called == ()


@pytest.mark.parametrize("address", SCRIPTS)
def test_a_website_that_a_browser_would_run_is_refused(address):
    place = {"country": "US", "locality": "Boulder"}

    wrong = DraftSchema().validate({"name": "Rowan", "website": address, "practices": [place]})

    assert list(wrong) == ["website"]


@pytest.mark.parametrize("asked", SIGNS)
def test_signs_that_mean_something_to_a_search_are_only_signs(indexed, client, asked):
    with indexed.transaction() as session:
        by = factories.actor(factories.admin(session))
        factories.account(session)
        found = [roles.find(session, words=words, by=by).total for words in ("rowan", asked)]

    suggested = client.get("/api/v1/suggest", query_string={"q": asked}).text

    assert found == [1, 0]
    assert "rowan-testerly" not in suggested
