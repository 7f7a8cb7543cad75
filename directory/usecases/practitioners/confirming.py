"""Keeping listings fresh: asking by mail, one tap to answer, and what happens without one.

The ladder stands in `directory.freshness`. A listing that was not confirmed for 180 days is
asked about, after 270 it ranks lower, after 365 it is out of sight until somebody says
that it is right. Nothing here looks at a clock.
"""

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from babel.dates import format_date
from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from directory.errors import Conflict, NotFound
from directory.freshness import ACCEPTING_HOLDS_FOR, FRESH_FOR, RANKED_FULLY_FOR, SHOWN_FOR
from directory.models import (
    Account,
    Actor,
    AuditEvent,
    Draft,
    Listing,
    OutgoingMail,
    State,
    WorkingCopy,
)
from directory.usecases.audit import chain
from directory.usecases.listings import changes, loading, pauses
from directory.usecases.mailing import outbox
from directory.usecases.practitioners import confirmation_mail
from directory.usecases.practitioners.confirmation_mail import Question, Void

BATCH = 500
LAST_WARNING = timedelta(days=15)
ASK_AGAIN = timedelta(days=7)
# The newest rung counts: who was asleep on one is not told of it afterwards.
LADDER = (
    (SHOWN_FOR, "hidden-for-age"),
    (SHOWN_FOR - LAST_WARNING, "still-right-last"),
    (RANKED_FULLY_FOR, "still-right-lower"),
    (FRESH_FOR, "still-right"),
)
ASK_ACCEPTING_AFTER = ACCEPTING_HOLDS_FOR - ASK_AGAIN
REMINDED, HIDDEN = "reminded", "hidden for age"
NOBODY = "the clock"


@dataclass(frozen=True, slots=True)
class _Due:
    """One listing and the mail that is due for it; `event` tells it from all others."""

    listing_id: int
    kind: str
    event: str


def remind(session: Session, *, at: datetime, base_url: str, key: str, most: int = BATCH) -> int:
    """Queue mails that are due; says how many are new. Safe to repeat at any time.

    It stops after `most`, so that nobody waits long for the database: begin another transaction
    and call again until it says 0.

    Each rung sends one mail for one confirmation, to the owner, or to the listed address
    of an imported listing that nobody has claimed. A listing that leaves the public's sight
    leaves a trace in the audit; the index itself knows the day and needs no telling.
    """
    last = 0
    while rows := session.execute(_old(at.date()).where(Listing.id > last).limit(BATCH)).all():
        due = _unheard(session, [_due(row, at.date()) for row in rows])
        due = _held(session, due[:most], at.date()) if due else []
        if queued := sum(_write(session, due, at=at, base_url=base_url, key=key)):
            return queued
        last = rows[-1].id
    return 0


def _held(session: Session, due: Collection[_Due], today: date) -> list[_Due]:
    """Those that are due still, now that nobody else is at their listings, nor another worker."""
    ids = [one.listing_id for one in due]
    loading.locked_many(session, ids)
    rows = session.execute(_old(today).where(Listing.id.in_(ids)))
    return _unheard(session, [_due(row, today) for row in rows])


def _old(today: date) -> Select[int, date, date | None]:
    """Listings for which anything may be due, in the order of their numbers."""
    return (
        select(Listing.id, Listing.confirmed_on, Listing.accepting_stated_on)
        .where(
            Listing.state == State.LIVE,
            Listing.is_demo.is_(False),
            or_(
                Listing.confirmed_on <= today - FRESH_FOR,
                Listing.accepting_stated_on <= today - ASK_ACCEPTING_AFTER,
            ),
        )
        .order_by(Listing.id)
    )


def _due(row: Row[int, date, date | None], today: date) -> _Due:
    """Of the two questions the one about everything comes first."""
    listing_id, confirmed_on, stated_on = row
    for after, kind in LADDER:
        if confirmed_on <= today - after:
            return _Due(listing_id, kind, f"still-right:{listing_id}:{confirmed_on}:{after.days}")
    return _Due(listing_id, "accepting-lapsed", f"accepting:{listing_id}:{stated_on}")


def _unheard(session: Session, due: Collection[_Due]) -> list[_Due]:
    """Those of which nothing was said yet. The audit knows; sent mail is thrown away in time."""
    traces = session.scalars(
        select(AuditEvent.detail).where(
            AuditEvent.action.in_([REMINDED, HIDDEN]),
            AuditEvent.listing_id.in_([one.listing_id for one in due]),
        )
    )
    known = {trace["event"] for trace in traces}
    return [one for one in due if one.event not in known]


def _write(
    session: Session, due: Collection[_Due], *, at: datetime, base_url: str, key: str
) -> Iterator[bool]:
    """Queue these mails; says of each whether there was anybody to write to."""
    rows = session.execute(
        select(Listing, Account)
        .options(joinedload(Listing.live))
        .outerjoin(Account, Account.id == Listing.owner_id)
        .where(Listing.id.in_([one.listing_id for one in due]))
    )
    found = {listing.id: (listing, owner) for listing, owner in rows}
    for one in due:
        listing, owner = found[one.listing_id]
        to = _recipient(listing, owner)
        yield bool(to)
        hidden = one.kind == "hidden-for-age"
        if to or hidden:
            action = HIDDEN if hidden else REMINDED
            chain.record(session, action, listing.id, by=NOBODY, at=at, event=one.event)
        ask(session, listing, one.kind, event=one.event, at=at, base_url=base_url, key=key)


def ask(
    session: Session,
    listing: Listing,
    kind: str,
    *,
    event: str,
    at: datetime,
    base_url: str,
    key: str,
) -> bool:
    """Queue a mail of this kind with its one-tap link; says whether there is anybody to ask."""
    owner = loading.owner(session, listing)
    to = _recipient(listing, owner)
    if to:
        outbox.send(
            session,
            kind,
            to,
            event=event,
            at=at,
            after=timedelta(),
            account_id=listing.owner_id,
            listing_id=listing.id,
            **_values(listing, to, at=at, base_url=base_url, key=key),
        )
    return bool(to)


def owner_hears(session: Session, listing: Listing) -> bool:
    """Whether it has an owner whom our mail reaches: active, with a proved address, to which the
    last mail that was tried did not die."""
    owner = loading.owner(session, listing)
    if owner is None or not owner.active or owner.confirmed_at is None:
        return False
    tried = func.coalesce(OutgoingMail.sent_at, OutgoingMail.dead_at)
    last = session.execute(
        select(OutgoingMail.dead_at)
        .where(func.lower(OutgoingMail.recipient) == owner.email.lower(), tried.is_not(None))
        .order_by(tried.desc(), OutgoingMail.id.desc())
        .limit(1)
    ).first()
    return last is None or last.dead_at is None


def _recipient(listing: Listing, owner: Account | None) -> str:
    if listing.live is None:
        return ""
    if owner is not None:
        return owner.email if owner.active else ""
    return listing.live.content.email if listing.import_key else ""


def _values(listing: Listing, to: str, *, at: datetime, base_url: str, key: str) -> dict[str, str]:
    mailbox = confirmation_mail.digest(to, key=key)
    question = Question(listing.id, listing.confirmed_on, listing.owner_id, mailbox)
    content = listing.public
    stated_on = listing.accepting_stated_on or listing.confirmed_on
    return {
        "name": content.title,
        "link": f"{base_url}/still-right/{confirmation_mail.sign(question, key=key, at=at)}",
        "listing_url": f"{base_url}/practitioners/{listing.slug}",
        "confirmed_on": _in_words(listing.confirmed_on),
        "lower_on": _in_words(listing.confirmed_on + RANKED_FULLY_FOR),
        "hidden_on": _in_words(listing.confirmed_on + SHOWN_FOR),
        "accepting": {True: "yes", False: "no", None: ""}[content.accepting],
        "accepting_until": _in_words(stated_on + ACCEPTING_HOLDS_FOR),
    }


def _in_words(day: date) -> str:
    return format_date(day, "long", locale="en")


def confirm(
    session: Session,
    listing_id: int,
    *,
    by: Actor,
    at: datetime,
    accepting: bool | None = None,
) -> Listing:
    """Its keeper says that everything public is right, and about new clients if `accepting`.

    Twice on a day has one effect. Raises NotFound for others' listings, Conflict for one
    that is not public. One that was too old to be shown is back at once.
    """
    listing = loading.mine(session, listing_id, by=by, lock=True)
    _confirm(session, listing, by=str(by), at=at, accepting=accepting)
    return listing


def _confirm(
    session: Session, listing: Listing, *, by: str, at: datetime, accepting: bool | None
) -> None:
    """The same for a listing that is locked, whoever says so."""
    if listing.state is not State.LIVE or listing.live is None:
        raise Conflict("Only a listing that is public can be confirmed.")
    content = listing.live.content
    changed = accepting is not None and accepting != content.accepting
    if not changed and listing.confirmed_on >= at.date():
        return
    if changed:
        listing.publish_at_once(replace(content, accepting=accepting), at=at)
        _carry_on(session, listing, accepting, at)
    else:
        listing.confirm(on=at.date())
    changes.public_changed(session, listing, "confirmed", by=by, at=at, accepting=accepting)


def _carry_on(session: Session, listing: Listing, accepting: bool | None, at: datetime) -> None:
    """What waits, and what is being written, says the same: else it would undo the answer."""
    waits = listing.pending
    if waits is not None and waits.content.accepting != accepting:
        again = listing.propose(replace(waits.content, accepting=accepting), at=at)
        again.created_at = waits.created_at  # it keeps its turn
    copy = session.get(WorkingCopy, listing.id, populate_existing=True)
    if copy is not None and copy.content.accepting != accepting:
        copy.content = replace(copy.content, accepting=accepting)
        copy.version += 1
        copy.saved_at = at


class Tap(enum.Enum):
    """What can be said with one tap."""

    RIGHT = "right"
    TAKING = "taking"
    NOT_TAKING = "not-taking"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Asked:
    """A listing as its keeper is asked about it; practices as the public sees them.

    `answered`: it was confirmed since the mail was written. `on_purpose`: it is paused, and only
    its keeper ends that, signed in. `shown` says whether the public sees it now, `owned` whether
    somebody keeps it.
    """

    listing_id: int
    slug: str
    content: Draft
    confirmed_on: date
    answered: bool
    paused: bool
    on_purpose: bool
    shown: bool
    owned: bool


def asked(session: Session, token: str, *, key: str, at: datetime) -> Asked:
    """What a mail's link asks about. Raises NotFound when it asks nothing, Overdue when too late,
    Void when its listing has another owner by now, or the owner another address.
    """
    question = confirmation_mail.read(token, key=key, at=at)
    listing = _questioned(session, question, key=key)
    content = listing.public
    return Asked(
        listing_id=listing.id,
        slug=listing.slug,
        content=replace(content, practices=content.shown_practices),
        confirmed_on=listing.confirmed_on,
        answered=listing.confirmed_on != question.confirmed_on,
        paused=listing.state is State.PAUSED,
        on_purpose=_on_purpose(session, listing),
        shown=listing.shown(at.date()),
        owned=listing.owner_id is not None,
    )


def answer(session: Session, token: str, given: Tap, *, key: str, at: datetime) -> None:
    """Do what was tapped, once: an answer to a question that is settled changes nothing.

    Raises as `asked` does.
    """
    question = confirmation_mail.read(token, key=key, at=at)
    listing = _questioned(session, question, key=key, lock=True)
    if listing.confirmed_on != question.confirmed_on:
        return
    by = f"account {question.owner_id}" if question.owner_id else "the listed address"
    paused = listing.state is State.PAUSED
    if given is Tap.PAUSE:
        if not paused:
            listing.pause()
            changes.public_changed(session, listing, "paused", by=by, at=at, by_mail=True)
    elif given is Tap.RESUME:
        if paused and not _on_purpose(session, listing):
            listing.resume(on=at.date())
            changes.public_changed(session, listing, "resumed", by=by, at=at, by_mail=True)
    elif not paused:
        said = {Tap.TAKING: True, Tap.NOT_TAKING: False}.get(given)
        _confirm(session, listing, by=by, at=at, accepting=said)


def _on_purpose(session: Session, listing: Listing) -> bool:
    """Whether its keeper paused it, who can sign in. What nobody keeps has no other way back."""
    paused = listing.state is State.PAUSED and listing.owner_id is not None
    return paused and not pauses.questioned(session, listing)


def _questioned(session: Session, question: Question, *, key: str, lock: bool = False) -> Listing:
    query = select(Listing).where(
        Listing.id == question.listing_id, Listing.state.in_([State.LIVE, State.PAUSED])
    )
    if lock:
        query = query.with_for_update(key_share=True)
        query = query.execution_options(populate_existing=True)
    listing = session.scalar(query)
    if listing is None or listing.live is None:
        raise NotFound("This link asks about nothing any more.")
    to = _recipient(listing, loading.owner(session, listing))
    mailbox = confirmation_mail.digest(to, key=key)
    if (listing.owner_id, mailbox) != (question.owner_id, question.mailbox):
        raise Void
    return listing
