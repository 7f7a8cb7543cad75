"""Admins write for whoever keeps a listing, or for somebody who is yet to keep it.

They do so in a copy of their own: what the keeper is writing meanwhile stays unseen. Whoever
changes the listing in between loses nothing: what the admins changed is put on top of it, field
by field; and so is, once that is sent in, what the keeper was writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from directory.errors import Conflict
from directory.models import (
    Account,
    Actor,
    Delegate,
    Draft,
    Listing,
    Revision,
    Role,
    StaffCopy,
    State,
    WorkingCopy,
)
from directory.usecases.accounts.ownership import TABLES, Whose
from directory.usecases.listings import changes, loading
from directory.usecases.listings.fields import FIELDS, NOTHING_YET, UNNAMED, changed_fields

KIND = "edited-for-you"
OPENED = "opened for owner"
# As what an import would know it, so that whoever is listed is asked whether it is right.
BY_HAND = "hand:"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A listing that was begun by hand and never sent in."""

    listing_id: int
    name: str
    saved_at: datetime


def begin(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Listing:
    """Open somebody's listing to change it for them; Conflict for one's own."""
    by.must_be(Role.ADMIN)
    listing = loading.locked(session, listing_id)
    helps = select(Delegate.id).where(
        Delegate.listing_id == listing.id, Delegate.account_id == by.account_id
    )
    if listing.owner_id == by.account_id or session.scalar(helps) is not None:
        raise Conflict("You keep this listing yourself: change it as your own.")
    if session.get(StaffCopy, listing.id, populate_existing=True) is None:
        session.add(_fresh(listing, by, at))
    changes.noted(session, listing, OPENED, by=by, at=at)
    return listing


def begin_new(session: Session, *, by: Actor, at: datetime) -> Listing:
    """A new, empty listing that nobody keeps yet; pressing the button twice makes one."""
    by.must_be(Role.ADMIN)
    session.get_one(Account, by.account_id, with_for_update=loading.OURS_ALONE)
    for listing, copy in session.execute(_unfinished()):
        if copy.account_id == by.account_id and copy.content == NOTHING_YET and not copy.typed:
            return listing
    made = Listing(
        slug=f"{UNNAMED}{token_hex(8)}",
        state=State.DRAFT,
        is_demo=False,
        confirmed_on=at.date(),
        created_at=at,
    )
    session.add(made)
    session.flush()
    made.import_key = f"{BY_HAND}{made.id}"
    session.add(_fresh(made, by, at))
    changes.noted(session, made, "begun", by=by, at=at)
    return made


def unfinished(session: Session, *, by: Actor) -> Sequence[Unfinished]:
    """What admins began by hand and never sent in, whoever of them it was."""
    by.must_be(Role.ADMIN)
    return [
        Unfinished(listing.id, copy.content.title, copy.saved_at)
        for listing, copy in session.execute(_unfinished())
    ]


def throw_away(session: Session, listing_id: int, *, by: Actor, at: datetime) -> bool:
    """Let go of what was written for somebody; of what was begun by hand nothing is left.

    Says whether the listing is still there. Done twice, it has one effect.
    """
    by.must_be(Role.ADMIN)
    listing = loading.locked(session, listing_id)
    copy = session.get(StaffCopy, listing.id, populate_existing=True)
    if copy is None:
        return True
    session.delete(copy)
    changes.noted(session, listing, "edits for owner thrown away", by=by, at=at)
    if listing.owner_id is not None or listing.revisions:
        return True
    _blank(session, listing, by=by, at=at)
    return False


def copy_of(session: Session, listing: Listing) -> tuple[StaffCopy, Draft]:
    """What admins are writing, and how that reads on top of what others changed since."""
    copy = session.get(StaffCopy, listing.id)
    if copy is None:
        raise Conflict("What was written for its owner was sent in, or thrown away, before.")
    newest = listing.pending or listing.live
    if newest is None or newest.id == copy.base_id:
        return copy, copy.content
    base = session.get(Revision, copy.base_id) if copy.base_id else None
    return copy, on_top(newest.content, copy.content, since=base.content if base else NOTHING_YET)


def held_copy(session: Session, listing: Listing, *, by: Actor) -> StaffCopy:
    """The copy of a listing that is locked, brought up to what others changed since."""
    copy, content = copy_of(session, listing)
    newest = listing.pending or listing.live
    if content != copy.content:
        copy.content, copy.version = content, copy.version + 1
    copy.base_id = newest.id if newest else copy.base_id
    copy.account_id = by.account_id
    return copy


def on_top(now: Draft, mine: Draft, *, since: Draft) -> Draft:
    """What stands now, with those fields that were changed in one's own version since then."""
    changed: dict[str, Any] = {name: getattr(mine, name) for name in changed_fields(since, mine)}
    return replace(now, **changed)


def settle(
    session: Session,
    listing: Listing,
    before: Draft,
    waits: bool,
    listing_url: str,
    *,
    at: datetime,
) -> None:
    """What was sent in for the owner is theirs from now on: in their own copy, and told by mail.

    `before` is what waited, or was public, before that.
    """
    copy = session.get_one(StaffCopy, listing.id)
    sent = copy.content
    session.delete(copy)
    theirs = session.get(WorkingCopy, listing.id, populate_existing=True)
    if theirs is not None:
        merged = on_top(sent, theirs.content, since=before)
        theirs.version += merged != theirs.content
        theirs.content = merged
    changes.write_to_owner(
        session,
        listing,
        KIND,
        event=f"{KIND}:{listing.id}:{at.isoformat()}",
        at=at,
        name=sent.name,
        fields=", ".join(str(FIELDS[name]) for name in changed_fields(before, sent)),
        waits="yes" if waits else "",
        listing_url=listing_url,
    )


def hand_on(session: Session, listing: Listing, *, at: datetime) -> None:
    """What was begun by hand is its new owner's to finish."""
    copy = session.get(StaffCopy, listing.id, populate_existing=True)
    if copy is None:
        return
    content = copy_of(session, listing)[1]
    session.delete(copy)
    if session.get(WorkingCopy, listing.id) is None:
        session.add(WorkingCopy(listing_id=listing.id, content=content, typed={}, saved_at=at))


def _unfinished() -> Select[Listing, StaffCopy]:
    return (
        select(Listing, StaffCopy)
        .join(StaffCopy, StaffCopy.listing_id == Listing.id)
        .where(
            Listing.state == State.DRAFT,
            Listing.owner_id.is_(None),
            Listing.live_id.is_(None),
            Listing.pending_id.is_(None),
        )
        .order_by(Listing.id)
    )


def _fresh(listing: Listing, by: Actor, at: datetime) -> StaffCopy:
    newest = listing.pending or listing.live
    return StaffCopy(
        listing_id=listing.id,
        account_id=by.account_id,
        base_id=newest.id if newest else None,
        content=newest.content if newest else NOTHING_YET,
        typed={},
        version=1,
        saved_at=at,
    )


def _blank(session: Session, listing: Listing, *, by: Actor, at: datetime) -> None:
    listing.state, listing.import_key = State.ERASED, None
    listing.slug = f"erased-{listing.id}"
    changes.noted(session, listing, "erased", by=by, at=at)
    session.flush()
    mine = Whose(None, "", (listing.id,))
    for owned in TABLES:
        if not owned.blanked:
            session.execute(delete(owned.table).where(owned.rows(mine)))
    session.expire_all()
