"""On a phone the first answer stands on the first screen, and all of a filter is one press away."""

import pytest

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SEARCHES = [
    "/search?q=massage",
    "/search?near=Denver%2C+CO&accepting=1&home_visits=1",
    "/search?q=migraine+spanish+taking+new+clients+near+Boulder",
    "/search?condition=migraine&language=es&ages=adults&sort=name",
]


@pytest.mark.parametrize("path", SEARCHES)
def test_name_trade_and_place_of_the_first_are_seen_without_scrolling(new_page, path):
    page = new_page(viewport=PHONE)
    page.goto(path)

    card = page.locator("#results .card").first
    seen = [card.locator(part).bounding_box() for part in ("h2", ".trades", ".where")]
    assert all(box["y"] + box["height"] <= PHONE["height"] for box in seen)
    assert card.bounding_box()["height"] <= 300
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_card_leads_to_its_listing_wherever_it_is_pressed(new_page):
    page = new_page(viewport=PHONE)
    page.goto("/search?q=massage")
    card = page.locator("#results .card").first
    name = card.locator("h2 a").inner_text()

    with page.expect_navigation():
        card.click(position={"x": 150, "y": 60})

    assert name in page.get_by_role("heading", level=1).inner_text()


def test_what_was_asked_is_one_line_that_opens_the_box(new_page):
    page = new_page(viewport=PHONE)
    page.goto("/search?q=massage&near=Boulder%2C+CO")
    assert not page.locator("#q").is_visible()

    page.get_by_role("link", name="massage · Boulder, CO Change").click()

    assert page.locator("#q").input_value() == "massage"
    assert page.locator("#near").is_visible()


def test_the_rest_of_a_filter_comes_on_request_and_has_the_focus(browser_page):
    page = browser_page
    page.goto("/search")
    address, more = page.url, page.locator("#more-profession")
    before = page.locator("#facet-profession .check").count()

    more.focus()
    page.keyboard.press("Enter")
    more.wait_for(state="detached")

    shown = page.locator("#facet-profession .check input")
    assert (before, page.url) == (6, address)
    assert shown.count() > 6
    assert page.evaluate("document.activeElement.id") == shown.nth(6).get_attribute("id")


def test_the_rest_of_a_filter_comes_without_javascript_with_what_is_ticked(new_page):
    page = new_page(java_script_enabled=False, viewport={"width": 1280, "height": 740})
    page.goto("/search")
    page.get_by_role("checkbox", name="English").check()
    with page.expect_navigation():
        page.locator("#more-profession").click()

    assert page.locator("#facet-profession .check").count() > 6
    assert page.get_by_role("checkbox", name="English").is_checked()
