"""The languages that somebody may speak or sign."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

# By ISO 639-3: signed languages have no code of two letters.
SIGNED: Mapping[str, str] = {
    "ase": "American Sign Language",
    "asf": "Australian Sign Language",
    "bfi": "British Sign Language",
    "bzs": "Brazilian Sign Language",
    "dse": "Dutch Sign Language",
    "fsl": "French Sign Language",
    "gsg": "German Sign Language",
    "ise": "Italian Sign Language",
    "isg": "Irish Sign Language",
    "nzs": "New Zealand Sign Language",
    "ssp": "Spanish Sign Language",
}


@cache
def language_names() -> Mapping[str, str]:
    """English names of the world's languages (Unicode CLDR, through Babel), signed ones after."""
    names: Mapping[str, str] = Locale("en").languages
    return {code: name for code, name in names.items() if len(code) == 2} | dict(SIGNED)
