"""Any file that somebody may send as one table: its records, and where its columns are named."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.errors import Invalid
from directory.files.rosters import columns, delimited, letters, workbooks
from directory.files.rosters.delimited import Record
from directory.said import said
from directory.usecases.imports.uploads import MOST_BYTES

# A file has more than these only by mistake, or to do harm.
MOST_COLUMNS = 200
MOST_ROWS = 100_000
LONGEST_SHOWN = 80
# Titles, dates and blank lines stand above the names of columns, hardly ever more of them.
HEADER_WITHIN = 25
_NO_SIGN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. `header` is the index of the record that names the columns."""

    records: tuple[Record, ...]
    header: int
    notes: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The columns as they are named, nothing after the last one that says anything."""
        cells = self.records[self.header].cells if self.records else ()
        used = [number for number, cell in enumerate(cells, 1) if cell.strip()]
        return cells[: max(used, default=0)]

    @property
    def body(self) -> tuple[Record, ...]:
        """The rows below the names; a page break that repeats them is no row."""
        again = self.records[self.header].cells if self.records else ()
        return tuple(one for one in self.records[self.header + 1 :] if one.cells != again)


def read(content: bytes, *, header: int = 0) -> Table:
    """The file as a table; `header` is the line that names its columns, 0 to look for it.

    Raises Invalid, in one sentence, for what is no table or too large to be a roster.
    """
    if len(content) > MOST_BYTES:
        raise refused_size()
    if workbooks.is_one(content):
        records, notes = _sheet(workbooks.sheets(content))
    else:
        text, notes = letters.decoded(content)
        records = []
        for record in delimited.records(text):
            records.append(record)
            if len(records) > MOST_ROWS:
                break
    _check(records)
    at = _chosen(records, header)
    above = records[:at]
    if above:
        notes.append(
            f"Above the names of the columns, in line {records[at].line}, nothing is read."
        )
    notes += [f"Line {one.line}: {one.fault}; it is not read." for one in records if one.fault]
    return Table(tuple(records), at, tuple(notes))


def refused_size() -> Invalid:
    """What to say of a file that is too large."""
    most = MOST_BYTES // 1_000_000
    return Invalid({"file": [said("A file may have %(most)s MB. Split it.", most=most)]})


def _check(records: Sequence[Record]) -> None:
    if any(len(record.cells) > MOST_COLUMNS for record in records[:HEADER_WITHIN]):
        raise Invalid({"file": [said("This file has too many columns to be a roster.")]})
    if len(records) > MOST_ROWS:
        words = said("A file may have %(most)s rows. Split it.", most=f"{MOST_ROWS:,}")
        raise Invalid({"file": [words]})


def _sheet(sheets: dict[str, list[Record]]) -> tuple[list[Record], list[str]]:
    """The one sheet that looks most like a roster."""
    if not sheets:
        return [], []
    name = max(sheets, key=lambda one: _score(sheets[one]))
    others = [other for other, records in sheets.items() if other != name and records]
    if not others:
        return sheets[name], []
    named = ", ".join(f"“{shown(other)}”" for other in others)
    return sheets[name], [f"Of its sheets “{shown(name)}” is read, and not {named}."]


def _score(records: Sequence[Record]) -> tuple[int, int]:
    best = max((_known(one) for one in records[:HEADER_WITHIN]), default=0)
    return best, min(len(records), 2)


def _chosen(records: Sequence[Record], line: int) -> int:
    """The index of the record that names the columns."""
    if line:
        return next((n for n, one in enumerate(records) if one.line == line), 0)
    first = records[:HEADER_WITHIN]
    known = [_known(one) for one in first]
    best = max(known, default=0)
    if best >= 2:  # one word may stand in a title by chance
        return known.index(best)
    filled = [sum(bool(cell.strip()) for cell in one.cells) for one in first]
    return filled.index(max(filled)) if filled else 0


def _known(record: Record) -> int:
    """How many different names of columns stand in a record."""
    return sum(map(columns.is_known, {cell.strip() for cell in record.cells if cell.strip()}))


def told_apart(named: Sequence[str]) -> list[str]:
    """Column names as they stand, a second one of the same name as "Phone (2)"."""
    seen: dict[str, int] = {}
    names = []
    for position, cell in enumerate(named, 1):
        name = shown(cell) or f"({position})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def shown(text: str) -> str:
    """Text from a file, fit for a terminal: nothing in it can move the cursor."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _NO_SIGN for char in text)
    short = text.strip()
    return short if len(short) <= LONGEST_SHOWN else f"{short[: LONGEST_SHOWN - 1]}…"
