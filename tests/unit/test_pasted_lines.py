"""Lines as people write or paste them, by kind: addresses, coordinates, quarters, short names."""

from pathlib import Path
from time import process_time

import pytest

from directory.places import distance_km
from directory.places.pasting.broken import mended

LINES = Path(__file__).parents[1] / "data" / "lines.txt"
FAR_KM = 15


def kinds():
    found = {}
    for line in LINES.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            kind = found.setdefault(line[2:], [])
        elif line and not line.startswith(("#", "---")):
            typed, _, place = line.rpartition(" > ")
            kind.append((typed, place))
    return found


@pytest.mark.parametrize("kind", kinds())
def test_a_line_is_read_as_the_place_in_it(gazetteer, kind):
    wrong = {}
    for typed, label in kinds()[kind]:
        found, real = gazetteer.resolve(typed).place, gazetteer.resolve(label).place
        if not found or distance_km(found.point, real.point) > FAR_KM:
            wrong[typed] = found and found.label

    assert len(kinds()[kind]) >= 20
    assert wrong == {}


@pytest.mark.parametrize(
    ("typed", "unread"),
    [
        ("Capitol Hill, Seattle", "Capitol Hill"),
        ("Wicker Park Chicago", "Wicker Park"),
        ("12 High St Totnes", "12 High St"),
        ("Richmond, Surrey", ""),
        ("near Boulder", ""),
        ("Brussel Elsene", "Elsene"),
        ("München Schwabing", ""),
        ("bij Utrecht", ""),
        ("centro di Roma", ""),
        ("Boulder, CO", ""),
    ],
)
def test_what_was_not_understood_of_a_line_is_told(gazetteer, typed, unread):
    assert gazetteer.resolve(typed).unread == unread


def test_a_pasted_point_is_that_point_under_the_nearest_town(gazetteer):
    place = gazetteer.resolve("40.02, -105.25").place

    assert (place.point.lat, place.point.lon) == (40.02, -105.25)
    assert place.label == "Boulder, Colorado, US"


@pytest.mark.parametrize(
    "typed",
    [
        "95.1, 200.2",
        "40.015",
        "1, 2, 3",
        "N1 W2",
        "24/7",
        "123 Main St",
        "Portland, Orgon",
        "Bolder, CO",
    ],
)
def test_what_is_neither_point_nor_place_is_not_guessed(gazetteer, typed):
    assert gazetteer.resolve(typed).place is None


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ({"locality": "San Juan", "region": "PR", "country": "US"}, "PR"),
        ({"locality": "San Juan", "country": "PR"}, "PR"),
        ({"locality": "San Juan", "region": "Puerto Rico", "country": "United States"}, "PR"),
        ({"locality": "Ponce", "region": "PR", "postcode": "00716", "country": "US"}, "PR"),
        ({"locality": "Dededo Village", "region": "Guam", "country": "US"}, "GU"),
    ],
)
def test_islands_of_the_united_states_are_found_as_either(gazetteer, address, country):
    located = gazetteer.locate(**address)

    assert located.place.country == country
    assert located.note == ""


def test_long_and_odd_lines_are_read_soon(gazetteer):
    for line in (
        "n " * 49,
        "1, " * 33,
        "a m " * 25,
        "near " * 20,
        "s,s " * 25,
        "@" * 400 + "1.0,2.0",
    ):
        start = process_time()
        gazetteer.resolve(line)
        assert process_time() - start < 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("massage Capitol Hill Seattle", (1, 4, "Seattle, Washington, US")),
        ("massage Santa Fe Denver", (1, 3, "Santa Fe")),
        ("midwife Paris Texas", (1, 3, "Paris, Texas, US")),
    ],
)
def test_a_quarter_before_its_city_is_the_city_among_other_words(gazetteer, words, found):
    start, end, place = gazetteer.find_in(words.split())

    assert (start, end) == found[:2]
    assert place.label.startswith(found[2])


@pytest.mark.parametrize(
    ("line", "code", "country"),
    [
        ("10 Adelaide Street, Stamford, PE9 2EN", "PE9 2", "GB"),
        ("22 Boston Road, Sleaford, NG34 7EZ", "NG34 7", "GB"),
        ("5 York Place, Perth, PH2 8EP", "PH2 8", "GB"),
        ("Via Roma 12, 50123 Firenze (FI)", "50123", "IT"),
        ("50123 Firenze FI", "50123", "IT"),
        ("Corso Italia 4, 20122 Milano (MI)", "20122", "IT"),
        ("Via Garibaldi 9, 40124 Bologna BO", "40124", "IT"),
        ("Rue Quelconque 4, 67330 Nullepartwiller", "67330", "FR"),
        ("12 Rue de la Gare, 29000 Nullepart", "29000", "FR"),
    ],
)
def test_the_code_of_an_address_decides_whatever_else_is_named_in_it(
    gazetteer, line, code, country
):
    found = gazetteer.resolve(line).place

    assert found is not None
    assert (found.postcode, found.country) == (code, country)


@pytest.mark.parametrize(
    "line", ["SE Portland", "NW Portland", "West Portland", "Southeast Portland"]
)
def test_a_side_of_a_town_is_the_town(gazetteer, line):
    assert gazetteer.resolve(line).place == gazetteer.resolve("Portland").place


def test_of_two_towns_side_by_side_the_other_is_told(gazetteer):
    found = gazetteer.resolve("Denver, Boulder")

    assert found.place.label == "Boulder, Colorado, US"
    assert (found.aside.label, found.unread) == ("Denver, Colorado, US", "")


@pytest.mark.parametrize(
    "typed", ["San Francsico", "Santiago de Compstela", "Portland Maien", "New Yrok"]
)
def test_a_misspelt_name_or_region_is_offered_rather_than_the_town_it_begins_with(gazetteer, typed):
    found = gazetteer.resolve(typed)

    assert found.place is None
    assert found.suggestions


@pytest.mark.parametrize(
    "whole", ["São Paulo", "Åre", "Älvsjö", "AT&T", "100%", "Ville-d'Avray", "TQ9 5DR", "1012AB"]
)
def test_what_is_whole_is_mended_by_nobody(whole):
    assert mended(whole) == whole


@pytest.mark.parametrize(
    "typed", ["&" * 100, "%" * 99, "\\u12" * 20, "Ã" * 100, "%FF%FE", "&#x110000;"]
)
def test_what_is_broken_beyond_repair_names_no_place_and_does_no_harm(gazetteer, typed):
    assert gazetteer.resolve(typed).place is None
