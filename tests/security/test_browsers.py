"""Chapter 3: what browsers are told, so that other sites can do nothing with ours."""

import json
import re
from dataclasses import replace

import pytest

from directory.app import create_app
from tests.security import crawl

ALL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Headers that some caches leave out of their key, while some programs make pages from them.
UNKEYED = {
    "X-Forwarded-Host": "canary.example",
    "X-Forwarded-Server": "canary.example",
    "X-Forwarded-Scheme": "canary",
    "X-Forwarded-Proto": "canary",
    "X-Forwarded-Prefix": "/canary",
    "X-Forwarded-Port": "4242",
    "X-Host": "canary.example",
    "X-Original-URL": "/canary",
    "X-Rewrite-URL": "/canary",
    "X-HTTP-Method-Override": "POST",
    "Forwarded": "host=canary.example;proto=canary",
    "Origin": "https://canary.example",
    "Referer": "https://canary.example/",
    "User-Agent": "canary",
    "Cookie": "session=canary; theme=canary; lang=canary",
}
PUBLIC = ("/", "/search", "/practitioners/rowan-testerly", "/about/cst", "/sitemap.xml")
PUBLIC += ("/robots.txt", "/.well-known/security.txt", "/api/v1/practitioners", "/api/openapi.json")
PUBLIC += ("/api/v1/conditions", "/practitioners/rowan-testerly.vcf", "/shortlist", "/nothing")
KEPT_BY_ALL = re.compile(r"\b(?:public|s-maxage)\b")


def policy(one):
    parts = one.headers.get("Content-Security-Policy", "").split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def test_every_page_of_everybody_forbids_frames_inline_scripts_and_eval(walk):
    policies = [(one, policy(one)) for one in walk.pages]

    assert len(policies) > 100
    for one, said in policies:
        assert said["frame-ancestors"] == ["'none'"], one
        assert said["object-src"] == said["base-uri"] == ["'none'"], one
        assert said["form-action"] == ["'self'"], one
        assert said.get("script-src", said["default-src"]) == ["'self'"], one
        assert one.headers["X-Frame-Options"].upper() == "DENY", one


def test_htmx_may_evaluate_nothing_and_keeps_no_page_wherever_it_is_loaded(walk):
    loaded = {one.text: one for one in walk.pages if one.soup.select('script[src*="/htmx"]')}

    assert loaded
    for one in loaded.values():
        told = json.loads(one.soup.select_one('meta[name="htmx-config"]')["content"])
        assert told["allowEval"] is False, one
        assert told["historyCacheSize"] == 0, one


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_results_never_enter_the_history_that_a_script_keeps(indexed, client, headers):
    for path in ("/search?q=migraine", "/search?profession=nobody"):
        page = crawl.Seen("anybody", path, 0, {}, client.get(path, headers=headers).text)

        parts = page.soup.select("#results")
        assert all(one["hx-history"] == "false" for one in parts)
        assert parts or not headers


def test_no_page_but_the_api_lets_another_origin_read_it(walk):
    told = [
        (one, name, value)
        for one in walk.seen
        for name, value in one.headers
        if (name.lower().startswith("access-control-") and not one.path.startswith("/api/"))
        or "evil.example" in value
    ]

    # A page that asks to sign in first remembers where somebody was going, query and all.
    assert [said for said in told if said[1] != "Location"] == []
    assert [said for said in told if said[2].startswith((crawl.EVIL, "//", "/\\"))] == []


@pytest.mark.parametrize("method", ALL_METHODS)
def test_no_other_origin_is_allowed_to_send_anything(indexed, client, method):
    asks = {
        "Origin": crawl.EVIL,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "X-CSRFToken",
    }
    for path in ("/", "/apis", "/account/sign-in", "/my/listing", "/static/x.css"):
        answer = client.open(path, method=method, headers=asks, buffered=True)

        assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == []


def test_over_https_every_answer_asks_for_https_for_a_year(config):
    site = create_app(replace(config, base_url="https://find.example"))
    client = site.test_client()

    said = {
        path: client.get(path, base_url="https://find.example").headers.get(
            "Strict-Transport-Security", ""
        )
        for path in ("/about/cst", "/account/sign-in", "/my/listing", "/nothing", "/api/v1/nothing")
    }

    site.extensions["stillpoint"].engine.dispose()
    for path, words in said.items():
        assert int(re.search(r"max-age=(\d+)", words)[1]) >= 31_536_000, path
        assert "includeSubDomains" in words, path


def test_looking_at_every_page_as_everybody_writes_nothing(walk):
    assert walk.before == walk.after


def test_no_look_of_anybody_is_answered_with_an_error_of_ours(walk):
    assert [one for one in walk.seen if one.status >= 500] == []


def test_what_a_cache_may_keep_is_the_same_whatever_else_is_sent_along(indexed, client):
    for path in PUBLIC:
        plain = client.get(path)
        poisoned = client.get(path, headers=UNKEYED)

        assert poisoned.status_code == plain.status_code, path
        assert "canary" not in poisoned.text + str(poisoned.headers), path
        if KEPT_BY_ALL.search(plain.headers.get("Cache-Control", "public")):
            assert poisoned.data == plain.data, path


def test_what_a_cache_may_keep_sets_no_cookie_and_parts_differ_by_name(walk):
    kept = [one for one in walk.seen if KEPT_BY_ALL.search(one.headers.get("Cache-Control", ""))]
    results = [one for one in walk.seen if one.path.startswith("/search")]

    assert kept
    assert [one for one in kept if "Set-Cookie" in one.headers] == []
    assert results
    assert all("HX-Request" in one.headers.get("Vary", "") for one in results)


@pytest.mark.browser
def test_a_click_to_another_site_does_not_tell_it_the_search(browser, live_server):
    told = []

    def elsewhere(route):
        told.append({name.lower() for name in route.request.all_headers()})
        route.fulfill(body="elsewhere")

    context = browser.new_context(base_url=live_server)
    context.route("https://aspen.example/**", elsewhere)
    page = context.new_page()
    page.goto("/search?q=migraine&near=Boulder%2C+CO")
    # The policy of the page must be enough, without what a link may say for itself.
    page.evaluate("""() => {
        const link = document.createElement("a");
        link.href = "https://aspen.example/practice";
        link.textContent = "elsewhere";
        document.querySelector("main").prepend(link);
    }""")
    page.get_by_role("link", name="elsewhere").click()
    page.wait_for_url("https://aspen.example/practice")
    context.close()

    assert len(told) == 1
    assert "referer" not in told[0]
