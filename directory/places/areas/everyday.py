"""Everyday regions and islands: the Bay Area, the Cotswolds, Skye, Mallorca.

`data/everyday.tsv` is written by hand. A line has the id, the name, other names, the country,
the region (code and name) when it lies in one alone, what it is made of, its biggest town's
place and how many people its towns have. It is made of codes of the gazetteer ("US.CA.001",
"US.ME") and of shapes in one country each, for what cannot be told apart by codes: circles
("GB:c:54.47,-3.07,30" with km) and polygons ("GB:p:57.7,-6.4;57.2,-5.7;…").
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from directory.places.geo import Point, distance_km
from directory.places.names import place_key
from directory.places.place import Match, Place, Scope

FILE = Path(__file__).parents[1] / "data" / "everyday.tsv"
# Of latitude.
KM_PER_DEGREE_AT_LEAST = 111.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A circle (one corner, km) or a polygon (three corners or more) in one country."""

    country: str
    corners: tuple[Point, ...]
    km: float = 0.0

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        if self.km:
            near = abs(point.lat - self.corners[0].lat) * 111 <= self.km
            return near and distance_km(self.corners[0], point) <= self.km
        pairs = zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)
        return sum(_crosses(point, one, other) for one, other in pairs) % 2 == 1


def _crosses(point: Point, one: Point, other: Point) -> bool:
    """Whether a line from the point to the east crosses the edge between two corners."""
    if (one.lat > point.lat) == (other.lat > point.lat):
        return False
    share = (point.lat - one.lat) / (other.lat - one.lat)
    return point.lon < one.lon + share * (other.lon - one.lon)


@dataclass(frozen=True, slots=True)
class Everyday:
    """One region; `codes` and `shapes` together are what it is made of."""

    id: str
    names: tuple[str, ...]
    country: str
    region_code: str
    region: str
    codes: tuple[str, ...]
    shapes: tuple[Shape, ...]
    point: Point
    people: int

    @property
    def areas(self) -> tuple[str, ...]:
        """The codes by which the index knows who practises there."""
        return (*self.codes, self.code) if self.shapes else self.codes

    @property
    def code(self) -> str:
        """Its own code, for whoever practises within its shapes."""
        return f"~{self.id}"

    def match(self, key: str) -> Match:
        """It as a place found by one of its names."""
        place = Place(
            self.names[0],
            self.region,
            self.region_code,
            self.country,
            self.point,
            self.people,
            "area",
            areas=self.areas,
        )
        return Match(place, self.people, Scope(self.country, self.region_code), key)


@cache
def regions() -> tuple[Everyday, ...]:
    """All of them, read once."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(_read(line.split("\t")) for line in lines if not line.startswith("#"))


@cache
def by_key() -> Mapping[str, tuple[Everyday, ...]]:
    """Those that bear a name, under the key of the name."""
    found: dict[str, dict[str, Everyday]] = defaultdict(dict)
    for one in regions():
        for name in one.names:
            found[place_key(name)][one.id] = one
    return {key: tuple(ones.values()) for key, ones in found.items()}


@cache
def _keys() -> tuple[str, ...]:
    return tuple(sorted(by_key()))


def keys_starting(prefix: str) -> tuple[str, ...]:
    """The keys of names that begin so."""
    keys = _keys()
    return keys[bisect_left(keys, prefix) : bisect_left(keys, prefix + "\U0010ffff")]


@cache
def shaped() -> Mapping[str, tuple[Everyday, ...]]:
    """Those with shapes, by each country that they have one in."""
    found: dict[str, dict[str, Everyday]] = defaultdict(dict)
    for one in regions():
        for shape in one.shapes:
            found[shape.country][one.id] = one
    return {country: tuple(ones.values()) for country, ones in found.items()}


def holding(point: Point, country: str) -> Iterator[str]:
    """The codes of all regions with a shape around a point of that country, each once."""
    yield from dict.fromkeys(
        one.code
        for one, shape in reached(point, country)
        if shape.country == country and shape.holds(point)
    )


def reached(point: Point, country: str, km: float = 0.0) -> Iterator[tuple[Everyday, Shape]]:
    """The shapes of a country's regions that may lie within so many km of a point: others do not."""
    for south, north, one, shape in _within_latitudes(country, km):
        if south <= point.lat <= north:
            yield one, shape


@cache
def _within_latitudes(country: str, km: float) -> tuple[tuple[float, float, Everyday, Shape], ...]:
    return tuple(
        (*_latitudes(shape, km), one, shape)
        for one in shaped().get(country, ())
        for shape in one.shapes
    )


def _latitudes(shape: Shape, km: float) -> tuple[float, float]:
    """Beyond which nothing is so near to a shape."""
    lats = [corner.lat for corner in shape.corners]
    reach = (shape.km + km) / KM_PER_DEGREE_AT_LEAST
    return min(lats) - reach, max(lats) + reach


def _read(fields: list[str]) -> Everyday:
    id_, name, others, country, code, region, parts, lat, lon, people = fields
    tokens = parts.split()
    return Everyday(
        id=id_,
        names=(name, *filter(None, others.split("|"))),
        country=country,
        region_code=code,
        region=region,
        codes=tuple(token for token in tokens if ":" not in token),
        shapes=tuple(_shape(token) for token in tokens if ":" in token),
        point=Point(float(lat), float(lon)),
        people=int(people),
    )


def _shape(token: str) -> Shape:
    country, kind, numbers = token.split(":")
    if kind == "c":
        lat, lon, km = map(float, numbers.split(","))
        return Shape(country, (Point(lat, lon),), km)
    corners = (corner.split(",") for corner in numbers.split(";"))
    return Shape(country, tuple(Point(float(lat), float(lon)) for lat, lon in corners))
