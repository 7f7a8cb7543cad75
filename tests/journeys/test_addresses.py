"""What becomes of an address when its listing moves, hides or is erased."""

import pytest

from directory.models import Listing, Slug, State
from tests import factories

PAGES = ("/practitioners/{}", "/practitioners/{}.vcf")


@pytest.fixture
def changed(runtime):
    """Call it with what happens to a public listing with the slug "rowan"."""

    def change(happen):
        with runtime.transaction() as session:
            listing_id = factories.listing(session, slug="rowan").id
        with runtime.transaction() as session:
            happen(session, session.get(Listing, listing_id))

    return change


def renamed(session, listing):
    listing.slug = "rowan-of-boulder"
    session.add(Slug(slug="rowan", listing_id=listing.id))


def renamed_and_hidden(session, listing):
    renamed(session, listing)
    listing.state = State.HIDDEN


def renamed_and_erased(session, listing):
    renamed(session, listing)
    listing.state = State.ERASED


def erased(session, listing):
    listing.state = State.ERASED


def forgotten(session, listing):
    """Erased so thoroughly that the address alone is left."""
    listing.slug = "free-again"
    session.add(Slug(slug="rowan", listing_id=None))


def hidden(session, listing):
    listing.state = State.HIDDEN


def paused(session, listing):
    listing.state = State.PAUSED


@pytest.mark.parametrize("page", PAGES)
def test_an_old_address_leads_to_the_new_one(changed, client, page):
    changed(renamed)

    answer = client.get(page.format("rowan"))

    assert answer.status_code == 301
    assert answer.location == page.format("rowan-of-boulder")
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("happen", "status"),
    [
        (hidden, 404),
        (paused, 404),
        (renamed_and_hidden, 404),
        (erased, 410),
        (forgotten, 410),
        (renamed_and_erased, 410),
    ],
)
def test_what_is_not_public_is_404_and_what_was_erased_410(changed, client, page, happen, status):
    changed(happen)

    answer = client.get(page.format("rowan"))

    assert answer.status_code == status
    assert "Rowan Testerly" not in answer.text
    assert "Find a practitioner" in answer.text  # a way on
    assert answer.headers["X-Robots-Tag"] == "noindex"
