"""Postal codes: known ones of each country, and the ways in which people write them."""

import re
from pathlib import Path

import pytest

from directory.places import distance_km

KNOWN = Path(__file__).parents[1] / "data" / "postcodes.txt"
FAR_KM = 15


def known():
    for line in KNOWN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, codes = line.partition(": ")
            yield (
                country,
                [re.match(r"(\d{3} \d{2}\b|\S+) (.*)", code).groups() for code in codes.split("|")],
            )


def apart(gazetteer, code, town, country):
    """How far a code lies from the town that it is known to be of; None when one is unknown."""
    name, _, region = town.partition(", ")
    found = gazetteer.resolve(code, country=country).place
    real = gazetteer.locate(locality=name, region=region, country=country)
    places = (real.place, *real.alternatives) if found else ()
    return min((distance_km(found.point, place.point) for place in places if place), default=None)


@pytest.mark.parametrize(
    ("country", "codes"), list(known()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_twenty_known_codes_of_a_country_lie_at_their_towns(gazetteer, country, codes):
    far = {code: apart(gazetteer, code, town, country) for code, town in codes}

    assert len(codes) >= 20
    assert {code: km for code, km in far.items() if km is None or km > FAR_KM} == {}


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("LS6", "LS6, Leeds, England, GB"),
        ("LS6 3", "LS6 3, Leeds, England, GB"),
        ("LS6 3HN", "LS6 3, Leeds, England, GB"),
        ("ls63hn", "LS6 3, Leeds, England, GB"),
        ("LS63", "LS6 3, Leeds, England, GB"),
        ("EC1V9", "EC1V 9, London, England, GB"),
        ("LS12", "LS12, Leeds, England, GB"),
        ("602 00 Brno", "602 00, Brno, South Moravian, CZ"),
        ("214 39", "214 39, Malmö, Skåne, SE"),
        ("TQ9 5DR Totnes", "TQ9 5, Totnes, England, GB"),
        ("Totnes TQ9 5DR", "TQ9 5, Totnes, England, GB"),
        ("SW1A 1AA", "SW1A 1, London, England, GB"),
        ("W12 8QT, London, UK", "W12 8, London, England, GB"),
        ("BT18 9AB", "BT18, Holywood, Northern Ireland, GB"),
        ("D02 AF30", "D02, Dublin 2, Leinster, IE"),
        ("d02af30", "D02, Dublin 2, Leinster, IE"),
        ("Dublin 2", "D02, Dublin 2, Leinster, IE"),
        ("Dublin 6W", "D6W, Dublin 6W, Leinster, IE"),
        ("80302-1234", "80302, Boulder, Colorado, US"),
        ("80302 1234", "80302, Boulder, Colorado, US"),
        ("11000 Praha 1", "110 00, Prague, Prague, CZ"),
        ("150-0002 Tokyo", "150-0002, Shibuya, Tokyo, JP"),
        ("〒150-0002", "150-0002, Shibuya, Tokyo, JP"),
        ("01310-100", "01310-100, São Paulo, São Paulo, BR"),
        ("28013 Madrid", "28013, Madrid, Madrid, ES"),
        ("SE-111 20", "111 20, Stockholm, Stockholm, SE"),
        ("560 001", "560001, Bengaluru, Karnataka, IN"),
    ],
)
def test_codes_are_read_as_their_countries_write_them(gazetteer, typed, label):
    assert gazetteer.resolve(typed).place.label == label


def test_the_label_of_a_code_leads_to_it_again(gazetteer):
    for country, codes in known():
        for code, _ in codes[:4]:
            place = gazetteer.resolve(code, country=country).place
            assert gazetteer.resolve(place.label).place == place


@pytest.mark.parametrize(
    ("letters", "label"),
    [
        ("LS", "Leeds, England, GB"),
        ("ls", "Leeds, England, GB"),
        ("CO", "Colorado, US"),
        ("CH", "Switzerland"),
    ],
)
def test_the_letters_of_a_british_area_are_its_town_unless_our_readers_mean_more(
    gazetteer, letters, label
):
    assert gazetteer.resolve(letters).place.label == label


@pytest.mark.parametrize("words", ["l5 s1 pain", "t12 neck", "c1 whiplash", "b12 injections"])
def test_vertebrae_and_vitamins_among_other_words_are_no_codes(gazetteer, words):
    assert gazetteer.find_in(words.split()) is None


def test_a_code_among_other_words_is_found(gazetteer):
    assert gazetteer.find_in(["massage", "TQ9", "5DR"])[:2] == (1, 3)
    assert gazetteer.find_in(["baby", "with", "colic", "LS6"])[:2] == (3, 4)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("ls6 3", "LS6 3, Leeds"), ("ls63h", "LS6 3, Leeds"), ("d02 a", "D02, Dublin 2")],
)
def test_codes_are_suggested_as_one_types(gazetteer, typed, first):
    assert gazetteer.suggest(typed)[0].label.startswith(first)
