"""Finds the town that a locality's name means, in its region."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from directory.places.geo import Point, distance_km
from directory.places.making import aliases
from directory.places.names import place_key

DISTRICTS = frozenset({"FR", "ES", "IT"})
NEAR_KM = 30  # namesakes closer than this are as good as one
QUARTER_KM = 3  # of the towns that are nearly nearest, the biggest is meant
DOMINANT = 5  # … or when the biggest has this many times the people of the next
_TAIL = re.compile(r"(\s+(\d+\S*|[A-Z]{1,2}|cedex|CEDEX|ker\.|Cedex))+$")
PARENTHESIS = re.compile(r"\s*\(.*")


class Town(NamedTuple):
    """A town as the gazetteer will know it."""

    id: int
    name: str
    country: str
    region: str
    district: str
    lat: float
    lon: float
    population: int

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


class Join:
    """Finds the town that a postal code's locality means."""

    def __init__(self, towns: list[Town], names: list[tuple[Any, ...]]) -> None:
        self._named: dict[tuple[str, str], list[Town]] = defaultdict(list)
        self._cells: dict[tuple[str, int, int], list[Town]] = defaultdict(list)
        for _, key, line, _ in names:
            self._named[towns[line].country, key].append(towns[line])
        for town in towns:
            self._cells[town.country, round(town.lat), round(town.lon)].append(town)
        self._regions = {
            country: dict(pair.split() for pair in pairs.split("|"))
            for country, pairs in aliases.POSTAL_REGIONS.items()
        }

    def find(self, country: str, locality: str, state: str | None) -> Town | None:
        """The town, or None when there is none or it is not clear which."""
        for spelling in _spellings(locality):
            found = [
                town
                for town in self._named.get((country, place_key(spelling)), [])
                if self._inside(town, state)
            ]
            if found:
                return _clear(found)
        return None

    def named(self, country: str, name: str) -> list[Town]:
        """Every town of that name in a country."""
        return self._named.get((country, place_key(name)), [])

    def find_within(self, country: str, name: str, where: str) -> Town | None:
        """The town of that name in a region or district ("" anywhere), None when it is not clear which."""
        found = [
            town
            for town in self.named(country, name)
            if not where or where in (town.region, town.district) or not town.region
        ]
        return _clear(found) if found else None

    def nearest(self, country: str, point: Point) -> Town | None:
        """The town that a point belongs to: the biggest of those that are nearly nearest."""
        away = {town: distance_km(point, town.point) for town in self.around(country, point)}
        limit = min(away.values(), default=0) + QUARTER_KM
        near = [town for town, far in away.items() if far <= limit]
        return max(near, key=lambda town: (town.population, -town.id), default=None)

    def _inside(self, town: Town, state: str | None) -> bool:
        if state is None:
            return True
        if town.country in DISTRICTS:
            return not town.district or town.district.endswith(f".{state[:2]}")
        if town.country == "AT":
            return town.region == f"0{state}"
        if town.country == "CH":
            return town.region == state
        codes = self._regions.get(town.country)
        return codes is None or codes.get(state) == town.region

    def region_of(self, country: str, state: str | None) -> str:
        """What the postal data calls a state, as GeoNames' code."""
        return self._regions.get(country, {}).get(state or "", "")

    def region_at(self, country: str, point: Point) -> str:
        """The region of the nearest town of that country; "" when none is near."""
        around = self.around(country, point)
        return min(around, key=lambda town: distance_km(point, town.point)).region if around else ""

    def around(self, country: str, point: Point) -> list[Town]:
        """Its towns in the nine cells of a degree around a point."""
        row, column = round(point.lat), round(point.lon)
        return [
            town
            for y in (-1, 0, 1)
            for x in (-1, 0, 1)
            for town in self._cells.get((country, row + y, column + x), [])
        ]


def _spellings(locality: str) -> Iterator[str]:
    whole = PARENTHESIS.sub("", locality)
    for part in dict.fromkeys((whole, *re.split(r"[,/]", whole))):
        yield part.strip()
        yield _TAIL.sub("", part.strip())


def _clear(found: list[Town]) -> Town | None:
    ranked = sorted(found, key=lambda town: (-town.population, town.id))
    first, rest = ranked[0], ranked[1:]
    far = any(distance_km(first.point, town.point) > NEAR_KM for town in rest)
    return None if far and rest[0].population * DOMINANT > first.population else first
