"""Which areas hold a practice: found when it is indexed, from the data files alone.

The country is the stated one. The region is the stated one when we know it, else that of the
nearest town; the district is that of the town of that name close by, else of the nearest. All
are codes of the gazetteer: "US", "US.CO", "US.CO.013".
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from math import cos, floor, radians
from sys import intern
from typing import NamedTuple

from directory.places.areas import everyday
from directory.places.areas.bordering import Bordering
from directory.places.geo import Point
from directory.places.loader import DATA, lines
from directory.places.names import place_key

SHAPE = b"2"  # raise it when the same files should say something else
CELLS_PER_DEGREE = 4
# Rings of cells to look in: about 30, 60, 150 and 450 km.
RINGS = (1, 2, 5, 16)
KM_PER_DEGREE = 111.19
# A town of the practice's own name is its town when it lies so near.
OWN_TOWN = (30 / KM_PER_DEGREE) ** 2  # here and below in degrees, squared
# Nobody practises so far from the nearest town: then the point says nothing of the region.
TOO_FAR = (400 / KM_PER_DEGREE) ** 2


class _Town(NamedTuple):
    lat: float
    lon: float
    name: str
    code: str  # its district, or its region where districts are not known


class Holding:
    """The towns and regions of the data files, to be asked for areas. About 30 MB.

    A country's towns are made ready when the first practice there is looked at.
    """

    def __init__(self) -> None:
        self._regions: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._known: set[str] = set()
        for country, code, _, _, _, _, full, short in lines(DATA, "regions"):
            self._known.add(f"{country}.{code}" if code else country)
            for key in (*full.split(), *short.split()) if code else ():
                self._regions[country, key].append(code)
        self._lines: dict[str, list[str]] = defaultdict(list)
        for _, name, country, rest in lines(DATA, "towns", parts=3):
            self._lines[country].append(f"{name}\t{rest}")
        self._bordering = Bordering(_spots(self._lines))
        self._cells: dict[str, dict[tuple[int, int], list[_Town]]] = {}
        # Many practise in few towns.
        self._around = lru_cache(maxsize=4096)(self._towns_around)

    def of(
        self, point: Point, *, country: str, region: str = "", locality: str = ""
    ) -> tuple[str, ...]:
        """The codes of all areas that hold a practice, the country first; marked, those near by."""
        code = self._code(point, country, region, locality)
        parts = code.split(".") if code else []
        inside = (".".join((country, *parts[:end])) for end in range(1, len(parts) + 1))
        known = (one for one in inside if one in self._known)
        within = (country, *known, *everyday.holding(point, country))
        return (*within, *self._bordering.marks(point, country, within))

    def _stated(self, country: str, region: str) -> tuple[str, ...]:
        """The regions and districts of a country that bear a name or code."""
        return tuple(self._regions.get((country, _key(region)), ()))

    def _code(self, point: Point, country: str, region: str, locality: str) -> str:
        stated = sorted(self._stated(country, region), key=lambda code: code.count("."))
        for code in stated:
            if town := self._nearest(point, country, code, _key(locality)):
                return town.code
        if stated:
            return stated[0]
        town = self._nearest(point, country, "", _key(locality))
        return town.code if town else ""

    def _nearest(self, point: Point, country: str, within: str, name: str) -> _Town | None:
        """The nearest town of a country, a region or a district; one of that name before others."""
        here_lat, here_lon = point.lat, point.lon
        narrow = max(0.05, cos(radians(here_lat)))
        for rings in RINGS:
            best, found = TOO_FAR, None
            wide = min(round(rings / narrow) + 1, 360 * CELLS_PER_DEGREE // 2)
            for town in self._around(country, within, rings, wide, *_cell(here_lat, here_lon)):
                lat, lon, called, _ = town
                north, east = here_lat - lat, (here_lon - lon) * narrow
                away = north * north + east * east
                if away <= OWN_TOWN and name and _key(called) == name:
                    away /= 1_000_000
                if away < best:
                    best, found = away, town
            if found and best <= (rings / CELLS_PER_DEGREE * 0.9) ** 2:
                return found
        return found

    def _towns_around(
        self, country: str, within: str, rings: int, wide: int, row: int, column: int
    ) -> tuple[_Town, ...]:
        """The towns of a country, a region or a district in so many rings around a cell."""
        cells = self._cells.get(country)
        if cells is None:
            cells = self._cells[country] = _by_cell(self._lines.pop(country, ()))
        return tuple(
            town
            for y in range(row - rings, row + rings + 1)
            for x in range(column - wide, column + wide + 1)
            for town in cells.get((y, x), ())
            if not within or town.code == within or town.code.startswith(f"{within}.")
        )


def _spots(lines_of: Mapping[str, list[str]]) -> Iterator[tuple[float, float, str]]:
    """Every town's point, and the smallest area that it is known to lie in."""
    for country, rows in lines_of.items():
        for row in rows:
            _, region, district, lat, lon, _ = row.split("\t")
            inside = district or region
            yield float(lat), float(lon), f"{country}.{inside}" if inside else country


def _by_cell(towns: Iterable[str]) -> dict[tuple[int, int], list[_Town]]:
    cells = defaultdict(list)
    for line in towns:
        name, region, district, lat, lon, _ = line.split("\t")
        town = _Town(float(lat), float(lon), name, intern(district or region))
        cells[_cell(town.lat, town.lon)].append(town)
    return dict(cells)


@lru_cache(maxsize=50_000)
def _key(name: str) -> str:
    return place_key(name)


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return floor(lat * CELLS_PER_DEGREE), floor(lon * CELLS_PER_DEGREE)


@cache
def digest() -> str:
    """The version of all data that decide: an index made with another one knows other areas."""
    files = (everyday.FILE, DATA / "regions.tsv.gz", DATA / "towns.tsv.gz")
    return hashlib.sha256(SHAPE + b"".join(file.read_bytes() for file in files)).hexdigest()


@cache
def _holding() -> Holding:
    return Holding()


@lru_cache(maxsize=20_000)
def areas_of(
    point: Point, *, country: str, region: str = "", locality: str = ""
) -> tuple[str, ...]:
    """The codes of all areas that hold a practice, the country first; then, marked, those that begin
    within 25 km of it (`bordering`). Data are read at first use.
    """
    return _holding().of(point, country=country, region=region, locality=locality)
