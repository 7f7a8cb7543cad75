"""A roster's rows on their way in, and what became of them."""

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from directory.models import Draft
from directory.usecases.listings import tombstones

# What the marks of `tombstones` are called, by how they begin.
SORTS = {"email": "e-mail", "name": "name and postcode"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a roster: a Draft, or the errors why there is none.

    `replaced_by` is the line of a later row about the same practitioner.
    """

    line: int
    name: str = ""
    external_id: str = ""
    draft: Draft | None = None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    replaced_by: int | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """What makes this row and another one the same practitioner: its sort and value."""
        if self.external_id:
            return "external_id", f"id:{self.external_id}"
        mark = next(iter(tombstones.marks(self.draft)), "") if self.draft else ""
        return SORTS.get(mark.partition(":")[0], ""), mark

    @property
    def key(self) -> str:
        """The import key under which its listing is found again."""
        return self.identity[1]


class Outcome(enum.Enum):
    """What became of a row. FAILED and DRAFT ask for a person's attention."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    DRAFT = "draft"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row, and why; `notes` are for a person to read."""

    line: int
    name: str
    outcome: Outcome
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the row is not, or not wholly, in."""
        return self.outcome in (Outcome.FAILED, Outcome.DRAFT)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every row, in the order of the file."""

    rows: tuple[RowReport, ...]

    @property
    def totals(self) -> Mapping[Outcome, int]:
        """How many rows had each outcome; those that none had are left out."""
        return Counter(row.outcome for row in self.rows)

    @property
    def failed(self) -> bool:
        """Whether any row failed."""
        return any(row.failed for row in self.rows)


def settle_repeats(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Mark every good row that a later good one is about to replace.

    Call it on a whole file before importing it in parts, so that a second run writes
    nothing: only the last word about a practitioner is ever used.
    """
    open_rows = [row for row in rows if row.draft is not None and row.replaced_by is None]
    last = {row.key: row.line for row in open_rows}
    replaced = {row.line: last[row.key] for row in open_rows if last[row.key] != row.line}
    return tuple(
        replace(row, replaced_by=replaced[row.line]) if row.line in replaced else row
        for row in rows
    )
