"""The audit chain: what was done stays as it was written, and tampering shows."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from directory.db import reading, writing
from directory.models import AuditEvent, AuditHead
from directory.usecases.audit import anchors
from directory.usecases.audit import chain as audit
from directory.usecases.audit.chain import Anchor
from tests.factories import NOW

BY = "account 1"
EVENT = AuditEvent.__table__


@pytest.fixture
def chain(engine):
    """Five events, in three transactions; returns how to check them."""
    for batch in ((1, 2), (3,), (4, 5)):
        with writing(engine) as session:
            for number in batch:
                note(session, number)
    return lambda *known: check(engine, *known)


def note(session, number):
    audit.record(session, "noted", None, by=BY, at=NOW, number=number, words="Straße", by_id={2: 1})


def check(engine, *known):
    with reading(engine) as session:
        return audit.verify(session, known)


def execute(engine, statement):
    with writing(engine) as session:
        session.execute(statement)


def ids(engine):
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)))


def test_a_chain_that_nobody_touched_holds(chain):
    verdict = chain()

    assert (verdict.length, verdict.problems) == (5, ())
    assert chain(Anchor(5, verdict.head), Anchor(0, "")).problems == ()


def test_what_was_undone_leaves_the_chain_whole(engine, chain):
    with suppress(ZeroDivisionError), writing(engine) as session:
        note(session, 6)
        session.flush()
        raise ZeroDivisionError
    with writing(engine) as session:
        note(session, 6)
        inner = session.begin_nested()
        note(session, 7)
        inner.rollback()
        session.expire_all()
        note(session, 8)
        session.flush()
        session.expunge_all()
        note(session, 9)

    verdict = chain()

    assert (verdict.length, verdict.problems) == (8, ())


def test_what_joined_the_chain_inside_a_savepoint_is_not_lost_with_it(engine, chain):
    with writing(engine) as session:
        note(session, 6)
        inner = session.begin_nested()
        note(session, 7)
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 7
        inner.rollback()
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 6

    verdict = chain()

    assert (verdict.length, verdict.problems) == (6, ())


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_holds_the_end_of_the_chain_while_still_at_work(engine, chain):
    with writing(engine) as slow:
        note(slow, 7)
        slow.flush()
        with writing(engine) as quick:
            quick.execute(text("SET LOCAL lock_timeout = '5s'"))
            note(quick, 6)

    verdict = chain()

    assert (verdict.length, verdict.problems) == (7, ())


def test_a_moment_of_another_zone_is_the_same_moment(engine, chain):
    away = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with writing(engine) as session:
        audit.record(session, "noted", None, by=BY, at=away)
        audit.record(session, "noted", None, by=BY, at=datetime(1999, 1, 1, tzinfo=UTC))

    assert chain().problems == ()


def edit(engine, third):
    execute(engine, update(AuditEvent).where(AuditEvent.id == third).values(detail={"number": 9}))


def remove(engine, third):
    execute(engine, delete(AuditEvent).where(AuditEvent.id == third))


def swap(engine, third):
    with writing(engine) as session:
        for old, new in ((third, -1), (third + 1, third), (-1, third + 1)):
            session.execute(update(AuditEvent).where(AuditEvent.id == old).values(id=new))


def cut_short(engine, _):
    execute(engine, delete(AuditEvent).where(AuditEvent.id == ids(engine)[-1]))


def put_one_in(engine, _):
    forged = AuditEvent(at=NOW, actor=BY, action="forged", listing_id=None, detail={})
    with writing(engine) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        row = {"id": last.id + 1, "at": NOW, "actor": BY, "action": "forged", "detail": {}}
        session.execute(insert(AuditEvent).values(**row, hash=audit.digest(last.hash, forged)))


def forget_the_head(engine, _):
    execute(engine, delete(AuditHead))


@pytest.mark.parametrize(
    "tamper", [edit, remove, swap, cut_short, put_one_in, forget_the_head], ids=lambda f: f.__name__
)
def test_whoever_tampers_is_found_out(engine, chain, tamper):
    tamper(engine, ids(engine)[2])

    assert chain().problems


def test_cutting_chain_and_head_alike_is_found_out_by_an_anchor(engine, chain, tmp_path):
    path = tmp_path / "var" / anchors.NAME
    with reading(engine) as session:
        wrote = [anchors.add(session, path, at=NOW) for _ in range(2)]
    remove(engine, ids(engine)[-1])
    with writing(engine) as session:
        last = session.scalar(select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1))
        session.execute(update(AuditHead).values(length=4, hash=last))

    assert wrote == [True, False]
    assert chain().problems == ()
    assert chain(*anchors.read(path)).problems == ("It had 5 events once, and has 4 now.",)
    assert anchors.last_at(path) == NOW


@pytest.mark.parametrize("left", [70, 40, 27, 3, 0])
def test_what_a_power_cut_leaves_of_an_anchor_accuses_nobody(engine, chain, tmp_path, left):
    path = tmp_path / anchors.NAME
    with reading(engine) as session:
        anchors.add(session, path, at=NOW)
        whole = path.read_text()
        path.write_text(whole + whole[:left])
        assert anchors.last_at(path) == NOW
    with writing(engine) as session:
        note(session, 6)

    with reading(engine) as session:
        anchors.add(session, path, at=NOW)

    assert [one.length for one in anchors.read(path)] == [5, 6]
    assert chain(*anchors.read(path)).problems == ()


def test_writing_the_whole_chain_anew_is_found_out_by_an_anchor(engine, chain):
    before = chain().head
    with writing(engine) as session:
        previous = ""
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
            event.actor = "somebody else"
            event.hash = previous = audit.digest(previous, event)
        session.execute(update(AuditHead).values(hash=previous))

    assert chain().problems == ()
    assert len(chain(Anchor(5, before)).problems) == 1


def test_many_writers_at_once_make_one_chain(engine, chain):
    def write():
        for number in range(5):
            with writing(engine) as session:
                note(session, number)
                note(session, number)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    verdict = chain()

    assert (verdict.length, verdict.problems) == (45, ())
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditHead)) == 1
