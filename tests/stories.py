"""What has happened to a listing before a test begins, told by the verbs of the use-cases.

write, send, decide      what its keeper does, and then an admin; `written` and `live` end there
proposed, edited         a version that waits in the queue, without a keeper
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from directory.models import Actor, Draft, Listing
from directory.usecases.listings import fields, waiting
from directory.usecases.moderation import deciding
from directory.usecases.practitioners import consenting, submitting, writing
from tests import factories
from tests.factories import NOW

A_DAY_LATER = NOW + timedelta(days=1)
URL = "https://directory.example/my/listing/1"


def everything(**changes: Any) -> dict[str, Any]:
    """What a complete listing says, field by field."""
    content = factories.draft(**changes)
    return {name: getattr(content, name) for names in fields.PAGES.values() for name in names}


def write(session: Session, listing_id: int, owner: Actor, **changes: Any) -> None:
    """Save these fields, each through its own page; places come as they are."""
    if "practices" in changes:
        copy = writing.working_copy(session, session.get(Listing, listing_id), NOW)
        copy.content = replace(copy.content, practices=changes["practices"])
    for page, names in fields.FORMS.items():
        if set(names) & set(changes):
            now = writing.current(session, listing_id, by=owner, at=NOW)
            values = {name: changes.get(name, getattr(now.content, name)) for name in names}
            writing.save(session, listing_id, page, values, seen=now.seen(page), by=owner, at=NOW)


def written(session: Session, owner: Actor, **changes: Any) -> Listing:
    """A listing of the owner's own, complete and not sent in."""
    listing = writing.begin(session, by=owner, at=NOW)
    write(session, listing.id, owner, **everything(**changes))
    return listing


def send(
    session: Session,
    listing: Listing,
    owner: Actor,
    *,
    at: datetime = NOW,
    agreed: Iterable[str] = consenting.GROUPS,
) -> submitting.Submitted:
    """Send in what is written, as it is read at that moment."""
    version = writing.current(session, listing.id, by=owner, at=at).version
    return submitting.submit(
        session, listing.id, version=version, agreed=agreed, listing_url=URL, by=owner, at=at
    )


def decide(
    session: Session,
    verb: str,
    listing: Listing,
    admin: Actor,
    *notes: dict[str, str],
    at: datetime = A_DAY_LATER,
) -> None:
    """Do "approve", "send_back" or "reject" with the version that waits."""
    step = getattr(deciding, verb)
    step(session, listing.id, listing.pending.id, *notes, by=admin, at=at, listing_url=URL)


def live(session: Session, owner: Actor, admin: Actor, **changes: Any) -> Listing:
    """One that was sent in and approved; what that left behind is flushed."""
    listing = written(session, owner, **changes)
    send(session, listing, owner)
    decide(session, "approve", listing, admin)
    session.flush()
    return listing


def proposed(session: Session, listing: Listing, content: Draft, *, at: datetime = NOW) -> Listing:
    """With that version in the queue."""
    listing.propose(content, at=at)
    waiting.enqueue(session, listing, at=at)
    session.flush()
    return listing


def edited(
    session: Session,
    name: str = "Rowan Testerly",
    *,
    at: datetime = NOW,
    owner_id: int | None = None,
    **changes: Any,
) -> Listing:
    """A live listing with an edit that waits in the queue."""
    slug = "-".join(name.lower().split())
    email = f"{slug}@practice.example"
    made = factories.listing(session, name=name, slug=slug, email=email, owner_id=owner_id)
    return proposed(session, made, replace(made.live.content, **changes), at=at)
