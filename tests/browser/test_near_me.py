"""Near me: asked on click alone, rounded before it leaves the browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser

EXACTLY = {"latitude": 40.0149861, "longitude": -105.2705462}


def test_the_position_is_rounded_before_it_is_sent(new_page):
    page = new_page(geolocation=EXACTLY, permissions=["geolocation"])
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto("/")
    page.get_by_role("combobox", name="looking for").fill("chiropractor")
    page.keyboard.press("Tab")  # suggestions step aside as the box is left

    with page.expect_navigation():
        page.get_by_role("button", name="Near me").click()

    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["lat"], asked["lon"]) == (["40.01"], ["-105.27"])
    assert asked["q"] == ["chiropractor"]
    assert [one for one in sent if re.search(r"40\.01\d|105\.27\d", one)] == []
    assert page.locator("#results .card h2 a").first.inner_text() == "Juniper Exampleton"


def test_nothing_is_asked_of_the_device_before_the_click(new_page):
    page = new_page(geolocation=EXACTLY, permissions=["geolocation"])
    page.add_init_script(
        "window.asked = 0;"
        "const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; real(...all); };"
    )
    page.goto("/", wait_until="networkidle")

    assert page.evaluate("window.asked") == 0


def test_a_refusal_is_one_clear_message_and_leads_to_the_other_way(new_page):
    from playwright.sync_api import expect

    page = new_page()
    page.goto("/")

    page.get_by_role("button", name="Near me").click()

    message = page.get_by_text("Type a town or postcode instead")
    expect(message).to_have_count(1)
    expect(message).to_be_visible()
    assert message.get_attribute("role") == "status"
    assert page.evaluate("document.activeElement.id") == "near"
    assert page.url.endswith("/")


def test_a_typed_place_replaces_the_position(new_page):
    page = new_page(geolocation=EXACTLY, permissions=["geolocation"])
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("button", name="Near me").click()

    page.get_by_role("combobox", name="Where?").press_sequentially("97214")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    asked = parse_qs(urlsplit(page.url).query)
    assert asked["near"] == ["97214"]
    assert "lat" not in asked
    assert "Portland" in page.get_by_role("heading", level=1).inner_text()
