"""Two tabs, one of which was signed out: what was typed in the other is saved all the same."""

import pytest

from directory.models import Listing, WorkingCopy
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("signs_in_first", [True, False])
def test_signed_out_in_another_tab_nothing_typed_is_lost(
    new_page, live_data, scripts, signs_in_first
):
    email = f"tabs-{scripts}-{signs_in_first}@practice.example".lower()

    def begin(session):
        owner = factories.account(session, email)
        return factories.listing(session, owner_id=owner.id, slug=email.split("@")[0]).id

    number = live_data(begin)
    page = new_page(java_script_enabled=scripts, viewport={"width": 360, "height": 740})
    sign_in_page(page, email)
    page.goto(f"/my/listing/{number}/edit/you")
    other = page.context.new_page()
    other.goto("/account/")
    other.get_by_role("button", name="Sign out here").click()
    other.get_by_role("heading", name="signed out").wait_for()
    page.get_by_role("textbox", name="Your name", exact=True).fill("Rowan Othertab")
    if signs_in_first:
        sign_in_page(other, email)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("heading", name="open too long").wait_for()
    looks = (too_wide(page), violations(page) if scripts else [])
    if not signs_in_first:
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Sign in in another tab").click()
        sign_in_page(opened.value, email)
        page.get_by_role("button", name="Send it again").click()
    page.get_by_text("Press once more.").wait_for()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/edit/work*")

    def written(session):
        copy = session.get(WorkingCopy, number)
        return copy.content.name if copy else session.get(Listing, number).live.content.name

    assert live_data(written) == "Rowan Othertab"
    assert looks == ([], [])
