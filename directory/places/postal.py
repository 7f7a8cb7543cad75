"""Postal codes as people type them: which part of a text may be one, and of which country."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from directory.places.names import fold

# When a code exists in several countries: where our readers are, most first.
COUNTRY_ORDER = (
    "US",
    "PR",
    "GU",
    "VI",
    "AS",
    "MP",
    "CA",
    "GB",
    "AU",
    "DE",
    "FR",
    "NZ",
    "CH",
    "AT",
    "NL",
    "IT",
    "ES",
    "BE",
    "SE",
    "DK",
    "NO",
    "PL",
)

# Countries by the letters on their cars, where ISO has others.
_CAR_SIGNS = {
    "A": "AT",
    "B": "BE",
    "D": "DE",
    "E": "ES",
    "F": "FR",
    "H": "HU",
    "I": "IT",
    "L": "LU",
    "N": "NO",
    "P": "PT",
    "S": "SE",
    "FL": "LI",
    "SF": "FI",
}
_SIGN = re.compile(r"\b([A-Z]{1,2})-(?=\d{4,5}\b|\d{3} \d{2}\b|\d{2}-\d{3}\b|\d{4}-\d{3}\b)")
_STATE_CODES = """
    AL AK AZ AR CA CO CT FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC
    ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC
"""
_STATES = frozenset(_STATE_CODES.split())
_AREA = r"[A-Z]{1,2}\d[A-Z\d]?"
# Districts of central London that are listed with letters only: one in the middle stands for all.
_WHOLE_IN_LETTERS = {
    "SW1": ("SW1H",),
    "W1": ("W1B",),
    "WC1": ("WC1B",),
    "WC2": ("WC2E",),
    "EC1": ("EC1M",),
    "EC2": ("EC2V",),
    "EC3": ("EC3V",),
    "EC4": ("EC4M",),
}
_IRISH = r"D6W|[AC-FHKNPRTV-Y]\d{2}"
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("US", re.compile(r"\b(\d{5})[- ]\d{4}\b")),
    ("JP", re.compile(r"〒? ?\b(\d{3}-\d{4})\b")),
    ("BR", re.compile(r"\b(\d{5}-\d{3})\b")),
    ("PT", re.compile(r"\b(\d{4})-\d{3}\b")),
    ("PL", re.compile(r"\b(\d{2}-\d{3})\b")),
    ("CA", re.compile(r"\b([ABCEGHJ-NPRSTVXY]\d[A-Z])(?:[ -]?\d[A-Z]\d)?\b")),
    ("GB", re.compile(rf"\b({_AREA})[ -]?(\d)[ABD-HJLNP-UW-Z]{{2}}\b")),
    ("IE", re.compile(rf"\b({_IRISH})[ -]?(?=[A-Z]*\d)[AC-FHKNPRTV-Y\d]{{4}}\b")),
    ("GB", re.compile(rf"\b({_AREA}) (\d)\b")),
    ("GB", re.compile(rf"\b({_AREA})\b")),
    ("GB", re.compile(rf"\b({_AREA})(\d)\b")),
    ("IE", re.compile(rf"\b({_IRISH})\b")),
    ("IE", re.compile(r"\b(?:DUBLIN|BAILE ÁTHA CLIATH|BAILE ATHA CLIATH) (\d{1,2}|6W)\b")),
    ("SE CZ SK GR", re.compile(r"\b(\d{3} \d{2})\b")),
    ("IN", re.compile(r"\b(\d{3} \d{3})\b")),
    ("NL", re.compile(r"\b(\d{4}) ?[A-Z]{2}\b")),
    ("", re.compile(r"\b(\d{4,6})\b")),
    ("JP", re.compile(r"〒? ?\b(\d{7})\b")),
    ("BR", re.compile(r"\b(\d{8})\b")),
    ("US", re.compile(r"\b(\d{5})\d{4}\b")),
)
# Of codes this long the first letters are listed, as "150*": see `making/prefixes`.
SHORTENED = {"JP": 3, "BR": 3}
_PARTED = {
    "JP": (3, "-"),
    "BR": (5, "-"),
    "PL": (2, "-"),
    "SE": (3, " "),
    "CZ": (3, " "),
    "SK": (3, " "),
    "GR": (3, " "),
}
# Of so many letters and digits a code is whole, in its country.
_WHOLE = {"GB": 5, "CA": 6, "IE": 7}
# Shapes that hardly anything else has, so that they count among words that say nothing.
_CLEAR = frozenset({"US", "JP", "BR", "CA", "GB", "IE"})


class Parsed(NamedTuple):
    """One way to see a postal code in a text.

    `keys` are what it may be listed as, the most exact first; `country` is one or several
    that have such codes, "" when many have; `rest` are the other words.
    """

    keys: tuple[str, ...]
    country: str
    rest: str
    code: str

    @property
    def clear(self) -> bool:
        """Whether it can hardly be anything but a code: whole, and of one country's shape."""
        return self.country in _CLEAR and len(self.code) > 4

    @property
    def whole(self) -> bool:
        """Whether it is all of a code with letters, so that it names a few houses."""
        letters = self.code.replace(" ", "").replace("-", "")
        least = _WHOLE.get(self.country, 0)
        return bool(least) and len(letters) >= least and not letters.isdigit()


def readings(text: str) -> Iterator[Parsed]:
    """Every way to see a postal code in a text, the likeliest first."""
    upper = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    if not any(char.isdigit() for char in upper):
        return
    sign = _SIGN.search(upper)
    sign = sign if sign and sign[1] not in _STATES else None
    if sign:
        upper = upper[: sign.start()] + upper[sign.end() :]
    for country, shape in _SHAPES:
        for found in shape.finditer(upper):
            said = _CAR_SIGNS.get(sign[1], sign[1]) if sign else country
            rest = f"{upper[: found.start()]} {upper[found.end() :]}"
            yield Parsed(_keys(country, found), said, " ".join(rest.split()).strip(" ,-"), found[0])


def _keys(country: str, found: re.Match[str]) -> tuple[str, ...]:
    if country == "GB":
        sector = (f"{found[1]} {found[2]}",) if found.re.groups > 1 else ()
        return *sector, found[1], *_WHOLE_IN_LETTERS.get(found[1], ())
    if country == "IE":
        return (found[1] if found[1][0] in "ACDEFHKNPRTVWXY" else f"D{found[1]:>02}",)
    key = re.sub(r"[ -]", "", found[1])
    shortest = SHORTENED.get(country, len(key))
    return key, *(f"{key[:end]}*" for end in range(len(key) - 1, shortest - 1, -1))


def shown(key: str, country: str) -> str:
    """A code as its country writes it."""
    cut, mark = _PARTED.get(country, (0, ""))
    return f"{key[:cut]}{mark}{key[cut:]}" if cut and len(key) > cut else key


def typed(text: str) -> tuple[str, ...]:
    """How codes may begin that have been typed so far: "ls63" may go on to LS6 3 or to LS63."""
    key = "".join(fold(text).split()).upper()
    if not key.isascii():
        return ()
    british = re.fullmatch(rf"({_AREA})(\d)[A-Z]{{0,2}}", key)
    if re.fullmatch(r"[A-Z]\d[A-Z]\d?[A-Z]?\d?", key):
        return (key[:3],)  # Canadian codes are known by their first half
    irish = re.fullmatch(rf"({_IRISH})[A-Z\d]{{0,4}}", key)
    starts = [key, f"{british[1]} {british[2]}" if british else "", irish[1] if irish else ""]
    return tuple(start for start in dict.fromkeys(starts) if 2 <= len(start) <= 8)


def is_spaced(text: str) -> bool:
    """Whether a text is a code of three digits, a space and two: several countries have such."""
    return bool(re.fullmatch(r"\s*\d{3} \d{2}\s*", text))


def preference(country: str) -> int:
    """A small number for countries whose codes are meant more often."""
    return COUNTRY_ORDER.index(country) if country in COUNTRY_ORDER else len(COUNTRY_ORDER)


def is_ours(country: str) -> bool:
    """Whether many of our readers are there."""
    return country in COUNTRY_ORDER


def british_area(text: str) -> str:
    """The two letters that open British codes and that a text is, such as LS; else ""."""
    letters = text.strip().upper()
    return letters if re.fullmatch(r"[A-Z]{2}", letters) else ""
