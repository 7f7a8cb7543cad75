"""Ways on: what each single wish less would give, with its exact total."""

import pytest

from tests.asking import asking

# What SQL does here is one SELECT, which journeys try on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def find(indexed):
    return asking(indexed)


def ways(results, drop):
    """What each way of that kind says and would give."""
    return {str(way.label): way.total for way in results.relaxations if way.drop == drop}


def test_two_conditions_chosen_can_be_dropped_one_at_a_time(find):
    results = find(("condition", "migraine"), ("condition", "tmj"))

    assert results.total == 0
    assert ways(results, "condition") == {
        "without Jaw pain (TMJ)": find(("condition", "migraine")).total,
        "without Migraine": find(("condition", "tmj")).total,
    }
    kept = {str(way.label): way.wanted.condition for way in results.relaxations}
    assert kept == {"without Jaw pain (TMJ)": ("migraine",), "without Migraine": ("tmj",)}


def test_two_conditions_typed_can_be_dropped_one_at_a_time(find):
    results = find(("q", "migraine tmj"))

    assert results.understood.condition == ("migraine", "tmj")
    typed = {str(way.label): way.wanted.q for way in results.relaxations}
    assert typed == {"without Jaw pain (TMJ)": "migraine", "without Migraine": "tmj"}
    assert all(find(("q", way.wanted.q)).total == way.total for way in results.relaxations)


def test_of_one_condition_typed_and_one_chosen_each_is_dropped_where_it_stands(find):
    results = find(("q", "migraine"), ("condition", "tmj"))

    kept = {str(way.label): (way.wanted.q, way.wanted.condition) for way in results.relaxations}
    assert kept == {
        "without Jaw pain (TMJ)": ("migraine", ()),
        "without Migraine": ("", ("tmj",)),
    }


def test_alternatives_are_dropped_together(find):
    results = find(
        ("profession", "chiropractor"), ("profession", "osteopath"), ("condition", "colic")
    )

    assert results.total == 0
    assert ways(results, "profession") == {
        "without Chiropractor / Osteopath": find(("condition", "colic")).total
    }


# Each search with all its ways on: what goes, what that gives, and the search that gives it.
WAYS = {
    (): [],
    (("ages", "adults"),): [],
    (("near", "Boulder"), ("within", "500km")): [],
    (("accepting", "1"),): [("whether or not they accept new clients", 11, [])],
    (("home_visits", "1"),): [("with or without home visits", 11, [])],
    (("q", "rowan juniper"),): [("without “rowan juniper”", 11, [])],
    (("q", "rowan -juniper"),): [("without “rowan”", 11, [])],
    (("q", "chiropractor juniper rowan"),): [
        ("without “juniper rowan”", 2, [("q", "chiropractor")])
    ],
    (("q", "migraine tmj"),): [
        ("without Migraine", 1, [("q", "tmj")]),
        ("without Jaw pain (TMJ)", 7, [("q", "migraine")]),
    ],
    (("q", "migraine sick headache tmj"),): [
        ("without Migraine", 1, [("q", "tmj")]),
        ("without Jaw pain (TMJ)", 7, [("q", "migraine sick headache")]),
    ],
    (("q", "help with migraine near boulder"),): [
        ("without Migraine", 5, [("q", "boulder")]),
        ("anywhere", 7, [("q", "migraine")]),
    ],
    (("profession", "chiropractor"), ("ages", "adults")): [
        ("without Chiropractor", 10, [("ages", "adults")])
    ],
    (("q", "-juniper"), ("language", "fr")): [("without French", 10, [("q", "-juniper")])],
}


def test_ways_that_give_more_than_now_are_offered_and_no_others(find):
    def offered(pairs):
        ways = find(*pairs).relaxations
        return [(str(way.label), way.total, way.wanted.params()) for way in ways]

    assert {pairs: offered(pairs) for pairs in WAYS} == WAYS


def test_each_thing_that_narrows_a_search_is_a_chip_that_leads_to_the_rest(find):
    results = find(("q", "help with migraine near boulder"), ("ages", "adults"))
    rest = ("ages", "adults")

    chips = [
        (chip.kind, str(chip.label), chip.wanted.params(), chip.understood, chip.words)
        for chip in results.chips
    ]
    assert chips == [
        ("condition", "Migraine", [("q", "boulder"), rest], True, "migraine"),
        ("ages", "Adults", [("q", "help with migraine near boulder")], False, ""),
        (
            "place",
            "Near Boulder, Colorado, US",
            [("q", "migraine"), rest],
            True,
            "boulder",
        ),
    ]
