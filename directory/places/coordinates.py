"""Coordinates as people paste them: decimal, in degrees and minutes, or inside a map's link."""

import re
import unicodedata

from directory.places.geo import Point

MAX_PASTED = 500
_DECIMAL = r"[+-]?\d{1,3}\.\d{1,15}"
_PAIR = rf"({_DECIMAL})\s*(?:,|;|/|\s|%2C)\s*({_DECIMAL})"
# In a link the sign before the pair says that it is one.
_LINK = re.compile(rf"(?:@|[?&#](?:q|ll|sll|center|daddr|query|map=\d+/)=?|#map=\d+/|geo:){_PAIR}")
_MARKED = re.compile(rf"mlat=({_DECIMAL})&mlon=({_DECIMAL})")
_DATA = re.compile(rf"!3d({_DECIMAL})!4d({_DECIMAL})")
_ANYWHERE = re.compile(rf"\w://.*?[^\d.+-]({_DECIMAL})(?:,|%2C|~|/)({_DECIMAL})(?![\d.])")
_BARE = re.compile(rf"[(\[]?\s*{_PAIR}\s*[)\]]?")
_COMMAS = re.compile(r"([+-]?\d{1,3},\d{2,15})\s*(?:;|\s)\s*([+-]?\d{1,3},\d{2,15})")
_WHOLE = re.compile(r"([+-]?\d{1,2})°?\s*,\s*([+-]\d{1,3})°?")
_NUMBER = (
    r"(\d{1,3}(?:[.,]\d+)?)\s*°?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*')?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*\")?"
)
_SPACED = r"(\d{1,3}) (\d{1,2}(?:[.,]\d+)?)(?: (\d{1,2}(?:[.,]\d+)?))?"
_SIDED = tuple(
    re.compile(form)
    for number in (_NUMBER, _SPACED)
    for form in (
        rf"{number}\s*([NS])[\s,;/]*{number}\s*([EW])",
        rf"([NS])\s*{number}[\s,;/]*([EW])\s*{number}",
    )
)
_EXACT = re.compile(r"[.,]\d|[°']")
_DEGREES = re.compile(rf"([+-]?){_NUMBER}[\s,;/]+([+-]?){_NUMBER}")
# With the signs for minutes left out: "-30° 28.453, 150° 55.265".
_MINUTES = re.compile(
    r"([+-]?)(\d{1,3})°\s*(\d{1,2}\.\d+)()[\s,;/]+([+-]?)(\d{1,3})°\s*(\d{1,2}\.\d+)()"
)
_SIGNS = str.maketrans(
    {"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "″": '"', "”": '"', "“": '"', "−": "-"}
)  # fmt: skip
_WORDS = re.compile(
    r"\b(?:LATITUDE|LONGITUDE|LAT|LONG|LON|LNG)\b\.?\s*[:=]?|\b(NORTH|SOUTH|EAST|WEST)\b"
)


def read(text: str) -> Point | None:
    """The point that a text is, or that a pasted map link shows; None for anything else."""
    if len(text) > MAX_PASTED or not any(char.isdecimal() for char in text):
        return None
    plain = text.translate(_SIGNS)
    for link in (_DATA, _MARKED, _LINK, _ANYWHERE):
        if found := link.search(plain):
            return _point(float(found[1]), float(found[2]))
    plain = unicodedata.normalize("NFKC", plain).upper().replace("''", '"').strip(" .,;")
    plain = re.sub(r"(?<=\d) ?DEG(?:REES?)?\b\.?", "°", plain)
    plain = _WORDS.sub(lambda word: (word[1] or "")[:1], plain)
    plain = " ".join(plain.split())
    return _decimal(plain) or _sided(plain) or _signed(plain)


def _decimal(text: str) -> Point | None:
    found = _BARE.fullmatch(text) or _COMMAS.fullmatch(text) or _WHOLE.fullmatch(text)
    if not found or not text.isascii():
        return None
    return _point(float(found[1].replace(",", ".")), float(found[2].replace(",", ".")))


def _sided(text: str) -> Point | None:
    for form in _SIDED:
        found = form.fullmatch(text)
        if found and (_EXACT.search(text) or len(re.findall(r"\d+", text)) > 3):
            parts = found.groups()
            first = parts[0] in ("N", "S")
            north, east = (parts[0], parts[4]) if first else (parts[3], parts[7])
            lat = _angle(parts[1:4] if first else parts[:3])
            lon = _angle(parts[5:8] if first else parts[4:7])
            return _point(-lat if north == "S" else lat, -lon if east == "W" else lon)
    return None


def _signed(text: str) -> Point | None:
    found = (_DEGREES.fullmatch(text) or _MINUTES.fullmatch(text)) if "°" in text else None
    if not found:
        return None
    south, *lat, west = found.groups()[:5]
    lon = found.groups()[5:]
    return _point(
        -_angle(lat) if south == "-" else _angle(lat),
        -_angle(lon) if west == "-" else _angle(lon),
    )


def _angle(parts: "tuple[str | None, ...] | list[str | None]") -> float:
    """Degrees of degrees, minutes and seconds, each a number in words or None."""
    values = [float((part or "0").replace(",", ".")) for part in parts]
    return values[0] + values[1] / 60 + values[2] / 3600


def _point(lat: float, lon: float) -> Point | None:
    try:
        return Point(round(lat, 6), round(lon, 6))
    except ValueError:
        return None
