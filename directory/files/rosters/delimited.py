"""The text of a CSV file as records, with what parts its cells and where its quotes end.

A quotation mark that is never closed would make everybody after it a part of one cell: it is
found, named by its line, and costs that line alone.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = ",;\t|"
# The longest that one cell may be; nobody's text is.
LONGEST_CELL = 100_000
_LOOKED_AT = 60
_ENDS = re.compile(r"\r\n|\n|\r")
_SEP = re.compile(r'"?sep=(.)"?', re.I)
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_MOST_SPANNED = 300
# A line inside quotes that has as many cells as others is one of the others, when each is short.
_SHORT = 100
OPEN_QUOTE = 'a quotation mark (") is opened on this line and never closed'
TOO_LONG = f"a cell of this line has more than {LONGEST_CELL:,} characters"


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table: the line where it begins, its cells, and why it cannot be trusted."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.fault and not any(cell.strip() for cell in self.cells)


def records(text: str) -> Iterator[Record]:
    """Every record that says something, in the order of the file."""
    lines = _ENDS.split(text)
    start = 0
    told = _SEP.fullmatch(lines[0].strip()) if lines else None
    if told or (lines and lines[0].strip().lower() in ("sep=", '"sep="')):
        start = 1
    delimiter = told[1] if told else delimiter_of(lines)
    if not told and _are_wrapped(lines):
        lines = [line[1:-1].replace('""', '"') if _is_wrapped(line) else line for line in lines]
        delimiter = delimiter_of(lines)
    reading = _Reading(lines, delimiter)
    while start < len(lines):
        record, start = reading.next(start)
        if not record.blank:
            yield record


def delimiter_of(lines: Sequence[str]) -> str:
    """What parts the cells: whatever makes most lines the same number of them."""
    sample = [line for line in lines[: _LOOKED_AT * 4] if line.strip(" \t,;|")][:_LOOKED_AT]
    return max(DELIMITERS, key=lambda one: _evenness(sample, one))


def _are_wrapped(lines: Sequence[str]) -> bool:
    """Whether each line as a whole is one quoted cell, and a record is inside it."""
    first = [line for line in lines[:_LOOKED_AT] if line.strip()]
    return len(first) > 1 and all(map(_is_wrapped, first))


def _is_wrapped(line: str) -> bool:
    whole = _QUOTED.fullmatch(line)
    return whole is not None and any(one in whole[1] for one in DELIMITERS)


def _evenness(lines: Sequence[str], delimiter: str) -> float:
    counts = Counter(len(parted) for line in lines if (parted := split(line, delimiter)))
    if not counts:
        return 0.0
    width, times = max(counts.items(), key=lambda pair: (pair[1] * math.log(pair[0]), pair[0]))
    return times / len(lines) * math.log(width)


def split(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line; None when a quotation mark is open at its end."""
    if '"' not in line:
        return line.split(delimiter)
    cells, at = list[str](), 0
    while True:
        text = ""
        while line.startswith(" ", at) and line[at:].lstrip(" ").startswith('"'):
            at += 1
        if line.startswith('"', at):
            quoted = _QUOTED.match(line, at)
            if quoted is None:
                return None
            text, at = quoted[1].replace('""', '"'), quoted.end()
        end = line.find(delimiter, at)
        rest = line[at:] if end < 0 else line[at:end]
        if text and len(rest) > 1 and rest.endswith('"'):  # "Anna "Annie" Quote"
            text, rest = f'{text}"', rest[:-1]
        cells.append(text + rest)
        if end < 0:
            return cells
        at = end + 1


class _Reading:
    """Goes through the lines of a file, and joins those that one cell spans."""

    def __init__(self, lines: Sequence[str], delimiter: str) -> None:
        self.lines = lines
        self.delimiter = delimiter
        # The end of an open quotation mark, and right after it the end of its cell.
        self._closes = re.compile(rf'[^"]*(?:""[^"]*)*"(?:{re.escape(delimiter)}|\s*$)')
        counts = Counter(
            len(cells)
            for line in lines[:2000]
            if line.strip() and (cells := split(line, delimiter)) and len(cells) > 1
        )
        sample = [line for line in lines[:2000] if line.count(delimiter) > 1]
        # Where most lines hold an e-mail address, prose with as many commas is no line of them.
        self._mailed = 2 * sum("@" in line for line in sample) > len(sample)
        self.width = counts.most_common(1)[0][0] if counts else 1

    def next(self, start: int) -> tuple[Record, int]:
        """The record that begins at a line (counted from 0), and where the next one begins."""
        line = self.lines[start]
        cells, end = split(line, self.delimiter), start + 1
        if cells is None:
            cells, end = self._joined(start)
        if cells is None:
            torn = line.replace('"', "").split(self.delimiter)
            return Record(start + 1, tuple(torn), OPEN_QUOTE), start + 1
        if any(len(cell) > LONGEST_CELL for cell in cells):
            return Record(start + 1, tuple(cell[:80] for cell in cells), TOO_LONG), end
        return Record(start + 1, tuple(cells)), end

    def _joined(self, start: int) -> tuple[list[str] | None, int]:
        """The cells of a record that spans lines; None when its quotation mark is never closed."""
        size, marks = len(self.lines[start]), self.lines[start].count('"')
        for end in range(start + 1, min(start + _MOST_SPANNED, len(self.lines))):
            line = self.lines[end]
            size, marks = size + len(line) + 1, marks + line.count('"')
            if size > LONGEST_CELL:
                break
            cells = None
            if '"' in line and marks % 2 == 0:
                cells = split("\n".join(self.lines[start : end + 1]), self.delimiter)
            whole = cells is not None and len(cells) == self.width and self._closes.match(line)
            if cells is not None and (whole or not self._is_another(line)):
                return (cells, end + 1) if len(cells) <= self.width else (None, start + 1)
            if self._is_another(line):
                break
        return None, start + 1

    def _is_another(self, line: str) -> bool:
        """Whether a line inside quotes is a whole record by itself."""
        first = line.partition(self.delimiter)[0]
        if first.endswith('"') and first.count('"') % 2:  # the end of a cell in the first column
            return False
        cells = split(line, self.delimiter)
        if cells is None:
            cells = line.split(self.delimiter)
        if len(cells) != self.width or self.width < 3:
            return False
        like_others = "@" in line if self._mailed else self.width > 3
        return max(map(len, cells)) <= _SHORT and like_others
