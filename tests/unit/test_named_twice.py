"""A code and a town that contradict each other; codes of several countries; names abroad."""

import pytest

from directory.places import distance_km
from directory.places.areas.spaced_codes import GREEK


@pytest.mark.parametrize(
    ("text", "meant", "aside"),
    [
        ("Denver 80302", "80302, Boulder", "Denver, Colorado"),
        ("80302 Denver", "80302, Boulder", "Denver, Colorado"),
        ("Boulder 43081", "Boulder, Colorado", "43081, Westerville"),
        ("Austin 98101", "Austin, Texas", "98101, Seattle"),
        ("Berlin 80331", "Berlin", "80331, Munich"),
        ("60326 Frankfurt (Oder)", "Frankfurt (Oder)", "60326, Frankfurt am Main"),
        ("Lyon 13001", "Lyon", "13001, Marseille"),
        ("Zürich 3011", "Zürich", "3011, Bern"),
    ],
)
def test_of_a_code_and_a_town_that_lie_apart_the_other_is_told(gazetteer, text, meant, aside):
    found = gazetteer.resolve(text)

    assert found.place.label.startswith(meant)
    assert found.aside.label.startswith(aside)


@pytest.mark.parametrize(
    "text",
    [
        *("Boulder 80302", "80302 Boulder, CO", "Columbus 43081", "New York 11201", "Wien 1080"),
        *("8001 Zürich", "1234 Pearl Street Boulder CO 80302", "12345 Main Street Boulder"),
        *(
            "London TW9",
            "10 Adelaide Street, Stamford, PE9 2EN",
            "Boulder",
            "80302",
            "Milano 20121",
        ),
        *("67330 Uttwiller", "München 80331", "75011 Paris"),
    ],
)
def test_a_code_in_its_town_or_a_suburb_contradicts_nothing(gazetteer, text):
    assert gazetteer.resolve(text).aside is None


CODES = {
    "SE": {"111 22": "Stockholm", "214 39": "Malmö", "411 05": "Göteborg", "753 20": "Uppsala"},
    "CZ": {"110 00": "Praha", "602 00": "Brno", "301 00": "Plzeň", "779 00": "Olomouc"},
    "SK": {"811 01": "Bratislava", "040 01": "Košice", "945 01": "Kolárovo", "974 01": "Zvolen"},
    "GR": {"105 57": "Athens", "546 21": "Thessaloniki", "731 00": "Chania", "262 21": "Patra"},
}


@pytest.mark.parametrize("country", CODES)
def test_a_code_with_a_space_is_offered_in_every_country_that_has_such(gazetteer, country):
    def weigh(places):
        return [1.0] * len(places)

    for code, town in CODES[country].items():
        found = gazetteer.resolve(code, weigh=weigh)
        there = [p for p in (found.place, *found.alternatives) if p.country == country]
        near = gazetteer.resolve(town, country=country).place
        assert near, town
        assert [p for p in there if distance_km(p.point, near.point) < 40], code
        assert all(p.postcode == code for p in there)


def test_every_greek_region_of_codes_has_its_town(gazetteer):
    for digits, town in GREEK.items():
        found = gazetteer.resolve(f"{digits}9 99", country="GR").place

        assert found, town
        assert found.country == "GR"


ABROAD = {
    "Venice": "Venise|Venedig|Venezia|Veneza", "Munich": "Monaco di Baviera|Munique",
    "Geneva": "Genf|Ginevra|Ginebra", "Genoa": "Gênes|Genua", "Biel": "Bienne|Biel",
    "Lisbon": "Lissabon|Lisbonne|Lisboa", "Lyon": "Lione", "The Hague": "Haia|La Haye|Den Haag",
    "Amsterdam": "Amsterdão", "Nancy": "Nanzig", "Cork": "Corcaigh", "Galway": "Gaillimh",
    "Regensburg": "Ratisbonne", "Warsaw": "Varsovie|Warschau|Varsavia", "Prague": "Prag|Praga",
    "Antwerp": "Anvers|Amberes|Antuérpia", "Liège": "Lüttich|Luik|Lieja", "Basel": "Bâle|Basilea",
}  # fmt: skip


@pytest.mark.parametrize("town", ABROAD)
def test_a_town_is_found_by_what_other_languages_call_it(gazetteer, town):
    there = gazetteer.resolve("Venice, Italy" if town == "Venice" else town).place

    for said in ABROAD[town].split("|"):
        found = gazetteer.resolve(said).place
        assert found, said
        assert distance_km(found.point, there.point) < 35, said


def test_a_province_on_both_sides_of_a_border_is_whole_when_its_name_is_said_alone(gazetteer):
    found = gazetteer.resolve("Ulster")

    assert set(found.place.areas) == {"IE.U", "GB.NIR"}
    offered = {place.label for place in found.alternatives}
    assert offered >= {"Ulster, IE", "Northern Ireland, GB"}
    for label in (found.place.label, *offered):
        assert gazetteer.resolve(label).place.label == label
