"""What admins decide about what waits: make it public, ask for changes, or refuse it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    Account,
    Actor,
    IndexChange,
    Listing,
    Revision,
    Role,
    State,
)
from directory.said import said
from directory.usecases import audit, consenting, post
from directory.usecases.wordings import FIELDS, WHOLE

LONGEST_NOTE = 1000


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
    listing.approve(revision, on=at.date())
    _record(session, "approved", revision, by=by, at=at)
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


def must_be_admin(by: Actor) -> None:
    """Whoever is no admin is told that there is nothing here."""
    if by.role is not Role.ADMIN:
        raise NotFound("There is nothing at this address.")


def _waiting(
    session: Session, listing_id: int, revision_id: int, by: Actor
) -> tuple[Listing, Revision]:
    """The listing, ours alone until the transaction ends, and the revision that was read."""
    must_be_admin(by)
    listing = session.get(Listing, listing_id, with_for_update=True, populate_existing=True)
    if listing is None or listing.state is State.ERASED:
        raise NotFound("There is no such listing.")
    if listing.pending is None or listing.pending.id != revision_id:
        raise Conflict("This was decided, changed or taken back while you were reading it.")
    return listing, listing.pending


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
    """`waited` seconds are what the usual wait is reckoned from."""
    waited = max(int((at - revision.created_at).total_seconds()), 0)
    audit.record(
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
    post.send(
        session,
        kind,
        owner.email,
        event=f"{kind}:{revision.id}",
        at=at,
        account_id=owner.id,
        listing_id=listing.id,
        name=revision.content.name,
        listing_url=listing_url,
        notes="\n\n".join(lines),
    )
