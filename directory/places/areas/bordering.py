"""Which areas begin just across a border: those with a town within 25 km that do not hold a point.

An area's towns stand for its border, as the data know no lines; of shapes their own border counts.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from math import cos, floor, radians

from directory.places.areas import everyday
from directory.places.areas.everyday import Shape
from directory.places.geo import Point, distance_km

BEYOND_KM = 25.0
KM_PER_DEGREE = 111.19
CELLS_PER_DEGREE = 4
PER_ROW = 360 * CELLS_PER_DEGREE
MARK = "+"  # before the code of an area that begins across the border


class Bordering:
    """All towns with the codes that they lie in, in arrays: about 3 MB."""

    def __init__(self, towns: Iterable[tuple[float, float, str]]) -> None:
        codes: dict[str, int] = {}
        rows = sorted(
            (_cell(lat, lon), lat, lon, codes.setdefault(code, len(codes)))
            for lat, lon, code in towns
        )
        self._codes = tuple(codes)
        self._cells = array("i", (row[0] for row in rows))
        self._lats = array("f", (row[1] for row in rows))
        self._lons = array("f", (row[2] for row in rows))
        self._of = array("i", (row[3] for row in rows))
        self._near = lru_cache(maxsize=20_000)(self._codes_near)

    def marks(self, point: Point, country: str, inside: Collection[str]) -> Iterator[str]:
        """The marked codes of areas that a point is not inside of, but near."""
        near = {code for one in self._near(point) for code in _with_wholes(one)}
        near |= {f"~{one.id}" for one in _shapes_near(point, country)}
        yield from (f"{MARK}{code}" for code in sorted(near - set(inside)))

    def _codes_near(self, point: Point) -> frozenset[str]:
        narrow = max(0.05, cos(radians(point.lat)))
        high = BEYOND_KM / KM_PER_DEGREE
        wide = high / narrow
        found = set()
        for start, end in self._windows(point, high, wide):
            for at in range(start, end):
                north, east = self._lats[at] - point.lat, (self._lons[at] - point.lon) * narrow
                if north * north + east * east <= high * high:
                    found.add(self._of[at])
        return frozenset(self._codes[number] for number in found)

    def _windows(self, point: Point, high: float, wide: float) -> Iterator[tuple[int, int]]:
        """Where the towns stand that may be near, row of cells by row; the date line is a border."""
        for row in range(_step(point.lat - high, 90), _step(point.lat + high, 90) + 1):
            first = row * PER_ROW + max(0, _step(point.lon - wide, 180))
            last = row * PER_ROW + min(PER_ROW - 1, _step(point.lon + wide, 180))
            yield bisect_left(self._cells, first), bisect_right(self._cells, last)


def marked(areas: Iterable[str]) -> frozenset[str]:
    """What whoever practises just across the border of an area has in the index."""
    return frozenset(f"{MARK}{code}" for code in areas)


def _step(degrees: float, half: int) -> int:
    return floor((degrees + half) * CELLS_PER_DEGREE)


def _cell(lat: float, lon: float) -> int:
    return _step(lat, 90) * PER_ROW + min(_step(lon, 180), PER_ROW - 1)


def _with_wholes(code: str) -> Iterator[str]:
    """A code with those of the region and country that it is a part of."""
    parts = code.split(".")
    yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _shapes_near(point: Point, country: str) -> Iterator[everyday.Everyday]:
    for one, shape in everyday.reached(point, country, BEYOND_KM):
        if _is_near(shape, point):
            yield one


def _is_near(shape: Shape, point: Point) -> bool:
    reach = shape.km + BEYOND_KM
    if shape.km:
        return distance_km(shape.corners[0], point) <= reach
    pairs = zip(shape.corners, (*shape.corners[1:], shape.corners[0]), strict=True)
    return any(_away(point, one, other) <= reach for one, other in pairs)


def _away(point: Point, one: Point, other: Point) -> float:
    """Kilometres to the edge between two corners, as on a flat map."""
    narrow = max(0.05, cos(radians(point.lat)))
    x1, y1 = (one.lon - point.lon) * narrow, one.lat - point.lat
    x2, y2 = (other.lon - point.lon) * narrow, other.lat - point.lat
    dx, dy = x2 - x1, y2 - y1
    long = dx * dx + dy * dy
    share = min(1.0, max(0.0, -(x1 * dx + y1 * dy) / long)) if long else 0.0
    away: float = ((x1 + share * dx) ** 2 + (y1 + share * dy) ** 2) ** 0.5
    return away * KM_PER_DEGREE
