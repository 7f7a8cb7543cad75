"""Queued mail goes out: each once, later when it must, and never in silence.

A worker claims a mail in one short transaction, sends it outside of any, and writes down
what came of it in another. Killed in between, the mail is tried again when its claim has
run out, under the same Message-ID.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Engine, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from directory.db import writing
from directory.errors import Conflict, NotFound
from directory.mail import Letter, MailFailed, Transport, Undeliverable, one_line
from directory.models import Actor, OutgoingMail
from directory.usecases.audit import chain

NOBODY = "nobody"
# A claim outlives every timeout of a mail server put together.
CLAIMED_FOR = timedelta(minutes=10)
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
# Last words to somebody who wished to be forgotten.
FORGOTTEN_AFTER_SENDING = frozenset({"account-erased"})
SENT_KEPT_FOR = timedelta(days=30)
DEAD_KEPT_FOR = timedelta(days=90)


class Outcome(Enum):
    """What became of one try."""

    SENT = "sent"
    DROPPED = "dropped"
    DELAYED = "delayed"
    DEAD = "dead"
    NOT_OURS = "not ours"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that one worker is sending now; `tries` counts this one."""

    id: int
    event: str
    kind: str
    recipient: str
    values: dict[str, str]
    tries: int


Render = Callable[[Claimed], Letter]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the mail stands: what waits, since when the oldest does, and what never left.

    `due` is when the next one was, or is, to be tried.
    """

    waiting: int
    oldest: datetime | None
    dead: int
    due: datetime | None = None


def due(session: Session, at: datetime, *, most: int = 50) -> list[int]:
    """The ids of mails to be tried now, those that waited longest first."""
    found = select(OutgoingMail.id).where(OutgoingMail.due_at <= at)
    return list(session.scalars(found.order_by(OutgoingMail.due_at, OutgoingMail.id).limit(most)))


def deliver_one(
    engine: Engine,
    mail_id: int,
    *,
    render: Render,
    transport: Transport,
    clock: Callable[[], datetime],
) -> Outcome:
    """Try one mail; NOT_OURS when it is not due, gone, or another worker's."""
    with writing(engine) as session:
        claimed = _claim(session, mail_id, clock())
    if claimed is None:
        return Outcome.NOT_OURS
    outcome, error = _send(claimed, render, transport, clock)
    with writing(engine) as session:
        return _write_down(session, claimed, outcome, error, clock())


def _claim(session: Session, mail_id: int, at: datetime) -> Claimed | None:
    """Nobody else finds the mail due once this has committed."""
    taken = (
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.due_at <= at)
        .values(due_at=at + CLAIMED_FOR, tries=OutgoingMail.tries + 1)
        .returning(
            OutgoingMail.id,
            OutgoingMail.event,
            OutgoingMail.kind,
            OutgoingMail.recipient,
            OutgoingMail.values,
            OutgoingMail.tries,
        )
    )
    row = session.execute(taken).one_or_none()
    return Claimed(*row) if row else None


def _send(
    claimed: Claimed, render: Render, transport: Transport, clock: Callable[[], datetime]
) -> tuple[Outcome, str]:
    if claimed.kind == NOBODY:
        return Outcome.DROPPED, ""
    if claimed.tries > len(BACKOFF) + 1:
        return Outcome.DEAD, "Whoever tried to send this mail was stopped each time."
    try:
        letter = render(claimed)
    except Exception as error:
        # Whatever is wrong with this one, the others go on.
        return Outcome.DEAD, f"The mail could not be made: {type(error).__name__}: {error}"
    try:
        transport.deliver(letter, at=clock())
    except Undeliverable as error:
        return Outcome.DEAD, str(error)
    except MailFailed as error:
        return Outcome.DELAYED, str(error)
    except Exception as error:
        # A fault of ours: it may be mended before the tries are used up.
        return Outcome.DELAYED, f"The mail could not be sent: {type(error).__name__}"
    return Outcome.SENT, ""


def _write_down(
    session: Session, claimed: Claimed, outcome: Outcome, error: str, at: datetime
) -> Outcome:
    row = session.get(OutgoingMail, claimed.id)
    if row is None or row.sent_at is not None:
        return outcome
    if outcome is Outcome.DELAYED and claimed.tries > len(BACKOFF):
        outcome = Outcome.DEAD
    if outcome is not Outcome.DELAYED and claimed.kind in FORGOTTEN_AFTER_SENDING:
        session.delete(row)
        return outcome
    if outcome in (Outcome.SENT, Outcome.DROPPED):
        row.sent_at, row.due_at, row.dead_at = at, None, None
        row.values, row.error = {}, ""
        return outcome
    if row.tries != claimed.tries:
        return outcome  # the claim ran out, and another worker has it now
    row.error = one_line(error)[:1000]
    if outcome is Outcome.DEAD:
        row.due_at, row.dead_at = None, at
        return outcome
    row.due_at = at + BACKOFF[claimed.tries - 1]
    return outcome


def backlog(session: Session) -> Backlog:
    """How the mail stands."""
    oldest, due = func.min(OutgoingMail.created_at), func.min(OutgoingMail.due_at)
    found = select(func.count(), oldest, due).where(OutgoingMail.due_at.is_not(None))
    row = session.execute(found).one()
    dead = session.scalar(select(func.count()).where(OutgoingMail.dead_at.is_not(None)))
    return Backlog(row[0], row[1], dead or 0, row[2])


def revive(session: Session, mail_id: int, *, by: Actor, at: datetime) -> None:
    """Try a dead mail again from the start; NotFound, or Conflict when it is not dead."""
    row = session.get(OutgoingMail, mail_id)
    if row is None:
        raise NotFound("There is no such mail.")
    if row.dead_at is None:
        raise Conflict("This mail is not dead.")
    row.due_at, row.dead_at, row.tries, row.error = at, None, 0, ""
    chain.record(session, "mail revived", row.listing_id, by=str(by), at=at, mail=mail_id)


def purge(session: Session, *, at: datetime) -> int:
    """Forget mail that left or died long ago; how many there were."""
    old = or_(
        OutgoingMail.sent_at < at - SENT_KEPT_FOR,
        and_(OutgoingMail.due_at.is_(None), OutgoingMail.dead_at < at - DEAD_KEPT_FOR),
    )
    rows = session.execute(delete(OutgoingMail).where(old).returning(OutgoingMail.id))
    return len(rows.all())
