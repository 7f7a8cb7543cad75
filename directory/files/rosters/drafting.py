"""The cells of one row as a Draft: each is read by what its column holds, and none stops the others."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from marshmallow import ValidationError

from directory.files.rosters import cells, letters, people, whereabouts
from directory.files.rosters.cells import Tray
from directory.files.rosters.columns import PERSON, PLACE, PRICE, TERMS, YES_OR_NO
from directory.files.rosters.lexicon import PARTS, Lexicon
from directory.files.rosters.tables import shown
from directory.models import ACCESS, AGES, Draft, Kind
from directory.models.offers import currency_of
from directory.places.names import fold
from directory.schemas.draft import RCST_COUNTRIES, DraftSchema
from directory.schemas.names import country_labels, language_code
from directory.usecases.visitors.reading.fact_words import FACTS

NAMES = ("name", "first_name", "last_name")
_TOWNS = ("locality", "region", "practice", "address", "town_and_region", "address_2")
_PROSE = ("about", "fees", "suffix", "title")
_SUSPICIOUS = frozenset("&?=\\")
_TRIES = 6
_SPOKEN_HOW = re.compile(
    r"\b(?:fluent(?:ly)?|native|basic|some|conversational|intermediate|beginner|a little|spoken|"
    r"good|fliessend|etwas|un peu|courant|un poco|mother tongue|also)\b|\(.*?\)",
    re.I,
)
_ALL = frozenset(
    ("all", "all ages", "everyone", "everybody", "any", "any age", "alle", "tous", "todos")
)

_COLUMN_OF = {("practices", field): column for column, field in PLACE.items()} | {
    ("price", field): column for column, field in PRICE.items()
}


@dataclass(frozen=True, slots=True)
class Usual:
    """The country of most rows of a file, "" without any, and whether nearly all are there."""

    commonest: str = ""
    nearly_all: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of a row's cells: a draft, or the errors why there is none; and doubts."""

    name: str
    draft: Draft | None
    errors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def drafted(
    values: dict[str, str], tray: Tray, lexicon: Lexicon, *, usual: Usual, literal: bool
) -> Drafted:
    """Read a row. `usual` tells the country of other rows; what is `literal` comes from an export
    of ours, whose texts stand as they are meant."""
    doubts = [] if literal else _mended(values, tray)
    terms: dict[str, list[str]] = {column: [] for column in TERMS}
    if not literal:
        _name(values, terms, tray, lexicon)
        _place(values, tray)
    own = whereabouts.country(values["country"]) or whereabouts.completed(values)
    country, doubt = _country(values, tray, usual)
    doubts += [doubt] if doubt else []
    if not literal and values["postcode"].strip():
        _postcode(values, tray, country)
    _terms(values, terms, tray, lexicon, country)
    _contacts(values, tray, country)
    _offers(values, tray, country)
    name = values["name"]
    if not literal and name and (terms["professions"] or own):
        doubts += _somewhere(values)
    draft, errors = _draft(values, terms, tray)
    return Drafted(name, draft, tuple(errors), tuple(doubts))


def _mended(values: dict[str, str], tray: Tray) -> list[str]:
    """Undo what wrong encodings did; a name whose letters are lost is for a person to look at."""
    doubts = []
    for column in (*NAMES, *_TOWNS, *_PROSE):
        text = values[column]
        if text.isascii() and not _SUSPICIOUS & set(text):
            continue
        meant, how = letters.mended(text, prose=column in _PROSE)
        if how:
            values[column] = meant
            tray.note(column, f"{how}; it is read as “{shown(meant)}”")
        if column in NAMES and (letters.lost(meant) or "?" in meant):
            lost = f"letters of “{shown(meant)}” were lost in a wrong encoding"
            doubts.append(f"{column}: {lost}: please look")
    return doubts


def _name(
    values: dict[str, str], terms: dict[str, list[str]], tray: Tray, lexicon: Lexicon
) -> None:
    """One name out of two columns, its titles and letters apart; what it was is said."""
    for column in NAMES:
        values[column] = cells.words(column, values[column], tray)
    if not values["name"].strip():
        values["name"] = " ".join(filter(None, (values["first_name"], values["last_name"]))).strip()

    def knows(text: str) -> bool:
        kinds = Kind.PROFESSION, Kind.CREDENTIAL
        return any(lexicon.find_loosely(kind, text) for kind in kinds)

    person = people.parted(values["name"], knows)
    values["name"] = person.name
    if person.as_given:
        tray.note("name", f"was “{shown(person.as_given)}”")
    values["suffix"] = values["suffix"].strip() or ", ".join(person.letters)
    _letters(person.letters, values, terms, lexicon)


def _letters(
    after: Sequence[str], values: dict[str, str], terms: dict[str, list[str]], lexicon: Lexicon
) -> None:
    """What the letters after a name tell of training and, where nothing else does, of a trade."""
    for text in after:
        if slug := lexicon.find_loosely(Kind.CREDENTIAL, text):
            terms["credentials"].append(slug)
        elif (slug := lexicon.find_loosely(Kind.PROFESSION, text)) and not values["professions"]:
            terms["professions"].append(slug)


def _place(values: dict[str, str], tray: Tray) -> None:
    """Towns, streets and positions that share a cell, or have two."""
    for column in ("locality", "region", "practice", "address", "about", "fees", "suffix"):
        values[column] = cells.words(column, values[column], tray)
    if extra := values["address_2"].strip():
        values["address"] = ", ".join(filter(None, (values["address"].strip(), extra)))
    together = values["town_and_region"] or values["locality"]
    if values["town_and_region"] or ("," in together and not values["region"]):
        for column, text in whereabouts.apart(together).items():
            if column == "locality" or not values[column].strip():
                values[column] = text
    _position(values, tray)


def _position(values: dict[str, str], tray: Tray) -> None:
    """Degrees as numbers, both or neither."""
    if values["position"].strip() and not values["latitude"]:
        values["latitude"], values["longitude"] = whereabouts.pair(values["position"])
    if bool(values["latitude"].strip()) != bool(values["longitude"].strip()):
        half = "latitude" if values["latitude"].strip() else "longitude"
        values[half] = tray.put_aside(half, values[half], "says nothing without the other half")
    lat, lon = (whereabouts.degrees(values[column]) for column in ("latitude", "longitude"))
    if whereabouts.exchanged(lat, lon):
        tray.note("latitude", f"{lat}, {lon} are read the other way round")
        lat, lon = lon, lat
    values["latitude"], values["longitude"] = lat, lon


def _country(values: dict[str, str], tray: Tray, usual: Usual) -> tuple[str, str]:
    """The row's country, and why a person should look at it."""
    given = values["country"].strip()
    found = whereabouts.country(given) if given else None
    if found is None and given:
        tray.put_aside("country", given, "we do not know the country %s")
    told = found or whereabouts.completed(values)
    doubt = ""
    if not told and usual.commonest:
        told = usual.commonest
        if given or not usual.nearly_all:
            doubt = f"country: {country_labels()[told]} is assumed, as in other rows: please look"
    values["country"] = told
    return told, doubt


def _postcode(values: dict[str, str], tray: Tray, country: str) -> None:
    """A code that a spreadsheet took for a number is mended; one with too few digits is none."""
    code, note = whereabouts.postcode(values["postcode"], values["region"], country)
    if note:
        tray.note("postcode", note)
    if country == "US" and code.isdecimal() and len(code) < 5:
        code = tray.put_aside("postcode", code, "has too few digits for a ZIP code")
    values["postcode"] = code


def _somewhere(values: dict[str, str]) -> list[str]:
    """Whoever has no town is still somebody: known by the region, or the country, until an admin
    puts them on the map."""
    if values["locality"].strip() or values["postcode"].strip() or not values["country"]:
        return []
    values["locality"] = values["region"].strip() or country_labels()[values["country"]]
    values["region"] = ""
    return ["locality: neither town nor postcode is given"]


def _terms(
    values: dict[str, str],
    terms: dict[str, list[str]],
    tray: Tray,
    lexicon: Lexicon,
    country: str,
) -> None:
    """The slugs by column; whom somebody works with, said among conditions, is read as ages."""
    ages = list[str]()
    for column, kind in TERMS.items():
        if _all_of("ages", values[column]):
            ages += AGES
            continue
        find = _finder(kind, lexicon, country)
        slugs = cells.listed(column, values[column], find, tray, PARTS, "we do not know %s")
        terms[column] += [slug for slug in slugs if slug not in AGES]
        ages += [slug for slug in slugs if slug in AGES]
    _settle_credentials(terms, tray, country)
    _choices("ages", values, ages, tray)
    _choices("access", values, [], tray)
    if not terms["professions"]:
        tray.notes.append("professions: none given")


def _finder(kind: Kind, lexicon: Lexicon, country: str) -> Callable[[str], str | None]:
    """How the words of a column are looked up."""

    def find(words: str) -> str | None:
        slug = _credential(words, country) if kind is Kind.CREDENTIAL else None
        slug = slug or lexicon.find_loosely(kind, words)
        return slug or (_choice("ages", words) if kind is Kind.CONDITION else None)

    return find


def _choices(column: str, values: dict[str, str], found: list[str], tray: Tray) -> None:
    """Slugs of our few words for ages and access, put back as a cell of them."""
    text = values[column]
    if _all_of(column, text):
        found = [*found, *AGES]
    else:
        why = "is none of our words for it"
        found += cells.listed(column, text, lambda words: _choice(column, words), tray, PARTS, why)
    values[column] = "|".join(dict.fromkeys(found))


def _all_of(column: str, text: str) -> bool:
    return column == "ages" and fold(text) in _ALL


@lru_cache(maxsize=2000)
def _choice(column: str, words: str) -> str | None:
    known = _choices_known()[column]
    key = fold(words)
    return known.get(key) or known.get(key.removesuffix("s")) or known.get(f"{key}s")


@cache
def _choices_known() -> dict[str, dict[str, str]]:
    """Our words for ages and access, and how people say them in seven languages."""
    known: dict[str, dict[str, str]] = {"ages": {"adult": "adults"}, "access": {}}
    for column, labels in (("ages", AGES), ("access", ACCESS)):
        for slug, label in labels.items():
            known[column] |= {fold(slug): slug, fold(label): slug}
    for column, slug, said in FACTS:
        if column in known:
            for words in said.split("|"):
                known[column].setdefault(fold(words), slug)
    return known


def _settle_credentials(terms: dict[str, list[str]], tray: Tray, country: str) -> None:
    slugs = list(dict.fromkeys(terms["credentials"]))
    if "rcst-na" in slugs and country not in RCST_COUNTRIES:
        slugs.remove("rcst-na")
        tray.put_aside("credentials", "", "RCST® (BCTA/NA) is for the US and Canada")
    terms["credentials"] = slugs
    terms["professions"] = list(dict.fromkeys(terms["professions"]))


def _credential(words: str, country: str) -> str | None:
    """Two bodies use the letters RCST; the country says which one is meant."""
    if fold(words) != "rcst":
        return None
    return {"GB": "rcst-uk", "US": "rcst-na", "CA": "rcst-na"}.get(country)


def _contacts(values: dict[str, str], tray: Tray, country: str) -> None:
    """How they are reached, and in which languages."""
    for column in ("phone", "email", "website"):
        text = values[column].strip()
        if not text:
            values[column] = ""
        elif column == "phone":
            values[column] = cells.phone(column, text, country, tray)
        else:
            read = cells.email if column == "email" else cells.website
            values[column] = read(column, text, tray)
    why = "we do not know the language %s"
    spoken = cells.listed("languages", values["languages"], _language, tray, PARTS, why)
    values["languages"] = "|".join(spoken)


@lru_cache(maxsize=2000)
def _language(words: str) -> str | None:
    return language_code(words) or language_code(_SPOKEN_HOW.sub(" ", words).strip(" -–:."))


def _offers(values: dict[str, str], tray: Tray, country: str) -> None:
    """Answers, distances and prices."""
    for column in filter(values.get, YES_OR_NO):
        values[column] = cells.yes_or_no(column, values[column], tray)
    if text := values["home_visit_km"].strip():
        values["home_visit_km"] = cells.kilometres("home_visit_km", text, tray)
    if text := values["practitioner"].strip():
        values["practitioner"] = cells.gender("practitioner", text, tray)
    if text := values["price_amount"].strip():
        values["price_amount"], currency = cells.amount(text)
        values["price_currency"] = values["price_currency"].strip() or currency
        values["price_currency"] = values["price_currency"] or currency_of(country)


@cache
def _schema() -> DraftSchema:
    # Making one takes longer than reading a row with it.
    return DraftSchema()


def _draft(
    values: dict[str, str], terms: Mapping[str, list[str]], tray: Tray
) -> tuple[Draft | None, list[str]]:
    """The draft; whatever the schema does not take is kept aside, but for name and place."""
    errors = list[str]()
    for _ in range(_TRIES):
        try:
            return _schema().load(_data(values, terms)), []
        except ValidationError as error:
            found = list(_messages(error.messages_dict))
        bad = {column: text for column, text in found if values.get(column, "").strip()}
        errors = [f"{column}: {text}" if column else text for column, text in found]
        if not bad:
            break
        for column, text in bad.items():
            tray.put_aside(column, values[column], f"cannot be used: {text}")
            values[column] = ""
        _settle_pairs(values, bad)
    return None, errors


def _settle_pairs(values: dict[str, str], bad: Mapping[str, str]) -> None:
    """What goes with a cell that was kept aside says nothing without it."""
    if bad.keys() & {"latitude", "longitude"}:
        values["latitude"] = values["longitude"] = ""
    if bad.keys() & {"price_amount", "price_currency"}:
        values["price_amount"] = values["price_currency"] = values["price_minutes"] = ""


def _data(values: Mapping[str, str], terms: Mapping[str, list[str]]) -> dict[str, Any]:
    practice = {field: text for column, field in PLACE.items() if (text := values[column])}
    for field in {"lat", "lon", "home_visit_km"} & practice.keys():
        practice[field] = practice[field].strip().replace(",", ".")
    person: dict[str, Any] = {name: text for name in PERSON if (text := values[name])}
    price = {field: values[column].strip() for column, field in PRICE.items()}
    if price["amount"]:
        person["price"] = price
    return person | dict(terms) | {"practices": [practice]}


def _messages(found: Any, column: str = "") -> Iterator[tuple[str, str]]:
    """marshmallow's nested messages as pairs of a column of ours, "" for none, and a sentence."""
    if not isinstance(found, dict):
        yield from ((column, str(text)) for text in found)
        return
    for name, inner in found.items():
        own = column if isinstance(name, int) else _COLUMN_OF.get((column, name), str(name))
        yield from _messages(inner, own)
