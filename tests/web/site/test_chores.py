"""What the clock asks for, on a whole site."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select, update

from directory.cli import chores
from directory.cli.chores import CHORES, OFTEN
from directory.cli.working import OFTEN_EVERY, Worker
from directory.mail import files
from directory.models import AuditEvent, AuditHead, OutgoingMail
from directory.usecases.audit import anchors, chain
from directory.usecases.imports.uploads import Uploads
from directory.usecases.mailing.delivery import Claimed
from directory.web.formatting import letters
from tests import factories, sites
from tests.factories import NOW


def test_every_chore_may_be_repeated_without_harm(runtime):
    with runtime.transaction() as session:
        listing = factories.listing(session, on=factories.TODAY - timedelta(days=190))
        listing.owner_id = factories.account(session).id

    for chore in (*CHORES, *OFTEN, *CHORES, *OFTEN):
        chore(runtime)

    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_a_roster_that_nobody_imports_is_gone_a_day_later(runtime):
    uploads = Uploads(runtime.config.data_dir / "imports")
    old, new = (uploads.keep(b"name\nRowan", name) for name in ("old.csv", "new.csv"))
    for path in uploads.folder.glob(f"{old}.*"):
        os.utime(path, (time.time() - 90_000,) * 2)

    chores.forget_old_rosters(runtime)

    assert {path.stem for path in uploads.folder.iterdir()} == {new}


def happen(runtime, times=1):
    with runtime.transaction() as session:
        for _ in range(times):
            chain.record(session, "seen", None, by="tests", at=runtime.clock())


def do_often(runtime):
    for chore in OFTEN:
        chore(runtime)


def cut(runtime, length):
    """As somebody would who can write to the database, and knows how the chain is made."""
    with runtime.transaction() as session:
        for event in session.scalars(select(AuditEvent).where(AuditEvent.id > length)):
            session.delete(event)
        last = session.get_one(AuditEvent, length).hash
        session.execute(update(AuditHead).values(length=length, hash=last))


@pytest.fixture
def elsewhere(runtime, tmp_path):
    path = tmp_path / "other disk" / "anchor"
    runtime.config = replace(runtime.config, audit_anchor_url=path.as_uri())
    return path


def test_who_cuts_the_newest_events_and_our_own_anchor_is_found_out_by_the_second(
    app, runtime, elsewhere
):
    for _ in range(3):
        happen(runtime, 2)
        do_often(runtime)
    kept = [anchors.read(path) for path in anchors.places(runtime.config)]
    assert [anchor.length for anchor in kept[0]] == [2, 4, 6]
    assert kept[0] == kept[1]
    assert sites.command(app, "verify-audit").exit_code == 0

    cut(runtime, 5)
    (runtime.config.data_dir / anchors.NAME).unlink()

    found = sites.command(app, "verify-audit")
    assert found.exit_code == 1
    assert "It had 6 events once, and has 5 now." in found.output
    assert f"There is no {runtime.config.data_dir / anchors.NAME}" in found.output


def test_nothing_is_written_while_nothing_happens(runtime, elsewhere):
    happen(runtime)

    for _ in range(3):
        do_often(runtime)

    assert len(elsewhere.read_text().splitlines()) == 1


def test_the_worker_anchors_within_a_minute_whatever_else_it_does(app, runtime, elsewhere):
    with app.app_context():
        way_out = files(runtime.config)
        worker = Worker(runtime, letters.renderer(app), way_out, Event())
        happen(runtime)
        worker.do_often()
        happen(runtime)
        worker.do_often()
        assert [one.length for one in anchors.read(elsewhere)] == [1]

        worker.often_at -= OFTEN_EVERY
        worker.do_often()

    assert [one.length for one in anchors.read(elsewhere)] == [1, 2]


def test_anchors_are_sent_once_an_hour_when_there_is_news(app, runtime):
    runtime.config = replace(runtime.config, audit_anchor_url="mailto:ada@elsewhere.example")
    do_often(runtime)
    for minutes, happens in ((0, 1), (1, 1), (59, 1), (61, 0), (62, 1), (130, 0), (200, 0)):
        runtime.clock = lambda minutes=minutes: NOW + timedelta(minutes=minutes)
        happen(runtime, happens)
        do_often(runtime)

    with runtime.reading() as session:
        sent = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        end = chain.now(session)
    when = [(mail.created_at - NOW) // timedelta(minutes=1) for mail in sent]
    assert when == [0, 61, 130]
    last = sent[-1]
    assert (last.recipient, last.values) == (
        *("ada@elsewhere.example", {"anchor": f"{end.hash}:{end.length}"}),
    )
    with app.app_context():
        claimed = Claimed(last.id, last.event, last.kind, last.recipient, last.values, 1)
        letter = letters.renderer(app)(claimed)
    assert f"verify-audit --anchor {end.hash}:{end.length}" in letter.text
    assert end.hash in letter.html
