"""Ages and lengths in numbers among the words, in seven languages."""

import pytest

from directory.search.text import typed
from directory.usecases.visitors.reading.numbers import ages, amounts

UNDER = {
    "under {} years": "en", "unter {} Jahren": "de", "moins de {} ans": "fr",
    "menores de {} años": "es", "meno di {} anni": "it", "onder de {} jaar": "nl",
    "younger than {} years old": "en", "jünger als {} Jahre": "de",
}  # fmt: skip
GROUPS = {
    1: "infants", 2: "infants", 3: "infants|children", 6: "infants|children",
    13: "infants|children", 18: "infants|children|teens",
}  # fmt: skip


def read(q):
    return [(span.slug, q_of(q, span)) for span in ages.spans(typed(q))]


def q_of(q, span):
    return " ".join(piece.text for piece in typed(q)[span.start : span.end])


@pytest.mark.parametrize("way", UNDER)
def test_under_an_age_means_whoever_is_younger(way):
    for years, slugs in GROUPS.items():
        said = way.format(years)
        assert read(f"baby {said} Bern") == [(slugs, said)]


@pytest.mark.parametrize(
    ("q", "slugs"),
    [
        ("under 5 denver", "infants|children"),
        ("under 5s", "infants|children"),
        ("under 3 months old", "infants"),
        ("for over 60s", "older"),
        ("over 70 london", "older"),
        ("older than 65", "older"),
        ("über 80 Jahre", "older"),
        ("plus de 60 ans", "older"),
        ("over 18s", "adults|older"),
        ("bébé de 0 à 3 mois", "infants"),
        ("baby 0-3 months", "infants"),
        ("3 to 5 year olds", "children"),
        ("kids 10 to 15 years", "children|teens"),
        ("Kinder ab 6 Jahren", "children"),
        ("enfants dès 3 ans", "children"),
        ("6 week old", "infants"),
        ("my 8-year-olds", "children"),
    ],
)
def test_an_age_is_read_with_its_words(q, slugs):
    assert [slug for slug, _ in read(q)] == [slugs]


@pytest.mark.parametrize(
    "q",
    [
        *("under 60 minutes", "under 50 dollars", "under 80", "over 65 km", "over 10 clients"),
        *("3 years of pain", "migraine for less than 3 months", "over 20", "over 200", "under"),
        *("less than 2 years of experience", "under 5 km", "up to 90", "bis 6", "from 9 to 5"),
        *("over 18", "80302", "in 2 to 3 weeks", "under 5 euros"),
    ],
)
def test_other_numbers_are_no_ages(q):
    assert read(q) == []


@pytest.mark.parametrize(
    ("q", "slugs", "said"),
    [
        ("bambino di 6 anni roma", "children", "bambino di 6 anni"),
        ("mi hijo de 5 años", "children", "hijo de 5 años"),
        ("zwei Monate altes Baby", "infants", "zwei Monate altes Baby"),
        ("baby drie weken", "infants", "baby drie weken"),
        ("mia madre ha 80 anni", "older", "madre ha 80 anni"),
    ],
)
def test_whose_age_it_is_belongs_to_it(q, slugs, said):
    assert read(q) == [(slugs, said)]


@pytest.mark.parametrize(
    "said",
    [
        *("for 3 years", "for over 10 years", "since 2019", "2 weeks ago", "for the last 8 months"),
        *("seit 4 Jahren", "vor zwei Wochen", "seit über einem Jahr", "depuis plus de 10 ans"),
        *("il y a 3 ans", "desde hace 3 años", "hace 6 meses", "da 5 anni", "2 anni fa"),
        *("há 10 anos", "sinds 2 jaar", "al 3 maanden", "for years", "da anni"),
    ],
)
def test_how_long_it_has_lasted_is_no_age(said):
    q = f"tinnitus {said}"
    assert read(q) == []
    assert [q_of(q, span) for span in ages.lasting(typed(q))] == [said]


def lengths(q):
    return [span.slug for span in amounts.spans(q, typed(q)) if span.kind == "minutes"]


@pytest.mark.parametrize(
    ("q", "minutes"),
    [
        *(("60 minute massage", "60"), ("90 min", "90"), ("90-minute massage", "90")),
        *(("60 Minuten Zürich", "60"), ("1 hour massage", "60"), ("1.5 hours", "90")),
        *(("1,5 Stunden", "90"), ("une heure", "60"), ("90 minuti", "90"), ("1h massage", "60")),
        *(("60 minutos", "60"), ("75 minuten", "75"), ("massage one hour", "60")),
        *(("max 60 Minuten", "60"), ("under 60 minutes", "60")),
    ],
)
def test_how_long_a_session_takes_is_read(q, minutes):
    assert lengths(q) == [minutes]


@pytest.mark.parametrize(
    "q",
    [
        *("20 minutes from denver", "within 30 minutes", "an hour from boulder", "1 hour drive"),
        *("30 min entfernt", "48 hour labour", "5 minutes", "90 miles", "hour", "happy hour"),
        *("minute", "20 minutes away", "90"),
    ],
)
def test_how_far_somebody_drives_is_no_length(q):
    assert lengths(q) == []


def test_a_number_with_letters_is_no_price():
    for q in ("under 60s", "max 90th", "under 80x"):
        assert amounts.spans(q, typed(q)) == ()
    assert [span.slug for span in amounts.spans("under 60 chf", typed("under 60 chf"))] == [
        "60 CHF"
    ]
