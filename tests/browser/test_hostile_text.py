"""What somebody writes into a listing is shown as text, wherever it appears."""

import pytest

pytestmark = pytest.mark.browser

NAME = "Maple <script>alert(1)</script>"


@pytest.fixture
def page(browser_page):
    """A page on which a dialog, the sign of a script that ran, fails the test."""
    dialogs = []

    def shown(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    browser_page.on("dialog", shown)
    yield browser_page
    assert dialogs == []


def inline_scripts(page):
    return page.evaluate(
        "[...document.scripts].filter((one) => !one.src && one.type !== 'application/ld+json').length"
    )


def test_on_its_card_and_in_its_popup(page):
    page.goto("/search?profession=bodyworker")
    card = page.locator("#results .card h2 a").inner_text()
    page.get_by_role("button", name="Show map").click()
    page.locator(".pin").click()
    popup = page.locator(".leaflet-popup-content a")
    popup.wait_for()

    assert (card, popup.inner_text()) == (NAME, NAME)
    assert inline_scripts(page) == 0


def test_on_its_own_page(page):
    page.goto("/practitioners/maple")

    assert page.get_by_role("heading", level=1).inner_text() == f"{NAME}, LMT"
    assert 'Says "quotes" & <b>tags</b>.' in page.get_by_role("main").inner_text()
    assert page.locator("main b", has_text="tags").count() == 0
    assert NAME in page.title()
    assert inline_scripts(page) == 0


def test_among_the_suggestions(page):
    page.goto("/")
    page.get_by_role("combobox", name="looking for").press_sequentially("maple")
    option = page.get_by_role("option").filter(has_text="alert(1)")
    option.wait_for()

    assert NAME in option.inner_text()
    assert inline_scripts(page) == 0


def test_on_the_shortlist(page):
    from playwright.sync_api import expect

    page.goto("/practitioners/maple")
    page.get_by_role("button", name="Keep Maple").click()
    page.goto("/shortlist")

    expect(page.get_by_role("rowheader").get_by_role("link")).to_have_text(f"{NAME}, LMT")
    assert inline_scripts(page) == 0


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cimg+src=x+onerror=alert(1)%3E",
        "/search?near=%22%3E%3Csvg+onload=alert(1)%3E",
        "/search?profession=%3Cscript%3Ealert(1)%3C/script%3E",
        "/practitioners/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/shortlist?s=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_what_a_visitor_types_is_text_too(page, path):
    page.goto(path, wait_until="load")

    assert inline_scripts(page) == 0
    assert page.locator("main img, main svg[onload], [onerror]").count() == 0
