"""Finding the listing that is there already, by what people write differently."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.errors import NotFound
from directory.models import State, WorkingCopy
from directory.usecases.listings import duplicates
from tests import factories
from tests.factories import BOULDER, DENVER, NOW, PORTLAND, TODAY

OTHER = {"name": "Somebody Else", "email": "else@x.example", "practices": (PORTLAND,)}


def reasons(session, mine, **theirs):
    """Why a listing like `theirs` would be taken for that of the draft `mine`."""
    factories.listing(session, **theirs)
    found = duplicates.likely(session, mine, besides=None, on=TODAY)
    return [str(reason) for one in found for reason in one.reasons]


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("(303) 555-0100", "+1 303-555-0100"),
        ("+1 303 555 0100", "303.555.0100"),
        ("089 12345678", "+49 89 12345678"),
    ],
)
def test_a_telephone_number_is_known_however_it_is_written(session, typed, listed):
    mine = factories.draft(**OTHER, phone=typed)

    assert reasons(session, mine, phone=listed) == ["the same telephone number"]


def test_too_few_digits_are_no_telephone_number(session):
    assert reasons(session, factories.draft(**OTHER, phone="0100"), phone="+1 303-555-0100") == []


def test_an_address_for_mail_is_known_in_capitals(session):
    mine = factories.draft(**OTHER | {"email": "ROWAN@Practice.example"})

    assert reasons(session, mine) == ["the same e-mail address"]


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("http://rowan.example", "https://www.Rowan.example/"),
        ("https://www.clinic.example/team/rowan/", "http://clinic.example/team/rowan"),
    ],
)
def test_a_website_is_known_however_it_is_written(session, typed, listed):
    mine = factories.draft(**OTHER, website=typed)

    assert reasons(session, mine, website=listed) == ["the same website"]


def test_two_people_on_one_website_are_two(session):
    mine = factories.draft(**OTHER, website="https://clinic.example/team/ash")

    assert reasons(session, mine, website="https://clinic.example/team/rowan") == []


def test_the_same_name_nearby_in_any_order_and_without_accents(session):
    near = replace(BOULDER, locality="Louisville", lat=39.9778, lon=-105.1319)
    mine = factories.draft(name="TESTERLY, Rówan", email="", practices=(near,))

    assert reasons(session, mine) == ["the same name, nearby"]


def test_the_same_name_in_the_same_town_without_a_position(session):
    nowhere = replace(BOULDER, address="", lat=None, lon=None, precision="")
    mine = factories.draft(email="", practices=(nowhere,))

    assert reasons(session, mine) == ["the same name, nearby"]


@pytest.mark.parametrize("place", [PORTLAND, DENVER])
def test_the_same_name_far_away_is_somebody_else(session, place):
    assert reasons(session, factories.draft(email="", practices=(place,))) == []


def test_300_west_is_300_w(session):
    theirs = replace(BOULDER, address="300 W. Main St., Suite 4")
    mine = replace(BOULDER, address="300 West Main Street, Ste 4", lat=None, lon=None, precision="")
    typed = factories.draft(name="R. Testerly", email="", practices=(mine,))

    assert reasons(session, typed, practices=(theirs,)) == [
        "the same address, and part of the name"
    ]


def test_colleagues_at_one_address_and_a_hidden_address_are_left_in_peace(session):
    hidden = replace(BOULDER, hide_address=True)
    half = factories.draft(name="R. Testerly", email="")

    assert reasons(session, factories.draft(name="Ash Colleague", email="")) == []
    assert reasons(session, half, slug="at-home", email="h@x.example", practices=(hidden,)) == [
        "the same address, and part of the name"  # of the one before, in the open
    ]


@pytest.mark.parametrize(
    "changes", [{"state": State.PAUSED}, {"state": State.HIDDEN}, {"on": TODAY - timedelta(365)}]
)
def test_what_is_not_public_stays_unknown(session, changes):
    assert reasons(session, factories.draft(), **changes) == []


def test_one_s_own_listing_is_no_duplicate_and_the_likeliest_comes_first(session):
    keeper = factories.account(session)
    mine = factories.listing(session, owner_id=keeper.id)
    weak = factories.listing(session, slug="weak", name="Else", practices=(PORTLAND,))
    strong = factories.listing(session, slug="strong", owner_id=keeper.id)

    found = duplicates.likely(session, factories.draft(), besides=mine.id, on=TODAY)

    assert [one.slug for one in found] == ["strong", "weak"]
    assert [one.claimable for one in found] == [False, True]
    assert found[0].town == "Boulder, Colorado, US"
    assert {one.listing_id for one in found} == {weak.id, strong.id}


def test_what_is_being_written_is_compared_and_only_for_its_keeper(session):
    keeper, stranger = factories.account(session), factories.account(session, "s@x.example")
    factories.listing(session, slug="there")
    mine = factories.listing(session, slug="new", state=State.DRAFT, owner_id=keeper.id, **OTHER)
    session.add(WorkingCopy(listing_id=mine.id, content=factories.draft(), typed={}, saved_at=NOW))
    session.flush()

    found = duplicates.alike(session, mine.id, by=factories.actor(keeper), on=TODAY)

    assert [one.slug for one in found] == ["there"]
    with pytest.raises(NotFound):
        duplicates.alike(session, mine.id, by=factories.actor(stranger), on=TODAY)
