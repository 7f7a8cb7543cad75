"""What practitioners do with their own listing: write, save, propose, take back, pause."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Conflict
from directory.models import (
    Account,
    Actor,
    Draft,
    Listing,
    Practice,
    StaffCopy,
    State,
    WorkingCopy,
)
from directory.places import Gazetteer
from directory.usecases.audit import chain
from directory.usecases.listings import changes, loading, placing
from directory.usecases.listings.fields import (
    FORMS,
    NOTHING_YET,
    UNNAMED,
    changed_fields,
    place_page,
)
from directory.usecases.practitioners import for_owners

# What somebody is writing: the keeper, or an admin for them.
Copy = WorkingCopy | StaffCopy

MOST_PRACTICES = 10
MOST_UNFINISHED = 5


class Changed(Conflict):
    """The page was saved elsewhere since it was opened; `now` is what stands there."""

    def __init__(self, now: Draft) -> None:
        super().__init__("This page was changed in another window or on another device.")
        self.now = now


@dataclass(frozen=True, slots=True)
class Writing:
    """A listing with what its keeper is writing. `typed` could not be used yet, by page."""

    listing: Listing
    content: Draft
    typed: Mapping[str, Mapping[str, Sequence[str]]]
    version: int

    def seen(self, page: str) -> str:
        """What a page's form carries, so that saving over somebody else's change is noticed."""
        return fingerprint(self.content, FORMS[page])

    @property
    def places_seen(self) -> str:
        """What the form of one place carries, for the same end."""
        return fingerprint(self.content, ("practices",))


def fingerprint(content: Draft, fields: Sequence[str]) -> str:
    """A short digest of some fields."""
    stored = content.to_json()
    said = json.dumps([stored.get(name) for name in fields], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def begin(session: Session, *, by: Actor, at: datetime) -> Listing:
    """A new, empty listing of somebody's own; pressing the button twice makes one."""
    session.get_one(Account, by.account_id, with_for_update=loading.OURS_ALONE)
    mine = session.scalars(
        select(Listing)
        .join(WorkingCopy, WorkingCopy.listing_id == Listing.id)
        .where(
            Listing.owner_id == by.account_id,
            Listing.state == State.DRAFT,
            Listing.live_id.is_(None),
            Listing.pending_id.is_(None),
        )
        .order_by(Listing.id)
    ).all()
    if untouched := [one for one in mine if working_copy(session, one, at).content == NOTHING_YET]:
        return untouched[0]
    if len(mine) >= MOST_UNFINISHED:
        raise Conflict("Finish or delete one of your unfinished listings first.")
    listing = Listing(
        slug=f"{UNNAMED}{token_hex(8)}",
        state=State.DRAFT,
        owner_id=by.account_id,
        is_demo=False,
        confirmed_on=at.date(),
        created_at=at,
    )
    session.add(listing)
    session.flush()
    working_copy(session, listing, at)
    chain.record(session, "begun", listing.id, by=str(by), at=at)
    return listing


def current(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Writing:
    """What is being written; without a working copy, it would begin with what is public."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True)
    if by.edits(listing.id):
        ours, content = for_owners.copy_of(session, listing)
        version = ours.version + (content != ours.content)
        return Writing(listing, content, ours.typed or {}, version)
    copy = session.get(WorkingCopy, listing.id) or _fresh(listing, at)
    return Writing(listing, copy.content, copy.typed or {}, copy.version or 1)


def save(
    session: Session,
    listing_id: int,
    page: str,
    changes: Mapping[str, Any],
    *,
    seen: str,
    by: Actor,
    at: datetime,
) -> Writing:
    """Save one page. Raises Changed when its fields are not any more as they were `seen`."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    copy = working_copy(session, listing, at, by=by)
    said = {name: changes[name] for name in FORMS[page] if name in changes}
    wanted = replace(copy.content, **said)
    if wanted != copy.content and seen != fingerprint(copy.content, FORMS[page]):
        raise Changed(copy.content)
    _write(copy, wanted, at)
    _forget(copy, page)
    return Writing(listing, copy.content, copy.typed, copy.version)


def keep_typed(
    session: Session,
    listing_id: int,
    page: str,
    typed: Mapping[str, Sequence[str]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what could not be used as it was typed, to be mended here or on another device."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    copy = working_copy(session, listing, at, by=by)
    copy.typed = {**copy.typed, page: {name: list(values) for name, values in typed.items()}}
    copy.saved_at = at


def forget_typed(session: Session, listing_id: int, page: str, *, by: Actor, at: datetime) -> None:
    """Let go of what was typed on a page and could not be used."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    _forget(working_copy(session, listing, at, by=by), page)


def _forget(copy: Copy, page: str) -> None:
    copy.typed = {name: typed for name, typed in copy.typed.items() if name != page}


def save_practice(
    session: Session,
    listing_id: int,
    position: int | None,
    practice: Practice,
    gazetteer: Gazetteer,
    *,
    seen: str,
    by: Actor,
    at: datetime,
) -> placing.Placed:
    """Save one place of work, or a new one (None), put on the map as well as we can.

    A position that was given for another address is dropped with that address.
    """
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    copy = working_copy(session, listing, at, by=by)
    now = list(copy.content.practices)
    if position is None:
        if practice in now:  # sent twice
            return placing.Placed(replace(copy.content, practices=(practice,)))
        if len(now) >= MOST_PRACTICES:
            raise Conflict(f"A listing has at most {MOST_PRACTICES} places.")
    elif position < len(now) and now[position] == practice:  # sent twice
        pass
    elif position >= len(now) or seen != fingerprint(copy.content, ("practices",)):
        raise Changed(copy.content)
    else:
        practice = _without_stale_position(practice, now[position])
    placed = placing.place(replace(copy.content, practices=(practice,)), gazetteer)
    found = placed.draft.practices[0]
    if position is None:
        if found not in now:
            now.append(found)
    else:
        now[position] = found
    _forget(copy, place_page(position))
    _write(copy, replace(copy.content, practices=tuple(now)), at)
    return placed


def _without_stale_position(new: Practice, old: Practice) -> Practice:
    def address(practice: Practice) -> tuple[str, ...]:
        parts = (practice.address, practice.postcode, practice.locality, practice.region)
        return (*parts, practice.country)

    kept_position = (new.lat, new.lon) == (old.lat, old.lon)
    if kept_position and address(new) != address(old):
        return replace(new, lat=None, lon=None, precision="")
    return new


def remove_practice(
    session: Session, listing_id: int, position: int, *, seen: str, by: Actor, at: datetime
) -> None:
    """Take a place of work out; pressed twice, it takes out one."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    copy = working_copy(session, listing, at, by=by)
    now = copy.content.practices
    if position >= len(now) or seen != fingerprint(copy.content, ("practices",)):
        raise Changed(copy.content)
    rest = now[:position] + now[position + 1 :]
    _forget(copy, place_page(position))
    for later in range(position + 1, len(now)):
        copy.typed = {
            place_page(later - 1) if page == place_page(later) else page: typed
            for page, typed in copy.typed.items()
        }
    _write(copy, replace(copy.content, practices=rest), at)


def set_photo(session: Session, listing_id: int, photo_id: str, *, by: Actor, at: datetime) -> None:
    """Put a photo into what is being written; "" takes it out."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    copy = working_copy(session, listing, at, by=by)
    _write(copy, replace(copy.content, photo=photo_id), at)


def start_over(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """Throw away what was written since the listing was last public."""
    listing = loading.mine(session, listing_id, by=by, lock=True)
    if listing.live is None:
        raise Conflict("There is no public version to go back to.")
    copy = working_copy(session, listing, at)
    copy.typed = {}
    _write(copy, listing.live.content, at)
    chain.record(session, "started over", listing.id, by=str(by), at=at)


def withdraw(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """Take back what waits for an admin; it can be changed and sent again."""
    listing = loading.mine(session, listing_id, by=by, lock=True)
    listing.withdraw(on=at.date())
    chain.record(session, "withdrawn", listing.id, by=str(by), at=at)


def pause(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """Take the listing out of sight for a while; pressed twice, it is paused once."""
    listing = loading.mine(session, listing_id, by=by, lock=True)
    if listing.state is not State.PAUSED:
        listing.pause()
        changes.public_changed(session, listing, "paused", by=by, at=at)


def resume(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """Show a paused listing again; that says too that all of it is right."""
    listing = loading.mine(session, listing_id, by=by, lock=True)
    if listing.state is not State.LIVE:
        listing.resume(on=at.date())
        changes.public_changed(session, listing, "resumed", by=by, at=at)


def unsent(listing: Listing, content: Draft) -> tuple[str, ...]:
    """The fields that differ from what waits, or from what is public when nothing waits."""
    return changed_fields(listing.newest or NOTHING_YET, content)


def working_copy(
    session: Session, listing: Listing, at: datetime, *, by: Actor | None = None
) -> Copy:
    """The working copy, made when there is none; nobody else writes it in the meantime.

    Of an admin who opened the listing for its owner, it is the admins' own.
    """
    session.refresh(listing, with_for_update=loading.OURS_ALONE)
    if by is not None and by.edits(listing.id):
        return for_owners.held_copy(session, listing, by=by)
    copy = session.get(WorkingCopy, listing.id)
    if copy is None:
        copy = _fresh(listing, at)
        session.add(copy)
        session.flush()
    return copy


def _fresh(listing: Listing, at: datetime) -> WorkingCopy:
    content = listing.newest or NOTHING_YET
    return WorkingCopy(listing_id=listing.id, content=content, typed={}, version=1, saved_at=at)


def _write(copy: Copy, content: Draft, at: datetime) -> None:
    if content != copy.content:
        copy.content = content
        copy.version += 1
    copy.saved_at = at
