"""What admins decide about what waits: make it public, ask for changes, or refuse it.

For half a minute a decision can be undone; only then does its mail leave.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid
from directory.models import (
    Actor,
    AuditEvent,
    IndexChange,
    Listing,
    ReviewLock,
    Revision,
    Role,
    State,
    Stood,
)
from directory.said import said
from directory.search.port import Reader
from directory.usecases.listings import changes, loading, waiting
from directory.usecases.listings.fields import FIELDS, WHOLE
from directory.usecases.mailing import outbox
from directory.usecases.practitioners import consenting

LONGEST_NOTE = 1000
UNDO_FOR = timedelta(seconds=30)
UNDONE = "decision undone"
# What each decision is called in the audit trail, and the mail that tells of it.
APPROVED, SENT_BACK, REJECTED = "approved", "sent back", "rejected"
MAILS: Mapping[str, str] = {
    APPROVED: "approved",
    SENT_BACK: "changes-asked",
    REJECTED: "rejected",
}


def approve(
    session: Session,
    listing_id: int,
    revision_id: int,
    *,
    by: Actor,
    at: datetime,
    listing_url: str,
) -> None:
    """Make public the revision that was read, tell the index, and write to the owner.

    Raises Conflict when another one waits by now, or when the one who keeps the listing did
    not agree to its publication.
    """
    listing, revision = _waiting(session, listing_id, revision_id, by)
    if listing.owner_id and consenting.missing(session, listing.id, revision.content):
        raise Conflict("Its practitioner has not agreed to all of it being public.")
    before = listing.stood()
    listing.approve(revision, on=at.date())
    _record(session, listing, APPROVED, revision, before, by=by, at=at)
    _write(session, listing, revision, APPROVED, at=at, listing_url=listing_url)


def send_back(
    session: Session,
    listing_id: int,
    revision_id: int,
    notes: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    listing_url: str,
) -> None:
    """Ask for changes: what to change by field of the draft (or WHOLE). What is live stays.

    Raises Invalid when nothing is said, or of a field that there is not.
    """
    listing, revision = _waiting(session, listing_id, revision_id, by)
    words = _checked(notes)
    before = listing.stood()
    listing.send_back(revision, words, on=at.date())
    _record(session, listing, SENT_BACK, revision, before, by=by, at=at, fields=list(words))
    _write(session, listing, revision, SENT_BACK, at=at, listing_url=listing_url)


def reject(
    session: Session,
    listing_id: int,
    revision_id: int,
    notes: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    listing_url: str,
) -> None:
    """Refuse to publish it, and say why, as `send_back` does. What is live stays."""
    listing, revision = _waiting(session, listing_id, revision_id, by)
    words = _checked(notes)
    before = listing.stood()
    listing.reject(revision, words, on=at.date())
    _record(session, listing, REJECTED, revision, before, by=by, at=at, fields=list(words))
    _write(session, listing, revision, REJECTED, at=at, listing_url=listing_url)


def undo(session: Session, listing_id: int, revision_id: int, *, by: Actor, at: datetime) -> None:
    """Take back one's own decision of the last 30 seconds, with its mail, as if it had not been.

    Raises Conflict when that is too late, or something happened to the listing since.
    """
    by.must_be(Role.REVIEWER)
    listing = loading.locked(session, listing_id)
    event = _last_event(session, listing)
    mine = event is not None and event.actor == str(by) and event.action in MAILS
    if event is None or not mine or event.detail.get("revision") != revision_id:
        raise Conflict("Something happened to this listing since; nothing can be undone any more.")
    kind = MAILS[event.action]
    if event.at < at - UNDO_FOR or not outbox.take_back(session, f"{kind}:{revision_id}"):
        raise Conflict("It is too late to undo this: the mail has left.")
    listing.go_back(Stood.from_json(event.detail["before"]), on=at.date())
    _teller(event.action, listing)(session, listing, UNDONE, by=by, at=at, revision=revision_id)
    waiting.enqueue(session, listing, at=at)


def decided(
    session: Session, listing_id: int, revision_id: int, *, by: Actor
) -> tuple[str, AuditEvent] | None:
    """What somebody did last to a listing, if it was to decide about that revision, or to undo
    that: the title as it was read, and the event."""
    by.must_be(Role.REVIEWER)
    listing = session.get(Listing, listing_id)
    event = _last_event(session, listing) if listing else None
    if event is None or event.actor != str(by) or event.action not in (*MAILS, UNDONE):
        return None
    revision = session.get(Revision, revision_id)
    if revision is None or event.detail.get("revision") != revision_id:
        return None
    return revision.content.title, event


def searchable(session: Session, reader: Reader, listing_id: int) -> bool:
    """Whether the index that serves now knows all that happened to a listing."""
    newest = session.scalar(
        select(func.max(IndexChange.id)).where(IndexChange.listing_id == listing_id)
    )
    return newest is None or reader.status().heard.holds(newest)


def _waiting(
    session: Session, listing_id: int, revision_id: int, by: Actor
) -> tuple[Listing, Revision]:
    """The listing, ours alone until the transaction ends, and the revision that was read."""
    by.must_be(Role.REVIEWER)
    listing = loading.locked(session, listing_id)
    if listing.pending is None or listing.pending.id != revision_id:
        raise Conflict("This was decided, changed or taken back while you were reading it.")
    return listing, listing.pending


def _last_event(session: Session, listing: Listing) -> AuditEvent | None:
    mine = select(AuditEvent).where(AuditEvent.listing_id == listing.id)
    return session.scalar(mine.order_by(AuditEvent.id.desc()).limit(1))


def _checked(notes: Mapping[str, str]) -> dict[str, str]:
    words = {name: text.strip() for name, text in notes.items() if text.strip()}
    if unknown := [name for name in words if name not in FIELDS]:
        raise Invalid({"notes": [said("There is no field “%(name)s”.", name=unknown[0][:40])]})
    if not words:
        raise Invalid({"notes": [said("Say what is to be changed, or why.")]})
    if any(len(text) > LONGEST_NOTE for text in words.values()):
        raise Invalid({"notes": [said("At most %(most)s letters a field.", most=LONGEST_NOTE)]})
    return words


def _record(
    session: Session,
    listing: Listing,
    verb: str,
    revision: Revision,
    before: Stood,
    *,
    by: Actor,
    at: datetime,
    **detail: object,
) -> None:
    """`waited` seconds are what the usual wait is reckoned from. Nobody need read it any more."""
    session.execute(delete(ReviewLock).where(ReviewLock.listing_id == listing.id))
    _teller(verb, listing)(
        session,
        listing,
        verb,
        by=by,
        at=at,
        revision=revision.id,
        waited=max(int((at - revision.created_at).total_seconds()), 0),
        before=before.to_json(),
        **detail,
    )


def _teller(verb: str, listing: Listing) -> changes.Teller:
    """Only approving, and taking that back, changes what the public sees; if it sees it at all."""
    public = verb == APPROVED and listing.state in (State.LIVE, State.DRAFT)
    return changes.public_changed if public else changes.noted


def _write(
    session: Session,
    listing: Listing,
    revision: Revision,
    verb: str,
    *,
    at: datetime,
    listing_url: str,
) -> None:
    kind = MAILS[verb]
    lines = [
        text if name == WHOLE else f"{FIELDS[name]}: {text}"
        for name, text in revision.notes.items()
    ]
    changes.write_to_owner(
        session,
        listing,
        kind,
        event=f"{kind}:{revision.id}",
        at=at,
        after=UNDO_FOR,
        name=revision.content.name,
        listing_url=listing_url,
        notes="\n\n".join(lines),
    )
