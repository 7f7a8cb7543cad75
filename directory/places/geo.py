"""Points on the globe, how far apart they are, and who counts in miles."""

from dataclasses import dataclass
from math import asin, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # mean radius R1, IUGG 1980
KM_PER_MILE = 1.609344  # the international mile, exact since 1959
_MILE_COUNTRIES = frozenset({"US", "GB", "LR", "MM"})


@dataclass(frozen=True, slots=True)
class Point:
    """A coordinate in degrees (WGS 84). 0, 0 is a place like any other.

    Raises ValueError when a part is not finite or out of range.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and -90 <= self.lat <= 90):
            raise ValueError("A latitude lies between -90 and 90.")
        if not (isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError("A longitude lies between -180 and 180.")


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula; off by at most 0.5 %."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def miles(km: float) -> float:
    """Kilometres as miles."""
    return km / KM_PER_MILE


def uses_miles(country: str) -> bool:
    """Whether people of this country (ISO code) expect road distances in miles."""
    return country.upper() in _MILE_COUNTRIES
