"""Countries and languages, by code or by any name that people give them."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

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
    "macedonia": "MK",
    "ivory coast": "CI",
    "lao pdr": "LA",
    "channel islands": "JE",
}
# Old names, long ones, and what six languages call a country besides the name in the lists.
_MORE_COUNTRIES = {
    "US": """eeuu|ee uu|eua|e u a|estados unidos de america|etats unis damerique|usa amerika|
        vereinigte staaten von amerika|stati uniti damerica|estados unidos da america|amerika""",
    "VI": "virgin islands us|virgin islands|us virgin islands|usvi",
    "SK": "slovak republic|slowakische republik",
    "BA": "bosnia|bosnia hercegovina",
    "MK": "fyrom|former yugoslav republic of macedonia|macedonia former yugoslav republic of",
    "MO": "macao",
    "CH": "sui",
    "DK": "den",
    "GR": "gre",
    "ZA": "rsa",
    "PT": "por",
    "GB": """n ireland|grossbritannien|grande bretagne|gran bretana|gran bretagna|gra bretanha|
        groot brittannie|angleterre|inglaterra|inghilterra|engeland|schottland|ecosse|escocia|
        scozia|schotland|pays de galles|gales|galles|nordirland|irlande du nord|irlanda del norte|
        irlanda del nord|united kingdom of great britain and northern ireland|gb eng|gb sct|gb wls|
        vereinigtes konigreich von grossbritannien und nordirland""",
    "DE": """ger|brd|ddr|west germany|east germany|westdeutschland|bundesrepublik deutschland|
        republique federale dallemagne|alemania federal""",
    "NL": "ned|holanda|hollande|olanda|pays bas|koninkrijk der nederlanden",
    "CZ": """tschechische republik|republique tcheque|republica checa|repubblica ceca|
        czech rep|ceska republika|cechia""",
    "KR": "republic of korea|korea south|rep of korea|s korea|coree|corea|republik korea",
    "KP": "democratic peoples republic of korea|dprk|korea north",
    "CN": "peoples republic of china|prc|volksrepublik china|mainland china",
    "TW": "republic of china|province of china taiwan|chinese taipei",
    "VN": "socialist republic of vietnam|vietnam socialist republic of",
    "CD": "dr congo|d r congo|congo kinshasa|democratic republic of the congo|congo the democratic republic of the|zaire|drc",
    "CG": "republic of the congo|congo republic of the",
    "RU": "russian federation|russische foderation|federation de russie",
    "SY": "syrian arab republic",
    "MM": "burma|birmania|birmanie|birma",
    "LK": "ceylon",
    "TH": "siam",
    "IR": "persia",
    "ZW": "rhodesia",
    "BJ": "dahomey",
    "BF": "upper volta",
    "KH": "kampuchea",
    "BZ": "british honduras",
    "TL": "east timor",
    "CV": "cabo verde",
    "SZ": "swaziland",
    "IE": "irish republic|irische republik|irland republik",
    "VA": "holy see|vatican",
    "BO": "plurinational state of bolivia",
    "VE": "bolivarian republic of venezuela",
    "TZ": "united republic of tanzania",
    "FM": "federated states of micronesia",
    "PS": "palestine",
    "AE": "emirates|vae",
}
# Words of a long form that are no part of a name: "Netherlands (the)", "Korea, Republic of".
_STATELY = frozenset(
    [
        "the",
        "of",
        "republic",
        "rep",
        "kingdom",
        "state",
        "federal",
        "federation",
        "islamic",
        "democratic",
        "peoples",
        "arab",
        "plurinational",
        "bolivarian",
        "commonwealth",
        "principality",
        "grand",
        "duchy",
        "sar",
        "republik",
        "konigreich",
        "bundesrepublik",
        "republique",
        "royaume",
        "republica",
        "reino",
        "repubblica",
        "regno",
        "da",
        "de",
        "del",
        "di",
        "der",
        "des",
        "la",
        "le",
        "el",
        "il",
        "al",
        "fed",
        "dem",
        "and",
        "und",
        "et",
        "y",
        "e",
        "jamahiriya",
    ]
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
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
    """The ISO 3166-1 alpha-2 code of a country, None when it is unknown.

    By ISO code of two or three letters, or by name: short, long or old, in many languages.
    """
    code = text.strip().upper()
    if code in country_labels():
        return code
    return _long_codes().get(code) or _country(text)


@lru_cache(maxsize=4096)
def _country(text: str) -> str | None:
    return next(filter(None, map(_named_country, _country_ways(text))), None)


def _named_country(name: str) -> str | None:
    key = fold(name)
    found = _EVERYDAY_COUNTRIES.get(key) or _english_countries().get(key)
    return found or _more_countries().get(key) or _countries().get(key)


def _country_ways(text: str) -> Iterator[str]:
    """A country's name as it stands, then without what often stands around it."""
    yield text
    yield text.removeprefix("The ").removeprefix("the ")
    outside = _BRACKETS.sub(" ", text)
    yield outside
    yield _BRACKETS.sub(r"\1", text)
    parts = [part.strip() for part in outside.split(",") if part.strip()]
    if len(parts) > 1:
        yield " ".join(reversed(parts))
        if fold(parts[0]) in _more_countries() or fold(parts[0]) in _EVERYDAY_COUNTRIES:
            yield parts[0]  # "England, UK"
    yield from (part for part in text.split("/") if "/" in text)
    for inside in _BRACKETS.findall(text):
        yield inside.strip() if len(inside.strip()) > 2 else country_labels().get(inside, "")
    short = " ".join(word for word in fold(outside).split() if word not in _STATELY)
    if short not in ("korea", "congo"):
        yield short


@cache
def _long_codes() -> Mapping[str, str]:
    """ISO codes of three letters."""
    aliases = get_global("territory_aliases")
    return {
        code: known[0]
        for code, known in aliases.items()
        if len(code) == 3 and code.isalpha() and len(known) == 1 and known[0] in country_labels()
    }


@cache
def _more_countries() -> Mapping[str, str]:
    return {
        fold(name): code for code, names in _MORE_COUNTRIES.items() for name in names.split("|")
    }


@cache
def _long_language_codes() -> Mapping[str, str]:
    """ISO codes of three letters, both kinds."""
    return {
        code: known
        for code, known in get_global("language_aliases").items()
        if len(code) == 3 and code.isalpha() and known in language_labels()
    }


def language_code(text: str) -> str | None:
    """The ISO 639-1 code of a language: by code ("pt", "pt-BR", "por") or name, None when unknown."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    if code in language_labels():
        return code
    if code in _long_language_codes():
        return _long_language_codes()[code]
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
