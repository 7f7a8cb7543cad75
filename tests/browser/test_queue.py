"""The queue by keyboard: fifty plain listings, one that is read, and ways back."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from directory.models import Account, Listing, Role, State
from directory.usecases.listings import waiting
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

EMAIL = "ada@association.example"
MANY = 52
PLAIN = "/admin/queue?reason=imported"
KEY = "keys:"


def fill(session):
    """Fifty-two from a list, public before; their new telephone numbers ask for no closer look."""
    factories.account(session, EMAIL)
    at = datetime.now(UTC)
    made = []
    for number in range(MANY):
        name = f"Plain{number} Keysworth{number}"
        content = factories.draft(
            name=name, email=f"p{number}@practice.example", practices=(factories.PORTLAND,)
        )
        one = Listing(
            slug=f"plain-{number}",
            state=State.DRAFT,
            import_key=f"{KEY}{number}",
            confirmed_on=at.date(),
            created_at=at,
            is_demo=False,
        )
        session.add(one)
        one.approve(one.propose(content, at=at), on=at.date())
        one.propose(replace(content, phone=f"+1 971-555-01{number:02}"), at=at)
        made.append(one)
    waiting.enqueue_many(session, made)


def promote(session):
    account = session.scalars(select(Account).where(Account.email == EMAIL)).one()
    account.role, account.tf_primary_method = Role.ADMIN, "authenticator"


def put_away(session):
    """Others count who is public."""
    for one in session.scalars(select(Listing).where(Listing.import_key.startswith(KEY))):
        one.state = State.HIDDEN


def still_waiting(session):
    mine = select(Listing).where(
        Listing.import_key.startswith(KEY), Listing.pending_id.is_not(None)
    )
    return len(session.scalars(mine).all())


@pytest.fixture
def admin_page(new_page, live_data):
    live_data(lambda session: fill(session))
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    sign_in_page(page, EMAIL)
    live_data(lambda session: promote(session))
    yield page
    live_data(lambda session: put_away(session))


def look(page):
    """What is wrong with a page, narrow and wide, light and dark."""
    found = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found += [*too_wide(page), *violations(page)]
    page.emulate_media(color_scheme="light")
    return found


def test_fifty_plain_ones_by_keyboard_and_one_that_is_read(admin_page, live_data, capsys):
    page, keyboard = admin_page, admin_page.keyboard

    # The list: one key each.
    page.goto(PLAIN)
    expect(page.locator("[data-row]")).to_have_count(50)
    assert look(page) == []
    pressed, began = 0, perf_counter()
    for _ in range(50):
        keyboard.press("a")
        pressed += 1
    approved = page.locator("[data-says]").filter(has_text=re.compile("^Approved"))
    expect(approved).to_have_count(50, timeout=60_000)
    took = perf_counter() - began
    with capsys.disabled():
        print(f"\n50 plain listings approved with {pressed} keys in {took:.1f} s")
    assert pressed <= 2 * 50
    assert live_data(still_waiting) == MANY - 50
    keyboard.press("u")
    expect(page.locator(".done-line")).to_contain_text("Undone: it waits again")
    assert live_data(still_waiting) == MANY - 49

    # The switch: off, no key does anything; it is remembered.
    page.get_by_role("button", name="Keyboard shortcuts: on").click()
    page.goto(PLAIN)
    expect(page.get_by_role("button", name="Keyboard shortcuts: off")).to_be_visible()
    keyboard.press("a")
    page.get_by_role("button", name="Keyboard shortcuts: off").click()
    keyboard.press("?")
    expect(page.get_by_role("heading", name="What the keys do")).to_be_visible()
    keyboard.press("Escape")
    assert live_data(still_waiting) == MANY - 49

    # One is read; keys typed in a box are letters.
    keyboard.press("j")
    keyboard.press("Enter")
    page.wait_for_url("**/admin/review/*")
    assert look(page) == []
    first = page.locator(".admin-page > h1").inner_text()
    expect(page.get_by_role("button", name="Ask for changes")).to_have_count(0)  # nobody is there
    keyboard.press("e")
    keyboard.press("r")
    keyboard.type("area")
    expect(page.locator("#notes")).to_have_value("area")
    page.get_by_label("Ready-made words").first.select_option(label="Photo")
    expect(page.locator("#notes")).to_have_value(
        "area\nPlease use a photo of yourself in which your face can be seen."
    )
    page.locator(".admin-page > h1").click()

    # Decided, the next one is there, and the way back.
    keyboard.press("a")
    expect(page.locator(".done-line")).to_contain_text(f"Approved: {first}")
    assert page.locator(".admin-page > h1").inner_text() != first
    assert live_data(still_waiting) == MANY - 50
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    keyboard.press("u")
    expect(page.locator(".admin-page > h1")).to_have_text(first)
    expect(page.locator(".done-line")).to_contain_text(f"Undone: {first} waits again.")
    assert live_data(still_waiting) == MANY - 49
