"""Suggestions as somebody types: cheap enough for every letter."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from directory.models import Listing, State
from directory.usecases.visitors import searching, suggesting
from tests import factories
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_names_cost_one_select_and_accents_do_not_matter(indexed):
    statements = []

    @event.listens_for(indexed.engine, "before_cursor_execute")
    def _(connection, cursor, statement, *rest):
        statements.append(statement)

    with indexed.reading() as session:
        groups = suggesting.suggest(session, indexed.finder(), "elod")

    named = [group for group in groups if group.kind == "practitioner"]
    items = [(item.label, item.words, item.slug) for group in named for item in group.items]
    assert items == [
        (
            "Élodie Démonstration, LMT",
            "Nelson, British Columbia, CA",
            "elodie-demonstration",
        )
    ]
    assert len([statement for statement in statements if "FROM listing" in statement]) == 1


def test_a_town_of_many_names_leaves_room_for_others(indexed):
    labels = [place.label for place in indexed.gazetteer.suggest("los an", limit=4)]

    assert labels[0] == "Los Angeles, California, US"
    assert len(labels) == 4


def test_a_region_may_be_begun_with_or_without_a_comma(indexed):
    first = {
        typed: indexed.gazetteer.suggest(typed)[0].label
        for typed in ("portland, m", "portland m", "new yo", "zür")
    }

    assert first == {
        "portland, m": "Portland, Maine, US",
        "portland m": "Portland, Maine, US",
        "new yo": "New York City, New York, US",
        "zür": "Zürich, Zürich, CH",
    }


@pytest.fixture
def suggested(indexed):
    """Labels by kind for some letters."""

    def ask(text):
        with indexed.reading() as session:
            groups = suggesting.suggest(session, indexed.finder(), text)
        return {group.kind: [item.label for item in group.items] for group in groups}

    return ask


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("port", "place", "Portland, Oregon, US"),
        ("bould", "place", "Boulder, Colorado, US"),
        ("den", "place", "Denver, Colorado, US"),
        ("munch", "place", "Munich, Bavaria, DE"),
        ("span", "wish", "Spanish"),
        ("speaks ger", "wish", "German"),
        ("home vis", "wish", "Home visits"),
        ("house c", "wish", "Home visits"),
        ("wheelch", "wish", "Wheelchair access"),
        ("telehe", "wish", "Works online"),
        ("accepting n", "wish", "Accepting new clients"),
        ("cst-d", "wish", "CST Diplomate certified (CST-D)"),
        ("british si", "wish", "British Sign Language"),
        ("senio", "wish", "Older people"),
        ("kopfsch", "condition", "Headache"),
        ("mal de d", "condition", "Back pain"),
        ("hebam", "profession", "Midwife"),
        ("osteopath muni", "wish", "osteopath near Munich, Bavaria, DE"),
        ("chiropractor in den", "wish", "chiropractor near Denver, Colorado, US"),
        ("colic bould", "wish", "colic near Boulder, Colorado, US"),
        ("wheelchair chirop", "wish", "wheelchair Chiropractor"),
    ],
)
def test_what_is_most_likely_meant_comes_first(suggested, text, kind, label):
    assert suggested(text)[kind][0] == label


@pytest.mark.parametrize("text", ["mig", "aut", "pan", "tmj", "col"])
def test_of_few_letters_a_condition_is_likelier_than_a_far_town(suggested, text):
    assert all("Miguel" not in label for label in suggested(text).get("place", ()))
    assert suggested(text)["condition"]


def test_a_suggestion_of_several_words_leads_to_what_it_says(indexed):
    with indexed.reading() as session:
        groups = suggesting.suggest(session, indexed.finder(), "chiropractor den")
        (wish, *_), *_ = [group.items for group in groups if group.kind == "wish"]
        found = searching.find(session, indexed.finder(), wish.wanted)

    assert found.understood.profession == ("chiropractor",)
    assert found.around.label == "Denver, Colorado, US"
    assert found.understood.text == ""


def test_who_is_hidden_is_suggested_no_more_though_the_index_and_what_is_kept_know_them(indexed):
    def suggested():
        with indexed.reading() as session:
            groups = suggesting.suggest(session, indexed.finder(), "junip")
        return [item.slug for group in groups for item in group.items if item.slug]

    assert suggested() == ["juniper-exampleton"]
    with indexed.transaction() as session:
        session.query(Listing).filter_by(slug="juniper-exampleton").one().state = State.HIDDEN

    assert suggested() == []


def test_a_place_moves_up_as_soon_as_the_index_knows_of_somebody_there(indexed):
    def first():
        with indexed.reading() as session:
            groups = suggesting.suggest(session, indexed.finder(), "springfie")
        return next(g.items[0].label for g in groups if g.kind == "place")

    before = first()
    place = next(
        one
        for one in indexed.gazetteer.suggest("springfie", limit=suggesting.PLACES_WEIGHED)
        if one.label != before and not one.is_area
    )
    there = replace(factories.BOULDER, lat=place.point.lat, lon=place.point.lon)
    with indexed.transaction() as session:
        factories.listing(session, name="Only There", practices=(there,))
    rebuild_index(indexed.config)

    assert first() == place.label
