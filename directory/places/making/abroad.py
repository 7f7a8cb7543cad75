"""Countries as other languages call them: Babel's names (Unicode CLDR), without those that mean more."""

from collections.abc import Collection, Iterator

from babel import Locale

from directory.places.names import place_key

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
KNOWN = 15_000  # a town of so many people keeps its name to itself
_ARTICLES = ("the ", "die ", "les ", "la ", "el ")


def keys_abroad(country: str, taken: Collection[str]) -> set[str]:
    """Keys of a country's names that no bigger town and no region has."""
    names = (Locale(language).territories.get(country, "") for language in LANGUAGES)
    keys = {place_key(way) for name in names for way in _ways(name)}
    return {key for key in keys if len(key) > 3 and key not in taken}


def _ways(name: str) -> Iterator[str]:
    yield name
    yield name.replace("&", "and")
    for article in _ARTICLES:
        yield name.lower().removeprefix(article)
