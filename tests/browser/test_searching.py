"""The main job by keyboard alone: ask in plain words, read, get in touch."""

import re

import pytest

from tests.browser.public_pages import SEARCH

pytestmark = pytest.mark.browser

WORDS = "chiropractor for migraines near Boulder"


def tab_to(page, selector, most=150):
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} was not reached in {most} steps")


def names(page):
    return page.locator("#results .card h2 a").all_inner_texts()


def test_the_whole_way_to_a_practitioner_by_keyboard(browser_page):
    page = browser_page
    page.goto("/")

    tab_to(page, "#q")
    page.keyboard.type(WORDS)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    chips = page.get_by_role("group", name="What this search asks for")
    read = [" ".join(text.split()) for text in chips.get_by_role("link").all_inner_texts()]
    found = names(page)
    tab_to(page, "#results .card h2 a")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert [re.sub(r"^Remove | ×$", "", chip) for chip in read] == [
        "Chiropractor",
        "Migraine",
        "Near Boulder, Colorado, US",
    ]
    assert found == ["Juniper Exampleton", "Aspen Thorough"]
    assert page.url.endswith("/practitioners/juniper-exampleton")
    assert page.get_by_role("heading", level=1).inner_text() == "Juniper Exampleton, DC"


def test_results_come_nearest_first_and_say_how_far(browser_page):
    from playwright.sync_api import expect

    browser_page.goto(SEARCH)
    shown = browser_page.locator("#results .card .where strong").all_inner_texts()

    expect(browser_page.get_by_role("status").filter(has_text="2 found")).to_contain_text(
        "nearest first"
    )
    assert shown[0] == "under half a mile away"
    miles = re.fullmatch(r"([\d.]+) miles away", shown[1])
    assert 7 < float(miles.group(1)) < 9


def test_phone_mail_website_and_directions_are_links(browser_page):
    browser_page.goto("/practitioners/aspen-thorough")

    def target(name):
        return browser_page.get_by_role("link", name=name).first.get_attribute("href")

    assert target("+1 303 555 0142") == "tel:+13035550142"
    assert target("aspen@practice.example") == "mailto:aspen@practice.example"
    assert target("aspen.example") == "https://aspen.example/practice"
    ways = browser_page.get_by_role("link", name="Directions")
    led_to = ways.evaluate_all("(all) => all.map((one) => one.href)")
    assert led_to
    assert all("39.97780" in address for address in led_to)  # none to the home


def test_the_card_for_the_address_book_can_be_saved(browser_page):
    browser_page.goto("/practitioners/aspen-thorough")

    with browser_page.expect_download() as saving:
        browser_page.get_by_role("link", name="Save to contacts").click()

    text = saving.value.path().read_text()
    assert saving.value.suggested_filename == "aspen-thorough.vcf"
    assert "FN:Aspen Thorough\\, DC\\, CST-D" in text
    assert "Secret Lane" not in text


def test_a_chip_takes_its_wish_back(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto(SEARCH)

    chips = page.get_by_role("group", name="What this search asks for")
    chips.get_by_role("link", name="Migraine").click()

    expect(chips.get_by_role("link", name="Migraine")).to_have_count(0)
    expect(chips.get_by_role("link", name="Chiropractor")).to_have_count(1)
    assert set(names(page)) == {"Juniper Exampleton", "Sage Mockridge", "Aspen Thorough"}


def test_nobody_found_is_never_the_end_of_the_way(browser_page):
    from playwright.sync_api import expect

    browser_page.goto(f"{SEARCH}&language=ja")
    expect(browser_page.get_by_role("heading", name="Nobody yet")).to_be_visible()

    way_on = browser_page.get_by_role("link", name=re.compile("without Japanese"))
    promised = int(re.search(r"(\d+) found", way_on.inner_text()).group(1))
    way_on.click()

    expect(browser_page.get_by_role("heading", name="Nobody yet")).to_have_count(0)
    assert promised == len(names(browser_page)) == 2


def test_another_spelling_is_one_click_away(browser_page):
    from playwright.sync_api import expect

    browser_page.goto("/search?q=osteopth")
    browser_page.get_by_role("link", name="osteopath", exact=True).click()

    expect(browser_page.locator("#results .card").first).to_be_visible()
    assert set(names(browser_page)) == {"Linden Fictional", "Willow Sampleford"}


def test_another_place_of_the_same_name_is_offered(browser_page):
    browser_page.goto("/search?near=Portland")
    first = browser_page.get_by_role("heading", level=1).inner_text()

    browser_page.get_by_role("link", name=re.compile("Portland, Maine")).click()
    browser_page.wait_for_url("**Maine**")

    assert "Oregon" in first
    assert "Maine" in browser_page.get_by_role("heading", level=1).inner_text()


def test_an_unknown_place_offers_spellings_and_keeps_what_was_typed(browser_page):
    page = browser_page
    page.goto("/")
    page.get_by_role("combobox", name="Where?").fill("Bouldr, CO")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_role("combobox", name="Where?").input_value() == "Bouldr, CO"
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Boulder, Colorado")).first.click()
    assert "Boulder" in page.get_by_role("heading", level=1).inner_text()
