"""Coordinates as people type them, from whatever map they were read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from directory.errors import Invalid
from directory.places import Point
from directory.schemas import read
from directory.schemas.curation import PlacingSchema
from directory.schemas.kinds import NO_POSITION, Coordinates
from directory.schemas.practitioners import PinSchema

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
SEPARATORS = st.sampled_from([", ", ",", " ", ";", "; ", " , ", "\t", "   "])
FIELD = Coordinates()


@st.composite
def ways_to_write(draw, number):
    """The number as some map shows it; and how far off that may be."""
    digits = draw(st.integers(0, 12))
    text = f"{number:.{digits}f}"
    if draw(st.booleans()):
        text = text.replace("-", "−")
    if draw(st.booleans()) and number > 0:
        text = f"+{text}"
    return text + draw(st.sampled_from(["", "°", " °"])), 0.5 * 10**-digits + 1e-9


@st.composite
def positions(draw, latitudes=LATITUDES, longitudes=LONGITUDES):
    """Two numbers, the text that says them, and how far off that text may be."""
    lat, lon = draw(latitudes), draw(longitudes)
    (north, lat_off), (east, lon_off) = draw(ways_to_write(lat)), draw(ways_to_write(lon))
    space = draw(st.sampled_from(["", " ", "\n"]))
    return lat, lon, f"{space}{north}{draw(SEPARATORS)}{east}{space}", max(lat_off, lon_off)


def outcome(text):
    """A Point, or the words that refuse the text."""
    try:
        return FIELD.deserialize(text)
    except ValidationError as refused:
        return refused.messages


def refusal(text):
    [words] = outcome(text)
    return words


@given(positions())
def test_what_a_map_shows_is_read_back(position):
    lat, lon, text, off = position

    point = FIELD.deserialize(text)

    assert isinstance(point, Point)
    assert abs(point.lat - lat) <= off
    assert abs(point.lon - lon) <= off


BEYOND = st.floats(91, 1e300).flatmap(lambda far: st.sampled_from([far, -far]))
FAR_EAST = st.floats(181, 1e300).flatmap(lambda far: st.sampled_from([far, -far]))


@given(positions(latitudes=BEYOND) | positions(longitudes=FAR_EAST))
def test_what_lies_on_no_map_is_refused_with_its_bounds(position):
    *_, text, _off = position

    assert refusal(text) == NO_POSITION["range"]


@given(positions(), st.sampled_from("NSWxλ'\"/_:()&<"), st.integers(0, 80))
def test_anything_else_among_the_numbers_is_refused(position, strange, where):
    *_, text, _off = position

    assert refusal(text[:where] + strange + text[where:]) == NO_POSITION["invalid"]


@given(st.text() | st.text("0123456789.,;°−+-eE naif_", max_size=30))
def test_whatever_is_typed_is_a_point_or_refused_in_words(text):
    found = outcome(text)

    assert isinstance(found, Point) or set(found) <= set(NO_POSITION.values())


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("40.0150, -105.2705", 40.015, -105.2705),
        ("40.0150 -105.2705", 40.015, -105.2705),
        ("45.5231, −122.6765", 45.5231, -122.6765),
        ("40.0150°, -105.2705°", 40.015, -105.2705),
        ("0;0", 0, 0),
        ("40., -.5", 40, -0.5),
        ("1e1 +2", 10, 2),
        ("90,180", 90, 180),
    ],
)
def test_these_ways_to_write_a_position_are_known(text, lat, lon):
    assert FIELD.deserialize(text) == Point(lat, lon)


@pytest.mark.parametrize(
    "text",
    ["", "here", "10", "1 2 3", "nan, nan", "inf, 0", "4_0, 1", "40,5, 10,5", "1,,", "--1, 2"],
)
def test_these_are_no_two_numbers(text):
    assert refusal(text) == NO_POSITION["invalid"]


def told(schema, **form):
    with pytest.raises(Invalid) as refused:
        read(schema, MultiDict(form))
    return dict(refused.value.fields)


@pytest.mark.parametrize("text", ["here", "91, 0"])
def test_each_page_refuses_in_its_own_words(text):
    wrong = NO_POSITION["range" if "91" in text else "invalid"]

    pin = told(PinSchema(), position=text)
    placing = told(PlacingSchema(), revision="1", position="0", coordinates=text)

    assert pin == {"position": [wrong]}
    assert placing == {"coordinates": ["Type two numbers such as 40.01, -105.27."]}


def test_a_pin_is_asked_for_only_where_there_is_none():
    assert told(PinSchema(), position=" ") == {"position": [NO_POSITION["invalid"]]}
    assert read(PinSchema(partial=True), MultiDict({"position": " "})) == {}
