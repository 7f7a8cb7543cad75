"""Nobody watches: no cookie, nothing stored, nothing asked of anybody else, no complaint."""

import pytest

from tests.browser.public_pages import PAGES, SEARCH, visit

pytestmark = pytest.mark.browser

STORED = """async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map((one) => one.name),
  ...(await caches.keys()),
]"""


def test_no_page_stores_anything_in_the_browser(browser_page):
    stored = {}
    for name in PAGES:
        visit(browser_page, name)
        stored[name] = browser_page.evaluate(STORED)

    assert stored == {name: [] for name in PAGES}
    assert browser_page.context.cookies() == []


def test_using_the_search_stores_nothing_either(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/")
    page.get_by_role("combobox", name="looking for").press_sequentially("migr")
    page.get_by_role("option").first.wait_for()
    page.goto(SEARCH)
    page.get_by_role("button", name="Show map").click()
    expect(page.locator("[data-map-says]")).to_have_text("2 of 2 on the map")
    page.get_by_role("checkbox", name="Spanish").check()
    expect(page.get_by_role("group", name="What this search asks for")).to_contain_text("Spanish")
    page.go_back()
    expect(page.get_by_role("checkbox", name="Spanish")).not_to_be_checked()

    assert page.context.cookies() == []
    assert page.evaluate(STORED) == []


def test_a_link_to_elsewhere_does_not_say_where_one_came_from(browser_page):
    answer = browser_page.goto("/practitioners/aspen-thorough")
    foreign = browser_page.locator("a[href^=http]").all()

    assert answer.header_value("referrer-policy") == "no-referrer"
    assert len(foreign) >= 2
    assert all("noreferrer" in one.get_attribute("rel") for one in foreign)


@pytest.mark.parametrize("name", ["home", "listing", "not found", "bad input"])
def test_the_policy_allows_this_site_alone(browser_page, name):
    policy = browser_page.goto(PAGES[name]).header_value("content-security-policy")

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
