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
    here = Point(lat, lon)
    if town is not None and distance_km(here, town.point) <= FAR_KM:
        return practice, ""
    inside = _is_there(here, practice.country, gazetteer)
    if town is None and inside:
        return practice, ""
    for one, other in _ways(lat, lon):
        meant = Point(one, other)
        near = distance_km(meant, town.point) <= FAR_KM if town else None
        if near or (near is None and _is_there(meant, practice.country, gazetteer)):
            said = f"the coordinates {lat:g}, {lon:g} are read as {one:g}, {other:g}"
            return replace(practice, lat=one, lon=other), f"{said}, which lie in {practice.town}"
    if not inside:
        return without, f"the coordinates {lat:g}, {lon:g} do not lie in {practice.town}: left out"
    return practice, ""


def _ways(lat: float, lon: float) -> list[tuple[float, float]]:
    """The same two numbers with other signs, then the other way round."""
    signs = [(lat, -lon), (-lat, lon), (-lat, -lon)]
    turned = [(lon, lat), (-lon, lat), (lon, -lat), (-lon, -lat)]
    return signs + [pair for pair in turned if abs(pair[0]) <= 90]


def _is_there(point: Point, country: str, gazetteer: Gazetteer) -> bool:
    """Whether a point lies in a country, as far as the nearest town tells."""
    nearest = gazetteer.nearest(point)
    if nearest is None or distance_km(point, nearest.point) > FAR_KM:
        return False
    # Close to a border the nearest town may be over it.
    return nearest.country == country or not gazetteer.lies_elsewhere(point, country=country)
