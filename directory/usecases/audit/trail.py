"""Reading the audit trail: who did what, when, to which listing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.models import Account, Actor, AuditEvent, Listing, Role
from directory.usecases.audit import chain

PER_PAGE = 50
AT_ONCE = 500
ACCOUNT = "account "


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which events: of whom (an address, "account 17" or "command line"), what, of which listing.

    `days` back from now, or all (0).
    """

    actor: str = ""
    action: str = ""
    listing: int | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Events, newest first. `older` continues after them; None at the end.

    `addresses` are those of the accounts that did something here, `names` the listings' slugs.
    """

    events: Sequence[AuditEvent]
    older: int | None
    addresses: Mapping[str, str]
    names: Mapping[int, str]


def read(
    session: Session, sieve: Sieve, *, before: int | None = None, by: Actor, at: datetime
) -> Page:
    """Some events, newest first; those older than event `before` when it is given."""
    by.must_be(Role.ADMIN)
    wanted = _wanted(session, sieve, at)
    if before:
        wanted = wanted.where(AuditEvent.id < before)
    found = session.scalars(wanted.limit(PER_PAGE + 1)).all()
    events = found[:PER_PAGE]
    older = events[-1].id if len(found) > PER_PAGE else None
    return Page(events, older, addresses(session, events), _slugs(session, events))


def all_of(session: Session, sieve: Sieve, *, by: Actor, at: datetime) -> Iterator[AuditEvent]:
    """Every event, newest first, as a stream: the session forgets each once it was given."""
    by.must_be(Role.ADMIN)
    wanted, last = _wanted(session, sieve, at), None
    while batch := session.scalars(
        (wanted if last is None else wanted.where(AuditEvent.id < last)).limit(AT_ONCE)
    ).all():
        yield from batch
        last = batch[-1].id
        session.expunge_all()


def exported(session: Session, sieve: Sieve, *, by: Actor, at: datetime) -> None:
    """Write down that the trail was taken out of the house."""
    by.must_be(Role.ADMIN)
    chain.record(session, "audit exported", sieve.listing, by=str(by), at=at, days=sieve.days)


def actions(session: Session) -> Sequence[str]:
    """The words for what was done, as far as it was."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def _wanted(session: Session, sieve: Sieve, at: datetime) -> Select[AuditEvent]:
    wanted = select(AuditEvent).order_by(AuditEvent.id.desc())
    if sieve.actor:
        wanted = wanted.where(AuditEvent.actor == _actor(session, sieve.actor))
    if sieve.action:
        wanted = wanted.where(AuditEvent.action == sieve.action)
    if sieve.listing is not None:
        wanted = wanted.where(AuditEvent.listing_id == sieve.listing)
    if sieve.days:
        wanted = wanted.where(AuditEvent.at > at - timedelta(days=sieve.days))
    return wanted


def _actor(session: Session, words: str) -> str:
    """The trail knows accounts by number alone."""
    words = words.strip()
    if "@" in words:
        same = func.lower(Account.email) == words.lower()
        found = session.scalar(select(Account.id).where(same))
        return f"{ACCOUNT}{found or 0}"
    return f"{ACCOUNT}{words}" if words.isdigit() else words


def addresses(session: Session, events: Sequence[AuditEvent]) -> dict[str, str]:
    """The e-mail addresses of the accounts behind the numbers that events name, by actor."""
    numbers = {
        int(event.actor.removeprefix(ACCOUNT))
        for event in events
        if event.actor.startswith(ACCOUNT) and event.actor.removeprefix(ACCOUNT).isdigit()
    }
    known = select(Account.id, Account.email).where(Account.id.in_(numbers))
    return {f"{ACCOUNT}{number}": email for number, email in session.execute(known)}


def _slugs(session: Session, events: Sequence[AuditEvent]) -> dict[int, str]:
    numbers = {event.listing_id for event in events if event.listing_id}
    known = select(Listing.id, Listing.slug).where(Listing.id.in_(numbers))
    return {number: slug for number, slug in session.execute(known)}  # noqa: C416 - a row is typed


def of_listing(session: Session, listing_id: int, *, most: int) -> Sequence[AuditEvent]:
    """What was done with a listing, the latest first."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.listing_id == listing_id)
        .order_by(AuditEvent.id.desc())
        .limit(most)
    ).all()
