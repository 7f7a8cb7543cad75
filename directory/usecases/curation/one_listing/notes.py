"""Notes that admins write about a listing for each other; they go when the listing does.

Whoever the listing is about may read them: they are in the copy of their data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Invalid, NotFound
from directory.models import Account, Actor, Listing, Role, StaffNote
from directory.said import said
from directory.usecases.listings import changes, loading

LONGEST_NOTE = 2000
# A second press of the button is not a second note.
SAME_PRESS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Note:
    """One note; `who` is the address of whoever wrote it, "" when that account is gone.

    `is_sent` says that these words went to the owner by mail. Who wrote it may take it back,
    but what was sent was sent.
    """

    id: int
    words: str
    who: str
    made_at: datetime
    is_sent: bool
    mine: bool


def of_listing(session: Session, listing_id: int, *, by: Actor) -> Sequence[Note]:
    """The notes about a listing, newest first."""
    by.must_be(Role.REVIEWER)
    rows = session.execute(
        select(StaffNote, Account.email)
        .outerjoin(Account, Account.id == StaffNote.account_id)
        .where(StaffNote.listing_id == listing_id)
        .order_by(StaffNote.id.desc())
    )
    return [
        Note(
            row.id,
            row.words,
            email or "",
            row.made_at,
            row.is_sent,
            mine=row.account_id == by.account_id and not row.is_sent,
        )
        for row, email in rows
    ]


def add(session: Session, listing_id: int, words: str, *, by: Actor, at: datetime) -> None:
    """Write a note; the same one twice within a minute is one."""
    by.must_be(Role.REVIEWER)
    text = checked(words)
    listing = loading.locked(session, listing_id)
    if not pressed_again(session, listing, text, is_sent=False, by=by, at=at):
        keep(session, listing, text, is_sent=False, by=by, at=at)
        changes.noted(session, listing, "note written", by=by, at=at)


def remove(session: Session, note_id: int, *, by: Actor, at: datetime) -> int:
    """Take one's own note back; says which listing it was about."""
    by.must_be(Role.REVIEWER)
    where = session.scalar(select(StaffNote.listing_id).where(StaffNote.id == note_id))
    listing = loading.locked(session, where or 0)
    found = session.get(StaffNote, note_id, populate_existing=True)
    if found is None or found.is_sent or found.account_id != by.account_id:
        raise NotFound("There is no such note of yours.")
    session.delete(found)
    changes.noted(session, listing, "note taken back", by=by, at=at)
    return listing.id


def checked(words: str) -> str:
    """The words, without the blanks around them; Invalid when there are none, or too many."""
    text = words.strip()
    if not text or len(text) > LONGEST_NOTE:
        most = said("Write something, in at most %(most)s letters.", most=LONGEST_NOTE)
        raise Invalid({"words": [most]})
    return text


def keep(
    session: Session, listing: Listing, text: str, *, is_sent: bool, by: Actor, at: datetime
) -> StaffNote:
    """Put the words beside a listing that is locked."""
    made = StaffNote(
        listing_id=listing.id, account_id=by.account_id, words=text, is_sent=is_sent, made_at=at
    )
    session.add(made)
    session.flush()
    return made


def pressed_again(
    session: Session, listing: Listing, text: str, *, is_sent: bool, by: Actor, at: datetime
) -> bool:
    """Whether these very words were written a moment ago."""
    same = select(StaffNote.id).where(
        StaffNote.listing_id == listing.id,
        StaffNote.account_id == by.account_id,
        StaffNote.is_sent == is_sent,
        StaffNote.words == text,
        StaffNote.made_at > at - SAME_PRESS,
    )
    return session.scalar(same.limit(1)) is not None
