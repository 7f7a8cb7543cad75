"""Whom a listing is about, as far as somebody other than its keeper vouched for it.

Whoever erases a listing may have written anybody's name into it. So only what an admin read, or
brought in, counts for good; what was written, sent in or refused says nothing about anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from directory.models import AuditEvent, Decision, Draft, Listing, Revision
from directory.usecases.listings import tombstones

APPROVED, UNDONE, AT_ONCE = "approved", "decision undone", "published at once"

# What was done, when, and its details.
Step = Row[str, datetime, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Vouched:
    """By what marks an import may know the practitioner, and whether the public ever saw them."""

    marks: frozenset[str]
    was_public: bool


def of(session: Session, listing: Listing) -> Vouched:
    """What the trail of a listing says about it."""
    trail = session.execute(
        select(AuditEvent.action, AuditEvent.at, AuditEvent.detail)
        .where(
            AuditEvent.listing_id == listing.id,
            AuditEvent.action.in_([APPROVED, UNDONE, AT_ONCE]),
        )
        .order_by(AuditEvent.id)
    ).all()
    drafts = [revision.content for revision in _approved(listing, trail)]
    if listing.live is not None:
        drafts.append(_as_far_as_read(listing.live.content, trail))
    marks = {mark for draft in drafts for mark in tombstones.remembered(draft)}
    if drafts and listing.import_key:
        marks.add(listing.import_key)
    return Vouched(frozenset(marks), bool(drafts))


def _approved(listing: Listing, trail: Iterable[Step]) -> list[Revision]:
    """The versions that were public at some time because an admin said so."""
    versions = {revision.id: revision for revision in listing.revisions}
    found: dict[int, Revision] = {}
    for event in trail:
        # The first is what an admin decided about, the second what an import brought in.
        number = event.detail.get("revision") or event.detail.get("version")
        if event.action == UNDONE:
            found.pop(number, None)
        elif event.action == APPROVED:
            if number is None:
                number = _newest(listing, event.at)
            if number in versions:
                found[number] = versions[number]
    return list(found.values())


def _newest(listing: Listing, at: datetime) -> int | None:
    """The version that an import approved at that moment, of the days when it named none."""
    never = (None, Decision.RETURNED, Decision.REJECTED)
    there = (one for one in listing.revisions if one.created_at <= at and one.decision not in never)
    return max((one.id for one in there), default=None)


def _as_far_as_read(live: Draft, trail: Iterable[Step]) -> Draft:
    """What is public, without an e-mail address that went live unread.

    Names and places never do, see `rules.MAY_GO_LIVE_AT_ONCE`.
    """
    unread = any(
        event.action == AT_ONCE and "email" in event.detail.get("fields", ()) for event in trail
    )
    return replace(live, email="") if unread else live
