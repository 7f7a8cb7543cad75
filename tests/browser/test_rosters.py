"""An admin sends a roster, says what a value means, and imports it: on a phone and on a desk."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from directory.models import Account, Listing, Role, State
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

EMAIL = "ines@association.example"
ROSTER = (
    "Association 2026\n\nMember No.;Name;Trade;Town;State;Nation;Taking new clients?\n"
    "R16-1;TESTERLY, Rowan;LMT;Boulder;CO;USA;Waiting list\n"
    "R16-2;Juniper Pretend;wizard;Boulder;CO;USA;waiting list\n"
).encode("utf-16")


def fill(session):
    factories.account(session, EMAIL)


def promote(session):
    account = session.scalars(select(Account).where(Account.email == EMAIL)).one()
    account.role, account.tf_primary_method = Role.ADMIN, "authenticator"


def put_away(session):
    for one in session.scalars(select(Listing).where(Listing.import_key.startswith("id:R16-"))):
        one.state = State.HIDDEN


def looked_at(page, found, name):
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if wrong := [*violations(page), *too_wide(page)]:
                found[f"{name} {width} {scheme}"] = wrong


def test_a_roster_is_sent_put_right_by_value_and_imported_by_keyboard(new_page, live_data):
    live_data(fill)
    page, found = new_page(viewport={"width": 360, "height": 740}, color_scheme="light"), {}
    sign_in_page(page, EMAIL)
    live_data(promote)
    page.goto("/admin/imports")
    file = {"name": "members.txt", "mimeType": "text/plain", "buffer": ROSTER}
    page.get_by_label("Roster file").set_input_files(file)
    page.get_by_role("button", name="Send and choose columns").press("Enter")
    expect(page.get_by_label("Taking new clients?")).to_have_value("accepting")
    looked_at(page, found, "columns")
    page.get_by_role("button", name="Show what would happen").press("Enter")
    expect(page.get_by_text("3 cells are kept aside")).to_be_visible()
    looked_at(page, found, "preview")
    page.get_by_label("What “Waiting list” means").select_option("no")
    page.get_by_label("What “wizard” means").fill("bodyworker")
    page.get_by_role("button", name="Read these so, and show again").press("Enter")
    expect(page.get_by_text("0 cells are kept aside")).to_be_visible()
    looked_at(page, found, "put right")
    page.get_by_role("button", name="Import 2 rows").press("Enter")
    expect(page.get_by_role("heading", name="members.txt")).to_be_visible()
    looked_at(page, found, "run")
    live_data(put_away)

    assert found == {}
