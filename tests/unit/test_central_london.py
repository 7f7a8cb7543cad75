"""Postcode districts of central London that are listed with letters alone, and two places in one line."""

import pytest

from directory.places import Point, distance_km

CHARING_CROSS = Point(51.508, -0.125)


@pytest.mark.parametrize(
    "code", ["SW1", "W1", "WC1", "EC1", "wc2", "EC2", "ec3", "EC4", "W1 London"]
)
def test_a_district_without_its_letter_is_found(gazetteer, code):
    place = gazetteer.resolve(code).place

    assert place
    assert place.kind == "postcode"
    assert distance_km(place.point, CHARING_CROSS) < 5


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("Boulder or Denver", "Boulder", "Denver"),
        ("Leeds and Bradford", "Leeds", "Bradford"),
        ("Köln oder Bonn", "Köln", "Bonn"),
        ("Portland/Seattle", "Portland", "Seattle"),
    ],
)
def test_of_two_places_the_second_is_offered(gazetteer, line, first, second):
    found = gazetteer.resolve(line, weigh=lambda places: [9.0] * len(places))

    assert found.place.name == first
    assert second in [place.name for place in found.alternatives]
    assert found.unread == ""
