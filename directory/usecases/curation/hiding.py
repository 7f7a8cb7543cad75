"""Taking a listing out of sight because of what somebody told us, and bringing it back.

A pause asks whoever keeps the listing, who ends it with one tap; whoever may pause may end it, too.
What is hidden stays so until an admin shows it again. Nothing is lost by either.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid
from directory.models import Actor, Listing, OutgoingMail, Role, State
from directory.said import Said, said
from directory.usecases.listings import changes, loading, pauses
from directory.usecases.practitioners import confirming

LONGEST_REASON = 400
SHOWN_AGAIN = "unhidden"
QUESTION = "listing-closed-question"
VISITORS, NOBODY = "visitors' reports", "the clock"
# Ready to be changed; the practitioner reads what was sent.
REASONS: Mapping[str, Said] = {
    "closed": said("The practice seems to have closed."),
    "double": said("There is a second listing for the same person."),
    "identity": said("We could not make sure who keeps this listing."),
    "claims": said("The listing promises what may not be promised."),
    "concern": said("Somebody raised a concern that we have to look into."),
}


def look(session: Session, listing_id: int, *, by: Actor) -> Listing:
    """A listing, for whoever is about to decide about it."""
    by.must_be(Role.REVIEWER)
    return loading.seen(session, listing_id)


def hide(
    session: Session, listing_id: int, reason: str, *, by: Actor, at: datetime, my_listing_url: str
) -> Listing:
    """Hide a listing, and write the reason to its owner, once.

    Pressed twice it is hidden once; hidden for another reason before, it is a Conflict.
    """
    by.must_be(Role.REVIEWER)
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        most = said("Say why, in at most %(most)s letters.", most=LONGEST_REASON)
        raise Invalid({"reason": [most]})
    listing = loading.locked(session, listing_id)
    if listing.state is State.HIDDEN:
        if listing.hidden_for != words:
            raise Conflict("Somebody hid this listing before, for another reason.")
        return listing
    listing.hide(words)
    changes.public_changed(session, listing, "hidden", by=by, at=at)
    changes.write_to_owner(
        session,
        listing,
        "listing-hidden",
        event=f"listing-hidden:{listing.id}:{at.isoformat()}",
        at=at,
        name=listing.title,
        reason=words,
        listing_url=my_listing_url,
    )
    return listing


def unhide(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Listing:
    """Show a hidden listing again, if there is anything to show."""
    by.must_be(Role.ADMIN)
    listing = loading.locked(session, listing_id)
    listing.unhide()
    changes.public_changed(session, listing, "unhidden", by=by, at=at)
    return listing


def pause(
    session: Session, listing_id: int, *, by: Actor, at: datetime, base_url: str, key: str
) -> bool:
    """Pause a listing and ask whoever keeps it whether it has closed; a tap brings it back.

    Says whether there was anybody to ask. Conflict when the public does not see it anyway.
    """
    by.must_be(Role.REVIEWER)
    return question(
        session, loading.locked(session, listing_id), by=str(by), at=at, base_url=base_url, key=key
    )


def question(
    session: Session, listing: Listing, *, by: Actor | str, at: datetime, base_url: str, key: str
) -> bool:
    """As `pause`, for a listing that is held already."""
    listing.pause()
    changes.public_changed(session, listing, pauses.QUESTIONED, by=by, at=at)
    event = f"closed-question:{listing.id}:{at.isoformat()}"
    return confirming.ask(
        session, listing, QUESTION, event=event, at=at, base_url=base_url, key=key
    )


def end_question(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Listing:
    """Show again what was paused to ask; Conflict for one that its own keeper paused."""
    by.must_be(Role.REVIEWER)
    listing = loading.locked(session, listing_id)
    if not pauses.questioned(session, listing):
        raise Conflict("Nothing was asked about this listing that still waits for an answer.")
    listing.end_question()
    changes.public_changed(session, listing, SHOWN_AGAIN, by=by, at=at)
    return listing


def end_unheard(session: Session, *, at: datetime) -> int:
    """Show again what visitors' reports paused when the mail with the question never arrived.

    Says how many. For the hourly worker; safe to repeat.
    """
    dead = select(OutgoingMail.listing_id).where(
        OutgoingMail.kind == QUESTION, OutgoingMail.dead_at.is_not(None)
    )
    unheard = [
        listing
        for listing in loading.locked_many(session, session.scalars(dead))
        if pauses.questioned(session, listing) == VISITORS
    ]
    for listing in unheard:
        listing.end_question()
        changes.public_changed(session, listing, SHOWN_AGAIN, by=NOBODY, at=at)
    return len(unheard)
