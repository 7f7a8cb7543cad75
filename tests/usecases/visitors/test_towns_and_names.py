"""A word alone: the town where somebody practises, or whoever is called so; and which of several."""

import pytest

from directory.models import Practice
from directory.usecases.visitors.reading.whereabouts import towns
from tests import factories
from tests.asking import asking
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Where somebody practises.
TOWNS = """
    Taos, New Mexico, US | Sonoma, California, US | Genk, Flanders, BE | Cavan, Ulster, IE
    Castlebar, Connacht, IE | Oss, North Brabant, NL | Whitechapel, England, GB | Salida, Colorado, US
    Ojai, California, US | Zofingen, Aargau, CH | Telluride, Colorado, US | Brecon, Wales, GB
    Totnes, England, GB | Ashland, Oregon, US | Lindau, Bavaria, DE | Squamish, British Columbia, CA
    Wanaka, Otago Region, NZ | Bandon, Munster, IE | Hebden Bridge, England, GB | Sligo, Connacht, IE
    Venice, Veneto, IT | Bolzano, Trentino-Alto Adige, IT | Kingston upon Hull, England, GB
    Mobile, Alabama, US | Nice, Provence-Alpes-Côte d'Azur, FR | Portland, Oregon, US
    Bangor, Maine, US | Atlanta, Georgia, US | Santa Cruz, California, US | Saint John, New Brunswick, CA
    Warwick, Rhode Island, US | Melville, New York, US | San Marcos, California, US
    Waterloo, Ontario, CA | Franklin, Tennessee, US | Fairview, British Columbia, CA
    Austin, Texas, US | Columbus, Ohio, US | Newcastle upon Tyne, England, GB | Hanover, Massachusetts, US
    Milan, Lombardy, IT | Nelson, Nelson, NZ | Maastricht, Limburg, NL | Geneva, Genève, CH
    San Antonio, Texas, US | San Juan, PR | Santa Rosa, California, US | Santa Fe, New Mexico, US
    Toronto, Ontario, CA | Boston, Massachusetts, US | Baltimore, Maryland, US
"""
# Somebody is called so, and practises in Boulder.
CALLED = (
    *("Mei Testerly", "Amara Beispiel", "Noor Pruebas", "Caetano Exemple", "Kaede Sample"),
    *("Ren Fictive", "Greer Invented", "Hollis Nobody", "Linden Fable", "Marlow Placeholder"),
    *("Milan Testerly", "Ife Specimen", "Eun-ji Sample", "Graça Exemplo", "Ginevra Prova"),
    *("Selby Made-Up", "Lucca Finta", "Aarau Quux", "Hay Trialby", "Mika Example", "Su-jin Test"),
)


@pytest.fixture
def find(runtime):
    """A search among them, from parameters."""
    gazetteer = runtime.finder().gazetteer
    with runtime.transaction() as session:
        for number, label in enumerate(
            filter(None, map(str.strip, TOWNS.replace("\n", "|").split("|")))
        ):
            place = gazetteer.resolve(label).place
            assert place, label
            factories.listing(
                session,
                slug=f"in-{number}",
                name=f"Pat Inhabitant{number}",
                professions=("massage-therapist", "osteopath"),
                practices=(_practice(place),),
            )
        boulder = gazetteer.resolve("Boulder, CO").place
        for number, name in enumerate(CALLED):
            factories.listing(
                session, slug=f"called-{number}", name=name, practices=(_practice(boulder),)
            )
    rebuild_index(runtime.config)
    return asking(runtime)


def _practice(place):
    return Practice(
        locality=place.name,
        region=place.region,
        country=place.country,
        lat=place.point.lat,
        lon=place.point.lon,
        precision="locality",
    )


def _place(results):
    return results.around.label if results.around else ""


# What is typed, and what the place begins with ("": none). The first were looked at for the rule.
TOWN_LINES = {
    "rule": {
        "Taos": "Taos, New",
        "massage Genk": "Genk",
        "osteopath Cavan": "Cavan, U",
        "massage Sonoma": "Sonoma, C",
        "Castlebar": "Castlebar",
        "Oss": "Oss, N",
        "massage hull": "Kingston upon Hull",
        "massage mobile": "Mobile, A",
        "osteopath nice": "Nice, P",
        "venezia": "Venice, V",
        "massage bozen": "Bolzano",
        "Whitechapel": "Whitechapel",
        "nice massage": "",
        "massage OR": "Oregon",
        "massage ON": "Ontario",
        "massage MS": "",
        "gentle": "",
        "massage in Salida": "Salida",
    },
    "held": {
        "Salida": "Salida, C",
        "osteopath Ojai": "Ojai",
        "Zofingen massage": "Zofingen",
        "telluride": "Telluride",
        "massage brecon": "Brecon",
        "Totnes osteopath": "Totnes",
        "massage Squamish": "Squamish",
        "Wanaka": "Wanaka",
        "massage Bandon": "Bandon, M",
        "Hebden Bridge": "Hebden Bridge",
        "osteopath sligo": "Sligo",
        "Lindau": "Lindau",
        "massage Venezia": "Venice, V",
        "mobile": "",
        "massage ME": "",
        "massage GA": "Georgia, US",
        "osteopath ashland": "Ashland, O",
        "quiet": "",
        "best massage": "",
        "massage ND": "",
        "massage MA": "Massachusetts",
    },
}
NAME_LINES = {
    "rule": (
        "Mei",
        "Amara",
        "Noor",
        "Caetano",
        "Kaede",
        "Ren",
        "Greer",
        "Linden",
        "Ginevra",
        "eunji",
    ),
    "held": (
        "Hollis",
        "Marlow",
        "Ife",
        "Graça",
        "graca",
        "Selby",
        "Lucca",
        "Aarau",
        "Mika",
        "sujin",
        "greer",
        "NOOR",
    ),
}
NAMESAKES = {
    "rule": {
        "Santa Cruz": "Santa Cruz, California", "St John": "Saint John, New Brunswick", "Warwick": "Warwick, Rhode",
        "Melville": "Melville, New York", "San Marcos": "San Marcos, California", "waterloo": "Waterloo, Ontario",
        "franklin": "Franklin, Tennessee", "Georgia": "Georgia, US", "Kent": "Kent, GB", "Texas": "Texas", "Luxembourg": "Luxembourg",
    },
    "held": {
        "fairview": "Fairview, British", "hanover": "Hanover, M", "nelson": "Nelson, Nelson", "San Antonio": "San Antonio, Texas",
        "Santa Rosa": "Santa Rosa, California", "massage Santa Cruz": "Santa Cruz, California", "massage warwick": "Warwick, Rhode",
        "Montana": "Montana, US", "Delaware": "Delaware, US", "Jersey": "Jersey", "Essex": "Essex, GB", "Devon": "Devon, GB", "Limburg": "Limburg",
    },
}  # fmt: skip


def test_a_word_alone_is_the_town_where_somebody_practises(find):
    wrong = {
        (half, q): got
        for half, lines in TOWN_LINES.items()
        for q, wanted in lines.items()
        if not (got := _place(find(q=q))).startswith(wanted) or bool(got) != bool(wanted)
    }

    assert wrong == {}


def test_a_word_alone_is_whoever_is_called_so(find):
    wrong = {}
    for half, words in NAME_LINES.items():
        for word in words:
            results = find(q=word)
            names = [result.profile.name for result in results.results]
            if not results.total or results.partial or _place(results):
                wrong[half, word] = _place(results), names

    assert wrong == {}


def test_of_a_big_town_and_a_name_the_other_one_is_offered(find):
    results = find(q="Milan")

    assert _place(results).startswith("Milan, Lombardy")
    (way,) = [way for way in results.relaxations if "as a name" in str(way.label)]
    found = find(**dict(way.wanted.params()))
    assert found.total == way.total
    assert "Milan Testerly" in [result.profile.name for result in found.results]


def test_letters_that_are_a_term_and_a_state_offer_the_state(find):
    results = find(q="massage ME")

    assert _place(results) == ""
    (way,) = [way for way in results.relaxations if str(way.label) == "in Maine, US"]
    assert _place(find(**dict(way.wanted.params()))) == "Maine, US"


def test_of_several_places_of_a_name_the_one_where_somebody_practises_is_meant(find):
    wrong = {
        (half, q): got
        for half, lines in NAMESAKES.items()
        for q, wanted in lines.items()
        if not (got := _place(find(q=q))).startswith(wanted)
    }

    assert wrong == {}


def test_newcastle_upon_tyne_is_a_newcastle_too(find):
    around = find(near="newcastle").around

    labels = [around.label, *(place.label for place in around.alternatives)]
    assert any(label.startswith("Newcastle upon Tyne") for label in labels)


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_letters_of_a_state_after_in_are_that_state(find, case):
    states = {code: land for land, codes in towns.STATES.items() for code in codes.split()}
    found = {code: find(q=f"massage in {case(code)}").around for code in states}

    assert all(around and around.country == states[code] for code, around in found.items()), found
    # LA says the city, and DC is one.
    assert {code for code, around in found.items() if around.kind != "area"} == {"LA", "DC"}
