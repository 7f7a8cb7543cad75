"""Countries and languages, by code or by any name that people give them."""

from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError

from directory.places.names import fold

# Babel also names groupings and pseudo-codes, which are no country to have a practice in.
_NO_COUNTRY = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
_EVERYDAY_COUNTRIES = {
    "uk": "GB",
    "u k": "GB",
    "great britain": "GB",
    "britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "cymru": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "u s a": "US",
    "u s": "US",
    "united states of america": "US",
    "america": "US",
    "republic of ireland": "IE",
    "eire": "IE",
    "holland": "NL",
    "the netherlands": "NL",
    "aotearoa": "NZ",
    "aotearoa new zealand": "NZ",
    "czech republic": "CZ",
    "korea": "KR",
    "hong kong": "HK",
    "turkey": "TR",
    "uae": "AE",
}
_EVERYDAY_LANGUAGES = {
    "mandarin": "zh",
    "cantonese": "zh",
    "mandarin chinese": "zh",
    "farsi": "fa",
    "flemish": "nl",
    "castilian": "es",
    "castellano": "es",
    "tagalog": "tl",
    "filipino": "tl",
    "te reo": "mi",
    "te reo maori": "mi",
    "irish gaelic": "ga",
    "scots gaelic": "gd",
    "euskera": "eu",
    "bokmal": "nb",
    "nynorsk": "nn",
}
# Whose own words for countries and languages we know: where practitioners are, mostly.
_SPEAKERS = (
    *("de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "sk"),
    *("hu", "ro", "el", "tr", "ru", "uk", "ar", "he", "fa", "hi", "ja", "ko", "zh"),
    *("is", "et", "lv", "lt", "sl", "hr", "sr", "bs", "bg", "ca", "eu", "gl", "ga"),
    *("cy", "mt", "id", "ms", "th", "vi", "sw", "af", "zu", "fil", "sq", "mk", "mi"),
)


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country given by code or name, None when unknown."""
    if text.strip().upper() in country_labels():
        return text.strip().upper()
    key = fold(text)
    return _EVERYDAY_COUNTRIES.get(key) or _english_countries().get(key) or _countries().get(key)


def language_code(text: str) -> str | None:
    """The ISO 639-1 code of a language: by code ("pt", "pt-BR") or name, None when unknown."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    if code in language_labels():
        return code
    key = fold(text)
    return _EVERYDAY_LANGUAGES.get(key) or _english_languages().get(key) or _languages().get(key)


@cache
def country_labels() -> Mapping[str, str]:
    """Every country's English name, by code."""
    named = Locale("en").territories
    return {code: name for code, name in named.items() if _is_country(code)}


@cache
def language_labels() -> Mapping[str, str]:
    """Every language's English name, by ISO 639-1 code."""
    return {code: name for code, name in Locale("en").languages.items() if len(code) == 2}


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY


@cache
def _english_countries() -> Mapping[str, str]:
    return {fold(name): code for code, name in country_labels().items()}


@cache
def _english_languages() -> Mapping[str, str]:
    return {fold(name): code for code, name in language_labels().items()}


@cache
def _countries() -> Mapping[str, str]:
    """Folded names in many languages; read only when English did not know the word."""
    found: dict[str, str] = {}
    for locale in _locales():
        for code, name in locale.territories.items():
            if _is_country(code):
                found.setdefault(fold(name), code)
    return found


@cache
def _languages() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for locale in _locales():
        for code, name in locale.languages.items():
            if len(code) == 2:
                found.setdefault(fold(name), code)
    return found


def _locales() -> list[Locale]:
    locales = []
    for code in _SPEAKERS:
        try:
            locales.append(Locale(code))
        except UnknownLocaleError:  # a smaller build of Babel has fewer locales
            continue
    return locales
