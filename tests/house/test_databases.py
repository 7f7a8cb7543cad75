"""The databases that tests get: filled, empty of listings, and a test's own."""

import pytest
from sqlalchemy import func, select

from directory.db import reading
from directory.models import Condition, Listing
from directory.places import tables
from tests import factories
from tests.databases import BOTH

pytestmark = pytest.mark.parametrize("database_url", BOTH, indirect=True)


@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_begins_without_listings(session, engine, time):
    factories.dozen(session)
    session.commit()

    with reading(engine) as other:
        assert other.scalar(select(func.count(Listing.id))) == len(factories.DOZEN)


def test_places_and_taxonomy_are_there(session):
    assert session.scalar(select(func.count()).select_from(tables.towns)) > 150_000
    assert session.get(Condition, "migraine").label == "Migraine"


def test_a_factory_listing_is_live_and_one_change_in_it_is_kept(session):
    made = factories.listing(session, name="Aster Invented", slug="aster")
    session.commit()

    session.expire_all()
    assert made.shown(factories.TODAY)
    assert made.live.content.name == "Aster Invented"
    assert made.live.content.practices == (factories.BOULDER,)
