"""The shortlist: in the visitor's own browser, to compare, share, clear and undo."""

import pytest

pytestmark = pytest.mark.browser

TWO = ["Aspen Thorough, DC, CST-D", "Juniper Exampleton, DC"]


def keep(page, *names):
    page.goto("/search?profession=chiropractor")
    for name in names:
        page.get_by_role("button", name=f"Keep {name}").click()


def kept_on_page(page):
    return sorted(page.get_by_role("rowheader").get_by_role("link").all_inner_texts())


def stored(page):
    return page.evaluate("Object.values(localStorage).join()")


def test_two_are_kept_counted_and_compared(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    keep(page, "Juniper Exampleton", "Aspen Thorough")
    pressed = page.get_by_role("button", name="Keep Juniper Exampleton")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-shortlist-count]")).to_have_text("2")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Shortlist").click()

    expect(page.get_by_role("row")).to_have_count(3)
    assert kept_on_page(page) == TWO
    expect(page.get_by_role("cell").filter(has_text="+1 303 555 0142")).to_have_count(1)


def test_keeping_works_by_keyboard_and_can_be_taken_back(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    page.goto("/practitioners/juniper-exampleton")
    button = page.get_by_role("button", name="Keep Juniper Exampleton")
    button.focus()

    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-shortlist-count]")).to_have_text("1")
    page.keyboard.press("Space")

    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-shortlist-count]")).to_be_hidden()


def test_a_shared_link_shows_the_list_to_somebody_who_kept_nothing(browser_page, new_page):
    from playwright.sync_api import expect

    page = browser_page
    keep(page, "Juniper Exampleton", "Aspen Thorough")
    page.goto("/shortlist")
    page.get_by_role("button", name="Share by link").click()
    field = page.get_by_label("Link to this list")
    expect(field).to_be_visible()
    link = field.input_value()

    other = new_page()
    other.goto(link)
    shown = kept_on_page(other)
    before = stored(other)
    other.get_by_role("button", name="Keep these in my shortlist").click()

    assert (shown, before) == (TWO, "")
    expect(other.locator("[data-shortlist-count]")).to_have_text("2")
    assert "aspen-thorough" in stored(other)


def test_clearing_can_be_undone(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    keep(page, "Juniper Exampleton", "Aspen Thorough")
    page.goto("/shortlist")
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_role("status")).to_contain_text("cleared")
    expect(page.get_by_role("row")).to_have_count(0)
    cleared = stored(page)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.get_by_role("row")).to_have_count(3)
    assert "aspen" not in cleared
    assert kept_on_page(page) == TWO
    expect(undo).to_be_hidden()


def test_one_key_clears_it(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    keep(page, "Juniper Exampleton")
    page.goto("/shortlist")
    expect(page.get_by_role("row")).to_have_count(2)

    page.keyboard.press("Delete")

    expect(page.get_by_role("row")).to_have_count(0)
    expect(page.locator("[data-shortlist-count]")).to_be_hidden()
    assert "juniper" not in stored(page)


def test_one_is_removed_and_brought_back(browser_page):
    from playwright.sync_api import expect

    page = browser_page
    keep(page, "Juniper Exampleton", "Aspen Thorough")
    page.goto("/shortlist")
    page.get_by_role("button", name="Remove Juniper Exampleton").click()
    expect(page.get_by_role("row")).to_have_count(2)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("row")).to_have_count(3)
    assert kept_on_page(page) == TWO


def test_who_is_not_public_any_more_is_left_out_and_said_so(browser_page):
    browser_page.goto("/shortlist?s=rowan-testerly&s=birch-unseen&s=erased")

    assert kept_on_page(browser_page) == ["Rowan Testerly, LMT"]
    assert "2 listings are not public any more" in browser_page.get_by_role("main").inner_text()
