"""Places: coordinates, distances and the offline gazetteer."""

from directory.places.gazetteer import Gazetteer
from directory.places.geo import Point, distance_km, miles, uses_miles
from directory.places.loader import LoadReport, load
from directory.places.names import fold, place_key
from directory.places.place import Located, Place, Resolution

__all__ = [
    "Gazetteer",
    "LoadReport",
    "Located",
    "Place",
    "Point",
    "Resolution",
    "distance_km",
    "fold",
    "load",
    "miles",
    "place_key",
    "uses_miles",
]
