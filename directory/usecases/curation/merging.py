"""Two listings of one person become one: one stays, the other's addresses lead to it.

What people said and did about the other (reports, claims, checks, notes, counts, consent, helpers)
goes along; its words do not, but for a version that waits to be read or is being written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.errors import Conflict, NotFound
from directory.models import (
    Actor,
    Claim,
    Consent,
    CredentialCheck,
    Delegate,
    Draft,
    ImportedRow,
    Listing,
    Photo,
    Report,
    Role,
    Slug,
    StaffNote,
    State,
    Tally,
    Waiting,
    WorkingCopy,
)
from directory.said import Said
from directory.usecases.accounts.ownership import TABLES, Whose
from directory.usecases.listings import changes, loading
from directory.usecases.listings.fields import FIELDS, changed_fields

EMPTY = Draft(name="", practices=())


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two; `values` are what it says, by field."""

    listing_id: int
    slug: str
    title: str
    state: State
    owned: bool
    waits: bool
    confirmed_on: date
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings side by side: `fields` with their names, `differ` those that differ.

    `refusal` says why they cannot be merged this way round, "" when they can.
    """

    keep: Side
    other: Side
    fields: tuple[tuple[str, Said], ...]
    differ: frozenset[str]
    refusal: str


def find(session: Session, words: str, *, by: Actor) -> int:
    """The number of a listing by its number, slug or address; NotFound when there is none."""
    by.must_be(Role.ADMIN)
    text = words.strip().rstrip("/").rpartition("/")[2]
    known = Listing.id == int(text) if text.isdecimal() and len(text) < 10 else Listing.slug == text
    found = session.scalar(select(Listing.id).where(known, Listing.state != State.ERASED))
    if found is None:
        raise NotFound("There is no such listing.")
    return found


def compare(session: Session, keep_id: int, other_id: int, *, by: Actor) -> Pair:
    """Both as they stand, and whether the first can take the second in."""
    by.must_be(Role.ADMIN)
    keep, other = (loading.seen(session, number) for number in (keep_id, other_id))
    mine, theirs = _content(keep), _content(other)
    said = [name for name in FIELDS if any(getattr(one, name, None) for one in (mine, theirs))]
    try:
        _refuse(keep, other)
        refusal = ""
    except Conflict as error:
        refusal = str(error)
    return Pair(
        _side(keep, mine),
        _side(other, theirs),
        tuple((name, FIELDS[name]) for name in said),
        frozenset(changed_fields(mine, theirs)),
        refusal,
    )


def merge(session: Session, keep_id: int, other_id: int, *, by: Actor, at: datetime) -> Listing:
    """Let one listing take the other in; the other's addresses lead to it from now on.

    Conflict when both have owners who differ, when both wait to be read, or when only the
    other is public. Whoever owns the other owns the one that stays, if nobody does.
    """
    by.must_be(Role.ADMIN)
    both = {number: loading.locked(session, number) for number in sorted({keep_id, other_id})}
    keep, other = both[keep_id], both[other_id]
    _refuse(keep, other)
    _hand_on(session, keep, other)
    _carry_waiting(session, keep, other, at)
    _move(session, keep, other)
    _redirect(session, keep, other)
    _blank(session, other, at)
    changes.public_changed(session, keep, "merged", by=by, at=at, other=other.id)
    changes.public_changed(session, other, "merged away", by=by, at=at, into=keep.id)
    return keep


def _content(listing: Listing) -> Draft:
    version = listing.live or listing.pending
    return version.content if version else EMPTY


def _side(listing: Listing, content: Draft) -> Side:
    return Side(
        listing.id,
        listing.slug,
        listing.title,
        listing.state,
        listing.owner_id is not None,
        listing.pending is not None,
        listing.confirmed_on,
        {name: getattr(content, name, "") for name in FIELDS},
    )


def _refuse(keep: Listing, other: Listing) -> None:
    if keep.id == other.id:
        raise Conflict("This is one and the same listing.")
    if keep.is_demo != other.is_demo:
        raise Conflict("A made-up listing cannot be merged with a real one.")
    if keep.owner_id and other.owner_id and keep.owner_id != other.owner_id:
        raise Conflict("Two people keep these listings. One of them has to give theirs up first.")
    if keep.pending is not None and other.pending is not None:
        raise Conflict("Both wait to be read. Decide about one of them first.")
    if other.live is not None and keep.live is None:
        raise Conflict("Only the other one was ever public: keep that one.")


def _hand_on(session: Session, keep: Listing, other: Listing) -> None:
    """The owner of the other, with what they agreed to and who helps them."""
    if other.owner_id is None:
        return
    if keep.owner_id is None:
        keep.owner_id = other.owner_id
        _point(session, Consent, keep, other)
    known = select(Delegate.email).where(Delegate.listing_id == keep.id)
    session.execute(
        update(Delegate)
        .where(Delegate.listing_id == other.id, Delegate.email.not_in(known.scalar_subquery()))
        .values(listing_id=keep.id)
        .execution_options(synchronize_session=False)
    )


def _carry_waiting(session: Session, keep: Listing, other: Listing, at: datetime) -> None:
    """What waits to be read goes on waiting, and keeps its turn."""
    if other.pending is None:
        return
    since = other.pending.created_at
    again = keep.propose(other.pending.content, at=at)
    again.created_at = since
    session.flush()
    turn = session.get(Waiting, other.id)
    if turn is not None:
        session.merge(
            Waiting(
                listing_id=keep.id,
                revision_id=again.id,
                since=turn.since,
                risk=turn.risk,
                reasons=turn.reasons,
            )
        )


def _move(session: Session, keep: Listing, other: Listing) -> None:
    # A portrait goes with the version that shows it.
    for model in (Report, CredentialCheck, Claim, Photo, StaffNote):
        _point(session, model, keep, other)
    if session.get(WorkingCopy, keep.id) is None:
        _point(session, WorkingCopy, keep, other)
    # Taking an import back must never take the listing that stays.
    session.execute(
        update(ImportedRow)
        .where(ImportedRow.listing_id == other.id)
        .values(listing_id=None, name="", before={})
    )
    for count in session.scalars(select(Tally).where(Tally.listing_id == other.id)):
        here = session.get(Tally, (keep.id, count.day, count.what))
        if here is None:
            here = Tally(listing_id=keep.id, day=count.day, what=count.what, total=0)
            session.add(here)
        here.total += count.total


def _point(
    session: Session,
    model: type[Report | CredentialCheck | Claim | Photo | StaffNote | WorkingCopy | Consent],
    keep: Listing,
    other: Listing,
) -> None:
    moved = update(model).where(model.listing_id == other.id).values(listing_id=keep.id)
    session.execute(moved)


def _redirect(session: Session, keep: Listing, other: Listing) -> None:
    session.execute(update(Slug).where(Slug.listing_id == other.id).values(listing_id=keep.id))
    session.add(Slug(slug=other.slug, listing_id=keep.id))
    other.slug = f"merged-{other.id}"
    key, other.import_key = other.import_key, None
    session.flush()
    keep.import_key = keep.import_key or key


def _blank(session: Session, other: Listing, at: datetime) -> None:
    """Nothing is left of it but its number, as after erasure."""
    other.state = State.ERASED
    other.live = other.pending = None
    other.owner_id = other.accepting_stated_on = other.hidden_for = None
    other.confirmed_on, other.created_at = at.date(), at
    session.flush()
    theirs = Whose(None, "", (other.id,))
    for owned in TABLES:
        if not owned.blanked:
            session.execute(delete(owned.table).where(owned.rows(theirs)))
    session.expire_all()
