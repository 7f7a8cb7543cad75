"""All that there is about one listing, for whoever of the staff looks after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Actor,
    AuditEvent,
    CredentialCheck,
    Delegate,
    Draft,
    ImportedRow,
    Listing,
    Report,
    Role,
    StaffCopy,
    WorkingCopy,
)
from directory.said import Said
from directory.usecases.audit import trail
from directory.usecases.curation.one_listing import notes
from directory.usecases.curation.one_listing.mails import HELPER, OWNER, Mail, mails
from directory.usecases.curation.one_listing.notes import Note
from directory.usecases.listings import duplicates, loading
from directory.usecases.listings.duplicates import Likely
from directory.usecases.listings.fields import FIELDS
from directory.usecases.practitioners import handing_over
from directory.usecases.practitioners.status import EVENTS
from directory.usecases.visitors import tallies
from directory.usecases.visitors.tallies import Totals

EVENTS_SHOWN = 50
ROWS_SHOWN = 20
COUNTED = (timedelta(days=30), timedelta(days=365))


@dataclass(frozen=True, slots=True)
class Keeper:
    """The owner, or a helper. `since` is None for an invitation that nobody accepted yet."""

    email: str
    since: datetime | None
    confirmed: bool = True
    active: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened; `fields` are named where the trail names them.

    `for_owner` says that an admin did it for whoever keeps the listing.
    """

    at: datetime
    who: str | Said
    what: str | Said
    fields: tuple[Said, ...]
    for_owner: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page shows.

    `content` is what is public, else what waits, None while there is neither. `hears`: somebody
    is there to get a mail. `writing_since` says that its keeper is writing, never what;
    `edited_since` that an admin is, for them. `invited` was asked to keep it. `run` is the import that brought it in last.
    """

    listing: Listing
    title: str
    content: Draft | None
    fields: tuple[tuple[str, Said], ...]
    shown: bool
    waits_since: datetime | None
    writing_since: datetime | None
    edited_since: datetime | None
    owner: Keeper | None
    helpers: tuple[Keeper, ...]
    hears: bool
    run: int | None
    invited: Keeper | None
    past: tuple[Past, ...]
    mails: tuple[Mail, ...]
    reports: Sequence[Report]
    checks: Sequence[CredentialCheck]
    notes: Sequence[Note]
    alike: tuple[Likely, ...]
    counted: tuple[tuple[int, Totals], ...]


def look(session: Session, listing_id: int, *, by: Actor, at: datetime) -> Desk:
    """A listing in whatever state, unless it was erased; NotFound then."""
    by.must_be(Role.REVIEWER)
    listing = loading.seen(session, listing_id)
    known = listing.live or listing.pending
    content = known.content if known else None
    said_of = [name for name in FIELDS if content and getattr(content, name, None)]
    copy = session.get(WorkingCopy, listing.id)
    written = copy is not None and copy.content != (listing.newest or copy.content)
    ours = session.get(StaffCopy, listing.id)
    owner = loading.owner(session, listing)
    invited = handing_over.invited(session, listing, at=at)
    today = at.date()
    return Desk(
        listing=listing,
        title=listing.title,
        content=content,
        fields=tuple((name, FIELDS[name]) for name in said_of),
        shown=listing.shown(today),
        waits_since=listing.pending.created_at if listing.pending else None,
        edited_since=ours.saved_at if ours else None,
        writing_since=copy.saved_at if copy and written else None,
        owner=_keeper(owner, owner.created_at) if owner else None,
        helpers=_helpers(session, listing),
        hears=loading.is_heard(session, listing),
        invited=Keeper(invited.email, invited.invited_at) if invited else None,
        run=_run(session, listing),
        past=_past(session, listing),
        mails=mails(session, listing),
        reports=_reports(session, listing),
        checks=_checks(session, listing),
        notes=notes.of_listing(session, listing.id, by=by),
        alike=_alike(session, listing, content, today),
        counted=_counted(session, listing, today),
    )


def _keeper(account: Account, since: datetime | None) -> Keeper:
    return Keeper(account.email, since, account.confirmed_at is not None, account.active)


def _helpers(session: Session, listing: Listing) -> tuple[Keeper, ...]:
    rows = session.execute(
        select(Delegate, Account)
        .outerjoin(Account, Account.id == Delegate.account_id)
        .where(Delegate.listing_id == listing.id)
        .order_by(Delegate.id)
    )
    return tuple(
        _keeper(account, row.accepted_at) if row.account_id else Keeper(row.email, None)
        for row, account in rows
    )


def _run(session: Session, listing: Listing) -> int | None:
    return session.scalar(
        select(func.max(ImportedRow.run_id)).where(ImportedRow.listing_id == listing.id)
    )


def _past(session: Session, listing: Listing) -> tuple[Past, ...]:
    events = trail.of_listing(session, listing.id, most=EVENTS_SHOWN)
    who = _names(session, listing, events)
    return tuple(
        Past(
            at=event.at,
            who=who.get(event.actor, event.actor),
            what=EVENTS.get(event.action, event.action),
            fields=tuple(FIELDS[one] for one in event.detail.get("fields", ()) if one in FIELDS),
            for_owner=bool(event.detail.get("for_owner")),
        )
        for event in events
    )


def _names(
    session: Session, listing: Listing, events: Sequence[AuditEvent]
) -> Mapping[str, str | Said]:
    """Who is behind the numbers that the audit trail knows."""
    names: dict[str, str | Said] = dict(trail.addresses(session, events))
    helpers = select(Delegate.account_id).where(
        Delegate.listing_id == listing.id, Delegate.account_id.is_not(None)
    )
    names |= {f"account {number}": HELPER for number in session.scalars(helpers)}
    return names | {f"account {listing.owner_id}": OWNER}


def _reports(session: Session, listing: Listing) -> Sequence[Report]:
    mine = select(Report).where(Report.listing_id == listing.id)
    return session.scalars(mine.order_by(Report.id.desc()).limit(ROWS_SHOWN)).all()


def _checks(session: Session, listing: Listing) -> Sequence[CredentialCheck]:
    mine = select(CredentialCheck).where(CredentialCheck.listing_id == listing.id)
    return session.scalars(mine.order_by(CredentialCheck.id.desc()).limit(ROWS_SHOWN)).all()


def _alike(
    session: Session, listing: Listing, content: Draft | None, today: date
) -> tuple[Likely, ...]:
    if content is None:
        return ()
    return duplicates.likely(session, content, besides=listing.id, on=today)


def _counted(session: Session, listing: Listing, today: date) -> tuple[tuple[int, Totals], ...]:
    days = tallies.of(session, listing.id, today - COUNTED[-1])
    return tuple(
        (span.days, sum((day for on, day in days.items() if on > today - span), Totals()))
        for span in COUNTED
    )
