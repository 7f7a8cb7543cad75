"""Queued mail goes out once, is tried again when it must, and is seen when it never left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from directory.db import reading, writing
from directory.errors import Conflict, NotFound
from directory.mail import Letter, Smtp
from directory.models import Actor, AuditEvent, OutgoingMail, Role
from directory.usecases.mailing import delivery, outbox
from directory.usecases.mailing.delivery import BACKOFF, CLAIMED_FOR, Claimed, Outcome
from tests.factories import NOW

ADMIN = Actor(1, Role.ADMIN)
MINUTE = timedelta(minutes=1)


def render(claimed: Claimed) -> Letter:
    return Letter(
        to=claimed.recipient,
        subject=claimed.kind,
        text=claimed.values["link"],
        html="<p>Hello</p>",
        message_id=f"<{claimed.id}@site.example>",
        sender=("Stillpoint", "hello@site.example"),
    )


class Post:
    """The queue, a mail server, and a clock that the test turns."""

    def __init__(self, engine, mailbox):
        self.engine, self.mailbox, self.now = engine, mailbox, NOW
        self.transport = Smtp("127.0.0.1", mailbox.port, "", "", tls=False)

    def queue(self, event="approved:1", kind="approved", **values):
        with writing(self.engine) as session:
            values = {"link": "https://site.example/secret"} | values
            outbox.send(session, kind, "rowan@practice.example", event=event, at=self.now, **values)

    def due(self):
        with reading(self.engine) as session:
            return delivery.due(session, self.now)

    def deliver(self, mail_id, transport=None):
        return delivery.deliver_one(
            self.engine,
            mail_id,
            render=render,
            transport=transport or self.transport,
            clock=lambda: self.now,
        )

    def work(self):
        return [self.deliver(mail_id) for mail_id in self.due()]

    def row(self):
        with reading(self.engine) as session:
            return session.scalars(select(OutgoingMail)).one()

    def backlog(self):
        with reading(self.engine) as session:
            return delivery.backlog(session)


@pytest.fixture
def office(engine, mailbox) -> Post:
    return Post(engine, mailbox)


def test_a_queued_mail_is_sent_once_and_what_it_held_is_forgotten(office):
    office.queue()

    assert office.work() == [Outcome.SENT]
    assert office.work() == []

    (mail,) = office.mailbox.mails
    row = office.row()
    assert mail.links == ["https://site.example/secret"]
    assert (row.sent_at, row.due_at, row.values, row.error) == (NOW, None, {}, "")


def test_the_same_event_is_one_mail_however_often_it_is_queued(office):
    office.queue()
    office.queue()
    office.work()
    office.queue()
    office.work()

    assert len(office.mailbox.mails) == 1


def test_a_mail_to_nobody_costs_the_queue_alone(office):
    office.queue(kind="nobody")

    assert office.work() == [Outcome.DROPPED]

    assert office.mailbox.mails == []
    assert office.row().sent_at == NOW
    assert office.row().values == {}


def test_it_is_tried_again_ever_more_seldom_and_then_is_dead(office):
    office.queue()
    waits = []

    with office.mailbox.answering(recipient="451 4.7.1 Come back later"):
        while office.row().dead_at is None:
            assert office.work() in ([Outcome.DELAYED], [Outcome.DEAD])
            row = office.row()
            assert row.error == "The mail server answered 451: 4.7.1 Come back later"
            if row.due_at:
                office.now = row.due_at - timedelta(seconds=1)
                assert office.due() == []
                waits.append(row.due_at - (office.now + timedelta(seconds=1) - BACKOFF[len(waits)]))
                office.now = row.due_at

    assert tuple(waits) == BACKOFF
    assert office.row().tries == len(BACKOFF) + 1
    assert office.due() == []
    assert office.backlog() == delivery.Backlog(waiting=0, oldest=None, dead=1)


def test_a_later_try_succeeds(office):
    office.queue()
    with office.mailbox.answering(data="451 Busy"):
        office.work()
    office.now += MINUTE

    assert office.work() == [Outcome.SENT]
    assert (office.row().error, office.row().sent_at) == ("", office.now)


def test_where_nobody_lives_it_is_dead_at_once_and_can_be_revived(office, engine):
    office.queue()
    with office.mailbox.answering(recipient="550 5.1.1 Nobody here"):
        assert office.work() == [Outcome.DEAD]
    dead = office.row()

    with writing(engine) as session:
        delivery.revive(session, dead.id, by=ADMIN, at=NOW)
    assert office.work() == [Outcome.SENT]

    assert (dead.dead_at, dead.due_at) == (NOW, None)
    assert "550: 5.1.1 Nobody here" in dead.error
    with reading(engine) as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["mail revived"]
        with pytest.raises(Conflict):
            delivery.revive(session, dead.id, by=ADMIN, at=NOW)
        with pytest.raises(NotFound):
            delivery.revive(session, dead.id + 1, by=ADMIN, at=NOW)


def test_a_mail_that_cannot_be_made_is_dead_and_the_others_go(office, engine):
    office.queue("first")
    with writing(engine) as session:
        session.scalars(select(OutgoingMail)).one().values = {"other": "no link"}
    office.queue("second")

    assert office.work() == [Outcome.DEAD, Outcome.SENT]

    with reading(engine) as session:
        errors = session.scalars(select(OutgoingMail.error).order_by(OutgoingMail.id)).all()
    assert errors == ["The mail could not be made: KeyError: 'link'", ""]


def test_a_fault_of_ours_while_sending_delays_the_mail_and_stops_nobody(office):
    class Faulty:
        def deliver(self, letter, *, at):
            raise RuntimeError("a password")

    office.queue()

    assert office.deliver(office.due()[0], Faulty()) is Outcome.DELAYED

    assert office.row().error == "The mail could not be sent: RuntimeError"
    assert office.row().due_at == NOW + BACKOFF[0]


def test_two_workers_at_once_send_each_mail_once(office):
    for number in range(10):
        office.queue(f"event {number}")
    together = Barrier(2)
    ids = office.due()

    def worker(mail_ids):
        together.wait()
        return [office.deliver(mail_id) for mail_id in mail_ids]

    with ThreadPoolExecutor(2) as workers:
        one, other = workers.map(worker, (ids, ids))

    assert sorted((one + other).count(what) for what in (Outcome.SENT, Outcome.NOT_OURS)) == [
        10,
        10,
    ]
    assert len({mail.message["Message-ID"] for mail in office.mailbox.mails}) == 10
    assert len(office.mailbox.mails) == 10


class Killed(BaseException):
    """What nobody catches."""


class LastWords:
    """Delivers, and is gone before anybody can write it down."""

    def __init__(self, transport):
        self.transport = transport

    def deliver(self, letter, *, at):
        self.transport.deliver(letter, at=at)
        raise Killed


def test_who_is_killed_after_sending_sends_at_most_once_more_and_visibly_so(office):
    office.queue()
    (mail_id,) = office.due()
    with pytest.raises(Killed):
        office.deliver(mail_id, LastWords(office.transport))

    assert office.due() == []
    assert office.deliver(mail_id) is Outcome.NOT_OURS
    office.now += CLAIMED_FOR
    assert office.work() == [Outcome.SENT]
    office.now += CLAIMED_FOR
    assert office.work() == []

    first, second = (mail.message["Message-ID"] for mail in office.mailbox.mails)
    assert first == second


def test_a_mail_that_kills_whoever_sends_it_is_dead_in_the_end(office):
    office.queue()
    for _ in range(len(BACKOFF) + 1):
        with pytest.raises(Killed):
            office.deliver(office.due()[0], LastWords(office.transport))
        office.now += CLAIMED_FOR

    assert office.work() == [Outcome.DEAD]


def test_a_claim_that_ran_out_does_not_undo_what_another_worker_did(office):
    class Slow(LastWords):
        def deliver(self, letter, *, at):
            office.now += CLAIMED_FOR
            assert office.work() == [Outcome.SENT]
            with office.mailbox.answering(recipient="550 Nobody here"):
                self.transport.deliver(letter, at=at)

    office.queue()

    office.deliver(office.due()[0], Slow(office.transport))

    assert office.row().sent_at is not None
    assert office.row().dead_at is None


def test_an_erased_mail_is_not_missed_when_it_comes_back(office, engine):
    class Erasing(LastWords):
        def deliver(self, letter, *, at):
            with writing(engine) as session:
                session.delete(session.scalars(select(OutgoingMail)).one())

    office.queue()

    assert office.deliver(office.due()[0], Erasing(office.transport)) is Outcome.SENT
    assert office.backlog().waiting == 0


def test_the_backlog_says_what_waits_and_since_when(office):
    office.queue("first")
    office.now += MINUTE
    office.queue("second")

    assert office.backlog() == delivery.Backlog(waiting=2, oldest=NOW, dead=0, due=NOW)


def test_old_mail_is_forgotten_and_waiting_mail_never_is(office, engine):
    office.queue("waits long")
    for event, column, days in (
        ("sent 29 days ago", "sent_at", 29),
        ("sent 31 days ago", "sent_at", 31),
        ("died 89 days ago", "dead_at", 89),
        ("died 91 days ago", "dead_at", 91),
    ):
        office.queue(event)
        with writing(engine) as session:
            row = session.scalars(select(OutgoingMail).where(OutgoingMail.event == event)).one()
            row.due_at = None
            setattr(row, column, NOW - timedelta(days=days))

    with writing(engine) as session:
        forgotten = delivery.purge(session, at=NOW)

    assert forgotten == 2
    with reading(engine) as session:
        left = set(session.scalars(select(OutgoingMail.event)))
    assert left == {"waits long", "sent 29 days ago", "died 89 days ago"}


def test_last_words_to_the_erased_leave_no_address_behind(office):
    office.queue(kind="account-erased")

    assert office.work() == [Outcome.SENT]

    with reading(office.engine) as session:
        assert session.scalars(select(OutgoingMail)).all() == []
