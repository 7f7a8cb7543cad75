"""Postal codes for `make_data`: read, placed and brought into one shape.

A row is (key, country, locality, region, lat, lon, quality). Where the source
has no coordinates, the code's locality is looked for among the towns of its
region (quality TOWN); a village too small for that borrows the point of the
next code (quality NEARBY). A locality that could be one of several towns far
apart is left out: no answer beats a wrong one.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from directory.places import aliases
from directory.places.geo import Point, distance_km
from directory.places.names import place_key
from directory.places.tables import EXACT, NEARBY, TOWN

Row = tuple[str, str, str, str, float, float, int]

PLACED = ("CA", "AU", "NZ", "BE", "DK", "PL", "BR")
JOINED = ("AT", "CH", "CZ", "DE", "ES", "FI", "FR", "HU", "IT", "LU", "NL", "NO", "PT", "SE", "ZA")
DISTRICTS = frozenset({"FR", "ES", "IT"})
NEAR_KM = 30  # namesakes closer than this are as good as one
NEARBY_KM = 20
DOMINANT = 5  # … or when the biggest has this many times the people of the next
_TAIL = re.compile(r"(\s+(\d+\S*|[A-Z]{1,2}|cedex|CEDEX|ker\.|Cedex))+$")
_PARENTHESIS = re.compile(r"\s*\(.*")


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

    def region_at(self, country: str, point: Point) -> str:
        """The region of the nearest town of that country; "" when none is near."""
        row, column = round(point.lat), round(point.lon)
        around = [
            town
            for y in (-1, 0, 1)
            for x in (-1, 0, 1)
            for town in self._cells.get((country, row + y, column + x), [])
        ]
        return min(around, key=lambda town: distance_km(point, town.point)).region if around else ""


def _spellings(locality: str) -> Iterator[str]:
    whole = _PARENTHESIS.sub("", locality)
    for part in dict.fromkeys((whole, *re.split(r"[,/]", whole))):
        yield part.strip()
        yield _TAIL.sub("", part.strip())


def _clear(found: list[Town]) -> Town | None:
    ranked = sorted(found, key=lambda town: (-town.population, town.id))
    first, rest = ranked[0], ranked[1:]
    far = any(distance_km(first.point, town.point) > NEAR_KM for town in rest)
    return None if far and rest[0].population * DOMINANT > first.population else first


def us_postcodes() -> Iterator[Row]:
    """ZIP codes in use, without the military ones (they have no place)."""
    import zipcodes

    for row in sorted(zipcodes.list_all(), key=lambda row: row["zip_code"]):
        if (
            row["active"]
            and row["zip_code_type"] != "MILITARY"
            and row["country"] == "US"
            and row["lat"]
        ):
            point = Point(round(float(row["lat"]), 4), round(float(row["long"]), 4))
            if point.lat or point.lon:
                yield row["zip_code"], "US", row["city"], row["state"], point.lat, point.lon, EXACT


def odbl_postcodes(join: Join) -> list[Row]:
    """The other countries' codes, by key and country."""
    rows: list[Row] = []
    for country in PLACED:
        rows += _placed(country, join)
    for country in JOINED:
        rows += _joined(country, join)
    rows += _areas()
    return sorted({(row[0], row[1]): row for row in rows}.values())


def _read(country: str) -> list[dict[str, Any]]:
    path = f"data/by-country/{country}/postcodes.json"
    rows = json.loads(
        files("countrystatecity_postal_codes").joinpath(path).read_text(encoding="utf-8")
    )
    return sorted(rows, key=lambda row: (row["code"], row["localityName"] or ""))


def _key(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def _placed(country: str, join: Join) -> Iterator[Row]:
    for row in _read(country):
        if row["latitude"] is None or (row["latitude"] == 0 and row["longitude"] == 0):
            continue
        point = Point(round(row["latitude"], 4), round(row["longitude"], 4))
        locality = _PARENTHESIS.sub("", (row["localityName"] or "").split(",")[0]).strip()
        region = join.region_at(country, point)
        if country in ("CA", "AU"):
            region = join._regions[country].get(row["stateCode"], region)
        yield _key(row["code"]), country, _cased(locality), region, point.lat, point.lon, EXACT


def _cased(name: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name) if name.isupper() else name


def _joined(country: str, join: Join) -> Iterator[Row]:
    matches: dict[str, list[Town]] = defaultdict(list)
    missed: dict[str, str] = {}
    for row in _read(country):
        key = _key(row["code"])[:4] if country == "PT" else _key(row["code"])
        locality = row["localityName"] or ""
        town = join.find(country, locality, row["stateCode"])
        if town:
            matches[key].append(town)
        else:
            missed.setdefault(key, _cased(_PARENTHESIS.sub("", locality.split(",")[0]).strip()))
    placed = {
        key: max(towns, key=lambda town: (towns.count(town), town.population))
        for key, towns in matches.items()
    }
    for key, town in placed.items():
        yield key, country, town.name, town.region, town.lat, town.lon, TOWN
    near = _neighbours(placed, missed.keys() - placed.keys())
    for key, town in near.items():
        yield key, country, missed[key], town.region, town.lat, town.lon, NEARBY
    print(
        f"{country}: {len(placed)} at a town, {len(near)} nearby, {len(missed.keys() - placed.keys() - near.keys())} lost"
    )


def _neighbours(placed: dict[str, Town], missed: Iterable[str]) -> dict[str, Town]:
    """For codes of villages: the town of the next code, where its siblings lie close together."""
    found: dict[str, Town] = {}
    siblings: dict[str, list[str]] = defaultdict(list)
    for key in placed:
        for cut in (1, 2):
            siblings[key[:-cut] + "*" * cut].append(key)
    for key in sorted(missed):
        for cut in (1, 2):
            group = siblings.get(key[:-cut] + "*" * cut, [])
            centre = placed[group[0]].point if group else None
            if centre and all(
                distance_km(centre, placed[other].point) <= NEARBY_KM for other in group
            ):
                found[key] = placed[
                    min(group, key=lambda other: (abs(int(other) - int(key)), other))
                ]
                break
    return found


def _areas() -> Iterator[Row]:
    """The letters that open a British code: good for a hint, too wide for an answer."""
    for row in _read("GB"):
        if row["latitude"] is not None:
            lat, lon = round(row["latitude"], 4), round(row["longitude"], 4)
            yield _key(row["code"]), "GB", row["localityName"], "", lat, lon, NEARBY
