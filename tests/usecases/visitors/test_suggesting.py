"""Suggestions as somebody types: cheap enough for every letter."""

import pytest
from sqlalchemy import event

from directory.usecases.visitors import looking

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_names_cost_one_select_and_accents_do_not_matter(indexed):
    statements = []

    @event.listens_for(indexed.engine, "before_cursor_execute")
    def _(connection, cursor, statement, *rest):
        statements.append(statement)

    with indexed.reading() as session:
        groups = looking.suggest(session, indexed.finder(), "elod")

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
