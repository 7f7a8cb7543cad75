"""WCAG 2.2 AA, as far as a machine can see it: axe, reflow, big text, focus."""

import pytest

from tests.browser.public_pages import PAGES, SEARCH, too_wide, visit

pytestmark = pytest.mark.browser

WIDTHS = (360, 1280)
# axe leaves target-size to us: WCAG 2.2, 2.5.8.
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# All that the dark scheme changes.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block"],
}


def violations(page):
    """What axe finds in light and dark, one line for each element; [] is what we want."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(Axe().axe_script)
    found = page.evaluate("(options) => axe.run(options)", EVERYTHING)["violations"]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate("(options) => axe.run(options)", COLOURS)["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_narrow_or_wide_light_or_dark(new_page, name):
    found = {}
    page = new_page(viewport={"width": WIDTHS[0], "height": 800}, color_scheme="light")
    visit(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found[width] = violations(page)

    assert found == {width: [] for width in WIDTHS}


def test_axe_finds_nothing_on_the_sheet_of_filters(phone_page):
    page = phone_page
    page.goto(f"{SEARCH}&accepting=1")
    page.get_by_role("link", name="Filters").click()
    page.get_by_role("dialog").wait_for()

    assert violations(page) == []


def test_axe_finds_nothing_on_open_suggestions(phone_page):
    page = phone_page
    page.goto("/")
    page.get_by_role("combobox", name="looking for").press_sequentially("mig")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")

    assert violations(page) == []


def test_axe_finds_nothing_on_the_open_map(phone_page):
    page = phone_page
    page.goto(SEARCH)
    page.get_by_role("button", name="Show map").click()
    page.get_by_text("2 of 2 on the map").wait_for()

    assert violations(page) == []


def test_axe_finds_nothing_on_a_kept_shortlist(phone_page):
    page = phone_page
    page.goto("/practitioners/aspen-thorough")
    page.get_by_role("button", name="Keep Aspen Thorough").click()
    page.goto("/shortlist")
    page.get_by_role("button", name="Share by link").click()
    page.get_by_label("Link to this list").wait_for()

    assert violations(page) == []


def test_at_320_pixels_nobody_scrolls_sideways(new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    found = {}
    for name in PAGES:
        visit(page, name)
        found[name] = too_wide(page)

    assert found == {name: [] for name in PAGES}


def test_with_text_40_percent_bigger_nobody_scrolls_sideways(phone_page):
    found = {}
    for name in PAGES:
        visit(phone_page, name)
        phone_page.evaluate("document.documentElement.style.fontSize = '140%'")
        found[name] = too_wide(phone_page)

    assert found == {name: [] for name in PAGES}


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (360, "140%")])
def test_the_sheet_and_the_map_fit_a_narrow_page_and_big_text(new_page, width, size):
    page = new_page(viewport={"width": width, "height": 640})
    page.goto(SEARCH)
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)

    page.get_by_role("button", name="Show map").click()
    page.get_by_text("2 of 2 on the map").wait_for()
    with_map = too_wide(page)
    page.get_by_role("link", name="Filters").click()
    page.get_by_role("dialog").wait_for()

    assert with_map == []
    assert too_wide(page) == []
    sheet = page.get_by_role("dialog")
    assert sheet.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0


def test_what_has_the_focus_is_never_behind_a_sticky_bar(phone_page):
    page = phone_page
    page.goto("/search")
    page.get_by_role("link", name="Filters").click()
    page.get_by_role("dialog").wait_for()
    hidden, seen = [], set()

    while (
        state := page.evaluate(
            """() => {
              const one = document.activeElement, box = one.getBoundingClientRect();
              const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              const visible = one === document.body || one.contains(top) || [...(one.labels ?? [])].some((label) => label.contains(top));
              return { id: one.id || one.textContent.trim(), visible };
            }"""
        )
    )["id"] not in seen:
        seen.add(state["id"])
        if not state["visible"]:
            hidden.append(state["id"])
        page.keyboard.press("Tab")

    assert len(seen) > 20
    assert hidden == []


@pytest.mark.parametrize(
    ("path", "words", "target"),
    [("/", "Skip to the content", "main"), ("/search", "Skip to the results", "results")],
)
def test_the_skip_link_leads_past_everything(browser_page, path, words, target):
    browser_page.goto(path)

    browser_page.keyboard.press("Tab")
    skip = browser_page.locator(":focus")
    name = skip.inner_text()
    visible = skip.bounding_box()["y"] >= 0
    browser_page.keyboard.press("Enter")

    assert (name, visible) == (words, True)
    assert browser_page.locator(":focus").get_attribute("id") == target


def test_an_error_is_announced_and_leads_to_its_field(browser_page):
    browser_page.goto("/search?near=Zzyzxville-upon-Nothing")
    field = browser_page.get_by_label("Where?")
    described = field.get_attribute("aria-describedby").split()
    said = [browser_page.locator(f"#{one}").inner_text() for one in described]

    assert browser_page.title().startswith("Error:")
    assert "Zzyzxville-upon-Nothing" in browser_page.get_by_role("alert").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert any("Zzyzxville-upon-Nothing" in text for text in said)
    assert field.input_value() == "Zzyzxville-upon-Nothing"
