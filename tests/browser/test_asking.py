"""Searching without a word in the address bar: the browser keeps nothing of it."""

import pytest

from tests.browser.test_privacy import STORED

pytestmark = pytest.mark.browser

KEEP_OUT = "keep my words out of the address bar"


def addresses(page):
    """Watch what the page asks for: a list that grows."""
    seen = []
    page.on("request", lambda request: seen.append(request.url))
    return seen


@pytest.mark.parametrize("scripted", [True, False])
def test_no_word_reaches_an_address_whatever_is_done_next(new_page, live_server, scripted):
    page = new_page(java_script_enabled=scripted, viewport={"width": 1280, "height": 800})
    page.goto("/")
    page.locator("#q").fill("migraine")
    page.locator("#near").fill("Boulder, CO")
    seen = addresses(page)

    page.get_by_role("button", name=KEEP_OUT).click()
    page.get_by_role("heading", level=1, name="Boulder").wait_for()
    one = page.get_by_role("checkbox", name="Taking new clients")
    one.check()
    if not scripted:
        page.locator("#apply").click()
    page.locator("#results .chip").filter(has_text="new clients").click()
    page.locator("#sort").select_option("name")
    if not scripted:
        page.locator("#apply").click()
    page.get_by_role("heading", level=1, name="Boulder").wait_for()
    title = page.title()

    assert page.url == f"{live_server}/search"
    assert not [url for url in seen if "migraine" in url.lower() or "boulder" in url.lower()]
    assert "Boulder" not in title
    if scripted:
        assert page.evaluate(STORED) == []


def test_the_map_of_such_a_search_asks_by_post_too(browser_page, live_server):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/")
    page.locator("#q").fill("migraine")
    page.get_by_role("button", name=KEEP_OUT).click()
    page.get_by_role("heading", level=1).wait_for()
    seen = addresses(page)

    page.get_by_role("button", name="Show map").click()
    expect(page.locator("[data-map-says]")).to_contain_text("on the map")

    assert any(url.endswith("/api/v1/practitioners") for url in seen)
    assert not [url for url in seen if "migraine" in url]


def test_from_there_a_search_with_an_address_is_one_press_away(browser_page, live_server):
    page = browser_page
    page.goto("/")
    page.locator("#q").fill("migraine")
    page.get_by_role("button", name=KEEP_OUT).click()

    page.get_by_role("button", name="an address that can be kept").click()
    page.wait_for_url("**/search?*")

    assert "q=migraine" in page.url


@pytest.mark.parametrize("scripted", [True, False])
def test_back_from_a_listing_shows_the_results_again(new_page, live_server, scripted):
    page = new_page(java_script_enabled=scripted, viewport={"width": 1280, "height": 800})
    page.goto("/")
    page.locator("#q").fill("migraine")
    page.locator("#near").fill("Boulder, CO")
    page.get_by_role("button", name=KEEP_OUT).click()
    page.get_by_role("heading", level=1, name="Boulder").wait_for()
    page.get_by_role("checkbox", name="Taking new clients").check()
    if not scripted:
        page.locator("#apply").click()
    page.locator("#results .chip").filter(has_text="new clients").wait_for()
    found = page.locator("#results .card h2").all_inner_texts()
    seen = addresses(page)

    for _ in range(3):
        page.locator("#results .card h2 a").first.click()
        page.wait_for_url("**/practitioners/*")
        page.go_back()
        page.locator("#results .chip").filter(has_text="new clients").wait_for()

    assert page.url == f"{live_server}/search"
    assert page.get_by_role("checkbox", name="Taking new clients").is_checked()
    assert page.locator("#q").input_value() == "migraine"
    assert not [url for url in seen if "migraine" in url.lower() or "boulder" in url.lower()]
    assert page.locator("#results .card h2").all_inner_texts() == found
