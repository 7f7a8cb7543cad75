"""Narrowing down: live beside the results, on a sheet on a phone, and back again."""

import re

import pytest

from tests.browser.public_pages import SEARCH

pytestmark = pytest.mark.browser

EVERYBODY = 13


def stay_noticed(page):
    """Mark this document; another one would not have the mark."""
    page.evaluate("window.stayed = true")


def count(page):
    return page.locator("#found-count")


def starting(words):
    """13 found is not 3 found."""
    return re.compile(f"^{words}")


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_a_filter_changes_count_results_and_address_without_a_page_load(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/search")
    expect(count(page)).to_have_text(starting(f"{EVERYBODY} found"))
    stay_noticed(page)

    page.locator("#profession-osteopath").focus()
    page.keyboard.press("Space")

    expect(count(page)).to_have_text(starting("2 found"))
    expect(page.locator("#results .card")).to_have_count(2)
    assert "profession=osteopath" in page.url
    assert page.evaluate("window.stayed") is True
    assert focused(page) == "profession-osteopath"
    assert page.get_by_role("checkbox", name="Osteopath").is_checked()


def test_filters_add_up_and_each_has_a_chip(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/search")
    page.get_by_role("checkbox", name="Taking new clients").check()
    expect(count(page)).to_have_text(starting("3 found"))
    page.get_by_role("checkbox", name="Spanish").check()
    expect(count(page)).to_have_text(starting("2 found"))

    chips = page.get_by_role("group", name="What this search asks for")
    expect(chips.get_by_role("link")).to_have_count(2)
    chips.get_by_role("link", name="Spanish").click()
    expect(count(page)).to_have_text(starting("3 found"))
    page.get_by_role("link", name="Clear all").click()
    expect(count(page)).to_have_text(starting(f"{EVERYBODY} found"))
    expect(page.get_by_role("checkbox", name="Taking new clients")).not_to_be_checked()


def test_the_back_button_brings_back_what_was_before(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/search")
    page.get_by_role("checkbox", name="Taking new clients").check()
    expect(count(page)).to_have_text(starting("3 found"))
    page.get_by_role("checkbox", name="Spanish").check()
    expect(count(page)).to_have_text(starting("2 found"))

    page.go_back()
    expect(count(page)).to_have_text(starting("3 found"))
    expect(page.get_by_role("checkbox", name="Spanish")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Taking new clients")).to_be_checked()
    page.go_back()
    expect(count(page)).to_have_text(starting(f"{EVERYBODY} found"))
    expect(page.get_by_role("checkbox", name="Taking new clients")).not_to_be_checked()


def test_back_from_a_listing_leads_to_the_same_narrowed_results(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/search")
    page.get_by_role("checkbox", name="Taking new clients").check()
    expect(count(page)).to_have_text(starting("3 found"))
    with page.expect_navigation():
        page.locator("#results .card h2 a").first.click()

    page.go_back()

    expect(count(page)).to_have_text(starting("3 found"))
    expect(page.locator("#results .card")).to_have_count(3)
    expect(page.get_by_role("checkbox", name="Taking new clients")).to_be_checked()


def test_the_order_and_the_distance_are_live_too(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/search?near=Boulder%2C+CO")
    expect(count(page)).to_contain_text("within 31 miles")
    page.get_by_label("How far").select_option("5mi")
    expect(count(page)).to_contain_text("within 5 miles")
    page.get_by_label("Order").select_option("name")
    expect(count(page)).to_contain_text("by name")

    names = page.locator("#results .card h2 a").all_inner_texts()
    assert names == sorted(names)
    assert {"within=5mi", "sort=name"} <= set(page.url.split("?")[1].split("&"))


def test_results_and_title_follow_the_filter_in_words_too(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto(SEARCH)
    expect(page.locator("#facet-language")).to_contain_text("Spanish")
    page.get_by_role("checkbox", name="Spanish").check()

    expect(count(page)).to_have_text(starting("2 found within"))
    expect(page).to_have_title(
        "Chiropractors near Boulder, Colorado, US who work with migraine · Stillpoint"
    )
    assert count(page).get_attribute("aria-live") == "polite"


def test_on_a_phone_the_filters_are_a_sheet_worked_by_keyboard(phone_page):
    from playwright.sync_api import expect

    page = phone_page
    page.goto("/search")
    sheet = page.get_by_role("dialog", name="Narrow it down")
    expect(page.locator("#filters")).to_be_hidden()
    stay_noticed(page)

    page.get_by_role("link", name="Filters").focus()
    page.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    assert focused(page) == "open-filters"

    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Taking new clients").focus()
    page.keyboard.press("Space")
    apply = sheet.get_by_role("button", name="Show 3 results")
    expect(apply).to_be_visible()
    apply.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#filters")).to_be_hidden()
    expect(count(page)).to_have_text(starting("3 found"))
    expect(page.locator("#filter-count")).to_contain_text("1")
    assert "accepting=1" in page.url
    assert page.evaluate("window.stayed") is True


def test_the_open_sheet_keeps_the_focus_inside(phone_page):
    page = phone_page
    page.goto("/search")
    page.get_by_role("link", name="Filters").click()
    page.get_by_role("dialog").wait_for()

    outside = []
    for _ in range(60):
        page.keyboard.press("Tab")
        where = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#filters')"
        )
        outside += [] if where else [page.evaluate("document.activeElement.outerHTML")]

    assert outside == []


def test_the_cross_closes_the_sheet_and_gives_the_page_back(phone_page):
    from playwright.sync_api import expect

    page = phone_page
    page.goto("/search")
    page.get_by_role("link", name="Filters").click()
    page.get_by_role("link", name="Close the filters").click()

    expect(page.locator("#filters")).to_be_hidden()
    assert page.locator("[inert]").count() == 0
    assert focused(page) == "open-filters"


def test_two_quick_changes_end_in_the_second(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/search")
    page.get_by_role("checkbox", name="Taking new clients").check()
    page.get_by_role("checkbox", name="Spanish").check()

    expect(count(page)).to_have_text(starting("2 found"))
    expect(page.get_by_role("group", name="What this search asks for")).to_contain_text("Spanish")
    assert {"accepting=1", "language=es"} <= set(page.url.split("?")[1].split("&"))
