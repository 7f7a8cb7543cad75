"""The doctor: nothing to say on a healthy site, and on a sick one the right line."""

import os
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import update

from directory.cli import chores
from directory.cli.desk import Desk
from directory.cli.machines import doctor, findings
from directory.db import make_engine
from directory.models import AuditEvent, IndexChange, IndexReport, OutgoingMail
from directory.usecases.audit import anchors, chain
from directory.usecases.curation import figures
from directory.usecases.listings import waiting
from tests import factories
from tests.sites import command, free_port

AGO = datetime.now(UTC) - timedelta(hours=5)


def desk_of(config, engine, whole):
    made = Desk(config, whole)
    made.engine = engine
    return made


@pytest.fixture
def here(app, indexed):
    """The desk of a healthy site that serves this machine."""
    for chore in chores.OFTEN:
        chore(indexed)
    figures.touch(indexed.config.data_dir / figures.TAKEN)
    return desk_of(indexed.config, indexed.engine, app)


def told(here: Desk, send_to: str | None = None) -> dict[str, findings.Finding]:
    return dict(findings.found(doctor.checks(here, send_to)))


def ill(here: Desk) -> dict[str, str]:
    """What is not well, by name."""
    return {
        name: f"{one.mark} {one.words}"
        for name, one in told(here).items()
        if one.mark != findings.OK
    }


def changed(here: Desk, **settings) -> Desk:
    return desk_of(replace(here.config, **settings), here.engine, here.whole)


@contextmanager
def served(status: int):
    """An address outside of home where all pages answer with that status."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/healthz" else status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.2", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.2:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_healthy_site_is_told_to_be_well(app, here):
    done = command(app, "doctor")

    assert (done.exit_code, ill(here)) == (0, {})
    lines = done.output.splitlines()
    assert [line[:5].strip() for line in lines] == ["ok"] * 15, done.output


def test_a_database_that_is_away_is_one_line_and_the_rest_is_looked_at(here, tmp_path):
    gone = make_engine(f"postgresql+psycopg://user:hunter2@127.0.0.1:{free_port()}/none")
    found = told(desk_of(here.config, gone, here.whole))
    gone.dispose()

    assert found["database"].mark == findings.FAIL
    assert "nothing listens there" in found["database"].words
    assert "hunter2" not in str(found)
    assert found["worker"].words == "could not be looked at: see `database`"
    assert found["index"].mark == found["disk"].mark == findings.OK


def test_an_index_that_is_not_there_is_told(app, runtime):
    done = command(app, "doctor")

    assert done.exit_code == 1
    assert "indexer rebuild" in done.output


def test_who_is_not_at_work_is_told(here):
    with here.runtime.transaction() as session:
        listing = factories.listing(session, slug="unheard")
        session.add(IndexChange(listing_id=listing.id, at=AGO))
        session.add(
            OutgoingMail(
                event="e", kind="k", recipient="a@b.example", created_at=AGO, due_at=AGO, tries=0
            )
        )
    os.utime(here.config.data_dir / figures.LIFE, (AGO.timestamp(), AGO.timestamp()))

    found = ill(here)

    assert "FAIL 2 changes wait" in found["indexer"]
    assert "FAIL mail is due for 5 hours" in found["worker"]


def test_mails_that_were_given_up_are_told(app, here):
    with here.runtime.transaction() as session:
        session.add(
            OutgoingMail(
                event="e", kind="k", recipient="a@b.example", created_at=AGO, dead_at=AGO, tries=7
            )
        )

    assert "FAIL 1 mails never left" in ill(here)["worker"]
    assert command(app, "doctor").exit_code == 1


def test_a_chore_that_is_not_done_any_more_is_told(here):
    path = here.config.data_dir / figures.DONE / "forget_old_mail"
    figures.touch(path)
    long_ago = AGO.timestamp() - 86_400
    os.utime(path, (long_ago, long_ago))

    assert "FAIL not done for more than a day: forget old mail" in ill(here)["worker"]


def test_a_queue_that_is_older_than_promised_is_told(here):
    with here.runtime.transaction() as session:
        listing = factories.listing(session, slug="waits")
        listing.propose(factories.draft(name="Sage"), at=AGO - timedelta(days=4))
        waiting.enqueue(session, listing, at=AGO)

    assert "warn 1 wait for an admin, the oldest for 4 days" in ill(here)["queue"]


def test_an_index_that_differs_from_the_database_is_told(here):
    with here.runtime.transaction() as session:
        session.add(IndexReport(id=1, at=AGO, differences=["one"]))

    assert "FAIL 1 differences" in ill(here)["indexer"]


def test_an_anchor_is_old_only_when_something_happened_since(here):
    path = here.config.data_dir / anchors.NAME
    record(here, datetime.now(UTC) - timedelta(days=9))
    chores.anchor_audit(here.runtime)
    quiet = ill(here)
    record(here, datetime.now(UTC) - timedelta(minutes=1))
    fresh = ill(here)
    record(here, datetime.now(UTC))
    with here.runtime.transaction() as session:
        session.execute(update(AuditEvent).where(AuditEvent.id > 1).values(at=AGO))

    assert "audit" not in quiet
    assert "audit" not in fresh
    assert f"FAIL events of the last 5 hours are not in {path}" in ill(here)["audit"]


def test_a_clock_that_was_ahead_is_told(here):
    record(here, datetime.now(UTC) + timedelta(hours=1))

    assert "FAIL the last event of the audit lies 3,6" in ill(here)["clock"]


def record(here: Desk, at: datetime) -> None:
    with here.runtime.transaction() as session:
        chain.record(session, "tried", None, by="1", at=at)


def test_a_worker_that_stopped_is_told_without_any_mail(here):
    os.utime(here.config.data_dir / figures.LIFE, (AGO.timestamp(), AGO.timestamp()))

    assert "FAIL none has worked here for 5 hours" in ill(here)["worker"]


def test_a_record_that_was_cut_short_is_told(here):
    path = here.config.data_dir / anchors.NAME
    path.write_text(f"{AGO.isoformat(timespec='seconds')} 99 {'a' * 64}\n")

    assert "verify-audit" in ill(here)["audit"]


@pytest.mark.parametrize(
    ("settings", "name", "words"),
    [
        (
            {"audit_anchor_url": "file:///no/such/anchor"},
            "audit",
            "FAIL there is no folder /no/such",
        ),
        ({"mail_url": "smtp://no.such.invalid"}, "mail", ". See MAIL_URL."),
        ({"secret_key": "a" * 40}, "secret", "FAIL it can be guessed"),
        ({"mail_url": "smtp://127.0.0.1:1"}, "mail", "FAIL The mail server 127.0.0.1"),
        ({"base_url": "http://127.0.0.2:1"}, "BASE_URL", "FAIL http://127.0.0.2:1"),
        ({"base_url": "http://127.0.0.2:1"}, "mail", "FAIL mail lies in files"),
        ({"base_url": "http://127.0.0.2:1"}, "audit", "warn set AUDIT_ANCHOR_URL"),
    ],
)
def test_settings_that_cannot_work_are_told(here, settings, name, words):
    assert words in ill(changed(here, **settings))[name]


@pytest.mark.parametrize(
    ("status", "words"),
    [(421, "FAIL it does not hand on `Host`"), (502, "FAIL it answers 502")],
)
def test_a_proxy_that_does_not_lead_to_us_is_told(here, status, words):
    with served(status) as url:
        assert words in ill(changed(here, base_url=url))["proxy"]


def test_a_proxy_that_is_not_trusted_is_warned_of(here):
    with served(200) as url:
        found = ill(changed(here, base_url=url))
        trusted = ill(changed(here, base_url=url, trusted_proxies=("127.0.0.2",)))

    assert "warn TRUSTED_PROXIES" in found["proxy"]
    assert "proxy" not in trusted
    assert "not encrypted" in found["BASE_URL"]


def test_what_others_can_read_is_told(here):
    here.config.data_dir.chmod(0o755)
    (here.config.data_dir / "secret-key").write_text(here.config.secret_key)
    (here.config.data_dir / "secret-key").chmod(0o644)

    found = ill(here)

    here.config.data_dir.chmod(0o700)
    assert "chmod -R go-rwx" in found["permissions"]
    assert "chmod 600" in found["secret"]


@pytest.mark.parametrize(
    ("blocks", "nodes", "words"),
    [(10, 10**6, "FAIL 0 MiB free"), (10**5, 10**6, "warn 391 MiB"), (10**9, 9, "FAIL room for 9")],
)
def test_a_disk_that_is_nearly_full_is_told(here, monkeypatch, blocks, nodes, words):
    full = os.statvfs_result((4096, 4096, 10**9, blocks, blocks, 10**6, nodes, nodes, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: full)

    assert words in ill(here)["disk"]


def test_a_test_letter_arrives(here, mailbox):
    reached = changed(here, mail_url=mailbox.url)

    found = told(reached, "somebody@elsewhere.example")

    assert found["letter"].mark == found["mail"].mark == findings.OK
    assert "test letter" in mailbox.wait_for("somebody@elsewhere.example").subject
    assert told(reached, "nobody")["letter"].mark == findings.FAIL


def test_what_waited_while_the_site_was_down_fails_only_when_it_goes_on_waiting(here):
    folder, now = here.config.data_dir, datetime.now(UTC).timestamp()
    with here.runtime.transaction() as session:
        session.add(
            OutgoingMail(
                event="e", kind="k", recipient="a@b.example", created_at=AGO, due_at=AGO, tries=0
            )
        )
        listing = factories.listing(session, slug="unheard")
        session.add(IndexChange(listing_id=listing.id, at=AGO))
    os.utime(folder / figures.LIFE, (AGO.timestamp(), AGO.timestamp()))
    figures.touch(folder / figures.STARTED)
    begun = ill(here)
    os.utime(folder / figures.STARTED, (now - 600, now - 600))

    after = ill(here)

    for name in ("worker", "indexer"):
        assert begun[name].startswith("warn "), begun
        assert "the site was started" in begun[name]
        assert after[name].startswith("FAIL ")


@pytest.mark.parametrize(
    ("days", "words"), [(None, "warn none was ever taken"), (3, "warn the last was taken 3 days")]
)
def test_a_backup_that_is_missing_or_old_is_told(here, days, words):
    path = here.config.data_dir / figures.TAKEN
    path.unlink()
    if days:
        figures.touch(path)
        then = datetime.now(UTC).timestamp() - days * 86_400
        os.utime(path, (then, then))

    assert words in ill(here)["backups"]


def test_an_anchor_that_cannot_be_read_is_told(here):
    path = here.config.data_dir / anchors.NAME
    path.unlink(missing_ok=True)
    path.mkdir()

    assert f"FAIL {path} cannot be read" in ill(here)["audit"]


def test_a_secret_that_is_another_or_missing_beside_a_database_is_told(here):
    folder = here.config.data_dir
    (folder / "secret-key").write_text("the-key-that-was-always-there")
    (folder / "secret-key").chmod(0o600)
    another = ill(here)["secret"]
    (folder / "secret-key").unlink()
    (folder / anchors.NAME).touch()
    missing = ill(changed(here, secret_key=""))["secret"]

    assert "FAIL SECRET_KEY is another" in another
    assert f"FAIL {folder / 'secret-key'} is missing beside audit-anchor" in missing


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_clock_of_a_real_server_goes_with_ours(here):
    assert told(here)["clock"].mark == findings.OK
