"""Telephone numbers that ring nowhere: only ranges that regulators keep for fiction."""

from collections.abc import Callable, Mapping
from random import Random

from directory.schemas.kinds import phone_number

# Area codes in use, by state and province; 555-0100 to 555-0199 of each is kept for fiction
# (North American Numbering Plan Administration, 555 line numbers).
_AREA_CODES: Mapping[str, str] = {
    "Alabama": "205",
    "Alaska": "907",
    "Alberta": "403",
    "Arizona": "602",
    "Arkansas": "501",
    "British Columbia": "604",
    "California": "415",
    "Colorado": "303",
    "Connecticut": "203",
    "Florida": "305",
    "Georgia": "404",
    "Hawaii": "808",
    "Idaho": "208",
    "Illinois": "312",
    "Indiana": "317",
    "Iowa": "515",
    "Kansas": "316",
    "Kentucky": "502",
    "Louisiana": "504",
    "Maine": "207",
    "Manitoba": "204",
    "Maryland": "410",
    "Massachusetts": "617",
    "Michigan": "313",
    "Minnesota": "612",
    "Missouri": "314",
    "Montana": "406",
    "Nebraska": "402",
    "Nevada": "702",
    "New Jersey": "201",
    "New Mexico": "505",
    "New York": "212",
    "North Carolina": "704",
    "Nova Scotia": "902",
    "Ohio": "216",
    "Oklahoma": "405",
    "Ontario": "416",
    "Oregon": "503",
    "Pennsylvania": "215",
    "Québec": "514",
    "Saskatchewan": "306",
    "South Carolina": "803",
    "Tennessee": "615",
    "Texas": "512",
    "Utah": "801",
    "Vermont": "802",
    "Virginia": "804",
    "Washington": "206",
    "Wisconsin": "414",
}
# Ofcom, "Telephone numbers for use in TV and radio drama programmes".
_BRITISH: Mapping[str, str] = {
    "Birmingham": "0121 496 0",
    "Bristol": "0117 496 0",
    "Edinburgh": "0131 496 0",
    "Glasgow": "0141 496 0",
    "Leeds": "0113 496 0",
    "Leicester": "0116 496 0",
    "Liverpool": "0151 496 0",
    "London": "020 7946 0",
    "Manchester": "0161 496 0",
    "Nottingham": "0115 496 0",
    "Sheffield": "0114 496 0",
}
# Australian Communications and Media Authority, numbers for creative works.
_AUSTRALIAN: Mapping[str, str] = {
    "New South Wales": "02",
    "Australian Capital Territory": "02",
    "Victoria": "03",
    "Tasmania": "03",
    "Queensland": "07",
    "South Australia": "08",
    "Western Australia": "08",
    "Northern Territory": "08",
}


def fictional_phone(country: str, region: str, town: str, chance: Random) -> str:
    """A number in international form; "" where we know of no range kept for fiction."""
    line = chance.randrange(100)
    make = _BY_COUNTRY.get(country)
    return phone_number(make(region, town, line), country) if make else ""


def _american(region: str, _: str, line: int) -> str:
    return f"({_AREA_CODES.get(region, '202')}) 555-01{line:02}"


def _british(_: str, town: str, line: int) -> str:
    return f"{_BRITISH.get(town, '01632 960')}{line:03}"


def _australian(region: str, _: str, line: int) -> str:
    return f"{_AUSTRALIAN.get(region, '02')} 5550 {1000 + line}"


_BY_COUNTRY: Mapping[str, Callable[[str, str, int], str]] = {
    "US": _american,
    "CA": _american,
    "GB": _british,
    "AU": _australian,
}
