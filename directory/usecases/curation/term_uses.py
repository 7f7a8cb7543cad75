"""Which listings name a term, and how one term becomes another in all of them.

The database looks into the contents; only listings that must be rewritten are read in full.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, func, select, true, type_coerce, update
from sqlalchemy.orm import Session

from directory.models import (
    CredentialCheck,
    Decision,
    Draft,
    Kind,
    Listing,
    PracticePlace,
    Revision,
    StaffCopy,
    State,
    WorkingCopy,
)
from directory.usecases.listings import changes, loading, waiting

FIELDS: Mapping[Kind, str] = {
    Kind.PROFESSION: "professions",
    Kind.CONDITION: "conditions",
    Kind.CREDENTIAL: "credentials",
}
# Listings rewritten in one transaction.
AT_ONCE = 50


def counts(session: Session, kind: Kind) -> dict[str, int]:
    """How many listings name each term, in public or in what waits; without those that none does."""
    slugs = slugs_in(session, Revision.content, kind)
    found = session.execute(
        select(slugs.c.value, func.count(Listing.id.distinct()))
        .select_from(Listing)
        .join(Revision, Revision.id.in_((Listing.live_id, Listing.pending_id)))
        .join(slugs, true())
        .group_by(slugs.c.value)
    )
    return {row[0]: row[1] for row in found}


def live_ids(session: Session, kind: Kind, slug: str) -> list[int]:
    """The public listings that name it."""
    slugs = slugs_in(session, Revision.content, kind)
    found = session.scalars(
        select(Listing.id)
        .join(Revision, Listing.live_id == Revision.id)
        .join(slugs, true())
        .where(slugs.c.value == slug, Listing.state == State.LIVE)
        .order_by(Listing.id)
    )
    return list(dict.fromkeys(found))


def rewrite(session: Session, kind: Kind, slug: str, into: str, *, by: str, at: datetime) -> int:
    """Let some of the listings that name a term name another one instead; says how many it were.

    What they say is written anew, never changed; who confirmed it when, and since when it
    waits, stays as it was.
    """
    ids = _using(session, kind, slug)
    listings = loading.locked_many(session, ids)
    for listing in listings:
        for copy in _copies(session, listing.id):
            if slug in getattr(copy.content, FIELDS[kind]):
                copy.content = _renamed(copy.content, kind, slug, into)
                copy.version += 1
        if listing.live is not None:
            listing.live = _anew(listing.live, kind, slug, into, at)
        if listing.pending is not None:
            listing.pending = _anew(listing.pending, kind, slug, into, at)
    session.flush()
    waiting.enqueue_many(session, listings)
    for listing in listings:
        detail = {"kind": kind.value, "slug": slug, "into": into}
        changes.public_changed(session, listing, "term replaced", by=by, at=at, **detail)
    if kind is Kind.CREDENTIAL:
        checks = update(CredentialCheck).where(
            CredentialCheck.credential == slug, CredentialCheck.listing_id.in_(ids)
        )
        session.execute(checks.values(credential=into))
    session.flush()
    return len(listings)


def _copies(session: Session, listing_id: int) -> list[WorkingCopy | StaffCopy]:
    """What its keeper is writing, and admins for them, as it is now."""
    theirs = session.get(WorkingCopy, listing_id, populate_existing=True)
    ours = session.get(StaffCopy, listing_id, populate_existing=True)
    return [copy for copy in (theirs, ours) if copy is not None]


def _using(session: Session, kind: Kind, slug: str) -> list[int]:
    said = slugs_in(session, Revision.content, kind)
    in_revisions = (
        select(Listing.id)
        .join(Revision, Revision.id.in_((Listing.live_id, Listing.pending_id)))
        .join(said, true())
        .where(said.c.value == slug, Listing.state != State.ERASED)
    )
    in_copies = []
    for copies in (WorkingCopy, StaffCopy):
        written = slugs_in(session, copies.content, kind)
        found = select(copies.listing_id).join(written, true()).where(written.c.value == slug)
        in_copies.append(found)
    both = in_revisions.union(*in_copies).subquery()
    return list(session.scalars(select(both.c[0]).order_by(both.c[0]).limit(AT_ONCE)))


def slugs_in(session: Session, content: Any, kind: Kind) -> Any:
    """The slugs of a kind in each content, one a row, as the database itself takes them out."""
    field = FIELDS[kind]
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(content, f"$.{field}").table_valued("value")
    found = type_coerce(content, JSON)[field]
    return func.json_array_elements_text(found).table_valued("value")


def _renamed(draft: Draft, kind: Kind, slug: str, into: str) -> Draft:
    field = FIELDS[kind]
    slugs = [into if one == slug else one for one in getattr(draft, field)]
    changed: dict[str, Any] = {field: tuple(dict.fromkeys(slugs))}
    return replace(draft, **changed)


def _anew(old: Revision, kind: Kind, slug: str, into: str, at: datetime) -> Revision:
    """The same version with the other term, in the old one's place; itself when it has no need."""
    content = _renamed(old.content, kind, slug, into)
    if content == old.content:
        return old
    new = Revision(
        listing=old.listing,
        content=content,
        created_at=old.created_at,
        decision=old.decision,
        decided_on=old.decided_on,
        notes=dict(old.notes),
    )
    new.places = PracticePlace.all_of(content)
    old.decide(Decision.REPLACED, on=at.date())
    return new
