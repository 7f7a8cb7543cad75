"""A visitor reports, with a script that proves it is no robot; admins see to what was said."""

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from directory.models import Account, Actor, Listing, Report, Role, State
from directory.usecases.curation import credentials
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

EMAIL = "thea@association.example"
SLUG = "thistle-reportable"
ROSTER = b"""name,email,credential,expires
Thistle Reportable,t@practice.example,cst-t,2027-01-31
Somebody Else,else@practice.example,cst-t,2027-01-31
"""
SLOWER_THAN_A_ROBOT = 3_100  # milliseconds on the form
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def fill(session):
    """One listing that is checked, and one that is the same person's; an account to be an admin."""
    factories.account(session, EMAIL)
    today = datetime.now(UTC).date()
    old = today - timedelta(days=200)
    name = "Thistle Reportable"
    listing = factories.listing(session, on=old, name=name, slug=SLUG, email="t@practice.example")
    other = factories.listing(session, on=old, name=name, slug=f"{SLUG}-2", about="Again.")
    credentials.record(
        session,
        listing.id,
        "cst-t",
        issuer="Upledger Institute",
        method="register",
        expires_on=today + timedelta(days=300),
        by=Actor(1, Role.ADMIN),
        at=datetime.now(UTC),
    )
    return listing.id, other.id


def promote(session):
    account = session.scalars(select(Account).where(Account.email == EMAIL)).one()
    account.role, account.tf_primary_method = Role.ADMIN, "authenticator"
    return session.scalars(select(Report.id)).one()


def put_away(session):
    """Others count who is public."""
    for one in session.scalars(select(Listing).where(Listing.slug.startswith(SLUG))):
        one.state = State.HIDDEN


def looked_at(page, found, sizes=(NARROW,)):
    """What is wrong with the page at these widths, in light and dark."""
    for size in sizes:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        name = f"{page.url.partition('//')[2].partition('/')[2]} {size['width']}"
        if wrong := [*violations(page), *too_wide(page)]:
            found[name] = wrong
    page.emulate_media(color_scheme="light")


def test_what_a_visitor_reports_reaches_admins_and_all_pages_are_sound(new_page, live_data):
    listing, other = live_data(fill)
    page, found = new_page(viewport=NARROW, color_scheme="light"), {}
    page.goto(f"/practitioners/{SLUG}")
    expect(page.get_by_text("checked with Upledger Institute on")).to_be_visible()
    looked_at(page, found)
    page.get_by_role("link", name="Report a problem with this listing").click()
    opened = monotonic()
    looked_at(page, found)
    page.get_by_role("radio", name="It has moved").check()
    page.get_by_label("What should we know?").fill("To the next street.")
    page.get_by_label("Your e-mail address").fill("visitor@home.example")
    page.wait_for_timeout(max(0, SLOWER_THAN_A_ROBOT - 1000 * (monotonic() - opened)))
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert page.context.cookies() == []

    page = new_page(viewport=WIDE, color_scheme="light")
    sign_in_page(page, EMAIL)
    report = live_data(promote)
    for path in (
        "/admin/reports",
        f"/admin/reports/{report}",
        f"/admin/checks/{listing}",
        f"/admin/merge?keep={listing}&other={other}",
        f"/admin/hide/{listing}",
        "/admin/aging",
        "/admin/do-not-list",
    ):
        page.goto(path)
        looked_at(page, found, (NARROW, WIDE) if "merge" in path else (NARROW,))
    page.goto("/admin/checks/roster")
    page.get_by_label("Whose roster is it?").fill("Upledger Institute")
    roster = {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER}
    page.get_by_label("CSV file").set_input_files(roster)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("button", name="Do it")).to_be_visible()
    looked_at(page, found)
    page.goto(f"/admin/reports/{report}")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Nothing is reported")).to_be_visible()
    live_data(put_away)

    assert found == {}
