"""`flask --app wsgi work`: queued mail leaves, whatever happens to who sends it."""

import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from directory.db import make_engine, reading, writing
from directory.models import OutgoingMail
from directory.usecases.mailing import outbox
from tests import sites
from tests.factories import NOW
from tests.journeys.visits import until

WORK = ("-m", "flask", "--app", "wsgi", "work")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(settings):
    engine = make_engine(settings["DATABASE_URL"])
    yield engine
    engine.dispose()


def queue(engine, event, to="rowan@practice.example", **values):
    with writing(engine) as session:
        words = {
            "name": "Rowan",
            "listing_url": "https://site.example/my/listing/1",
            "wait": "a day",
        }
        outbox.send(session, "submitted", to, event=event, at=NOW, **words | values)


def rows(engine):
    with reading(engine) as session:
        return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_worker_sends_what_is_queued_soon_until_it_is_stopped(
    office, settings, mailbox, tmp_path
):
    queue(office, "first")
    log = tmp_path / "work.log"

    with sites.process(WORK, log, settings | {"MAIL_URL": mailbox.url}) as worker:
        mailbox.wait_for("rowan@practice.example", seconds=30)
        queue(office, "second", to="juniper@practice.example")
        mail = mailbox.wait_for("juniper@practice.example", "we have your listing", seconds=5)
        until(lambda: all(row.sent_at for row in rows(office)), what="both are marked")
        worker.send_signal(signal.SIGTERM)
        status = worker.wait(10)

    assert status == 0
    assert mail.link("/my/listing/1") == "https://site.example/my/listing/1"
    assert "Traceback" not in log.read_text()
    assert "practice.example" not in log.read_text()


@on_sqlite
def test_killed_between_sending_and_writing_it_down_at_most_one_more_with_the_same_id(
    office, settings, mailbox, app, runtime, tmp_path
):
    queue(office, "once")
    settings |= {"MAIL_URL": mailbox.url, "SECRET_KEY": runtime.config.secret_key}

    with mailbox.holding(), sites.process(WORK, tmp_path / "log", settings) as worker:
        mailbox.wait_for("rowan@practice.example", seconds=30)
        worker.kill()
        worker.wait()
    claimed = rows(office)[0]
    with writing(office) as session:  # the claim has run out
        session.scalars(select(OutgoingMail)).one().due_at = NOW
    runtime.config = replace(runtime.config, mail_url=mailbox.url)
    ended = sites.command(app, "work", "--once")

    assert ended.exit_code == 0
    assert (claimed.sent_at, claimed.tries) == (None, 1)
    assert claimed.due_at > datetime.now(UTC)
    assert rows(office)[0].sent_at is not None
    first, second = (mail.message["Message-ID"] for mail in mailbox.mails)
    assert first == second


@on_sqlite
def test_without_a_mail_server_mails_are_files_and_one_that_cannot_be_made_stops_no_other(
    office, app, tmp_path
):
    queue(office, "broken")
    with writing(office) as session:
        session.scalars(select(OutgoingMail)).one().kind = "no-such-template"
    queue(office, "good")

    ended = sites.command(app, "work", "--once")

    broken, good = rows(office)
    (file,) = (tmp_path / "var" / "mail").iterdir()
    assert ended.exit_code == 0
    assert "TemplateNotFound" in broken.error
    assert broken.dead_at is not None
    assert good.sent_at is not None
    assert "https://site.example/my/listing/1" in file.read_text()


@on_sqlite
def test_a_mail_server_that_cannot_be_named_is_one_clear_line(app, runtime):
    runtime.config = replace(runtime.config, mail_url="smtp://user:hunter2@")

    ended = sites.command(app, "work", "--once")

    assert ended.exit_code == 1
    assert "MAIL_URL cannot be used" in ended.output
    assert "hunter2" not in ended.output


@on_sqlite
def test_it_waits_for_a_database_that_went_away(settings, office, mailbox, tmp_path):
    log = tmp_path / "log"
    queue(office, "one")

    with sites.process(WORK, log, settings | {"MAIL_URL": mailbox.url}) as worker:
        until(lambda: "outcome" in log.read_text(), seconds=30, what="a mail")
        with office.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE outgoing_mail RENAME TO elsewhere")
        until(lambda: "the database does not answer" in log.read_text(), seconds=30, what="a word")
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait(10) == 0
