"""One's own data in a real browser and by real mail: claim, take a copy, invite, erase."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

ME, LISTED, FRIEND = "claimant@home.example", "listed@practice.example", "friend@home.example"


def test_claim_then_a_copy_a_helper_and_erasure(phone_page, new_page, live_data, live_mailbox):
    def begin(session):
        for email in (ME, FRIEND):
            factories.account(session, email)
        today = datetime.now(UTC).date()
        factories.listing(session, on=today, name="Claimed Listing", slug="claimed", email=LISTED)

    live_data(begin)
    page, found = phone_page, []

    def look():
        page.emulate_media(color_scheme="light")
        found.extend((page.url, one) for one in violations(page))
        found.extend((page.url, one) for one in too_wide(page))

    sign_in_page(page, ME)
    page.goto("/claim/claimed")
    look()
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill("0")
    page.get_by_role("button", name="This listing is mine").click()
    page.get_by_role("alert").wait_for()
    look()
    code = re.search(r"\d{4} \d{4}", live_mailbox.wait_for(LISTED, "Your code").text).group()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="This listing is mine").click()
    page.wait_for_url("**/my/listing/*")
    home = page.url
    live_mailbox.wait_for(ME, "yours now")

    page.goto("/account/export")
    look()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    copy = json.loads(Path(download.value.path()).read_text())
    assert copy["tables"]["listing"][0]["slug"] == "claimed"
    page.goto(f"{home}/consent")
    look()

    page.goto(f"{home}/helpers")
    page.get_by_label("Their e-mail address").fill(FRIEND)
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("not answered yet").wait_for()
    look()
    friend = new_page()
    sign_in_page(friend, FRIEND)
    friend.goto(live_mailbox.wait_for(FRIEND, "help with a listing").link("/helping/"))
    found.extend((friend.url, one) for one in violations(friend))
    friend.get_by_role("button", name="Accept").click()
    friend.wait_for_url(home)

    page.goto("/account/erase")
    look()
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Go on to the last step").click()
    page.get_by_role("link", name="Tick the box").click()
    page.keyboard.press("Space")
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Go on to the last step").click()
    page.get_by_text("This is the last step.").wait_for()
    look()
    page.get_by_role("button", name="Erase my account").click()
    page.get_by_role("heading", name="Your account is erased").wait_for()
    look()
    live_mailbox.wait_for(ME, "account is erased")

    assert found == []
    assert page.goto("/practitioners/claimed").status in (404, 410)
    assert friend.goto(home).status == 404
    page.goto("/account/")
    assert "/account/sign-in" in page.url
