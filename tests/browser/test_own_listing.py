"""From sign-up to sent in, by keyboard alone, with axe looking at every page on the way."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

EMAIL = "onlykeys@home.example"
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


class Keys:
    """A page that is used by keyboard alone."""

    def __init__(self, page):
        self.page = page

    def reach(self, role, name):
        """Press Tab until the focus is there."""
        target = self.page.get_by_role(role, name=name).first
        target.wait_for()
        for _ in range(150):
            if target.evaluate("(one) => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {role} {name!r}")

    def go(self, role, name):
        """Press Enter there, and wait for the page that it leads to."""
        self.reach(role, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name, words):
        """Type into the box of that name."""
        self.reach("textbox", name)
        self.page.keyboard.type(words)

    def choose(self, name, words):
        """Type into a box that offers choices, and take the first."""
        self.reach("combobox", name)
        self.page.keyboard.type(words)
        self.page.get_by_role("option").first.wait_for()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")


def sign_up_and_in(keys, mailbox):
    """An account, confirmed by the link in the mail, and signed in."""
    keys.page.goto("/account/sign-up")
    keys.write("E-mail address", EMAIL)
    keys.go("button", "Make the account")
    keys.page.goto(mailbox.wait_for(EMAIL).link("/account/confirm/"))
    keys.go("button", "Confirm")
    keys.write("Password", factories.PASSWORD)
    keys.go("button", "Set the password")
    keys.write("E-mail address", EMAIL)
    keys.page.keyboard.press("Tab")
    keys.page.keyboard.type(factories.PASSWORD)
    keys.go("button", "Sign in")


def say_everything_needed(keys):
    """The four steps that a listing needs, each saved by keyboard."""
    keys.go("link", "Begin: Who you are")
    keys.write("Your name", "Keyboard Onlywright")
    keys.go("button", "Save and go to all steps")
    keys.go("link", "Go on: Professions and training")
    keys.choose("Type a few letters", "massage")
    keys.go("button", "Save and go to all steps")
    keys.go("link", "Go on: Where you work")
    keys.go("link", "Add a place")
    keys.reach("combobox", "Country")
    keys.page.keyboard.type("United States")
    keys.write("Town", "Boulder")
    keys.write("Region, state or county", "Colorado")
    keys.go("button", "Save and see it on the map")
    keys.go("button", "Yes, this is right")
    keys.go("button", "Save and go to all steps")
    keys.go("link", "Go on: How to reach you")
    keys.write("E-mail", "onlywright@practice.example")
    keys.go("button", "Save and go to all steps")


def test_from_sign_up_to_sent_in_by_keyboard_alone(new_page, live_mailbox):
    page, found = new_page(viewport=NARROW), []
    keys = Keys(page)

    def look(viewport=NARROW):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme="light")
        found.extend((page.url, one) for one in violations(page))
        found.extend((page.url, one) for one in too_wide(page))

    sign_up_and_in(keys, live_mailbox)
    page.wait_for_url("**/my/listing")
    look()
    keys.go("button", "Make my listing")
    home = page.url
    say_everything_needed(keys)
    look()
    for view in ("page", "phone", "card"):
        page.goto(f"{home}/preview?view={view}")
        look(WIDE if view != "card" else NARROW)
    page.goto(home)
    keys.go("link", "Check your answers and send in")
    keys.go("button", "Send in")
    expect(page.get_by_role("alert")).to_be_focused()
    look(WIDE)
    keys.reach("link", "Your name and photo")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your name and photo")).to_be_focused()
    for group in ("Your name and photo", "Your work", "Where you work", "How to reach you"):
        keys.reach("checkbox", group)
        page.keyboard.press("Space")
    keys.go("button", "Send in")

    expect(page.get_by_role("heading", name="Thank you, we have it")).to_be_visible()
    expect(page.get_by_role("heading", name="Waiting to be read")).to_be_visible()
    assert "Keyboard Onlywright" in live_mailbox.wait_for(EMAIL, "Keyboard Onlywright").subject
    look()
    assert found == []
