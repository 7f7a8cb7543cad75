"""How far somebody goes, in words: read, in force, and never a word that must be found."""

import pytest

from directory.places import distance_km
from directory.usecases.visitors import query
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.reading.numbers import distances
from directory.usecases.visitors.relaxing import chips
from tests.sites import rebuild_index

# All of it is about words: one database will do.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOWN_KM = 25

SAID = {
    "colic up to 15 miles around Bristol": ("15mi", "Bristol, England, GB"),
    "20mi radius Portland Oregon": ("20mi", "Portland, Oregon, US"),
    "Seattle no more than 30 miles away": ("30mi", "Seattle, Washington, US"),
    "ten miles from Denver": ("10mi", "Denver, Colorado, US"),
    "20 miles outside Denver": ("20mi", "Denver, Colorado, US"),
    "willing to travel 30 miles from Denver": ("30mi", "Denver, Colorado, US"),
    "Hamburg im Umkreis von 30 km": ("30km", "Hamburg, DE"),
    "20 km rund um Köln": ("20km", "Köln, DE"),
    "bis zu 40 km von Stuttgart": ("40km", "Stuttgart, DE"),
    "dans un rayon de 25 kilomètres autour de Nantes": ("25km", "Nantes, FR"),
    "Toulouse 15 km à la ronde": ("15km", "Toulouse, FR"),
    "a menos de 10 km de Bilbao": ("10km", "Bilbao, ES"),
    "Sevilla en un radio de 20 km": ("20km", "Sevilla, ES"),
    "entro 20 km da Torino": ("20km", "Torino, Piedmont, IT"),
    "Bologna raggio 30 km": ("30km", "Bologna, IT"),
    "num raio de 15 km de Lisboa": ("15km", "Lisboa, PT"),
    "binnen 10 km van Eindhoven": ("10km", "Eindhoven, NL"),
    "Amsterdam straal 5 km": ("5km", "Amsterdam, NL"),
    "Berlin +20km": ("20km", "Berlin, DE"),
}
NONE = ("knee pain after 10 mile run", "ran 5 km yesterday", "60 min massage", "0 miles", "no mile")


@pytest.fixture
def asked(runtime):
    """Ask a site with an index of nobody."""
    rebuild_index(runtime.config)
    return lambda **wanted: query.ask(runtime.finder(), Criteria(**wanted))


@on_sqlite
@pytest.mark.parametrize("box", ["q", "near"])
def test_a_distance_in_words_is_in_force_around_its_place(asked, runtime, box):
    wrong = {}
    for typed, (within, place) in SAID.items():
        found = asked(**{box: typed.removeprefix("colic ") if box == "near" else typed})
        near = runtime.finder().gazetteer.resolve(place).place
        away = found.around and distance_km(found.around.point, near.point)
        km = Criteria(within=within).within_km
        right = found.around and found.around.within_km == km and away < TOWN_KM
        if not right or found.query.words or found.around.unread:
            wrong[typed] = found.around, found.query.words

    assert wrong == {}


@pytest.mark.parametrize("typed", NONE)
def test_what_was_run_or_lasts_is_no_distance(typed):
    assert distances.read(typed) is None


@on_sqlite
def test_a_distance_is_a_chip_and_goes_with_the_place(asked):
    found = asked(q="colic within 10 miles of Denver")

    assert {chip.kind: chip.wanted.q for chip in chips(found)} == {
        "condition": "within 10 miles of Denver",
        "within": "colic Denver",
        "place": "colic",
    }


@on_sqlite
def test_a_distance_that_was_chosen_by_hand_is_the_one_in_force(asked):
    assert asked(q="within 10 miles of Denver", within="25mi").around.within_km == 25 * 1.609344
    assert asked(near="Denver 10 miles", within="25mi").around.within_km == 25 * 1.609344


@on_sqlite
def test_a_place_that_is_called_by_a_distance_is_that_place(asked):
    assert asked(near="100 Mile House").around.label == "100 Mile House, British Columbia, CA"
    assert distances.of(asked(q="100 Mile House").reading.spans) is None


@on_sqlite
def test_a_distance_without_a_place_and_the_time_of_a_way_are_told_and_not_looked_for(asked):
    for q in ("colic within 20 miles", "colic within 20 miles of me", "an hour from Denver"):
        found = asked(q=q)
        reading = found.reading
        kind = found.around.kind if found.around else ""
        told = list(distances.notes(reading.spans, reading.words_of, kind=kind, chosen=""))

        assert not found.query.words
        assert len(told) == 1
    assert asked(q="within 20 miles of me").reading.near_me


@pytest.mark.parametrize("typed", ["9" * 4 + " km of Bath", "a " * 60 + "5 km", "within " * 40])
def test_a_distance_beyond_reason_or_a_line_of_openings_does_no_harm(typed):
    found = distances.read(typed)

    assert found is None or Criteria(within=found.within).within_km <= 500
