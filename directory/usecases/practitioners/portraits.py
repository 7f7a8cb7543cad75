"""A listing's portrait: who sets it, who may see it, and when it is thrown away."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from directory.db import afterwards
from directory.errors import NotFound
from directory.models import Actor, Listing, Photo, Revision, Role, StaffCopy, WorkingCopy
from directory.photos import Album, Kept
from directory.usecases.audit import chain
from directory.usecases.listings import loading
from directory.usecases.practitioners import writing

# Time enough for somebody who is still choosing, or has the old page open.
UNUSED_FOR = timedelta(days=1)


def portray(session: Session, listing_id: int, portrait: Kept, *, by: Actor, at: datetime) -> Photo:
    """Put a portrait from the album into what is being written; NotFound when it is not theirs.

    `Album.keep` comes first and outside of this transaction: it takes long.
    """
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    photo = Photo(
        id=portrait.id,
        listing_id=listing.id,
        width=portrait.width,
        height=portrait.height,
        made_at=at,
    )
    session.add(photo)
    session.flush()
    writing.set_photo(session, listing.id, photo.id, by=by, at=at)
    chain.record(session, "portrayed", listing.id, by=str(by), at=at)
    return photo


def unportray(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """Take the portrait out of what is being written; what is public keeps its own."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    if writing.current(session, listing.id, by=by, at=at).content.photo:
        writing.set_photo(session, listing.id, "", by=by, at=at)
        chain.record(session, "unportrayed", listing.id, by=str(by), at=at)


def is_public(session: Session, photo_id: str, *, on: date) -> bool:
    """Whether anybody may see it that day: the public profile of a listing that is shown has it."""
    listing = _portrayed(session, photo_id)
    live = listing.live if listing and listing.shown(on) else None
    return live is not None and live.content.photo == photo_id


def may_see(session: Session, photo_id: str, by: Actor | None, *, on: date) -> bool:
    """Whether somebody, or anybody (None), may see a portrait that day.

    Its keepers and the admins see it before it is public, and after.
    """
    if is_public(session, photo_id, on=on):
        return True
    listing = _portrayed(session, photo_id)
    if by is None or listing is None:
        return False
    if by.role is Role.ADMIN:
        return True
    try:
        return loading.mine(session, listing.id, by=by) is listing
    except NotFound:
        return False


def sweep(session: Session, album: Album, at: datetime) -> int:
    """Throw away what nobody has used for a day: rows with their files, and files without a row.

    Answers how many go; the files do once the transaction is committed. For the hourly worker.
    """
    before = at - UNUSED_FOR
    unused = session.scalars(
        select(Photo)
        .where(Photo.made_at < before, ~_in_use(before.date()))
        .order_by(Photo.id)
        .with_for_update(of=Photo, skip_locked=True)
    ).all()
    for photo in unused:
        session.delete(photo)
    # Left by a process that ended before it could write the row.
    strays = album.ids(before=before) - set(session.scalars(select(Photo.id)))
    gone = strays | {photo.id for photo in unused}
    afterwards(session, lambda: album.remove(*gone))
    album.clear(before=before)
    session.flush()
    return len(gone)


def _in_use(since: date) -> ColumnElement[bool]:
    """Named by what is written, public or waiting, or by what was decided since that day.

    A decision can be undone for a while.
    """
    in_copies = [
        select(copy.listing_id)
        .where(
            copy.listing_id == Photo.listing_id,
            copy.content["photo"].as_string() == Photo.id,
        )
        .exists()
        for copy in (WorkingCopy, StaffCopy)
    ]
    in_revision = (
        select(Revision.id)
        .join(Listing, Listing.id == Revision.listing_id)
        .where(
            Listing.id == Photo.listing_id,
            or_(
                Listing.live_id == Revision.id,
                Listing.pending_id == Revision.id,
                Revision.decided_on >= since,
            ),
            Revision.content["photo"].as_string() == Photo.id,
        )
    )
    return or_(*in_copies, in_revision.exists())


def _portrayed(session: Session, photo_id: str) -> Listing | None:
    photo = session.get(Photo, photo_id)
    return session.get(Listing, photo.listing_id) if photo else None
