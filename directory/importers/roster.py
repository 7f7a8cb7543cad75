"""A roster in CSV, with all its mess, as rows to import."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marshmallow import ValidationError

from directory.errors import Invalid
from directory.models import Draft, Kind, Taxonomy
from directory.places.names import fold
from directory.schemas.draft import RCST_COUNTRIES, DraftSchema
from directory.schemas.kinds import split_many
from directory.schemas.names import country_code
from directory.usecases.rosters import Row

TERMS = {
    "professions": Kind.PROFESSION,
    "conditions": Kind.CONDITION,
    "credentials": Kind.CREDENTIAL,
}
# Column → field of a Practice.
PLACE = {
    "practice": "name",
    "address": "address",
    "locality": "locality",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "latitude": "lat",
    "longitude": "lon",
    "hide_address": "hide_address",
    "home_visit_km": "home_visit_km",
}
PERSON = (
    *("name", "suffix", "languages", "about", "phone", "email", "website"),
    *("accepting", "ages", "access", "fees"),
)
COLUMNS = frozenset(("external_id", *TERMS, *PERSON, *PLACE))
NUMBERS = frozenset(("latitude", "longitude", "home_visit_km"))
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_ID = 200
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Roster:
    """A file as it was read: `notes` are sentences about the file as a whole."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def read(content: bytes, taxonomy: Taxonomy) -> Roster:
    """Read a CSV file; a bad row comes back with its errors and never stops the others.

    Raises Invalid when it is no roster at all: empty, or without the columns we need.
    """
    text, notes = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    named = next(reader, [])
    header = [_column(cell) for cell in named]
    notes += _check_header(header, named)
    lexicon = Lexicon(taxonomy)
    rows = (_row(line, cells, header, lexicon) for line, cells in _records(reader))
    return Roster(tuple(rows), tuple(notes))


class Lexicon:
    """Finds a term by its slug, label or any other way to say it, in any case and accents."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._slugs: dict[tuple[Kind, str], str] = {}
        phrases = list(taxonomy.phrases())
        for kind, slug, _ in phrases:
            self._slugs[kind, fold(slug)] = slug
        for kind, slug, words in phrases:
            self._slugs.setdefault((kind, fold(words)), slug)

    def find(self, kind: Kind, words: str) -> str | None:
        """The slug that the words stand for."""
        return self._slugs.get((kind, fold(words)))


def _decode(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "The file is not UTF-8; it was read as Western European (Windows-1252)."
        return content.decode("cp1252", errors="replace"), [note]


def _delimiter(text: str) -> str:
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _column(cell: str) -> str:
    return "_".join(cell.strip().lower().split()).replace("-", "_")


def _check_header(header: list[str], named: list[str]) -> list[str]:
    if "name" not in header:
        raise Invalid({"file": ["Its first line must name the columns, and “name” among them."]})
    if "country" not in header or not {"locality", "postcode"} & set(header):
        raise Invalid({"file": ["It needs the columns “country”, and “locality” or “postcode”."]})
    twice = sorted({name for name in header if name in COLUMNS and header.count(name) > 1})
    if twice:
        raise Invalid({"file": [f"The column “{twice[0]}” stands there twice."]})
    known = zip(header, named, strict=True)
    unknown = [f"“{shown(cell)}”" for column, cell in known if column not in COLUMNS]
    return [f"Unknown columns, not read: {', '.join(unknown)}."] if unknown else []


def _records(reader: Any) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Every record with the line where it begins; lines without any text are passed over."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _row(line: int, cells: list[str] | csv.Error, header: list[str], lexicon: Lexicon) -> Row:
    if isinstance(cells, csv.Error):
        return Row(line, errors=(f"this line cannot be read ({cells})",))
    given = dict(zip(header, cells, strict=False))
    values = {name: given.get(name, "") for name in COLUMNS}
    name, key = shown(values["name"]), values["external_id"].strip()
    formulas = _formulas(values)
    values = {column: _unescaped(cell) for column, cell in values.items()}
    terms, warnings, missing = _terms(values, lexicon)
    draft, problems = _draft(values, terms)
    problems = [text for text in problems if text.partition(":")[0] not in formulas]
    errors = [*_misfits(cells, header), *formulas.values(), *_bad_id(key), *problems, *missing]
    draft = None if errors else draft
    return Row(line, name, key, draft, tuple(dict.fromkeys(errors)), tuple(warnings))


def _misfits(cells: list[str], header: list[str]) -> list[str]:
    surplus = [cell for cell in cells[len(header) :] if cell.strip()]
    return ["this line has more cells than there are columns"] if surplus else []


def _formulas(values: Mapping[str, str]) -> dict[str, str]:
    """What to say about each cell that a spreadsheet would run as a formula."""
    found = {}
    for column, cell in sorted(values.items()):
        signs = "+-" if column in NUMBERS else "+" if column == "phone" else ""
        if cell.startswith(FORMULA) and cell[0] not in signs:
            found[column] = f"{column}: begins with {cell[0]!r}, as a spreadsheet formula does"
    return found


def _bad_id(key: str) -> list[str]:
    if len(key) > LONGEST_ID or not key.isprintable():
        return [f"external_id: at most {LONGEST_ID} characters that can be shown"]
    return []


def _unescaped(cell: str) -> str:
    """Undo the apostrophe that keeps a spreadsheet from reading an exported cell as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _terms(
    values: Mapping[str, str], lexicon: Lexicon
) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """The slugs by column, warnings for words we do not know, and what is fatal among them."""
    country = country_code(values["country"]) or ""
    slugs: dict[str, list[str]] = {}
    warnings: list[str] = []
    for column, kind in TERMS.items():
        slugs[column] = []
        for words in split_many(values[column]):
            slug = _credential(words, country) if kind is Kind.CREDENTIAL else None
            slug = slug or lexicon.find(kind, words)
            if slug == "rcst-na" and country not in RCST_COUNTRIES:
                warnings.append("credentials: RCST® (BCTA/NA) is for the US and Canada; left out")
            elif slug:
                slugs[column].append(slug)
            else:
                warnings.append(f"{column}: we do not know “{shown(words)}”; left out")
    if slugs["professions"]:
        return slugs, warnings, []
    if values["professions"].strip():
        fatal = [w.removesuffix("; left out") for w in warnings if w.startswith("professions")]
        return slugs, [w for w in warnings if not w.startswith("professions")], fatal
    return slugs, [*warnings, "professions: none given"], []


def _credential(words: str, country: str) -> str | None:
    """Two bodies use the letters RCST; the country says which one is meant."""
    if fold(words) != "rcst":
        return None
    return {"GB": "rcst-uk", "US": "rcst-na", "CA": "rcst-na"}.get(country)


@cache
def _schema() -> DraftSchema:
    # Making one takes longer than reading a row with it.
    return DraftSchema()


def _draft(
    values: Mapping[str, str], terms: Mapping[str, list[str]]
) -> tuple[Draft | None, list[str]]:
    practice = {field: values[column] for column, field in PLACE.items()}
    practice["home_visit_km"] = practice["home_visit_km"].lower().replace("km", "").strip()
    for field in ("lat", "lon", "home_visit_km"):
        practice[field] = practice[field].strip().replace(",", ".")
    person = {name: values[name] for name in PERSON}
    try:
        return _schema().load(person | dict(terms) | {"practices": [practice]}), []
    except ValidationError as error:
        return None, list(_messages(error.messages_dict))


def _messages(found: Any, column: str = "") -> Iterator[str]:
    """marshmallow's nested messages as lines that begin with the column's own name."""
    if not isinstance(found, dict):
        yield from (f"{column}: {text}" if column else text for text in found)
        return
    for name, inner in found.items():
        own = column if isinstance(name, int) else _COLUMN_OF.get((column, name), str(name))
        yield from _messages(inner, own)


_COLUMN_OF = {("practices", field): column for column, field in PLACE.items()}


def shown(text: str) -> str:
    """Text from a file, fit for a terminal: nothing in it can move the cursor."""
    printable = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
    short = printable.strip()
    return short if len(short) <= LONGEST_SHOWN else f"{short[: LONGEST_SHOWN - 1]}…"
