"""A file as rows to import: the one way in, from the command and from the page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from directory.errors import Invalid
from directory.files.rosters import cells, guessing, tables, whereabouts
from directory.files.rosters.cells import Corrections, Tray
from directory.files.rosters.columns import ORDER, TAKEN
from directory.files.rosters.delimited import Record
from directory.files.rosters.drafting import Usual, drafted
from directory.files.rosters.lexicon import Lexicon
from directory.files.rosters.tables import Table, shown, told_apart
from directory.models import Taxonomy
from directory.usecases.imports.rows import Row, settle_repeats

SAMPLES = 3
# So many rows tell what a column holds.
LOOKED_AT = 400
LONGEST_ID = 200
# When so many rows of those that say one are of one country, others are taken to be there too.
USUAL = 0.8
_PLACES = frozenset(("locality", "postcode", "town_and_region", "region", "country", "position"))


@dataclass(frozen=True, slots=True)
class Roster:
    """A file as it was read: `notes` are sentences about the file as a whole, `columns` say which
    of ours each of its columns is."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a file calls its columns, in which line, with a few cells of each, and what each seems
    to be; how many rows it has, and the first lines of it."""

    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: int
    line: int = 1
    guessed: Mapping[str, str] | None = None
    lines: tuple[tuple[int, str], ...] = ()


def read(
    content: bytes,
    taxonomy: Taxonomy,
    columns: Mapping[str, str] | None = None,
    *,
    header: int = 0,
    corrections: Corrections | None = None,
) -> Roster:
    """Read a file; a cell that cannot be used is kept aside, and a bad row never stops the others.

    `columns` says which of ours each of the file's columns is ("" for none of them); without it
    that is guessed. `header` is the line that names them, 0 to look for it. `corrections` give
    what to read in the place of a column's value. Raises Invalid when it is no roster at all:
    empty, or without the columns we need. Of several rows about one practitioner the last has
    the word, but for their places of work.
    """
    table, lexicon = tables.read(content, header=header), Lexicon(taxonomy)
    named = told_apart(table.named)
    chosen = dict(columns) if columns is not None else _guessed(table, named, lexicon)
    ours = _once([chosen.get(name, "") for name in named])
    notes = [*table.notes, *_check_columns(ours, named)]
    literal = tuple(ours) == ORDER
    usual = _usual(table, ours)
    reading = _Reading(ours, lexicon, corrections or {}, usual, literal)
    rows = [reading.row(record) for record in table.body]
    return Roster(settle_repeats(rows), tuple(notes), dict(zip(named, ours, strict=True)))


def head(content: bytes, taxonomy: Taxonomy, *, header: int = 0) -> Head:
    """The file's columns; raises Invalid when there is nothing in it, or only a first line."""
    table = tables.read(content, header=header)
    named = told_apart(table.named)
    if not table.body:
        raise Invalid({"file": ["This file has no rows under its first line."]})
    samples = _samples(table, named)
    return Head(
        columns=tuple(named),
        samples=tuple(tuple(map(shown, samples[name][:SAMPLES])) for name in named),
        rows=len(table.body),
        line=table.records[table.header].line,
        guessed=guessing.guess(named, samples, Lexicon(taxonomy)),
        lines=tuple(
            (one.line, shown(" · ".join(filter(str.strip, one.cells))))
            for one in table.records[: tables.HEADER_WITHIN]
        ),
    )


def _guessed(table: Table, named: Sequence[str], lexicon: Lexicon) -> dict[str, str]:
    return guessing.guess(named, _samples(table, named), lexicon)


def _samples(table: Table, named: Sequence[str]) -> dict[str, list[str]]:
    """Cells of each column that say something, from the first rows."""
    found: dict[str, list[str]] = {name: [] for name in named}
    for record in table.body[:LOOKED_AT]:
        for name, cell in zip(named, record.cells, strict=False):
            if cell.strip():
                found[name].append(cell)
    return found


def _once(ours: Sequence[str]) -> list[str]:
    """Each of our columns once: the first that is called so has it."""
    seen = set[str]()
    kept = []
    for name in ours:
        kept.append(name if name in TAKEN and name not in seen else "")
        seen.add(name)
    return kept


def _check_columns(ours: Sequence[str], named: Sequence[str]) -> list[str]:
    if not {"name", "first_name", "last_name"} & set(ours):
        raise Invalid({"file": ["One of its lines must name the columns, and “name” among them."]})
    if not _PLACES & set(ours):
        raise Invalid({"file": ["It needs the columns “country”, and “locality” or “postcode”."]})
    unread = [f"“{shown(cell)}”" for column, cell in zip(ours, named, strict=True) if not column]
    return [f"Unknown columns, not read: {', '.join(unread)}."] if unread else []


def _usual(table: Table, ours: Sequence[str]) -> Usual:
    """The country that most rows are in."""
    values = (_valued(record.cells, ours) for record in table.body)
    told = Counter(
        country
        for one in values
        if (country := whereabouts.country(one["country"]) or whereabouts.completed(one))
    )
    if not told:
        return Usual()
    country, times = told.most_common(1)[0]
    return Usual(country, times >= USUAL * told.total())


def _valued(row: Iterable[str], ours: Sequence[str]) -> dict[str, str]:
    """A row's cells by our columns, "" for what it does not have."""
    return dict.fromkeys(TAKEN, "") | {
        name: cell for name, cell in zip(ours, row, strict=False) if name
    }


@dataclass
class _Reading:
    """Reads the rows of one file, whose columns are `ours`."""

    ours: Sequence[str]
    lexicon: Lexicon
    corrections: Corrections
    usual: Usual
    literal: bool

    def row(self, record: Record) -> Row:
        """One row, with what is to be said of it."""
        if record.fault:
            values = _valued(record.cells, self.ours)
            name = values["name"] or f"{values['first_name']} {values['last_name']}"
            return Row(record.line, shown(name), errors=(record.fault,))
        tray = Tray(self.corrections)
        row, surplus = self._fitted(record.cells)
        values = _valued(row, self.ours)
        for column in filter(None, self.ours):
            if text := values[column]:
                meant = tray.corrected(column, text)
                meant = meant if self.literal else cells.seen(meant)
                values[column] = cells.plain(column, meant, tray)
        key = self._key(values["external_id"], tray)
        asked = shown(values["name"])
        done = drafted(values, tray, self.lexicon, usual=self.usual, literal=self.literal)
        errors = [*surplus, *done.errors]
        return Row(
            record.line,
            shown(done.name) or asked,
            key,
            None if errors else done.draft,
            tuple(dict.fromkeys(errors)),
            tuple(tray.notes),
            asides=tuple(dict.fromkeys(tray.asides)),
            doubts=done.doubts,
        )

    def _fitted(self, row: Sequence[str]) -> tuple[list[str], list[str]]:
        """The cells, no more than there are columns; text with commas at the end is one cell."""
        width = len(self.ours)
        extra = [cell for cell in row[width:] if cell.strip()]
        if not extra:
            return list(row[:width]), []
        if self.ours[-1] in ("about", "fees"):
            return [*row[: width - 1], ", ".join((row[width - 1], *extra))], []
        return list(row[:width]), ["this line has more cells than there are columns"]

    def _key(self, text: str, tray: Tray) -> str:
        """The id by which a roster knows somebody, as it was before a spreadsheet made it a number."""
        key = whereabouts.unwrapped(text).strip()
        whole, _, noughts = key.partition(".")
        if noughts and not noughts.strip("0") and whole.isdecimal():
            key = whole
        if len(key) > LONGEST_ID or not key.isprintable():
            why = f"an id has at most {LONGEST_ID} characters that can be shown"
            return tray.put_aside("external_id", "", why)
        return key
