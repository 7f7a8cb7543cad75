"""Which places a practice may mean, and moving it there."""

from dataclasses import replace

import pytest

from directory.places import Gazetteer, Point
from directory.usecases.listings import placing
from tests import factories

LOST = replace(
    factories.BOULDER, region="", postcode="", address="", lat=None, lon=None, precision=""
)
SPRINGFIELD = replace(LOST, locality="Springfield")
MISSPELT = replace(LOST, locality="Boulderr")


def labels(practice, gazetteer):
    return [place.label for place in placing.candidates(practice, gazetteer)]


def test_towns_of_one_name_may_all_be_meant(gazetteer):
    found = labels(SPRINGFIELD, gazetteer)

    assert {"Springfield, Missouri, US", "Springfield, Illinois, US"} <= set(found)
    assert len(found) == len(set(found))


def test_a_town_of_nearly_that_spelling_may_be_meant(gazetteer):
    assert any(label.startswith("Boulder, Colorado") for label in labels(MISSPELT, gazetteer))


def test_who_has_a_place_is_offered_the_others(gazetteer):
    here = labels(LOST, gazetteer)[0]
    there = placing.moved_to(LOST, here, gazetteer)

    assert here.startswith("Boulder, ")
    assert here not in labels(there, gazetteer)


def test_at_the_place_that_was_chosen_a_practice_is_placed_in_full(gazetteer):
    moved = placing.moved_to(SPRINGFIELD, "Springfield, Illinois, US", gazetteer)

    assert (moved.locality, moved.region, moved.country) == ("Springfield", "Illinois", "US")
    assert (moved.precision, moved.placed) == ("locality", True)
    assert moved.name == SPRINGFIELD.name


@pytest.mark.parametrize("label", ["", "Springfield", "Paris, FR"])
def test_nothing_moves_to_a_place_that_was_not_offered(gazetteer, label):
    assert placing.moved_to(SPRINGFIELD, label, gazetteer) is None


def test_a_pin_that_was_not_moved_is_left_as_it_was_found():
    placed = replace(LOST, lat=40.0, lon=-105.0, precision="locality")

    assert placing.pinned(placed, Point(40.00005, -105.00005)) == placed
    assert placing.pinned(placed, Point(40.0002, -105.0)).precision == "exact"
    assert placing.pinned(placed, Point(40.0, -104.9998)).lon == -104.9998


def test_a_pin_puts_what_had_no_place_where_it_is():
    pinned = placing.pinned(LOST, Point(0.0, 0.0))

    assert (pinned.lat, pinned.lon, pinned.precision) == (0.0, 0.0, "exact")


def test_either_database_reads_codes_and_suggests_spellings(engine):
    gazetteer = Gazetteer(engine)

    assert gazetteer.resolve("San Francsico").suggestions[0] == "San Francisco, California, US"
    assert gazetteer.resolve("Totns, Devon").suggestions[0] == "Totnes, England, GB"
    assert gazetteer.resolve("150-0002").place.label == "150-0002, Shibuya, Tokyo, JP"
    assert gazetteer.suggest("ls6 3")[0].label == "LS6 3, Leeds, England, GB"


DENVER_IN = {"lat": 39.739, "lon": -104.99, "precision": "exact", "locality": ""}


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({"region": "Texas"}, "Colorado, US"),
        ({"country": "DE"}, "Colorado, US"),
        ({"country": "CA", "region": "Ontario"}, "Colorado, US"),
        ({"region": "Colorado"}, ""),
        ({"region": ""}, ""),
        ({"region": "Somewhere Unknown"}, ""),
    ],
)
def test_an_address_outside_its_own_region_or_country_is_said_to_be(gazetteer, changes, there):
    draft = factories.draft(practices=(replace(LOST, **(DENVER_IN | changes)),))

    notes = "; ".join(placing.place(draft, gazetteer).notes)

    assert (f"the address lies in {there}, not in" in notes) == bool(there)
    assert ("the address lies in" in notes) == bool(there)


def test_a_postcode_of_another_region_is_said_too(gazetteer):
    practice = replace(LOST, locality="", postcode="80302", region="Texas")

    placed = placing.place(factories.draft(practices=(practice,)), gazetteer)

    assert any("lies in Colorado, US, not in Texas, US" in note for note in placed.notes)


def test_a_border_is_no_wall(gazetteer):
    at_the_lake = replace(
        LOST, locality="", country="DE", region="", lat=47.66, lon=9.18, precision="exact"
    )

    assert placing.place(factories.draft(practices=(at_the_lake,)), gazetteer).notes == ()
