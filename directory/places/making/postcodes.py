"""Postal codes of most countries: read, placed and brought into one shape.

A row is (key, country, locality, region, lat, lon, quality). Where the source
has no coordinates, the code's locality is looked for among the towns of its
region (quality TOWN); a village too small for that borrows the point of the
next code (quality NEARBY). A locality that could be one of several towns far
apart is left out: no answer beats a wrong one.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from directory.places.geo import Point, distance_km
from directory.places.making.geonames_codes import neighbours
from directory.places.making.joining import PARENTHESIS, Join, Town
from directory.places.place import TERRITORIES
from directory.places.tables import EXACT, NEARBY, TOWN

Row = tuple[str, str, str, str, float, float, int]

PLACED = ("CA", "AU", "NZ", "BE", "DK", "PL")
JOINED = ("AT", "CH", "DE", "FI", "HU", "IT", "LU", "NL", "NO", "PT", "ZA")
SLIP_KM = (10, 60)  # a code so far from the only town of its name lies at the town


def us_postcodes(join: Join) -> Iterator[Row]:
    """ZIP codes in use, without the military ones (they have no place)."""
    import zipcodes

    for row in sorted(zipcodes.list_all(), key=lambda row: row["zip_code"]):
        usable = row["active"] and row["zip_code_type"] != "MILITARY" and row["country"] == "US"
        if not usable or not row["lat"]:
            continue
        point = Point(round(float(row["lat"]), 4), round(float(row["long"]), 4))
        if not (point.lat or point.lon):
            continue
        country, region = "US", row["state"]
        if region in TERRITORIES:
            country, region = region, join.region_at(region, point)
        yield row["zip_code"], country, row["city"], region, point.lat, point.lon, EXACT


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
        locality = PARENTHESIS.sub("", (row["localityName"] or "").split(",")[0]).strip()
        region = join.region_at(country, point)
        if country in ("CA", "AU"):
            region = join.region_of(country, row["stateCode"]) or region
        town = join.find_within(country, locality, region) if country == "DK" else None
        if town and SLIP_KM[0] < distance_km(point, town.point) < SLIP_KM[1]:
            yield _key(row["code"]), country, town.name, region, town.lat, town.lon, TOWN
        else:
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
            missed.setdefault(key, _cased(PARENTHESIS.sub("", locality.split(",")[0]).strip()))
    placed = {
        key: max(towns, key=lambda town: (towns.count(town), town.population))
        for key, towns in matches.items()
    }
    for key, town in placed.items():
        yield key, country, town.name, town.region, town.lat, town.lon, TOWN
    near = neighbours(placed, missed.keys() - placed.keys())
    for key, town in near.items():
        yield key, country, missed[key], town.region, town.lat, town.lon, NEARBY
    print(
        f"{country}: {len(placed)} at a town, {len(near)} nearby, {len(missed.keys() - placed.keys() - near.keys())} lost"
    )


def _areas() -> Iterator[Row]:
    """The letters that open a British code: good for a hint, too wide for an answer."""
    for row in _read("GB"):
        if row["latitude"] is not None:
            lat, lon = round(row["latitude"], 4), round(row["longitude"], 4)
            yield _key(row["code"]), "GB", row["localityName"], "", lat, lon, NEARBY
