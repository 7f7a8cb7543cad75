"""What admins decide about what waits: make it public, ask for changes, or refuse it.

For half a minute a decision can be undone; only then does its mail leave.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    Account,
    Actor,
    AuditEvent,
    Decision,
    IndexChange,
    Listing,
    ReviewLock,
    Revision,
    Role,
    State,
)
from directory.said import said
from directory.search.port import Reader
from directory.usecases.audit import chain
from directory.usecases.listings import waiting
from directory.usecases.listings.fields import FIELDS, WHOLE
from directory.usecases.mailing import outbox
from directory.usecases.practitioners import consenting

LONGEST_NOTE = 1000
UNDO_FOR = timedelta(seconds=30)
UNDONE = "decision undone"
# What each decision is called in the audit trail, and the mail that tells of it.
MAILS: Mapping[str, str] = {
    "approved": "approved",
    "sent back": "changes-asked",
    "rejected": "rejected",
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
    before = _as_it_was(listing)
    listing.approve(revision, on=at.date())
    _record(session, "approved", revision, by=by, at=at, before=before)
    if listing.state is State.LIVE:
        session.add(IndexChange(listing_id=listing.id, at=at))
    _write(session, "approved", revision, at=at, listing_url=listing_url)


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
    listing.send_back(revision, words, on=at.date())
    _record(session, "sent back", revision, by=by, at=at, fields=list(words))
    _write(session, "changes-asked", revision, at=at, listing_url=listing_url)


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
    listing.reject(revision, words, on=at.date())
    _record(session, "rejected", revision, by=by, at=at, fields=list(words))
    _write(session, "rejected", revision, at=at, listing_url=listing_url)


def undo(session: Session, listing_id: int, revision_id: int, *, by: Actor, at: datetime) -> None:
    """Take back one's own decision of the last 30 seconds, with its mail, as if it had not been.

    Raises Conflict when that is too late, or something happened to the listing since.
    """
    by.must_be(Role.REVIEWER)
    listing = _locked(session, listing_id)
    event = _last_event(session, listing)
    mine = event is not None and event.actor == str(by) and event.action in MAILS
    if event is None or not mine or event.detail.get("revision") != revision_id:
        raise Conflict("Something happened to this listing since; nothing can be undone any more.")
    kind = MAILS[event.action]
    if event.at < at - UNDO_FOR or not outbox.take_back(session, f"{kind}:{revision_id}"):
        raise Conflict("It is too late to undo this: the mail has left.")
    revision = session.get_one(Revision, revision_id)
    if event.action == "approved":
        _put_back(session, listing, event.detail["before"])
    _reopen(listing, revision)
    chain.record(session, UNDONE, listing.id, by=str(by), at=at, revision=revision_id)
    if listing.state is State.LIVE and event.action == "approved":
        session.add(IndexChange(listing_id=listing.id, at=at))
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
    return newest is None or reader.status().cursor >= newest


def _waiting(
    session: Session, listing_id: int, revision_id: int, by: Actor
) -> tuple[Listing, Revision]:
    """The listing, ours alone until the transaction ends, and the revision that was read."""
    by.must_be(Role.REVIEWER)
    listing = _locked(session, listing_id)
    if listing.pending is None or listing.pending.id != revision_id:
        raise Conflict("This was decided, changed or taken back while you were reading it.")
    return listing, listing.pending


def _locked(session: Session, listing_id: int) -> Listing:
    listing = session.get(Listing, listing_id, with_for_update=True, populate_existing=True)
    if listing is None or listing.state is State.ERASED:
        raise NotFound("There is no such listing.")
    return listing


def _last_event(session: Session, listing: Listing) -> AuditEvent | None:
    mine = select(AuditEvent).where(AuditEvent.listing_id == listing.id)
    return session.scalar(mine.order_by(AuditEvent.id.desc()).limit(1))


def _as_it_was(listing: Listing) -> dict[str, Any]:
    """What undoing an approval goes back to: numbers and days."""
    stated, live = listing.accepting_stated_on, listing.live
    return {
        "live": live.id if live else None,
        "live_decided_on": live.decided_on.isoformat() if live and live.decided_on else None,
        "state": listing.state.value,
        "confirmed_on": listing.confirmed_on.isoformat(),
        "accepting_stated_on": stated.isoformat() if stated else None,
    }


def _put_back(session: Session, listing: Listing, before: Mapping[str, Any]) -> None:
    live = session.get(Revision, before["live"]) if before["live"] else None
    if live is not None:
        live.decision, live.decided_on = Decision.APPROVED, _day(before["live_decided_on"])
    listing.live = live
    listing.state = State(before["state"])
    listing.confirmed_on = date.fromisoformat(before["confirmed_on"])
    listing.accepting_stated_on = _day(before["accepting_stated_on"])


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _reopen(listing: Listing, revision: Revision) -> None:
    revision.decision, revision.decided_on, revision.notes = None, None, {}
    listing.pending = revision


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
    session: Session, verb: str, revision: Revision, *, by: Actor, at: datetime, **detail: object
) -> None:
    """`waited` seconds are what the usual wait is reckoned from. Nobody need read it any more."""
    session.execute(delete(ReviewLock).where(ReviewLock.listing_id == revision.listing_id))
    waited = max(int((at - revision.created_at).total_seconds()), 0)
    chain.record(
        session,
        verb,
        revision.listing_id,
        by=str(by),
        at=at,
        revision=revision.id,
        waited=waited,
        **detail,
    )


def _write(
    session: Session, kind: str, revision: Revision, *, at: datetime, listing_url: str
) -> None:
    listing = revision.listing
    owner = session.get(Account, listing.owner_id) if listing.owner_id else None
    if owner is None:
        return
    lines = [
        text if name == WHOLE else f"{FIELDS[name]}: {text}"
        for name, text in revision.notes.items()
    ]
    outbox.send(
        session,
        kind,
        owner.email,
        event=f"{kind}:{revision.id}",
        at=at,
        account_id=owner.id,
        listing_id=listing.id,
        after=UNDO_FOR,
        name=revision.content.name,
        listing_url=listing_url,
        notes="\n\n".join(lines),
    )
