"""The databases that tests get: filled, empty of listings, and a test's own."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from directory.db import reading
from directory.models import Condition, Listing
from directory.places import tables
from tests import databases, factories
from tests.databases import BOTH

TESTS = Path(databases.__file__).parent
# They reach the database by verbs that tests elsewhere try on both.
SPEAKING = ("indexer", "journeys", "usecases")
on_both = pytest.mark.parametrize("database_url", BOTH, indirect=True)


@pytest.mark.parametrize("folder", SPEAKING)
def test_whatever_lies_below_these_folders_runs_on_both_databases(folder):
    files = [path for path in TESTS.rglob("test_*.py") if f"/tests/{folder}/" in path.as_posix()]

    kinds = {path.name: databases.kinds_for(path) for path in files}

    assert len(kinds) >= 3
    assert kinds == dict.fromkeys(kinds, BOTH)


def test_what_this_run_has_collected_there_is_on_both_databases(request):
    if request.config.option.keyword or "::" in "".join(request.config.args):
        pytest.skip("of some tests a part was chosen")
    ours = [item for item in request.session.items if _lies_there(item) and not _says(item)]
    found: dict[str, set[str]] = {}
    for item in ours:
        kinds = found.setdefault(f"{item.path}::{item.originalname}", set())
        kinds.add(item.callspec.params["database_url"])

    assert [name for name, kinds in found.items() if kinds != set(BOTH)] == []


def _lies_there(item: pytest.Item) -> bool:
    there = any(f"/tests/{folder}/" in item.path.as_posix() for folder in SPEAKING)
    return there and "database_url" in item.fixturenames


def _says(item: pytest.Item) -> bool:
    return any(mark.args[0] == "database_url" for mark in item.iter_markers("parametrize"))


@on_both
@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_begins_without_listings(session, engine, time):
    factories.dozen(session)
    session.commit()

    with reading(engine) as other:
        assert other.scalar(select(func.count(Listing.id))) == len(factories.DOZEN)


@on_both
def test_places_and_taxonomy_are_there(session):
    assert session.scalar(select(func.count()).select_from(tables.towns)) > 150_000
    assert session.get(Condition, "migraine").label == "Migraine"


@on_both
def test_a_factory_listing_is_live_and_one_change_in_it_is_kept(session):
    made = factories.listing(session, name="Aster Invented", slug="aster")
    session.commit()

    session.expire_all()
    assert made.shown(factories.TODAY)
    assert made.live.content.name == "Aster Invented"
    assert made.live.content.practices == (factories.BOULDER,)
