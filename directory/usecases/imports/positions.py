"""Positions that a spreadsheet or a hurry spoiled: 0, 0, a lost minus sign, the two exchanged."""

from dataclasses import replace

from directory.models import Practice
from directory.places import Gazetteer, Point, distance_km

# What lies farther from its own town than this is no address there.
FAR_KM = 100
# So near to 0, 0 in the sea off Africa nobody works.
NOWHERE = 0.01


def mended(practice: Practice, gazetteer: Gazetteer) -> tuple[Practice, str]:
    """The practice with a position that can be true, or with none, and what was done.

    Given coordinates win over the town. But where they lie far from it, and the same numbers with
    another sign or the other way round lie in it, that is what was meant; and what lies in another
    country than the one that is stated is left aside.
    """
    if practice.precision != "exact" or practice.lat is None or practice.lon is None:
        return practice, ""
    lat, lon = practice.lat, practice.lon
    without = replace(practice, lat=None, lon=None, precision="")
    if abs(lat) < NOWHERE and abs(lon) < NOWHERE:
        return without, "the coordinates 0, 0 lie in the sea and were left out"
    town = gazetteer.locate(
        locality=practice.locality,
        region=practice.region,
        postcode=practice.postcode,
        country=practice.country,
    ).place
    if town is None or distance_km(Point(lat, lon), town.point) <= FAR_KM:
        return practice, ""
    for one, other in (
        (lat, -lon),
        (-lat, lon),
        (-lat, -lon),
        (lon, lat),
        (-lon, lat),
        (lon, -lat),
    ):
        if abs(one) <= 90 and distance_km(Point(one, other), town.point) <= FAR_KM:
            said = f"the coordinates {lat:g}, {lon:g} are read as {one:g}, {other:g}"
            meant = replace(practice, lat=one, lon=other)
            return meant, f"{said}, which lie in {practice.locality or practice.postcode}"
    if not _is_there(Point(lat, lon), practice.country, gazetteer):
        where = practice.town or practice.country
        return without, f"the coordinates {lat:g}, {lon:g} do not lie in {where} and were left out"
    return practice, ""


def _is_there(point: Point, country: str, gazetteer: Gazetteer) -> bool:
    """Whether a point lies in a country, as far as the nearest town tells."""
    nearest = gazetteer.nearest(point)
    return nearest is not None and not gazetteer.lies_elsewhere(point, country=country)
