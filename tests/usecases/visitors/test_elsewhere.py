"""Where not to go, stations, and first names that are places; half of each was held back."""

import pytest

from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.understanding import understand
from tests.asking import asking

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
APART = {
    "not in Denver": ["Denver"],
    "massage but not in Boulder": ["Boulder"],
    "Colorado except Boulder": ["Boulder"],
    "osteopath, not near London": ["London"],
    "anywhere but in Texas": ["Texas"],
    "migraine not in Texas or California": ["Texas", "California"],
    "nicht in München": ["Munich"],
    "pas à Paris": ["Paris"],
    "salvo Madrid": ["Madrid"],
    "niet in Utrecht": ["Utrecht"],
    # held back
    "colic excluding Seattle": ["Seattle"],
    "chiropractor not around Portland Oregon": ["Portland"],
    "Ostéopathe sauf Lyon": ["Lyon"],
    "Scotland but not in Edinburgh": ["Edinburgh"],
    "tranne Milano": ["Milan"],
    "everywhere except the Bay Area": ["Bay Area"],
    "außer Berlin": ["Berlin"],
    "not from New York": ["New York"],
    "acupuncture except Austin and Houston": ["Austin", "Houston"],
    "exceto Lisboa": ["Lisbon"],
}
STATIONS = """
near the train|near a station|near the tube|close to the metro|walking distance of the station|by the bus stop
nahe am Bahnhof|près du métro|cerca de la estación|vicino alla stazione
near public transport|next to the subway|near the U-Bahn|in der Nähe vom Hauptbahnhof|proche de la gare
cerca del metro|perto da estação|dichtbij het station|near train station|near the light rail
"""
NOT_APART = (
    "not in pain",
    "not massage",
    "no energy",
    "except",
    "but not in",
    "pain not going away",
)


@pytest.mark.parametrize("q", APART)
def test_a_place_that_is_not_wanted_is_left_out(indexed, q):
    reading = understand(indexed.finder(), Criteria(q=q))

    named = [one.place.label for one in reading.apart]
    assert len(named) == len(APART[q])
    assert all(map(str.startswith, named, APART[q])), named
    assert not reading.place or not reading.place.label.startswith(tuple(APART[q]))


@pytest.mark.parametrize("q", NOT_APART)
def test_no_place_is_left_out_where_none_is_said(indexed, q):
    assert understand(indexed.finder(), Criteria(q=q)).apart == ()


@pytest.mark.parametrize("q", STATIONS.replace("\n", "|").strip("|").split("|"))
def test_near_a_station_is_a_wish_and_no_place(indexed, q):
    reading = understand(indexed.finder(), Criteria(q=q))

    assert reading.slugs("access") == ("public-transport",)
    assert reading.place is None
    assert not reading.text


@pytest.mark.parametrize(
    ("q", "place"),
    [
        ("osteopath near the tube London", "London"),
        ("massage Denver near a bus stop", "Denver"),
        ("osteopath near the beach", ""),
        ("massage near the park", ""),
        ("near the Hague", "The Hague"),
        ("in the Cotswolds", "Cotswolds"),
    ],
)
def test_beside_a_station_or_a_thing_the_place_is_still_read(indexed, q, place):
    found = understand(indexed.finder(), Criteria(q=q)).place

    assert (found.label if found else "").startswith(place)
    assert bool(found) == bool(place)


@pytest.mark.parametrize(
    "q",
    ["Kent Unheardof", "Paris Fauxley", "Dr Madison Nobody", "Austin Inventadi", "Sydney Xyzzy"],
)
def test_a_first_name_before_a_surname_is_no_place(indexed, q):
    assert asking(indexed)(q=q).around is None


def test_what_is_left_out_is_said_and_can_be_had_back(indexed):
    find = asking(indexed)
    found, everybody = find(q="not in Boulder"), find()

    (chip,) = (chip for chip in found.chips if chip.kind == "without")
    assert chip.words == "not in Boulder"
    assert chip.wanted.q == ""
    assert "Boulder" in str(found.notes[0])
    there = {p.locality for r in found.results for p in r.profile.practices}
    assert "Boulder" not in there
    assert found.total < everybody.total
