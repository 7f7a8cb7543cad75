"""Demo people to search among."""

import pytest

from directory.files.demo import people
from directory.models import Taxonomy
from directory.places import big_towns
from directory.usecases.imports import intake
from tests.sites import rebuild_index

PEOPLE = 500


@pytest.fixture
def demo(runtime):
    """The site with its demo listings, indexed."""
    with runtime.transaction() as session:
        towns = big_towns.of(session, people.COUNTRIES, least_people=people.LEAST_PEOPLE)
        drafts = people.demo_drafts(PEOPLE, 1, Taxonomy.load(session), towns, runtime.today())
        intake.load_demo(session, drafts, by="test", at=runtime.clock())
    rebuild_index(runtime.config)
    return runtime
