"""What members of the public report about a listing, and how it is worked through.

Anybody may report, without an account. Three who say "closed" pause a listing whose owner can end
the pause with one tap, once; who answers that is left alone. Any other listing stays where it is,
however many say so: strangers alone take nobody offline, people decide about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from directory.errors import Conflict, Invalid, NotFound
from directory.freshness import SHOWN_FOR
from directory.models import (
    Account,
    Actor,
    AuditEvent,
    Listing,
    Report,
    ReportKind,
    ReportState,
    Role,
    State,
)
from directory.said import said
from directory.usecases.audit import chain
from directory.usecases.curation import hiding
from directory.usecases.listings import loading, pauses
from directory.usecases.mailing import outbox
from directory.usecases.practitioners import confirming

MATCHING = 3
QUESTIONED_ONCE_IN = timedelta(days=90)
LONGEST_ANSWER = 1000
PAGE = 50
# Long enough to ask back, and no longer.
WORDS_KEPT_FOR = timedelta(days=90)
VISITORS = hiding.VISITORS
MOST_PRESSING = 20
WAITING = (ReportState.OPEN, ReportState.TAKEN)
# The same words so soon are the same form, sent once more.
SAME_FOR = timedelta(hours=2)
IN_WORDS = (ReportKind.WRONG, ReportKind.CONCERN)


@dataclass(frozen=True, slots=True)
class Item:
    """A report with the listing it is about; `taken_by` is an e-mail address, "" for nobody.

    `same` counts the open reports of that kind about that listing, `mine` says that whoever
    looks took it.
    """

    report: Report
    listing_id: int
    slug: str
    title: str
    state: State
    owned: bool
    taken_by: str
    same: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Pressing:
    """A public listing that many say has closed, by the report to begin with."""

    report_id: int
    title: str
    reports: int
    owned: bool


def report(
    session: Session,
    slug: str,
    kind: ReportKind,
    *,
    words: str = "",
    reply_to: str = "",
    at: datetime,
    base_url: str,
    key: str,
) -> Report:
    """Take in what somebody says of a public listing; NotFound when it is not public.

    The same words, sent again while they wait, are one report.
    """
    listing = loading.shown(session, slug, on=at.date(), lock=True)
    if known := _sent_before(session, listing, kind, words, reply_to, at):
        return known
    made = Report(
        listing_id=listing.id,
        kind=kind,
        words=words,
        reply_to=reply_to,
        made_at=at,
        state=ReportState.OPEN,
    )
    session.add(made)
    session.flush()
    asks = kind is ReportKind.CLOSED and _may_ask(session, listing, at)
    chain.record(session, "reported", listing.id, by="a visitor", at=at, kind=kind.value)
    if asks:
        hiding.question(session, listing, by=VISITORS, at=at, base_url=base_url, key=key)
    return made


def _sent_before(
    session: Session, listing: Listing, kind: ReportKind, words: str, reply_to: str, at: datetime
) -> Report | None:
    """The report that says just this; those that say closed or moved are counted, not read."""
    if kind not in IN_WORDS:
        return None
    same = select(Report).where(
        Report.listing_id == listing.id,
        Report.kind == kind,
        Report.words == words,
        Report.reply_to == reply_to,
        Report.state.in_(WAITING),
        Report.made_at > at - SAME_FOR,
    )
    return session.scalars(same.order_by(Report.id).limit(1)).first()


def waiting(
    session: Session, *, by: Actor, kind: ReportKind | None = None, after: int = 0
) -> Sequence[Item]:
    """Reports that nobody has closed, oldest first, so many at a time (from after a number)."""
    by.must_be(Role.REVIEWER)
    wanted = _items().where(Report.state.in_(WAITING), Report.id > after)
    if kind is not None:
        wanted = wanted.where(Report.kind == kind)
    rows = session.execute(wanted.order_by(Report.id).limit(PAGE)).all()
    return [_item(row, by) for row in rows]


def pressing(session: Session, *, by: Actor, on: date) -> Sequence[Pressing]:
    """What so many say has closed that somebody should look first, those with the most first."""
    by.must_be(Role.REVIEWER)
    total, first = func.count(), func.min(Report.id)
    many = (
        select(Report.listing_id, total.label("total"), first.label("first"))
        .where(Report.kind == ReportKind.CLOSED, Report.state.in_(WAITING))
        .group_by(Report.listing_id)
        .having(total >= MATCHING)
        .subquery()
    )
    rows = session.execute(
        select(Listing, many.c.total, many.c.first)
        .join(many, many.c.listing_id == Listing.id)
        .where(Listing.state == State.LIVE, Listing.confirmed_on > on - SHOWN_FOR)
        .options(joinedload(Listing.live), joinedload(Listing.pending))
        .order_by(many.c.total.desc(), many.c.first)
        .limit(MOST_PRESSING)
    )
    return [
        Pressing(first, listing.title, total, listing.owner_id is not None)
        for listing, total, first in rows
    ]


def one(session: Session, report_id: int, *, by: Actor) -> Item:
    """One report."""
    by.must_be(Role.REVIEWER)
    row = session.execute(_items().where(Report.id == report_id)).first()
    if row is None:
        raise NotFound("There is no such report.")
    return _item(row, by)


def count(session: Session) -> int:
    """How many nobody has closed."""
    waiting = select(func.count()).select_from(Report).where(Report.state.in_(WAITING))
    return session.scalar(waiting) or 0


def take(session: Session, report_id: int, *, by: Actor, at: datetime) -> Report:
    """It is mine from now on; Conflict when somebody else has it."""
    found = _open(session, report_id, by)
    if found.taken_by != by.account_id:
        found.taken_by, found.state = by.account_id, ReportState.TAKEN
        _record(session, "report taken", found, by, at)
    return found


def give_back(session: Session, report_id: int, *, by: Actor, at: datetime) -> Report:
    """Anybody may take it again; an admin may give back what others took and left."""
    found = _open(session, report_id, by, anybodys=by.may(Role.ADMIN))
    if found.taken_by is not None:
        found.taken_by, found.state = None, ReportState.OPEN
        _record(session, "report given back", found, by, at)
    return found


def answer(session: Session, report_id: int, words: str, *, by: Actor, at: datetime) -> Report:
    """Write to whoever reported, and forget their address."""
    found = take(session, report_id, by=by, at=at)
    text = words.strip()
    if not text or len(text) > LONGEST_ANSWER:
        most = said("Write an answer of at most %(most)s letters.", most=LONGEST_ANSWER)
        raise Invalid({"answer": [most]})
    if not found.reply_to:
        raise Conflict("Whoever reported this left no address, or was answered already.")
    listing = session.get_one(Listing, found.listing_id)
    outbox.send(
        session,
        "report-answered",
        found.reply_to,
        event=f"report-answered:{found.id}",
        at=at,
        listing_id=listing.id,
        name=listing.title,
        answer=text,
    )
    found.answer, found.reply_to = text, ""
    _record(session, "report answered", found, by, at)
    return found


def close(
    session: Session, report_id: int, *, dismissed: bool = False, by: Actor, at: datetime
) -> Report:
    """Settle a report: done, or dismissed as nothing to act on.

    Conflict when it is to be done and somebody waits for an answer.
    """
    found = take(session, report_id, by=by, at=at)
    if found.reply_to and not dismissed:
        raise Conflict("Answer first: whoever reported this left an address.")
    found.state = ReportState.DISMISSED if dismissed else ReportState.DONE
    found.reply_to, found.closed_at = "", at
    _record(session, "report dismissed" if dismissed else "report done", found, by, at)
    return found


def forget(session: Session, *, at: datetime) -> int:
    """Blank the words of what was closed long ago; says of how many. Safe to repeat."""
    old = (Report.closed_at < at - WORDS_KEPT_FOR) & ((Report.words != "") | (Report.answer != ""))
    blanked = session.execute(update(Report).where(old).values(words="", answer=""))
    return int(blanked.rowcount)  # type: ignore[attr-defined]


def _may_ask(session: Session, listing: Listing, at: datetime) -> bool:
    """Whether so many say "closed" that its owner is asked; not twice in a while, and never when
    nobody could bring the listing back."""
    if not confirming.owner_hears(session, listing):
        return False
    saying = session.scalar(
        select(func.count()).where(
            Report.listing_id == listing.id,
            Report.kind == ReportKind.CLOSED,
            Report.state.in_(WAITING),
        )
    )
    asked = session.scalar(
        select(func.count()).where(
            AuditEvent.listing_id == listing.id,
            AuditEvent.action == pauses.QUESTIONED,
            AuditEvent.at > at - QUESTIONED_ONCE_IN,
        )
    )
    return (saying or 0) >= MATCHING and not asked


def _items() -> Select[Report, Listing, str, int]:
    """Each report with its listing, who took it, and how many open ones say the same."""
    other = aliased(Report)
    same = (
        select(func.count())
        .where(
            other.listing_id == Report.listing_id,
            other.kind == Report.kind,
            other.state.in_(WAITING),
        )
        .scalar_subquery()
    )
    return (
        select(Report, Listing, func.coalesce(Account.email, ""), same)
        .join(Listing, Listing.id == Report.listing_id)
        .outerjoin(Account, Account.id == Report.taken_by)
        .options(joinedload(Listing.live), joinedload(Listing.pending))
    )


def _item(row: Row[Report, Listing, str, int], by: Actor) -> Item:
    found, listing, taken_by, same = row
    return Item(
        report=found,
        listing_id=listing.id,
        slug=listing.slug,
        title=listing.title,
        state=listing.state,
        owned=listing.owner_id is not None,
        taken_by=taken_by,
        same=same,
        mine=found.taken_by == by.account_id,
    )


def _open(session: Session, report_id: int, by: Actor, *, anybodys: bool = False) -> Report:
    """A report that waits, ours alone until the transaction ends."""
    by.must_be(Role.REVIEWER)
    found = session.get(Report, report_id)
    if found is not None:
        loading.locked_many(session, [found.listing_id])
        found = session.get(Report, report_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such report.")
    if found.state not in WAITING:
        raise Conflict("Somebody has closed this report.")
    if not anybodys and found.taken_by not in (None, by.account_id):
        raise Conflict("Somebody else is working on this report.")
    return found


def _record(session: Session, verb: str, found: Report, by: Actor, at: datetime) -> None:
    chain.record(session, verb, found.listing_id, by=str(by), at=at, report=found.id)
