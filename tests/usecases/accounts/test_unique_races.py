"""Two who are the first to write one key at the same moment, on PostgreSQL: both get an answer."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from directory.db import reading, writing
from directory.models import Account, Delegate, Kind, Listing, OutgoingMail, Role, Synonym
from directory.usecases.accounts import roles
from directory.usecases.curation import terms
from directory.usecases.practitioners import helping
from tests import factories, stories
from tests.factories import NOW
from tests.races import at_once

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
HANDS = 4


@pytest.fixture
def ada(engine):
    with writing(engine) as session:
        return factories.actor(factories.admin(session))


def test_one_address_that_is_invited_twice_gets_one_account(engine, ada):
    cases = ("new@helper.example", "NEW@helper.example")

    said = at_once(
        engine,
        *(
            lambda session, case=cases[number % 2]: roles.invite(
                session, case, Role.REVIEWER, by=ada, at=NOW
            )
            for number in range(HANDS)
        ),
    )

    assert said == [""] * HANDS
    with reading(engine) as session:
        mine = select(func.count()).where(func.lower(Account.email) == cases[0])
        assert session.scalar(mine) == 1


def test_words_that_two_give_to_different_terms_stand_for_one(engine, ada):
    slugs = ("migraine", "colic")

    said = at_once(
        engine,
        *(
            lambda session, slug=slug: terms.add_synonym(
                session, Kind.CONDITION, slug, "a buzzing head", everyday=True, by=ada, at=NOW
            )
            for slug in slugs
        ),
    )

    assert sorted(said) == ["", "Invalid"]
    with reading(engine) as session:
        same = select(func.count()).where(Synonym.words == "a buzzing head")
        assert session.scalar(same) == 1


def test_listings_of_one_name_that_are_sent_in_at_once_get_addresses_of_their_own(engine):
    with writing(engine) as session:
        owners = [
            factories.actor(factories.account(session, f"{number}@home.example"))
            for number in range(HANDS)
        ]
        ids = [stories.written(session, owner).id for owner in owners]

    said = at_once(
        engine,
        *(
            lambda session, number=number, owner=owner: stories.send(
                session, session.get(Listing, number), owner
            )
            for number, owner in zip(ids, owners, strict=True)
        ),
    )

    assert said == [""] * HANDS
    with reading(engine) as session:
        slugs = Counter(session.scalars(select(Listing.slug)))
    assert max(slugs.values()) == 1
    assert "rowan-testerly-boulder" in slugs


def test_a_helper_who_is_invited_twice_gets_one_invitation(engine):
    with writing(engine) as session:
        owner = factories.actor(factories.account(session))
        listing_id = factories.listing(session, owner_id=owner.account_id).id
    how = {"helping_url": "https://directory.example/help", "by": owner, "at": NOW}

    said = at_once(
        engine,
        *[lambda session: helping.invite(session, listing_id, "new@helper.example", **how)] * HANDS,
    )

    assert said == [""] * HANDS
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Delegate)) == 1
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1
