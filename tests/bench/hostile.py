"""The worst that a visitor can ask, within the bounds that every search is held to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter

from marshmallow import ValidationError

from directory.models import ACCESS, AGES
from directory.places import Point
from directory.schemas.search import SearchSchema
from directory.search.port import Circle, Query, Reader, Sort
from directory.search.text import free_text, typed
from tests.bench.listings import (
    COMMON_FIRST,
    CONDITIONS,
    CREDENTIALS,
    DAY,
    LANGUAGES,
    PROFESSIONS,
)

ROUNDS = 5
MOST_LETTERS, MOST_SLUGS = 200, 40
# Each listing says the first two; then come those that most listings say.
HEAVIEST = ("united", "states", "therapist", *COMMON_FIRST)
MIDDLE = Point(40.0, -97.0)
Ask = Callable[[Reader], object]
Parameters = Mapping[str, object]

ASKED: Mapping[str, Parameters] = {
    "24 heaviest words": {"q": " ".join(HEAVIEST[:24])},
    "phrase of 6 heaviest words": {"q": f'"{" ".join(HEAVIEST[:6])}"'},
    "one word of 5,000 letters, refused": {"q": "m" * 5_000},
    "one word of 200 letters": {"q": "m" * MOST_LETTERS},
    "200 words, refused": {"q": " ".join(["ma"] * 200)},
    "100 words of one letter": {"q": " ".join("bcdfghjklm" * 10)},
    "24 words that nobody says": {"q": " ".join(f"zq{a}{b}xv" for a in "abcd" for b in "abcdef")},
    "without everything": {"q": " ".join(f"-{word}" for word in HEAVIEST[:20])},
    "everything, page 1,000,000": {"page": "1000000", "per_page": "100"},
    "a common word, page 100": {"q": HEAVIEST[0], "page": "100", "per_page": "100"},
    "circle of 500 km": {"lat": "40", "lon": "-97", "within": "500", "per_page": "100"},
    "circle of 20,000 km, refused": {"lat": "40", "lon": "-97", "within": "20000"},
    "every facet chosen": {
        "profession": list(PROFESSIONS)[:MOST_SLUGS],
        "condition": list(CONDITIONS)[:MOST_SLUGS],
        "credential": list(CREDENTIALS)[:MOST_SLUGS],
        "language": LANGUAGES,
        "ages": list(AGES),
        "access": list(ACCESS),
    },
}


def worst(reader: Reader) -> Mapping[str, float]:
    """The slowest of a few times that each was asked, in milliseconds.

    What the schema refuses costs the refusal; the engine is then asked all the same, past it.
    """
    return {name: _slowest(ask, reader) for name, ask in _asks()}


def _asks() -> Iterator[tuple[str, Ask]]:
    for name, parameters in ASKED.items():
        yield name, partial(_search, parameters)
    yield "names beginning with two letters", lambda reader: reader.names("st", limit=4)
    yield "names beginning with one letter, past the schema", _names_of_one_letter
    yield "circle of 20,000 km, past the schema", _circle_of_the_earth
    yield "spelling of 24 unknown words", _spelling


def _search(parameters: Parameters, reader: Reader) -> object:
    """As a visitor's search goes, but no word is read as a term or a place: all remain text."""
    try:
        wanted = SearchSchema().load(dict(parameters))
    except ValidationError:
        return None
    here = Point(wanted.lat, wanted.lon) if wanted.lat is not None else None
    words = free_text(typed(wanted.q))
    return reader.search(
        Query(
            DAY,
            words,
            wanted.chosen(),
            Circle(here, wanted.within_km) if here else None,
            sort=Sort.DISTANCE if here else Sort.RELEVANCE if words else Sort.FAIR,
            offset=(wanted.page - 1) * wanted.per_page,
            limit=wanted.per_page,
        )
    )


def _names_of_one_letter(reader: Reader) -> Sequence[int]:
    return reader.names("b", limit=4)


def _circle_of_the_earth(reader: Reader) -> object:
    return reader.search(Query(DAY, circle=Circle(MIDDLE, 20_000), sort=Sort.DISTANCE))


def _spelling(reader: Reader) -> Sequence[str | None]:
    return reader.spell([f"zq{a}{b}xv" for a in "abcd" for b in "abcdef"])


def _slowest(ask: Ask, reader: Reader) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        ask(reader)
        taken.append(perf_counter() - began)
    return max(taken) * 1e3
