"""The admins' queue: what waits, riskiest first, and of the same risk the longest wait first.

An entry counts only while its revision is the listing's pending one, so a decision or a newer
version takes it out of the queue by itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, and_, cast, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from directory.models import (
    Account,
    Actor,
    Claim,
    ClaimState,
    Listing,
    PracticePlace,
    Report,
    ReportState,
    ReviewLock,
    Role,
    Waiting,
)
from directory.usecases.listings import risks
from directory.usecases.listings.fields import changed_fields
from directory.usecases.listings.risks import RISKS
from directory.usecases.listings.waiting import in_order, waits
from directory.usecases.moderation.review_locks import Holder, holder_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Sieve:
    """What of the queue to show: a risk's name, a country's code, "first" or "edit", my own."""

    reason: str = ""
    country: str = ""
    kind: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue; `changed` names fields, and is empty the first time."""

    listing_id: int
    revision_id: int
    title: str
    professions: tuple[str, ...]
    town: str
    since: datetime
    reasons: tuple[str, ...]
    first: bool
    changed: tuple[str, ...]
    reader: Holder | None

    @property
    def plain(self) -> bool:
        """Whether nothing asks for a closer look, so that it may be approved from the list."""
        return not risks.flags(self.reasons) and not (self.reader and not self.reader.mine)


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits. `found` passed the sieve; everything else is about the whole queue."""

    rows: tuple[Row, ...]
    found: int
    page: int
    total: int
    oldest: datetime | None
    median: datetime | None
    reasons: Mapping[str, int]
    countries: Sequence[tuple[str, int]]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.found // PER_PAGE), 1)


def look(
    session: Session, sieve: Sieve | None = None, page: int = 1, *, by: Actor, at: datetime
) -> Queue:
    """A page of the queue; a page beyond the last is the last."""
    by.must_be(Role.REVIEWER)
    sieve = sieve or Sieve()
    total, oldest = session.execute(_counting(func.count(), func.min(Waiting.since))).one()
    wanted = _sieved(_counting(func.count()), sieve, by, at)
    found = (session.scalar(wanted) or 0) if sieve != Sieve() else total
    page = min(max(page, 1), max(-(-found // PER_PAGE), 1))
    return Queue(
        rows=_page(session, sieve, page, by, at) if found else (),
        found=found,
        page=page,
        total=total,
        oldest=oldest,
        median=_median(session, total),
        reasons=_reasons(session),
        countries=_countries(session),
    )


def counts(session: Session) -> Mapping[str, int]:
    """How much waits in each place of the admins, in one statement."""
    unplaced = exists().where(
        PracticePlace.revision_id == Listing.pending_id, PracticePlace.lat.is_(None)
    )
    parts = {
        "queue": _counting(func.count()),
        "reports": select(func.count(Report.id)).where(
            Report.state.in_((ReportState.OPEN, ReportState.TAKEN))
        ),
        "claims": select(func.count(Claim.id)).where(Claim.state == ClaimState.ASKED),
        "placing": select(func.count(Listing.id)).where(unplaced),
    }
    named = [part.scalar_subquery().label(name) for name, part in parts.items()]
    return dict(session.execute(select(*named)).one()._mapping)


def rows(
    session: Session, listing_ids: Sequence[int], *, by: Actor, at: datetime
) -> dict[int, Row]:
    """Lines of the queue by listing; what does not wait any more is left out."""
    query = _lines(at).where(Waiting.listing_id.in_(listing_ids))
    return {row.listing_id: row for row in _read(session, query, by)}


def _counting(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(Waiting).join(Listing, waits())


def _median(session: Session, total: int) -> datetime | None:
    """Since when the one in the middle waits."""
    middle = _counting(Waiting.since).order_by(Waiting.since).offset((total - 1) // 2).limit(1)
    return session.scalar(middle) if total else None


def _reasons(session: Session) -> Mapping[str, int]:
    """How many have each reason. There are few combinations, so the database groups them."""
    counted: Counter[str] = Counter()
    text = cast(Waiting.reasons, Text)
    combined = _counting(func.min(Waiting.listing_id), func.count()).group_by(text)
    found = session.execute(combined).all()
    samples = select(Waiting.listing_id, Waiting.reasons).where(
        Waiting.listing_id.in_([listing_id for listing_id, _ in found])
    )
    names = {one.listing_id: one.reasons for one in session.execute(samples)}
    for listing_id, number in found:
        counted.update(dict.fromkeys(names[listing_id], number))
    return {name: counted[name] for name in RISKS if counted[name]}


def _countries(session: Session) -> Sequence[tuple[str, int]]:
    number = func.count(Waiting.listing_id.distinct())
    query = (
        _counting(PracticePlace.country, number)
        .join(PracticePlace, PracticePlace.revision_id == Waiting.revision_id)
        .group_by(PracticePlace.country)
        .order_by(number.desc(), PracticePlace.country)
    )
    return [(country, found) for country, found in session.execute(query)]


def _sieved(query: Select[Any], sieve: Sieve, by: Actor, at: datetime) -> Select[Any]:
    if sieve.reason in RISKS:
        query = query.where(cast(Waiting.reasons, Text).contains(f'"{sieve.reason}"'))
    if sieve.country:
        there = select(PracticePlace.revision_id).where(PracticePlace.country == sieve.country)
        query = query.where(Waiting.revision_id.in_(there))
    if sieve.kind:
        first = Listing.live_id.is_(None)
        query = query.where(first if sieve.kind == "first" else ~first)
    if sieve.mine:
        own = aliased(ReviewLock)
        mine = exists().where(
            own.listing_id == Waiting.listing_id, own.account_id == by.account_id, own.until > at
        )
        query = query.where(mine)
    return query


def _lines(at: datetime) -> Select[Waiting, Listing, ReviewLock, str]:
    now = and_(ReviewLock.listing_id == Waiting.listing_id, ReviewLock.until > at)
    return (
        select(Waiting, Listing, ReviewLock, Account.email)
        .join(Listing, waits())
        .outerjoin(ReviewLock, now)
        .outerjoin(Account, Account.id == ReviewLock.account_id)
        .options(joinedload(Listing.pending), joinedload(Listing.live))
    )


def _page(session: Session, sieve: Sieve, page: int, by: Actor, at: datetime) -> tuple[Row, ...]:
    """First which, then their contents: sorting long texts would take long."""
    ids = _sieved(_counting(Waiting.listing_id), sieve, by, at).order_by(*in_order())
    shown = session.scalars(ids.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    there = rows(session, shown, by=by, at=at)
    return tuple(there[listing_id] for listing_id in shown if listing_id in there)


def _read(session: Session, query: Select[Any, Any, Any, Any], by: Actor) -> tuple[Row, ...]:
    return tuple(
        _row(waiting, listing, reading and holder_of(reading, email, by))
        for waiting, listing, reading, email in session.execute(query)
    )


def _row(waiting: Waiting, listing: Listing, reader: Holder | None) -> Row:
    content = listing.pending.content  # type: ignore[union-attr]
    live = listing.live.content if listing.live else None
    return Row(
        listing_id=listing.id,
        revision_id=waiting.revision_id,
        title=content.title,
        professions=content.professions,
        town=content.town,
        since=waiting.since,
        reasons=tuple(name for name in waiting.reasons if name in RISKS),
        first=live is None,
        changed=changed_fields(live, content) if live else (),
        reader=reader,
    )
