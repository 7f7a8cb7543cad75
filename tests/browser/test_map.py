"""The map: only when asked for, never the only way, and worked by keyboard too."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.public_pages import SEARCH

pytestmark = pytest.mark.browser


def opened(page, path):
    page.goto(path)
    page.get_by_role("button", name="Show map").click()
    page.locator("[data-map-says]").filter(has_text="on the map").wait_for()


def test_nothing_of_the_map_is_loaded_before_it_is_opened(browser_page):
    from playwright.sync_api import expect

    asked = []
    browser_page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    browser_page.goto(SEARCH, wait_until="networkidle")
    before = [path for path in asked if "leaflet" in path or "outlines" in path]

    browser_page.get_by_role("button", name="Show map").click()

    expect(browser_page.locator("[data-map-says]")).to_have_text("2 of 2 on the map")
    after = [path for path in asked if "leaflet" in path or "outlines" in path]
    assert before == []
    assert any(path.endswith("leaflet.js") for path in after)


def test_a_stray_word_in_the_address_of_a_page_is_no_trouble_for_its_map(browser_page):
    from playwright.sync_api import expect

    opened(browser_page, f"{SEARCH}&utm_source=letter")

    expect(browser_page.locator("[data-map-says]")).to_have_text("2 of 2 on the map")


def test_a_pin_leads_to_its_practitioner_by_keyboard(browser_page):
    page = browser_page
    opened(page, "/search?profession=bodyworker")
    pin = page.get_by_role("button", name="Maple <script>alert(1)</script>", exact=True)

    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name="Maple")
    link.wait_for()
    link.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/practitioners/maple")


def test_the_map_and_its_buttons_are_reached_by_tab(browser_page):
    page = browser_page
    opened(page, SEARCH)
    page.get_by_role("button", name="Hide map").focus()

    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? document.activeElement.className"
            )
        )

    assert {"Zoom in", "Zoom out"} <= set(reached)
    assert any("leaflet-container" in name for name in reached)


def test_every_result_is_still_in_the_list(browser_page):
    opened(browser_page, SEARCH)

    assert browser_page.locator("#results .card h2 a").all_inner_texts() == [
        "Juniper Exampleton",
        "Aspen Thorough",
    ]


@pytest.mark.parametrize("key", ["-", "ArrowLeft"])
def test_a_moved_map_can_be_searched_by_keyboard(browser_page, key):
    from playwright.sync_api import expect

    page = browser_page
    opened(page, SEARCH)
    area = page.get_by_role("link", name="Search this area")
    expect(area).to_be_hidden()

    page.locator(".leaflet-container").focus()
    page.keyboard.press(key)
    expect(area).to_be_visible()
    area.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    asked = parse_qs(urlsplit(page.url).query)
    assert {"lat", "lon", "within"} <= set(asked)
    assert "near" not in asked
    assert all(len(asked[name][0].split(".")[1]) == 2 for name in ("lat", "lon"))
    assert page.locator("#results .card").count() > 0
    page.locator("[data-map-says]").filter(has_text="on the map").wait_for()
    assert "Boulder" not in page.get_by_role("heading", level=1).inner_text().split(",")[-1]


def test_the_area_searched_is_the_area_shown(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    opened(page, "/search?near=Denver%2C+CO")
    page.get_by_role("button", name="Zoom in").click()
    area = page.get_by_role("link", name="Search this area")
    expect(area).to_be_visible()
    with page.expect_navigation():
        area.click()

    asked = parse_qs(urlsplit(page.url).query)
    assert asked["lat"][0].startswith("39.7")
    assert asked["lon"][0].startswith(("-104.9", "-105.0"))
    assert 5 <= int(asked["within"][0].removesuffix("km")) <= 60
    names = page.locator("#results .card h2 a").all_inner_texts()
    assert {"Sage Mockridge", "Juniper Exampleton"} <= set(names)


def test_the_map_follows_the_filters(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    opened(page, "/search?near=Denver%2C+CO")
    said = page.locator("[data-map-says]").inner_text()
    page.get_by_role("checkbox", name="Spanish").check()

    expect(page.locator("[data-map-says]")).to_have_text("2 of 2 on the map")
    assert said != "2 of 2 on the map"


def test_a_map_that_cannot_be_drawn_says_so_and_the_list_stays(new_page):
    from playwright.sync_api import expect

    page = new_page(viewport={"width": 1280, "height": 800})
    page.route("**/outlines/**", lambda route: route.fulfill(status=200, body="no json"))
    page.goto(SEARCH)
    page.get_by_role("button", name="Show map").click()

    expect(page.locator("[data-map-says]")).to_contain_text("could not be drawn")
    assert page.locator("#results .card").count() == 2


def test_a_hidden_address_has_a_coarse_pin(browser_page):
    answer = browser_page.request.get("/api/v1/practitioners?q=Aspen+Thorough").json()
    places = {place["locality"]: place for place in answer["results"][0]["locations"]}

    assert (places["Nederland"]["lat"], places["Nederland"]["lon"]) == (39.96, -105.51)


def test_cards_and_pins_have_a_number_and_point_at_each_other(new_page):
    from playwright.sync_api import expect

    page = new_page(viewport={"width": 1280, "height": 900})
    opened(page, "/search?profession=bodyworker")
    card = page.locator("#results .card", has_text="Maple")
    pin = page.get_by_role("button", name="Maple <script>alert(1)</script>", exact=True)

    number = card.locator("h2").get_attribute("data-number")
    expect(pin).to_contain_text(number)
    card.locator("h2 a").focus()
    expect(page.locator(".pin.lit")).to_contain_text(number)
    pin.focus()
    expect(page.locator(".card.lit")).to_contain_text("Maple")
    list_, map_ = card.bounding_box(), page.locator("#map").bounding_box()
    assert list_["x"] + list_["width"] <= map_["x"]


def test_fifteen_tab_stops_at_most_stand_before_the_first_result(browser_page):
    page = browser_page
    page.goto("/search?q=massage+near+Denver")

    stops = 0
    while not page.evaluate("Boolean(document.activeElement.closest('.card'))"):
        page.keyboard.press("Tab")
        stops += 1

    assert stops - 1 <= 15
