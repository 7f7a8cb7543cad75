"""What the gazetteer answers with."""

from dataclasses import dataclass
from typing import Literal

from directory.places.geo import Point

# Islands of the United States that are countries of their own for ISO: found as either.
TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP"})

Kind = Literal["town", "postcode", "region", "country", "area"]
Precision = Literal["postcode", "locality"]


# Countries whose bare name people use for a region first.
CALLED_LIKE_OTHERS = frozenset({"GE"})


@dataclass(frozen=True, slots=True)
class Place:
    """A town, a postcode, or an area: a region or district, a country, an everyday region.

    `country` is an ISO code; `region` is for people and may be empty,
    `region_code` is the GeoNames admin1 code. A postcode's `name` is its
    locality and its population 0. An area lies at its biggest town; `areas` are
    the codes that whoever practises in it has in the index, any of them.
    """

    name: str
    region: str
    region_code: str
    country: str
    point: Point
    population: int
    kind: Kind
    postcode: str = ""
    areas: tuple[str, ...] = ()

    @property
    def is_area(self) -> bool:
        """Whether people are in it, rather than near it."""
        return bool(self.areas)

    @property
    def label(self) -> str:
        """One line for people: "Boulder, Colorado, US", "97214, Portland, Oregon, US",
        "Bavaria, DE", "Cook County, Illinois, US", "Austria", "Georgia (country)".
        """
        if self.kind == "country":
            return f"{self.name} (country)" if self.country in CALLED_LIKE_OTHERS else self.name
        parts = (self.postcode, self.name, self.region, self.country)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A visitor's words as a place; without one, `suggestions` are labels of the nearest spellings.

    `unread` are words that we know nothing of, such as a quarter's name before
    its town's: the place is the town then. `aside` is a town that was named beside a code, or
    the code, where they lie apart.
    """

    place: Place | None = None
    alternatives: tuple[Place, ...] = ()
    suggestions: tuple[str, ...] = ()
    unread: str = ""
    aside: Place | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address lies, how precisely, or why we cannot say.

    Without a place it is `ambiguous` (then `alternatives` says between which)
    or unknown (then `suggestions` may help). `note` is a sentence for whoever
    imports, "" when everything agreed.
    """

    place: Place | None = None
    precision: Precision | None = None
    ambiguous: bool = False
    alternatives: tuple[Place, ...] = ()
    suggestions: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A country (code ""), region or district that a town must lie in."""

    country: str
    code: str = ""

    def holds(self, other: "Scope") -> bool:
        """Whether the other one is this one or a part of it."""
        if not self.code and self.country == "US" and other.country in TERRITORIES:
            return True
        inside = not self.code or other.code == self.code or other.code.startswith(self.code + ".")
        return self.country == other.country and inside


@dataclass(frozen=True, slots=True)
class Match:
    """A place found by one of its names.

    `weight` is its population, a tenth of it when the name was not its own.
    """

    place: Place
    weight: int
    scope: Scope
    key: str = ""
    short: bool = False  # a region or country found by a code such as CO
    quality: int = 0  # of a postcode

    @property
    def own_name(self) -> bool:
        return self.weight == self.place.population

    def within(self, scopes: tuple[Scope, ...]) -> bool:
        """Whether it lies in one of the scopes."""
        return any(scope.holds(self.scope) for scope in scopes)


def heavier(match: Match) -> tuple[int, int, str]:
    """Sorts the heavier first, and the rest always the same way."""
    return -match.weight, -match.place.population, match.place.label
