"""Listings and terms that come in by the many: rosters, demo people, the taxonomy."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import NamedTuple

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session, selectinload

from directory.errors import Conflict
from directory.models import (
    Condition,
    Credential,
    Draft,
    IndexChange,
    Kind,
    Listing,
    Profession,
    Revision,
    Slug,
    State,
    Synonym,
)
from directory.places import Gazetteer, fold
from directory.usecases import audit, erasing, placing
from directory.usecases.rosters import ImportReport, Outcome, Row, RowReport, settle_repeats

LONGEST_SLUG = 80
SUFFIX_ROOM = 6
SLUGS_AT_ONCE = 40
UNWANTED = "this practitioner asked not to be listed again"
_PLAIN = re.compile(r"[a-z0-9]+")
Noun = Profession | Condition | Credential
TABLES: Mapping[Kind, type[Noun]] = {
    Kind.PROFESSION: Profession,
    Kind.CONDITION: Condition,
    Kind.CREDENTIAL: Credential,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the taxonomy with its columns and the other ways to say it."""

    kind: Kind
    slug: str
    columns: Mapping[str, str | int]
    synonyms: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()


def import_rows(
    session: Session,
    rows: Sequence[Row],
    *,
    gazetteer: Gazetteer,
    approve: bool,
    by: str,
    at: datetime,
    key: bytes | None = None,
) -> ImportReport:
    """Create and update listings from a roster's rows; what is as it was is not written.

    With `approve` each placed listing is public at once, else it waits for an admin. A
    row that cannot be placed is kept as a draft. With the `key` of erasure, whoever asked
    never to be listed again is not, and no erased address is given again. Safe to repeat.
    """
    rows = settle_repeats(rows)
    known = _listings(session, [row.key for row in rows if row.draft and not row.replaced_by])
    drafts = [row.draft for row in rows if row.draft]
    unwanted = erasing.unwanted(session, drafts, key=key) if key else frozenset()
    desk = _Desk(session, gazetteer, known, unwanted, approve, by, at, key)
    reports = tuple(desk.take(row) for row in rows)
    desk.record()
    return ImportReport(reports)


def create_listing(
    session: Session,
    draft: Draft,
    *,
    import_key: str | None,
    is_demo: bool,
    at: datetime,
    on: date,
    key: bytes | None = None,
) -> Listing:
    """A new listing that proposes the draft; the one door through which listings come in."""
    listing = Listing(
        slug=free_slug(session, draft, key=key),
        state=State.DRAFT,
        import_key=import_key,
        is_demo=is_demo,
        confirmed_on=on,
        created_at=at,
    )
    session.add(listing)
    listing.propose(draft, at=at)
    return listing


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A listing that needs no approval: its import key, content, and last confirmation."""

    key: str
    draft: Draft
    confirmed_on: date


def load_demo(session: Session, newcomers: Iterable[Newcomer], *, by: str, at: datetime) -> int:
    """Make these demo listings public, those that are there already left as they are.

    Says how many are new.
    """
    wanted = {newcomer.key: newcomer for newcomer in newcomers}
    there = set(
        session.scalars(select(Listing.import_key).where(Listing.import_key.in_(list(wanted))))
    )
    made = []
    for key, newcomer in wanted.items():
        if key in there:
            continue
        listing = create_listing(
            session,
            newcomer.draft,
            import_key=key,
            is_demo=True,
            at=at,
            on=newcomer.confirmed_on,
        )
        _publish(listing, on=newcomer.confirmed_on)
        made.append(listing)
    session.flush()
    for listing in made:
        audit.record(session, "approved", listing.id, by=by, at=at, demo=True)
        session.add(IndexChange(listing_id=listing.id, at=at))
    return len(made)


def any_listing(session: Session) -> bool:
    """Whether there is any listing, public or not."""
    return session.scalar(select(Listing.id).limit(1)) is not None


def load_taxonomy(session: Session, terms: Sequence[Term]) -> Mapping[str, int]:
    """Write the terms over what is there; says how many rows were added, changed, removed.

    Terms are never removed, for listings may use them; synonyms follow the files.
    """
    counts = Counter(added=0, changed=0, removed=0)
    for kind, table in TABLES.items():
        nouns: Iterable[Noun] = session.scalars(select(table))
        there = {noun.slug: noun for noun in nouns}
        for term in terms:
            if term.kind is kind:
                counts[_write(session, table, term, there.get(term.slug))] += 1
    counts.update(_write_synonyms(session, terms))
    session.flush()
    return {name: counts[name] for name in ("added", "changed", "removed")}


def _write(session: Session, table: type[Noun], term: Term, row: Noun | None) -> str:
    if row is None:
        session.add(table(slug=term.slug, **term.columns))
        return "added"
    changes = {name: new for name, new in term.columns.items() if getattr(row, name) != new}
    for name, new in changes.items():
        setattr(row, name, new)
    return "changed" if changes else "kept"


def _write_synonyms(session: Session, terms: Iterable[Term]) -> Mapping[str, int]:
    wanted = {
        (term.kind, term.slug, words): words in term.everyday
        for term in terms
        for words in (*term.synonyms, *term.everyday)
    }
    there = {(row.kind, row.slug, row.words): row for row in session.scalars(select(Synonym))}
    gone = there.keys() - wanted.keys()
    for key in gone:
        session.delete(there[key])
    changed = [key for key in there.keys() & wanted if there[key].everyday != wanted[key]]
    for key in changed:
        there[key].everyday = wanted[key]
    new = [key for key in wanted if key not in there]
    for kind, slug, words in new:
        everyday = wanted[kind, slug, words]
        session.add(Synonym(kind=kind, slug=slug, words=words, everyday=everyday))
    return {"added": len(new), "changed": len(changed), "removed": len(gone)}


class _Change(NamedTuple):
    """A listing that was written; `public` says that its public face changed."""

    listing: Listing
    row: Row
    outcome: Outcome
    public: bool


@dataclass
class _Desk:
    """Takes the rows of one batch, one by one, and records afterwards what it wrote."""

    session: Session
    gazetteer: Gazetteer
    known: Mapping[str, Listing]
    unwanted: frozenset[Draft]
    approve: bool
    by: str
    at: datetime
    key: bytes | None
    changes: list[_Change] = field(default_factory=list)

    def take(self, row: Row) -> RowReport:
        """Decide what becomes of a row, and do it."""
        if row.draft is None:
            return RowReport(row.line, row.name, Outcome.FAILED, (*row.errors, *row.warnings))
        if row.replaced_by is not None:
            sort, _ = row.identity
            note = f"the same {sort} as line {row.replaced_by}, which was used instead"
            return RowReport(row.line, row.name, Outcome.REPLACED, (note,))
        if row.draft in self.unwanted:
            return RowReport(row.line, row.name, Outcome.FAILED, (UNWANTED,))
        listing = self.known.get(row.key)
        if listing is not None and (closed := _closed(listing)):
            return RowReport(row.line, row.name, Outcome.FAILED, (closed,))
        placed = placing.place(row.draft, self.gazetteer)
        outcome = self._write(row, placed.draft, listing)
        if placed.problems:
            outcome = Outcome.DRAFT
        notes = (*placed.problems, *placed.notes, *row.warnings)
        return RowReport(row.line, row.name, outcome, notes)

    def record(self) -> None:
        """Write down every change, and tell the index of the public ones."""
        self.session.flush()  # gives new listings their ids
        for listing, row, outcome, public in self.changes:
            self._note("imported", listing, line=row.line, outcome=outcome.value)
            if public:
                self._note("approved", listing, line=row.line)
                self.session.add(IndexChange(listing_id=listing.id, at=self.at))

    def _note(self, action: str, listing: Listing, **detail: int | str) -> None:
        audit.record(self.session, action, listing.id, by=self.by, at=self.at, **detail)

    def _write(self, row: Row, draft: Draft, listing: Listing | None) -> Outcome:
        public = self.approve and draft.placed
        if listing is None:
            outcome = Outcome.CREATED
            listing = create_listing(
                self.session,
                draft,
                import_key=row.key,
                is_demo=False,
                at=self.at,
                on=self.at.date(),
                key=self.key,
            )
        elif _says(listing.live, draft) or (not public and _says(listing.pending, draft)):
            return Outcome.UNCHANGED
        else:
            outcome = Outcome.UPDATED
            if not _says(listing.pending, draft):
                listing.propose(draft, at=self.at)
        if public:
            _publish(listing, on=self.at.date())
        self.changes.append(_Change(listing, row, outcome, public))
        return outcome


def _closed(listing: Listing) -> str:
    """Why an import must leave this listing alone; "" when it need not."""
    if listing.state not in (State.DRAFT, State.LIVE):
        return f"this listing is {listing.state.value}; an import does not change that"
    if listing.owner_id is not None:
        return "this listing is kept by its practitioner; an import does not change it"
    return ""


def _says(revision: Revision | None, draft: Draft) -> bool:
    return revision is not None and revision.content == draft


def _publish(listing: Listing, *, on: date) -> None:
    if listing.pending is None:
        raise Conflict("There is nothing to approve.")
    listing.approve(listing.pending, on=on)


def _listings(session: Session, keys: Sequence[str]) -> dict[str, Listing]:
    query = select(Listing).where(Listing.import_key.in_(keys))
    both = selectinload(Listing.live), selectinload(Listing.pending)
    return {str(listing.import_key): listing for listing in session.scalars(query.options(*both))}


def free_slug(session: Session, draft: Draft, *, key: bytes | None = None) -> str:
    """The name and town in plain letters, numbered when another listing has, or had, that slug.

    Only with the `key` of tombstones is it known which addresses erased listings had.
    """
    town = draft.practices[0].locality if draft.practices else ""
    words = " ".join(_PLAIN.findall(fold(f"{draft.name} {town}"))) or "practitioner"
    base = words.replace(" ", "-")[: LONGEST_SLUG - SUFFIX_ROOM].strip("-")
    # Slugs given a moment ago may not be in the database yet.
    given: set[str] = session.info.setdefault("slugs given", set())
    for tries in _numbered(base):
        taken = given | _taken(session, tries, key)
        if free := [slug for slug in tries if slug not in taken]:
            given.add(free[0])
            return free[0]
    raise AssertionError("numbers do not end")


def _numbered(base: str) -> Iterator[list[str]]:
    """The slug as it is, which mostly will do, then numbered ones, many at a time."""
    yield [base]
    for start in count(2, SLUGS_AT_ONCE):
        yield [f"{base}-{number}" for number in range(start, start + SLUGS_AT_ONCE)]


def _taken(session: Session, slugs: Sequence[str], key: bytes | None) -> set[str]:
    mine = select(Listing.slug).where(Listing.slug.in_(slugs))
    former = select(Slug.slug).where(Slug.slug.in_(slugs))
    with session.no_autoflush:
        erased = erasing.buried(session, slugs, key=key) if key else set[str]()
        return erased | set(session.scalars(union_all(mine, former)))
