"""Listings that come in by the many: rosters, and demo people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.db import one_at_a_time
from directory.errors import Conflict
from directory.models import (
    Draft,
    Listing,
    Photo,
    Practice,
    Revision,
    State,
)
from directory.places import Gazetteer, fold
from directory.usecases.imports import positions
from directory.usecases.imports.rows import ImportReport, Outcome, Row, RowReport
from directory.usecases.listings import changes, loading, placing, slugs, tombstones, waiting
from directory.usecases.listings.slugs import OURS, free_slug

POSITION = ("region", "lat", "lon", "precision")
# What the columns of a roster cannot say, or an older one has no column for; a row says nothing
# against it.
BESIDE = (
    *("first_visit", "background", "photo", "hours", "closures", "sliding_scale"),
    *("by_appointment", "price", "free_talk", "receipts"),
    *("online", "online_only", "serves", "practitioner"),
)
NOBODY = "nothing says who this is: give a name with letters, an e-mail address or an id"
INCOMING = "rows that come in by the many"
# As many pixels wide and high are the portraits of demo people.
PICTURED = 320
UNWANTED = "this practitioner asked not to be listed again"


class Written(NamedTuple):
    """A listing that was written; `public` says that its public profile changed.

    `before` says how it stood, {} when it is new; `listing` has its id by now.
    """

    listing: Listing
    row: Row
    outcome: Outcome
    public: bool
    before: Mapping[str, Any]


class Intake(NamedTuple):
    """What became of every row, and the listings that were written."""

    report: ImportReport
    written: tuple[Written, ...]


def take_rows(
    session: Session,
    rows: Sequence[Row],
    *,
    gazetteer: Gazetteer,
    approve: bool,
    by: str,
    at: datetime,
    key: bytes | None = None,
    dry: bool = False,
) -> Intake:
    """Create and update listings from a roster's rows, repeats settled; what is as it was is not
    written.

    With `approve` each placed listing is public at once, else it waits for an admin. A
    row that cannot be placed is kept as a draft. With the `key` of erasure, whoever asked
    never to be listed again is not, and no erased address is given again. Safe to repeat;
    `dry` decides all the same and writes nothing. Until the transaction ends nobody else changes
    the listings that the rows are about; what somebody did with one before, its row minds.
    """
    keys = [row.key for row in rows if row.draft and not row.replaced_by]
    if not dry:
        _alone(session, keys)
    known = _listings(session, keys)
    drafts = [row.draft for row in rows if row.draft]
    unwanted = tombstones.unwanted(session, drafts, key=key) if key else frozenset()
    desk = _Desk(session, gazetteer, known, unwanted, approve, by, at, key, dry)
    with slugs.looked_up(session, drafts, key=key):
        reports = tuple(desk.take(row) for row in rows)
    desk.record()
    return Intake(ImportReport(reports), tuple(desk.written))


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
    one_at_a_time(session, INCOMING)
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
    session.add_all(_portraits(made, at))
    for listing in made:
        changes.public_changed(session, listing, "approved", by=by, at=at, demo=True)
    return len(made)


def _portraits(listings: Iterable[Listing], at: datetime) -> Iterator[Photo]:
    """The portraits that lie in the album already."""
    for listing in listings:
        if photo := listing.public.photo:
            yield Photo(
                id=photo, listing_id=listing.id, width=PICTURED, height=PICTURED, made_at=at
            )


def any_listing(session: Session) -> bool:
    """Whether there is any listing, public or not."""
    return session.scalar(select(Listing.id).limit(1)) is not None


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
    dry: bool = False
    written: list[Written] = field(default_factory=list)

    def take(self, row: Row) -> RowReport:
        """Decide what becomes of a row, and do it."""
        if row.draft is None:
            return _reported(row, Outcome.FAILED, *row.errors, *row.notes)
        if row.replaced_by is not None:
            return _replaced(row)
        if not row.key:
            return _reported(row, Outcome.FAILED, NOBODY)
        if row.draft in self.unwanted:
            return _reported(row, Outcome.FAILED, UNWANTED)
        listing = self.known.get(row.key)
        placed = _placed(row.draft, listing, self.gazetteer)
        if listing is not None and (closed := _closed(listing)):
            if _says(listing.live or listing.pending, placed.draft):
                return _reported(row, Outcome.UNCHANGED, *row.notes)
            return _reported(row, Outcome.FAILED, closed)
        outcome = self._write(row, placed.draft, listing)
        problems = (*placed.problems, *row.doubts)
        if problems:
            outcome = Outcome.DRAFT
        return _reported(row, outcome, *problems, *placed.notes, *row.notes)

    def record(self) -> None:
        """Write down every change, and tell the index of the public ones."""
        if not self.written:
            return
        self.session.flush()  # gives new listings their ids
        proposed = [one.listing for one in self.written if not one.public]
        waiting.enqueue_many(self.session, proposed)
        for listing, row, outcome, public, _ in self.written:
            self._tell(changes.noted, "imported", listing, row, outcome=outcome.value)
            if public:
                version = listing.live_id
                self._tell(changes.public_changed, "approved", listing, row, version=version)

    def _tell(
        self,
        tell: changes.Teller,
        verb: str,
        listing: Listing,
        row: Row,
        **detail: str | int | None,
    ) -> None:
        tell(self.session, listing, verb, by=self.by, at=self.at, line=row.line, **detail)

    def _write(self, row: Row, draft: Draft, listing: Listing | None) -> Outcome:
        public = self.approve and draft.placed and not row.doubts
        if listing is not None and (
            _says(listing.live, draft) or (not public and _says(listing.pending, draft))
        ):
            return Outcome.UNCHANGED
        outcome = Outcome.CREATED if listing is None else Outcome.UPDATED
        if not self.dry:
            self._do(row, draft, listing, outcome, public=public)
        return outcome

    def _do(
        self, row: Row, draft: Draft, listing: Listing | None, outcome: Outcome, *, public: bool
    ) -> None:
        before = listing.stood().to_json() if listing else {}
        if listing is None:
            listing = create_listing(
                self.session,
                draft,
                import_key=row.key,
                is_demo=False,
                at=self.at,
                on=self.at.date(),
                key=self.key,
            )
        elif not _says(listing.pending, draft):
            listing.propose(draft, at=self.at)
        if public:
            _publish(listing, on=self.at.date())
        self.written.append(Written(listing, row, outcome, public, before))


def _reported(row: Row, outcome: Outcome, *notes: str) -> RowReport:
    return RowReport(row.line, row.name, outcome, notes, row.asides)


def _replaced(row: Row) -> RowReport:
    """What is said of a row that a later one of the same practitioner speaks for."""
    if row.joined:
        note = f"the same person as line {row.replaced_by}: a further place of work there"
        return _reported(row, Outcome.JOINED, note, *row.notes)
    sort, _ = row.identity
    note = f"the same {sort} as line {row.replaced_by}, which was used instead"
    return RowReport(row.line, row.name, Outcome.REPLACED, (note,))


def _closed(listing: Listing) -> str:
    """Why an import must leave this listing alone; "" when it need not."""
    if listing.state not in (State.DRAFT, State.LIVE):
        return f"this listing is {listing.state.value}; an import does not change that"
    if listing.owner_id is not None:
        return "this listing is kept by its practitioner; an import does not change it"
    return ""


def _says(revision: Revision | None, draft: Draft) -> bool:
    return revision is not None and revision.content == draft


def _placed(draft: Draft, listing: Listing | None, gazetteer: Gazetteer) -> placing.Placed:
    """The row's draft on the map, with what its columns cannot say as the listing has it.

    Where the listing is in the same town and placed, it stays: perhaps an admin put it there.
    """
    revision = (listing.pending or listing.live) if listing else None
    known = revision.content if revision else None
    full = _with_beside(draft, known) if known else draft
    practices, problems, notes = list[Practice](), list[str](), list[str]()
    for number, practice in enumerate(full.practices):
        there = known.practices[number : number + 1] if known else ()
        if there and there[0].placed and _same_town(practice, there[0]):
            where = {name: getattr(there[0], name) for name in POSITION}
            practices.append(replace(practice, **where))
            continue
        mended, note = positions.mended(practice, gazetteer)
        one = placing.place(replace(full, practices=(mended,)), gazetteer)
        practices += one.draft.practices
        problems += one.problems
        notes += [note, *one.notes] if note else one.notes
    whole = replace(full, practices=tuple(practices))
    return placing.Placed(whole, tuple(problems), tuple(notes))


def _same_town(said: Practice, known: Practice) -> bool:
    same = all(
        fold(getattr(said, name)) == fold(getattr(known, name))
        for name in ("locality", "postcode", "country")
    )
    return same and said.precision != "exact" and fold(said.region) in ("", fold(known.region))


def _with_beside(draft: Draft, known: Draft) -> Draft:
    kept: dict[str, Any] = {
        name: getattr(known, name) for name in BESIDE if not getattr(draft, name)
    }
    if len(draft.practices) == 1:
        kept["practices"] = (*draft.practices, *known.practices[1:])
    return replace(draft, **kept)


def _publish(listing: Listing, *, on: date) -> None:
    if listing.pending is None:
        raise Conflict("There is nothing to approve.")
    listing.approve(listing.pending, on=on)


def _alone(session: Session, keys: Sequence[str]) -> None:
    """One import at a time brings rows in, and it has the listings of these keys for itself.

    A listing that is merged while we wait hands its key on: so we look until nothing is new.
    """
    one_at_a_time(session, INCOMING)
    held = set[int]()
    while new := {one.id for one in _listings(session, keys).values()} - held:
        held |= {one.id for one in loading.locked_many(session, held | new)} | new


def _listings(session: Session, keys: Sequence[str]) -> dict[str, Listing]:
    fresh = {"populate_existing": True}
    query = select(Listing).where(Listing.import_key.in_(keys)).execution_options(**fresh)
    both = selectinload(Listing.live), selectinload(Listing.pending)
    found = {str(one.import_key): one for one in session.scalars(query.options(*both))}
    prefix = f"id:{OURS}"
    by_slug = {k.removeprefix(prefix): k for k in keys if k.startswith(prefix) and k not in found}
    if by_slug:
        named = select(Listing).where(Listing.slug.in_(list(by_slug))).options(*both)
        named = named.execution_options(**fresh)
        found |= {by_slug[one.slug]: one for one in session.scalars(named)}
    return found
