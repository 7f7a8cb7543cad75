"""A roster in CSV, with all its mess, as rows to import."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from marshmallow import ValidationError

from directory.errors import Invalid
from directory.files.roster_columns import COLUMNS, ORDER, PERSON, PLACE, PRICE, TERMS
from directory.models import Draft, Kind, Taxonomy
from directory.models.offers import currency_of
from directory.places.names import fold
from directory.schemas.draft import RCST_COUNTRIES, DraftSchema
from directory.schemas.kinds import split_many
from directory.schemas.names import country_code
from directory.usecases.imports.rows import Row, settle_repeats

NUMBERS = frozenset(("latitude", "longitude", "home_visit_km", "price_amount"))
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# An export puts one apostrophe before such a cell, and an import takes one away.
_LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
SAMPLES = 3
LONGEST_ID = 200
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Roster:
    """A file as it was read: `notes` are sentences about the file as a whole."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a file calls its columns, with a few cells of each, and how many rows it has."""

    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: int


def read(content: bytes, taxonomy: Taxonomy, columns: Mapping[str, str] | None = None) -> Roster:
    """Read a CSV file; a bad row comes back with its errors and never stops the others.

    `columns` says which of ours each of the file's columns is ("" for none of them); without
    it they have our names. Raises Invalid when it is no roster at all: empty, or without the
    columns we need. Of several rows about one practitioner the last has the word.
    """
    text, notes = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    named = next(reader, [])
    header = [_column(cell) for cell in named]
    if columns is not None:
        header = [columns.get(name, "") for name in _told_apart(named)]
    notes += _check_header(header, named)
    lexicon = Lexicon(taxonomy)
    rows = [_row(line, cells, header, lexicon) for line, cells in _records(reader)]
    return Roster(settle_repeats(rows), tuple(notes))


def head(content: bytes) -> Head:
    """The file's columns; raises Invalid when there is nothing in it, or only a first line."""
    text, _ = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = _told_apart(next(reader, []))
    samples: list[list[str]] = [[] for _ in columns]
    rows = 0
    for _, cells in _records(reader):
        rows += 1
        for found, cell in zip(samples, cells if isinstance(cells, list) else [], strict=False):
            if cell.strip() and len(found) < SAMPLES:
                found.append(shown(cell))
    if not rows:
        raise Invalid({"file": ["This file has no rows under its first line."]})
    return Head(tuple(columns), tuple(map(tuple, samples)), rows)


def written(listings: Iterable[tuple[str, Draft]]) -> Iterator[str]:
    """Listings with their ids as the text of a CSV file, line by line, its first line too.

    No spreadsheet reads a cell of it as a formula, and reading it gives back what went in, as
    far as one row can say it: the first practice, without hours and the like.
    """
    yield csv_line(ORDER)
    for external_id, draft in listings:
        values = _cells(draft) | {"external_id": external_id}
        yield csv_line([values[column] for column in ORDER])


def csv_line(cells: Sequence[str]) -> str:
    """One line of a CSV file, none of whose cells a spreadsheet runs."""
    line = io.StringIO()
    csv.writer(line).writerow([escaped(cell) for cell in cells])
    return line.getvalue()


def escaped(cell: str) -> str:
    """A cell that no spreadsheet runs; `unescaped` gives the cell back."""
    return f"'{cell}" if _LIKE_FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """Undo the apostrophe that keeps a spreadsheet from reading an exported cell as a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def _cells(draft: Draft) -> dict[str, str]:
    place = draft.practices[0]
    exact = place.precision == "exact"
    cells = {name: _cell(getattr(draft, name)) for name in (*PERSON, *TERMS)}
    cells |= {column: _cell(getattr(place, field)) for column, field in PLACE.items()}
    cells |= {column: _cell(getattr(draft.price, field, "")) for column, field in PRICE.items()}
    # Positions that were looked up are looked up again: only given ones stay as they are.
    return cells if exact else cells | {"latitude": "", "longitude": ""}


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "|".join(value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return repr(value).removesuffix(".0") if value else "0"
    return str(value)


def _told_apart(named: Sequence[str]) -> list[str]:
    """Column names as they stand, a second one of the same name as "Phone (2)"."""
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(named, 1):
        name = shown(cell) or f"({position})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


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
    values = {column: unescaped(cell) for column, cell in values.items()}
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
    person: dict[str, Any] = {name: values[name] for name in PERSON}
    price = {field: values[column].strip() for column, field in PRICE.items()}
    if price["amount"] and not price["currency"]:
        price["currency"] = currency_of(country_code(values["country"]) or "")
    if price["amount"]:
        person["price"] = price
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


_COLUMN_OF = {("practices", field): column for column, field in PLACE.items()} | {
    ("price", field): column for column, field in PRICE.items()
}


def shown(text: str) -> str:
    """Text from a file, fit for a terminal: nothing in it can move the cursor."""
    printable = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
    short = printable.strip()
    return short if len(short) <= LONGEST_SHOWN else f"{short[: LONGEST_SHOWN - 1]}…"
