"""A roster's rows on their way in, and what became of them."""

import enum
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from directory.models import Draft, Practice
from directory.places import fold
from directory.usecases.listings import tombstones

# A listing holds no more of them.
MOST_PRACTICES = 10
_WHERE = ("locality", "postcode", "address")
# What the marks of `tombstones` are called, by how they begin.
SORTS = {"email": "e-mail", "name": "name and postcode"}


@dataclass(frozen=True, slots=True)
class Aside:
    """A cell, or a part of one, that could not be used: it cost itself and not its row.

    In `why`, "%s" stands for the value.
    """

    column: str
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.column}: {self.reason}; left out"

    @property
    def reason(self) -> str:
        """Why it could not be used, in a sentence with the value in it."""
        return self.why.replace("%s", f"“{self.value}”")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a roster: a Draft, or the errors why there is none.

    `asides` are the cells that could not be used, `doubts` why a person must look before it is
    public. `replaced_by` is the line of a later row about the same practitioner; when `joined`,
    that row has what this one says as a further place of work. `shared` says that other people
    have its e-mail address, too, which then tells nobody apart.
    """

    line: int
    name: str = ""
    external_id: str = ""
    draft: Draft | None = None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    replaced_by: int | None = None
    asides: tuple[Aside, ...] = ()
    doubts: tuple[str, ...] = ()
    joined: bool = False
    shared: bool = False

    @property
    def identity(self) -> tuple[str, str]:
        """What makes this row and another one the same practitioner: its sort and value."""
        if self.external_id:
            return "external_id", f"id:{self.external_id}"
        marks = tombstones.marks(self.draft) if self.draft else ()
        mark = next((one for one in marks if not (self.shared and one.startswith("email:"))), "")
        return SORTS.get(mark.partition(":")[0], ""), mark

    @property
    def key(self) -> str:
        """The import key under which its listing is found again."""
        return self.identity[1]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of a row that is taken."""
        return (*map(str, self.asides), *self.warnings)


class Outcome(enum.Enum):
    """What became of a row. FAILED and DRAFT ask for a person's attention."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    JOINED = "joined"
    DRAFT = "draft"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row, and why; `notes` are for a person to read."""

    line: int
    name: str
    outcome: Outcome
    notes: tuple[str, ...] = ()
    asides: tuple[Aside, ...] = ()

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
    """Mark every good row that a later good one is about to replace, or takes in as a further
    place of work.

    Call it on a whole file before importing it in parts, so that a second run writes
    nothing: only the last word about a practitioner is ever used.
    """
    told = _told_apart(rows)
    by_key: dict[str, list[Row]] = {}
    for row in told:
        if row.draft is not None and row.replaced_by is None and row.key:
            by_key.setdefault(row.key, []).append(row)
    settled = {row.line: row for group in by_key.values() for row in _settled(group)}
    return tuple(settled.get(row.line, row) for row in told)


def _told_apart(rows: Sequence[Row]) -> Sequence[Row]:
    """People of different names may share an e-mail address: then it does not tell who they are."""
    names: dict[str, set[str]] = {}
    for row in rows:
        if row.draft and not row.external_id and row.draft.email:
            names.setdefault(row.key, set()).add(fold(row.draft.name))
    shared = {key for key, called in names.items() if len(called) > 1}
    return [
        replace(row, shared=True)
        if row.draft and not row.external_id and row.key in shared
        else row
        for row in rows
    ]


def _settled(group: Sequence[Row]) -> Iterator[Row]:
    """Rows about one practitioner, of whom the last one speaks for all."""
    *earlier, last = group
    kept = list(_practices(last))
    for row in reversed(earlier):
        new = [one for one in _practices(row) if not any(_one_place(one, it) for it in kept)]
        joined = bool(new) and len(kept) < MOST_PRACTICES
        kept += new if joined else []
        yield replace(row, replaced_by=last.line, joined=joined)
    # The first place that a roster names is the first one of the listing, too.
    kept.reverse()
    if last.draft is None or len(kept) == len(last.draft.practices):
        yield last
    else:
        whole = replace(last.draft, practices=tuple(kept), **_together(group))
        yield replace(last, draft=whole)


def _practices(row: Row) -> Sequence[Practice]:
    return row.draft.practices if row.draft else ()


def _together(group: Sequence[Row]) -> dict[str, Any]:
    """What several rows say of one person besides where they work: the last word that says
    something, and all of what are lists."""
    drafts = [row.draft for row in reversed(group) if row.draft]
    lists = ("professions", "conditions", "credentials", "languages", "ages", "access")
    texts = ("suffix", "about", "fees", "phone", "email", "website")
    found: dict[str, Any] = {
        name: tuple(dict.fromkeys(value for one in drafts for value in getattr(one, name)))
        for name in lists
    }
    for name in texts:
        found[name] = next((text for one in drafts if (text := getattr(one, name))), "")
    return found


def _one_place(one: Practice, other: Practice) -> bool:
    """Whether two rows mean the same place: of what both say nothing differs."""
    if one.country != other.country:
        return False
    pairs = [(fold(getattr(one, name)), fold(getattr(other, name))) for name in _WHERE]
    return all(left == right for left, right in pairs if left and right)
