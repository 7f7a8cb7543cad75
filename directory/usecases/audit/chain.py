"""The record of what was done, by whom, when: a chain that shows when somebody tampered with it.

Each event's hash covers the event and the hash of the one before it; AuditHead says where the
chain ends. Whoever rewrites both is found out by an anchor: what the head was at some moment,
written down elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event as events
from sqlalchemy import func, literal, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate

from directory.models import AuditEvent, AuditHead

HEAD = 1
# What is kept with the session, so that one transaction asks for the head once.
HELD = "the head of the audit chain"
DUE = "what is to be written down when this transaction ends"
RECORD = frozenset((AuditEvent.__table__, AuditHead.__table__))
AT_ONCE = 1000
PROBLEMS_NAMED = 100


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the chain was: after `length` events, the last one's hash."""

    length: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the chain found; it holds when there are no problems."""

    length: int
    head: str
    problems: tuple[str, ...]


def record(
    session: Session,
    action: str,
    listing_id: int | None,
    *,
    by: str,
    at: datetime,
    **detail: Any,
) -> None:
    """Write down one change of state, in the transaction that makes it.

    It joins the chain when the transaction ends, or when somebody in it reads the record before:
    so nobody who holds the end of the chain still waits for anything else.
    """
    kept = json.loads(json.dumps(detail))
    said = {"at": at, "actor": by, "action": action, "listing_id": listing_id, "detail": kept}
    session.info.setdefault(DUE, []).append(_Due(said, session.get_nested_transaction()))


def settle(session: Session) -> None:
    """Let what is written down so far join the chain, for good if the transaction ends well."""
    due = [one for one in session.info.get(DUE, ()) if one.waits]
    if not due:
        return
    session.flush()
    for one in due:
        one.waits, one.joined_in = False, session.get_nested_transaction()
    head = hold(session)
    for one in due:
        event = AuditEvent(**one.said)
        event.hash = head.hash = digest(head.hash, event)
        head.length += 1
        session.add(event)
    session.flush()


@dataclass(slots=True)
class _Due:
    """What an event says, and in which savepoints it was told and joined the chain, if in any."""

    said: dict[str, Any]
    told_in: SessionTransaction | None
    joined_in: SessionTransaction | None = None
    waits: bool = True


@events.listens_for(Session, "before_commit")
def _settle_last(session: Session) -> None:
    if not session.in_nested_transaction():
        settle(session)


@events.listens_for(Session, "do_orm_execute")
def _settle_before_reading(asked: ORMExecuteState) -> None:
    said, due = asked.statement, asked.session.info.get(DUE, ())
    if not any(one.waits for one in due) or not isinstance(said, ExternallyTraversible):
        return
    if any(getattr(part, "table", part) in RECORD for part in iterate(said)):
        settle(asked.session)


@events.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, undone: SessionTransaction) -> None:
    """What was told in a savepoint goes with it; what joined the chain in it is due again."""
    due = [one for one in session.info.pop(DUE, ()) if not _within(one.told_in, undone)]
    for one in due:
        one.waits = one.waits or _within(one.joined_in, undone)
    if due and undone.nested:
        session.info[DUE] = due


@events.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(DUE, None)


def _within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


def hold(session: Session) -> AuditHead:
    """The end of the chain, ours alone until the transaction (or savepoint) ends."""
    inside = (session.get_transaction(), session.get_nested_transaction())
    held = session.info.get(HELD)
    if held and held[0] == inside and held[1] in session:
        found: AuditHead = held[1]
        return found
    locked = select(AuditHead).where(AuditHead.id == HEAD).with_for_update()
    head = session.scalar(locked.execution_options(populate_existing=True))
    if head is None:
        head = _begun(session)
    session.info[HELD] = (
        (session.get_transaction(), session.get_nested_transaction()),
        head,
    )
    return head


def digest(previous: str, event: AuditEvent) -> str:
    """The hash of an event that follows one with the hash `previous` ("" for the first)."""
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    said = [previous, at, event.actor, event.action, event.listing_id, event.detail]
    content = json.dumps(said, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()


def now(session: Session) -> Anchor:
    """Where the chain ends, by its own account."""
    head = session.get(AuditHead, HEAD)
    return Anchor(head.length, head.hash) if head else Anchor(0, "")


def verify(session: Session, anchors: Iterable[Anchor] = ()) -> Verdict:
    """Read the whole chain as it stood at one moment, and name what does not fit.

    The session forgets whatever else it held.
    """
    newest = select(func.max(AuditEvent.id)).scalar_subquery()
    row = session.execute(
        select(newest, AuditHead.length, AuditHead.hash)
        .select_from(select(literal(1)).subquery())
        .outerjoin(AuditHead, AuditHead.id == HEAD)
    ).one()
    wanted: dict[int, set[str]] = {}
    for anchor in anchors:
        wanted.setdefault(anchor.length, set()).add(anchor.hash)
    walk = _Walk(wanted)
    for event in _events(session, row[0] or 0):
        walk.step(event)
    walk.end(row[1], row[2])
    return Verdict(walk.length, walk.hash, tuple(walk.problems))


class _Walk:
    """Along the chain, noting what does not fit."""

    def __init__(self, anchors: dict[int, set[str]]) -> None:
        self.anchors = {length: hashes for length, hashes in anchors.items() if length}
        self.length, self.hash = 0, ""
        self.problems: list[str] = []

    def step(self, event: AuditEvent) -> None:
        """The next event; after one that does not fit, what it says itself is gone by."""
        self.length += 1
        if event.hash != digest(self.hash, event):
            self._note(
                f"Event {event.id} ({event.action}, {event.at:%Y-%m-%d %H:%M} UTC) does not fit:"
                " it was changed, or events before it were removed, added or moved."
            )
        self.hash = event.hash
        self._meet(self.anchors.pop(self.length, set()))

    def end(self, length: int | None, head: str | None) -> None:
        """The end, by what the head and the anchors say."""
        if length is None and self.length:
            self._note("The note of where the chain ends is missing.")
        elif (length or 0) != self.length or (head or "") != self.hash:
            self._note(
                f"The chain ends after {self.length} events, but should after {length}"
                f" with {head}: events at its end were removed, added or changed."
            )
        for missing in sorted(self.anchors):
            self._note(f"It had {missing} events once, and has {self.length} now.")

    def _meet(self, hashes: set[str]) -> None:
        for other in sorted(hashes - {self.hash}):
            self._note(f"After {self.length} events its head was {other} once; it is another now.")

    def _note(self, problem: str) -> None:
        if len(self.problems) < PROBLEMS_NAMED:
            self.problems.append(problem)


def _events(session: Session, until: int) -> Iterator[AuditEvent]:
    """Every event in order; memory stays bounded."""
    last = 0
    while True:
        batch = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.id > last, AuditEvent.id <= until)
            .order_by(AuditEvent.id)
            .limit(AT_ONCE)
        ).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].id
        session.expunge_all()


def _begun(session: Session) -> AuditHead:
    """The head of a chain that has none, from what is there."""
    last = session.scalar(select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1))
    length = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    head = AuditHead(id=HEAD, length=length, hash=last or "")
    session.add(head)
    session.flush()
    return head
