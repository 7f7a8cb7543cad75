"""Listings by how long ago anybody confirmed them: ask again, or hide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from directory.errors import Conflict
from directory.freshness import FRESH_FOR
from directory.models import Actor, AuditEvent, Listing, Role, State
from directory.usecases.audit import chain
from directory.usecases.listings import loading
from directory.usecases.practitioners import confirming

PAGE = 50
ASKED = "asked again"
ASK_ONCE_IN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Aged:
    """A public listing; `asked_on` is when its keeper was last asked, `owned` that there is one."""

    listing_id: int
    slug: str
    title: str
    town: str
    confirmed_on: date
    asked_on: date | None
    owned: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some of `total` listings, the longest unconfirmed first."""

    listings: tuple[Aged, ...]
    total: int


def oldest(
    session: Session, *, by: Actor, on: date, unclaimed: bool = False, skip: int = 0
) -> Page:
    """Listings that nobody confirmed for 180 days, and imported ones that nobody keeps.

    With `unclaimed` only the latter.
    """
    by.must_be(Role.REVIEWER)
    wanted = _wanted(on, unclaimed)
    rows = session.scalars(
        select(Listing)
        .options(joinedload(Listing.live))
        .where(wanted)
        .order_by(Listing.confirmed_on, Listing.id)
        .offset(skip)
        .limit(PAGE)
    ).all()
    asked = _asked(session, [listing.id for listing in rows])
    total = session.scalar(select(func.count()).select_from(Listing).where(wanted)) or 0
    return Page(tuple(_aged(listing, asked.get(listing.id)) for listing in rows), total)


def ask(
    session: Session, listing_id: int, *, by: Actor, at: datetime, base_url: str, key: str
) -> bool:
    """Ask whoever keeps a listing whether it is still right; says whether there is anybody.

    Within a week of the last time it is a Conflict: nobody is to be pestered.
    """
    by.must_be(Role.REVIEWER)
    listing = loading.locked(session, listing_id)
    if listing.state is not State.LIVE:
        raise Conflict("The public does not see this listing now.")
    last = _asked(session, [listing.id]).get(listing.id)
    if last is not None and last > (at - ASK_ONCE_IN).date():
        raise Conflict("They were asked less than a week ago.")
    event = f"asked-again:{listing.id}:{at.date()}"
    there = confirming.ask(
        session, listing, "still-right", event=event, at=at, base_url=base_url, key=key
    )
    if there:
        chain.record(session, ASKED, listing.id, by=str(by), at=at)
    return there


def _wanted(on: date, unclaimed: bool) -> ColumnElement[bool]:
    nobodys = (Listing.owner_id.is_(None)) & (Listing.import_key.is_not(None))
    old = nobodys if unclaimed else or_(Listing.confirmed_on <= on - FRESH_FOR, nobodys)
    return (Listing.state == State.LIVE) & Listing.is_demo.is_(False) & old


def _asked(session: Session, ids: Sequence[int]) -> dict[int, date]:
    """The day on which each was last asked, by us or by the clock."""
    rows = session.execute(
        select(AuditEvent.listing_id, func.max(AuditEvent.at))
        .where(AuditEvent.listing_id.in_(ids), AuditEvent.action.in_([ASKED, confirming.REMINDED]))
        .group_by(AuditEvent.listing_id)
    )
    return {number: at.date() for number, at in rows if number is not None}


def _aged(listing: Listing, asked_on: date | None) -> Aged:
    content = listing.public
    owned = listing.owner_id is not None
    return Aged(
        listing.id,
        listing.slug,
        content.title,
        content.town,
        listing.confirmed_on,
        asked_on,
        owned,
        owned or bool(listing.import_key and content.email),
    )
