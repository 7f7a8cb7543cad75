"""Suggestions as you type: the ARIA combobox pattern, worked by keyboard."""

import re

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def typed(browser_page):
    """Call it with letters for the first box; gives the box with its suggestions open."""

    def type_letters(letters):
        from playwright.sync_api import expect

        browser_page.goto("/")
        box = browser_page.get_by_role("combobox", name="looking for")
        box.press_sequentially(letters)
        expect(box).to_have_attribute("aria-expanded", "true")
        return box

    return type_letters


def active(box):
    """The option that a screen reader is told is active."""
    chosen = box.page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert chosen.get_attribute("role") == "option"
    assert box.page.locator("[role=option][aria-selected=true]").count() == 1
    return chosen


def test_arrows_home_and_end_walk_through_the_options(typed, browser_page):
    box = typed("ma")
    options = browser_page.get_by_role("option")
    ids = options.evaluate_all("(all) => all.map((one) => one.id)")
    steps = []

    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown", "End", "Home"):
        box.press(key)
        steps.append(ids.index(active(box).get_attribute("id")))

    last = len(ids) - 1
    assert last >= 3
    assert len(set(ids)) == len(ids)
    assert steps == [0, 1, 0, last, 0, last, 0]
    assert browser_page.evaluate("document.activeElement.id") == "q"


def test_the_list_belongs_to_its_box_and_is_grouped(typed, browser_page):
    box = typed("ma")
    listbox = browser_page.get_by_role("listbox", name="Suggestions")

    assert box.get_attribute("aria-controls") == listbox.get_attribute("id")
    assert box.get_attribute("aria-autocomplete") == "list"
    groups = listbox.get_by_role("group")
    labels = [groups.nth(i).get_attribute("aria-labelledby") for i in range(groups.count())]
    said = [browser_page.locator(f"#{one}").inner_text() for one in labels]
    assert {"Professions", "Places", "Practitioners"} <= {text.capitalize() for text in said}


def test_how_many_there_are_is_announced(typed, browser_page):
    from playwright.sync_api import expect

    typed("ma")
    number = browser_page.get_by_role("option").count()

    expect(
        browser_page.get_by_role("status").filter(has_text=f"{number} suggestions. Use the arrow")
    ).to_have_count(1)


def test_that_there_are_none_is_announced_too(browser_page):
    from playwright.sync_api import expect

    browser_page.goto("/")
    box = browser_page.get_by_role("combobox", name="looking for")
    box.press_sequentially("zqxv")

    expect(browser_page.get_by_role("status").filter(has_text="No suggestions")).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "false")


def test_escape_closes_and_keeps_the_words(typed, browser_page):
    from playwright.sync_api import expect

    box = typed("migr")
    box.press("ArrowDown")
    box.press("Escape")

    expect(browser_page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None
    assert box.input_value() == "migr"


def test_enter_takes_the_active_option_and_does_not_search_yet(typed, browser_page):
    from playwright.sync_api import expect

    box = typed("migr")
    box.press("ArrowDown")
    box.press("Enter")

    expect(box).to_have_value("Migraine")
    expect(browser_page.get_by_role("listbox")).to_have_count(0)
    assert browser_page.url.endswith("/")


def test_enter_without_an_active_option_searches(typed, browser_page):
    box = typed("migr")

    with browser_page.expect_navigation():
        box.press("Enter")

    assert "q=migr" in browser_page.url


def test_a_practitioner_leads_to_their_page(typed, browser_page):
    box = typed("junip")
    option = browser_page.get_by_role("option", name=re.compile("Juniper Exampleton"))
    option.wait_for()
    box.press("ArrowUp")
    with browser_page.expect_navigation():
        box.press("Enter")

    assert browser_page.url.endswith("/practitioners/juniper-exampleton")


def test_the_place_box_suggests_places_alone(browser_page):
    from playwright.sync_api import expect

    browser_page.goto("/")
    box = browser_page.get_by_role("combobox", name="Where?")
    box.press_sequentially("Boul")
    options = browser_page.get_by_role("option")
    expect(options.filter(has_text="Boulder, Colorado")).to_have_count(1)
    kinds = options.evaluate_all("(all) => [...new Set(all.map((one) => one.dataset.kind))]")

    options.filter(has_text="Boulder, Colorado").click()

    assert kinds == ["place"]
    expect(box).to_have_value(re.compile("^Boulder, Colorado"))
    expect(browser_page.get_by_role("listbox")).to_have_count(0)


def test_a_place_chosen_in_the_first_box_moves_to_the_second(typed, browser_page):
    from playwright.sync_api import expect

    typed("Boulder")
    browser_page.get_by_role("option", name=re.compile("Boulder, Colorado")).click()

    expect(browser_page.get_by_role("combobox", name="looking for")).to_have_value("")
    expect(browser_page.get_by_role("combobox", name="Where?")).to_have_value(
        re.compile("^Boulder, Colorado")
    )
