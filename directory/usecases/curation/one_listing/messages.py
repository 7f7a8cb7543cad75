"""Words of the admins to whoever keeps a listing, by mail; answers come to the site's contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid
from directory.models import Actor, Listing, Role, StaffNote
from directory.said import Said, said
from directory.usecases.curation.one_listing import notes
from directory.usecases.listings import changes, loading

KIND = "message"
MOST_A_DAY = 5
LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Canned:
    """A ready-made message, to be changed before it is sent."""

    label: Said
    subject: Said
    words: Said


CANNED: Mapping[str, Canned] = {
    "look": Canned(
        said("Please look at your listing"),
        said("Please look at your listing"),
        said(
            "Somebody told us that something in your listing may not be right any more. Please"
            " look at it, and put right what has changed."
        ),
    ),
    "credential": Canned(
        said("Show us a certificate"),
        said("Your training"),
        said(
            "We would like to check the training that your listing names. Please answer with a"
            " photo or a scan of the certificate, or tell us where we can look it up."
        ),
    ),
    "place": Canned(
        said("Address or place on the map"),
        said("Your place on the map"),
        said(
            "The place on the map does not seem to fit your address. Please look at the pin, and"
            " move it to where your door is."
        ),
    ),
    "twice": Canned(
        said("Listed twice"),
        said("You seem to be listed twice"),
        said(
            "There are two listings that may both be yours. If they are, tell us which one to"
            " keep, and we join them."
        ),
    ),
}


def send(
    session: Session,
    listing_id: int,
    subject: str,
    words: str,
    *,
    by: Actor,
    at: datetime,
    listing_url: str,
) -> None:
    """Write to the owner, and keep the words beside the listing.

    Raises Invalid without a subject or words; Conflict when nobody is there to get it, or when
    they were written to often enough that day. Pressed twice, it is sent once.
    """
    by.must_be(Role.REVIEWER)
    title, text = _checked(subject, words)
    listing = loading.locked(session, listing_id)
    if not loading.is_heard(session, listing):
        raise Conflict("Nobody keeps this listing whom a mail could reach.")
    kept = f"{title}\n\n{text}"
    if notes.pressed_again(session, listing, kept, is_sent=True, by=by, at=at):
        return
    if _sent_lately(session, listing, at) >= MOST_A_DAY:
        raise Conflict("They were written to five times today. Wait until tomorrow.")
    note = notes.keep(session, listing, kept, is_sent=True, by=by, at=at)
    changes.noted(session, listing, "written to", by=by, at=at, note=note.id)
    changes.write_to_owner(
        session,
        listing,
        KIND,
        event=f"{KIND}:{note.id}",
        at=at,
        subject=title,
        words=text,
        listing_url=listing_url,
    )


def _checked(subject: str, words: str) -> tuple[str, str]:
    title = " ".join(subject.split())
    if not title or len(title) > LONGEST_SUBJECT:
        most = said("Say what it is about, in at most %(most)s letters.", most=LONGEST_SUBJECT)
        raise Invalid({"subject": [most]})
    try:
        return title, notes.checked(words)
    except Invalid as error:
        raise Invalid({"message": error.fields["words"]}) from None


def _sent_lately(session: Session, listing: Listing, at: datetime) -> int:
    sent = select(func.count()).where(
        StaffNote.listing_id == listing.id,
        StaffNote.is_sent,
        StaffNote.made_at > at - timedelta(days=1),
    )
    return session.scalar(sent) or 0
