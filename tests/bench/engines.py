"""What every engine in the contest does, and what their peers say our queries in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from typing import ClassVar, Protocol

from directory.places.geo import EARTH_RADIUS_KM
from directory.search.port import Circle, Document, Query
from directory.search.whoosh_engine.arrays.schema import BOOSTS, FIELDS
from tests.bench.listings import CONDITIONS, DAY, LANGUAGES, PROFESSIONS

__all__ = ["BOOSTS", "FIELDS"]  # what is searched, and what each is worth

PAGE = 20
# The peers have it easy: small numbers in place of our slugs, a flag in place of the day on
# which someone said to accept clients, no day of confirmation (all are shown on DAY), two
# facets to count in place of eleven, and no freshness in the score.
PROFESSION = {slug: number for number, slug in enumerate(PROFESSIONS)}
CONDITION = {slug: number for number, slug in enumerate(CONDITIONS)}
LANGUAGE = {slug: number for number, slug in enumerate(LANGUAGES)}
NUMBERS = {"profession": PROFESSION, "condition": CONDITION, "language": LANGUAGE}
_SLUGS = {name: list(numbers) for name, numbers in NUMBERS.items()}
KM_PER_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Answer:
    """The best 20 listings, the exact total, and how many have each profession and condition."""

    total: int
    ids: tuple[int, ...]
    professions: Mapping[str, int]
    conditions: Mapping[str, int]


class Engine(Protocol):
    """One way to index and search: `build`, `open`, any number of `ask`s, `close`."""

    name: ClassVar[str]
    # Whether a circle is one; otherwise the square around it is searched.
    round: ClassVar[bool]
    # Only every so-manieth question is asked.
    every: ClassVar[int]

    def __init__(self, folder: Path) -> None: ...

    def build(self, documents: Iterable[Document]) -> None:
        """Index the documents."""

    def open(self) -> None:
        """Get ready to answer."""

    def ask(self, query: Query) -> Answer:
        """Answer one query."""

    def close(self) -> None:
        """Let go of files and servers."""


def numbers(document: Document, facet: str) -> list[int]:
    """What a document has of a facet, as numbers."""
    return [NUMBERS[facet][slug] for slug in document.facets[facet]]


def chosen(query: Query, facet: str) -> list[int]:
    """What a query asks for in a facet, as numbers."""
    return sorted(NUMBERS[facet][slug] for slug in query.chosen.get(facet, ()))


def slugs(facet: str, counts: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Counts by number as counts by slug."""
    return {_SLUGS[facet][number]: count for number, count in counts if count}


def accepts(document: Document) -> bool:
    """Whether it is still true on DAY that new clients are welcome."""
    stated = document.accepting_stated_on
    return stated is not None and (DAY - stated).days < 90


@dataclass(frozen=True, slots=True)
class Box:
    """The square around a circle, in degrees. Nothing here lies near a pole or date line."""

    south: float
    north: float
    west: float
    east: float


def box(circle: Circle, margin: float = 1.0) -> Box:
    """The smallest square with the circle in it, or one `margin` times as wide."""
    high = circle.km / KM_PER_DEGREE * margin
    wide = high / cos(radians(circle.centre.lat))
    lat, lon = circle.centre.lat, circle.centre.lon
    return Box(lat - high, lat + high, lon - wide, lon + wide)


# Great-circle kilometres in SQL, from columns lat and lon to parameters here_lat and here_lon.
HAVERSINE = f"""
    {2 * EARTH_RADIUS_KM} * asin(sqrt(
        power(sin((radians(lat) - radians({{here_lat}})) / 2), 2)
        + cos(radians({{here_lat}})) * cos(radians(lat))
        * power(sin((radians(lon) - radians({{here_lon}})) / 2), 2)))
"""
