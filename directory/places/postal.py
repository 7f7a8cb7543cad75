"""Postal codes as people type them: which part of a text may be one, and of which country."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# When a code exists in several countries: where our readers are, most first.
COUNTRY_ORDER = (
    "US",
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

_CAR_SIGNS = {
    "A": "AT",
    "B": "BE",
    "D": "DE",
    "F": "FR",
    "I": "IT",
    "L": "LU",
    "N": "NO",
    "S": "SE",
    "P": "PT",
}
_SIGN = re.compile(r"\b([A-Z]{1,2})-(?=\d{4,5}\b)")
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("US", re.compile(r"\b(\d{5})-\d{4}\b")),
    ("BR", re.compile(r"\b(\d{5})-?\d{3}\b")),
    ("PT", re.compile(r"\b(\d{4})-\d{3}\b")),
    ("PL", re.compile(r"\b(\d{2}-\d{3})\b")),
    ("CA", re.compile(r"\b([ABCEGHJ-NPRSTVXY]\d[A-Z])(?:[ -]?\d[A-Z]\d)?\b")),
    ("GB", re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)(?: ?\d[A-Z]{2})?\b")),
    ("", re.compile(r"\b(\d{3} \d{2})\b")),
    ("", re.compile(r"\b(\d{4,6})\b")),
    ("NL", re.compile(r"\b(\d{4}) ?[A-Z]{2}\b")),
)


class Parsed(NamedTuple):
    """One way to see a postal code in a text: its key, its country if that is clear, the other words."""

    key: str
    country: str
    rest: str


def readings(text: str) -> Iterator[Parsed]:
    """Every way to see a postal code in a text, the likeliest first."""
    upper = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    if not any(char.isdigit() for char in upper):
        return
    sign = _SIGN.search(upper)
    if sign:
        upper = upper[: sign.start()] + upper[sign.end() :]
    for country, shape in _SHAPES:
        for found in shape.finditer(upper):
            key = re.sub(r"[ -]", "", found[1])
            if country == "BR":
                key += "000"
            said = _CAR_SIGNS.get(sign[1], sign[1]) if sign else country
            yield Parsed(key, said, f"{upper[: found.start()]} {upper[found.end() :]}".strip(" ,-"))


def preference(country: str) -> int:
    """A small number for countries whose codes are meant more often."""
    return COUNTRY_ORDER.index(country) if country in COUNTRY_ORDER else len(COUNTRY_ORDER)


def british_area(key: str) -> str:
    """The letters that open a British code: TQ of TQ9."""
    return re.match(r"[A-Z]*", key)[0]  # type: ignore[index]
