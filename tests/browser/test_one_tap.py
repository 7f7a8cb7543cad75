"""From the mail to the tap, as a person does it; then how the listing stands."""

from datetime import UTC, datetime, timedelta

import pytest

from directory.models import Listing
from directory.usecases.practitioners import confirming
from tests import factories
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

TAPPER = "tapper@practice.example"


@pytest.fixture
def live_key(live_server, tmp_path_factory) -> str:
    """What the live server signs with; it lies in its folder."""
    return next(tmp_path_factory.getbasetemp().glob("live*/var/secret-key")).read_text()


def test_a_mail_a_tap_without_signing_in_and_then_why_am_i_not_found(
    phone_page, live_server, live_data, live_mailbox, live_key
):
    now = datetime.now(UTC)
    long_ago = now.date() - timedelta(days=200)

    def begin(session):
        owner = factories.account(session, TAPPER)
        listing = factories.listing(session, on=long_ago, slug="one-tap", owner_id=owner.id)
        confirming.remind(session, at=now, base_url=live_server, key=live_key)
        return listing.id

    def confirmed_on():
        return live_data(lambda session: session.get(Listing, listing_id).confirmed_on)

    listing_id = live_data(begin)
    mail = live_mailbox.wait_for(TAPPER, "still right")
    page = phone_page

    page.goto(mail.link("/still-right/"))
    opened, found = confirmed_on(), violations(page)
    page.get_by_role("button", name="All still right").click()
    page.get_by_role("heading", name="Thank you").wait_for()

    assert (opened, confirmed_on()) == (long_ago, now.date())
    assert page.context.cookies() == []

    sign_in_page(page, TAPPER)
    page.goto(f"/my/listing/{listing_id}/found")
    page.get_by_label("What or who?").fill("chiropractor")
    page.get_by_label("Where?").fill("Denver, CO")
    page.get_by_role("button", name="Look").click()
    page.get_by_text("does not name this profession: Chiropractor").wait_for()

    assert found + violations(page) == []
