"""An admin finds Maria Lopez, changes her telephone number for her, and she is told: by keyboard."""

import hashlib
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from directory.models import Account, Handover, Listing, OutgoingMail, Role, State
from directory.usecases.practitioners import consenting
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

ADMIN, OWNER = "grace@association.example", "maria@lopez.example"
PHONE = "+1 303-555-0100"
TOKEN = "made-up-and-long-enough"


def fill(session):
    factories.account(session, ADMIN)
    owner = factories.account(session, OWNER)
    made = factories.listing(
        session, name="Maria Lopez", slug="maria-lopez", owner_id=owner.id, phone="+13035550199"
    )
    by = factories.actor(owner)
    consenting.give(session, made.id, consenting.GROUPS, by=by, at=factories.NOW)
    nobodys = factories.listing(session, name="Nobody Keeps", state=State.DRAFT)
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    session.add(
        Handover(listing_id=nobodys.id, email=OWNER, token=digest, invited_at=datetime.now(UTC))
    )
    return made.id, nobodys.id


def promote(session):
    account = session.scalars(select(Account).where(Account.email == ADMIN)).one()
    account.role, account.tf_primary_method = Role.ADMIN, "authenticator"


def put_away(session):
    """Others count who is public."""
    session.scalars(select(Listing).where(Listing.slug == "maria-lopez")).one().state = State.HIDDEN


def told(session):
    mails = select(OutgoingMail.kind).where(OutgoingMail.recipient == OWNER)
    return list(session.scalars(mails))


@pytest.fixture
def grace(new_page, live_data):
    """An admin's page, and the numbers of hers and of one that nobody keeps."""
    numbers = live_data(fill)
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    sign_in_page(page, ADMIN)
    live_data(promote)
    yield page, *numbers
    live_data(put_away)


def look(page):
    """What is wrong with a page, narrow and wide, light and dark."""
    found = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found += [*too_wide(page), *violations(page)]
    page.emulate_media(color_scheme="light")
    return found


def press(page, role, name):
    """Go there and press, with no mouse."""
    there = page.get_by_role(role, name=name).first
    there.focus()
    expect(there).to_be_focused()
    page.keyboard.press("Enter")


def test_maria_lopez_is_found_changed_for_her_and_told(grace, live_data):
    page, number, nobodys = grace

    page.goto(f"/admin/listings/{number}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maria Lopez, LMT")
    assert look(page) == []
    page.get_by_label("A note for the other admins").fill("She called: a new number.")
    press(page, "button", "Write it down")
    expect(page.locator("#notes ~ ul")).to_contain_text("She called: a new number.")

    press(page, "button", "Change it for its owner")
    expect(page.get_by_text("You change this listing for whoever keeps it")).to_be_visible()
    assert look(page) == []
    press(page, "link", "How to reach you")
    expect(page.get_by_text("You change this listing for whoever keeps it")).to_be_visible()
    page.get_by_label("Telephone").fill(PHONE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/times")
    page.goto(f"/my/listing/{number}/check")
    expect(page.locator("main")).to_contain_text(PHONE)
    assert look(page) == []
    press(page, "button", "Send in")

    page.wait_for_url(f"**/admin/listings/{number}")
    expect(page.get_by_role("status")).to_contain_text("its owner is told")
    assert "edited-for-you" in live_data(told)
    page.goto("/practitioners/maria-lopez")
    expect(page.locator("main")).to_contain_text("303")

    # Another one is made by hand, and thrown away.
    page.goto("/admin/listings/new")
    assert look(page) == []
    press(page, "button", "Begin a new listing")
    expect(page.get_by_role("heading", level=1)).to_have_text("A new listing")
    press(page, "button", "Throw away what was changed")

    page.wait_for_url("**/admin/listings/new")
    expect(page.get_by_role("status")).to_contain_text("is gone")

    # One that nobody keeps is handed over; there is nobody to write to.
    page.goto(f"/admin/listings/{nobodys}")
    expect(page.get_by_text("so nobody is there to get a mail")).to_be_visible()
    expect(page.get_by_label("Hand it over to its practitioner")).to_be_visible()
    assert look(page) == []
    page.goto(f"/claim/invitation/{TOKEN}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this your listing?")
    assert look(page) == []
