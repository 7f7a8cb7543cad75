"""What `/metrics` tells of how the site does, also while the database or a disk does not answer."""

import re
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from directory import measured
from directory.cli import chores
from directory.cli.machines import examples
from directory.db import make_engine, writing
from directory.models import IndexChange, IndexReport, OutgoingMail
from directory.search.whoosh_engine import WhooshReader
from directory.signin import limits
from directory.usecases.audit import anchors, chain
from directory.usecases.curation import figures
from directory.usecases.listings import waiting
from directory.web.site import gauges as gauges_of_now
from directory.web.site import metrics
from directory.web.site.board import Board
from tests import factories, sign_ins
from tests.factories import NOW
from tests.sites import command, free_port

LINE = re.compile(r"^(stillpoint_\w+)(\{[^}]*\})? (\S+)$", re.M)
# What hangs in these tests does so for long: how busy the machine is makes no difference.
HANGS = 20
# These say how much there is; none of them says by itself that something is wrong.
TELLING = {
    "stillpoint_queue_revisions",
    "stillpoint_mail_waiting",
    "stillpoint_index_generation",
    "stillpoint_index_age_seconds",
    "stillpoint_index_listings",
    "stillpoint_index_lag_changes",
}


def scraped(client) -> dict[str, float]:
    """Every number by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {f"{name}{labels}": float(value) for name, labels, value in LINE.findall(answer.text)}


def gauges(client) -> dict[str, float]:
    """Those that are read at the moment."""
    kinds = re.findall(r"^# TYPE (stillpoint_\w+) gauge$", client.get("/metrics").text, re.M)
    now = {kind for kind in kinds if not kind.endswith("_created")}  # when counting began
    return {name: value for name, value in scraped(client).items() if name.split("{")[0] in now}


def put_out_of_order(here) -> None:
    """A site where everything waits."""
    with here.transaction() as session:
        listing = factories.listing(session, slug="waits")
        listing.propose(factories.draft(name="Sage"), at=NOW - timedelta(days=4))
        waiting.enqueue(session, listing, at=NOW)
        session.flush()
        session.add(IndexChange(listing_id=listing.id, at=NOW - timedelta(minutes=7)))
        for number, dead in enumerate((None, NOW)):
            session.add(
                OutgoingMail(
                    event=f"e{number}",
                    kind="approved",
                    recipient="rowan@practice.example",
                    created_at=NOW - timedelta(hours=2),
                    due_at=None if dead else NOW - timedelta(hours=1),
                    dead_at=dead,
                    tries=0,
                )
            )
        session.merge(IndexReport(id=1, at=NOW - timedelta(days=3), differences=["one"]))
        chain.record(session, "approved", listing.id, by="1", at=NOW - timedelta(hours=3))


def test_each_trouble_has_its_number(client, indexed, monkeypatch):
    chores.anchor_audit(indexed)
    put_out_of_order(indexed)
    folder = indexed.config.data_dir
    ages = {figures.LIFE: 600, figures.TAKEN: 86400, f"{figures.DONE}/forget_old_mail": 7200}
    for name in ages:
        figures.touch(folder / name)
    monkeypatch.setattr(figures, "at", lambda path: NOW - timedelta(seconds=_of(path, ages)))

    found = gauges(client)

    expected = {
        "database_up": 1,
        "index_up": 1,
        "web_workers": 1,
        "index_readers": 1,
        "queue_revisions": 1,
        "queue_oldest_age_seconds": 4 * 86400,
        "mail_waiting": 1,
        "mail_dead": 1,
        "mail_oldest_age_seconds": 7200,
        "mail_overdue_seconds": 3600,
        "index_lag_seconds": 420,
        "index_listings": len(factories.DOZEN) - 1,
        "index_compared_age_seconds": 3 * 86400,
        "index_differences": 1,
        'audit_unanchored_seconds{place="data"}': 3 * 3600,
        "worker_age_seconds": 600,
        'chore_age_seconds{chore="forget_old_mail"}': 7200,
        "backup_age_seconds": 86400,
    }
    assert {name: found[f"stillpoint_{name}"] for name in expected} == expected
    assert found["stillpoint_index_lag_changes"] >= 1
    assert found['stillpoint_disk_free_bytes{disk="data"}'] > 0


def _of(path, ages: dict[str, int]) -> int:
    return next(age for name, age in ages.items() if str(path).endswith(name))


def test_nothing_waits_on_a_healthy_site(client, indexed):
    for chore in chores.OFTEN:
        chore(indexed)

    found = gauges(client)

    waits = [name for name in found if re.search("dead|unanchored|overdue|queue|mail|lag", name)]
    assert {name: found[name] for name in waits} == dict.fromkeys(waits, 0)


def test_no_number_names_a_person(client, indexed):
    put_out_of_order(indexed)
    client.post("/account/sign-in", data={"email": "canary@practice.example", "password": "wrong"})

    lines = client.get("/metrics").text.splitlines()
    told = "\n".join(line for line in lines if line.startswith("stillpoint"))

    labels = {name for found in re.findall(r"\{([^}]*)\}", told) for name in _names(found)}
    assert labels <= {
        "endpoint",
        "method",
        "status",
        "le",
        "stage",
        "kind",
        "disk",
        "chore",
        "place",
    }
    assert not re.search(r"canary|rowan|example|127\.0\.0", told)


def _names(labels: str) -> list[str]:
    return re.findall(r'(\w+)="', labels)


def test_names_and_words_are_as_prometheus_asks(client, indexed):
    put_out_of_order(indexed)

    told = client.get("/metrics").text

    words = dict(re.findall(r"^# HELP (stillpoint_\w+) (.+)$", told, re.M))
    kinds = dict(re.findall(r"^# TYPE (stillpoint_\w+) (\w+)$", told, re.M))
    assert words.keys() == kinds.keys()
    assert all(said.endswith(".") for said in words.values())
    for name, kind in kinds.items():
        assert name.endswith("_total") == (kind == "counter")
        assert not re.search("_(ms|minutes|hours|days|kb|mb|percent)(_|$)", name)


def test_without_an_index_the_lag_is_left_out(client, runtime):
    found = gauges(client)

    assert (found["stillpoint_index_up"], found["stillpoint_index_readers"]) == (0, 0)
    assert not any("lag" in name or "generation" in name for name in found)


@contextmanager
def away(here):
    gone = make_engine(f"postgresql+psycopg://user@127.0.0.1:{free_port()}/none")
    kept, here.engine = here.engine, gone
    yield
    here.engine = kept
    gone.dispose()


@contextmanager
def hanging(here):
    """Whatever is asked, no answer comes."""
    go_on = threading.Event()

    def wait(*_):
        go_on.wait(HANGS)

    event.listen(here.engine, "before_cursor_execute", wait)
    yield
    go_on.set()


@contextmanager
def unreadable(here):
    """Questions fail."""

    def refuse(*_):
        raise OperationalError("SELECT", {}, Exception("canary"))

    event.listen(here.engine, "before_cursor_execute", refuse)
    yield
    event.remove(here.engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("trouble", [away, hanging, unreadable])
def test_without_its_database_a_scrape_answers_within_a_second_and_says_why(
    client, indexed, trouble
):
    client.get("/metrics")
    assert gauges_of_now.SECONDS < 1
    with trouble(indexed):
        began = time.monotonic()
        rounds = [gauges(client) for _ in range(2)]
        seconds = (time.monotonic() - began) / 4
    until = time.monotonic() + 5
    while not (after := gauges(client))["stillpoint_database_up"] and time.monotonic() < until:
        pass

    assert seconds < HANGS / 2
    for found in rounds:
        assert found["stillpoint_database_up"] == 0
        assert found["stillpoint_index_up"] == 1
        assert found['stillpoint_disk_free_bytes{disk="data"}'] > 0
        assert not any(re.search("queue|mail|lag|audit", name) for name in found)
    assert after["stillpoint_database_up"] == 1
    assert "stillpoint_queue_revisions" in after


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_locked_table_holds_no_scrape_up_and_takes_no_thread_for_each(client, indexed):
    client.get("/metrics")
    with writing(indexed.engine) as session:
        session.execute(text("LOCK TABLE outgoing_mail IN ACCESS EXCLUSIVE MODE"))
        before, began = threading.active_count(), time.monotonic()
        found = [scraped(client)["stillpoint_database_up"] for _ in range(4)]
        seconds, threads = (time.monotonic() - began) / 4, threading.active_count() - before

    assert (found, seconds < 4, threads <= 1) == ([0] * 4, True, True)
    until = time.monotonic() + 5
    while not scraped(client)["stillpoint_database_up"] and time.monotonic() < until:
        pass
    assert scraped(client)["stillpoint_database_up"] == 1


def test_a_database_that_another_process_keeps_for_itself_holds_no_scrape_up(client, indexed):
    other = make_engine(indexed.config.database_url)
    with other.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        began = time.monotonic()
        found = scraped(client)
        seconds = time.monotonic() - began
        connection.exec_driver_sql("ROLLBACK")
    other.dispose()

    assert seconds < HANGS / 2
    assert "stillpoint_database_up" in found


def test_a_disk_that_hangs_holds_no_scrape_up(client, indexed, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(figures, "disks", lambda _: go_on.wait(HANGS))

    began = time.monotonic()
    found = scraped(client)
    seconds = time.monotonic() - began
    go_on.set()

    assert seconds < HANGS / 2
    assert found["stillpoint_database_up"] == 1
    assert not any("disk" in name or "worker_age" in name for name in found)


def test_an_index_that_takes_long_to_open_holds_no_scrape_up(client, indexed, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(WhooshReader, "status", lambda _: go_on.wait(HANGS))

    began = time.monotonic()
    found = scraped(client)
    seconds = time.monotonic() - began
    go_on.set()

    assert seconds < HANGS / 2
    assert (found["stillpoint_database_up"], found["stillpoint_index_up"]) == (1, 0)


def test_workers_are_those_that_are_alive_and_readers_those_with_an_index(own_app):
    shared = Board(3)
    one, two = object(), object()
    places = [shared.give(one), shared.give(two)]
    for place, reads in zip(places, (True, False), strict=True):
        shared.take(place)
        shared.say(reads=reads)
    own_app.extensions[metrics.BOARD] = shared
    client = own_app.test_client()

    both = gauges(client)
    shared.give_back(two)
    left = gauges(client)

    assert (both["stillpoint_web_workers"], both["stillpoint_index_readers"]) == (2, 1)
    assert (left["stillpoint_web_workers"], left["stillpoint_index_readers"]) == (1, 1)


def test_a_search_is_timed_stage_by_stage(client, indexed):
    def counts() -> dict[str, float]:
        found = scraped(client)
        return {
            stage: found[f'stillpoint_search_seconds_count{{stage="{stage}"}}']
            for stage in measured.STAGES
        }

    before = counts()
    client.get("/search?q=massage&near=Boulder, CO")
    client.get("/api/v1/practitioners?q=massage")

    assert counts() == {stage: number + 2 for stage, number in before.items()}


def test_sign_ins_that_fail_are_counted_by_what_was_wrong(client, runtime):
    with runtime.transaction() as session:
        factories.account(session, "rowan@practice.example")

    def counts() -> dict[str, float]:
        found = scraped(client)
        name = "stillpoint_sign_in_failures_total"
        return {kind: found[f'{name}{{kind="{kind}"}}'] for kind in measured.KINDS}

    before = counts()
    sign_ins.carry_token(client)
    for email in ("rowan@practice.example", "nobody@practice.example"):
        client.post("/account/sign-in", data={"email": email, "password": "wrong-wrong-wrong"})
    for _ in range(limits.ONE_PAIR.amount):
        client.post("/account/sign-in", data={"email": "nobody@practice.example", "password": "no"})
    after = counts()

    gained = {kind: after[kind] - before[kind] for kind in measured.KINDS}
    assert gained == {"password": 1 + limits.ONE_PAIR.amount, "code": 0, "passkey": 0, "limit": 1}


def test_each_number_of_trouble_has_an_alert_and_each_alert_a_number(client, indexed):
    put_out_of_order(indexed)
    for name in (figures.LIFE, figures.TAKEN, f"{figures.DONE}/forget_old_mail"):
        figures.touch(indexed.config.data_dir / name)
    client.get("/search?q=massage")

    told = {name.split("{")[0] for name in scraped(client)}
    now = {name.split("{")[0] for name in gauges(client)}
    config = replace(indexed.config, site_name="A directory")
    (group,) = yaml.safe_load(examples.printed("alerts", config))["groups"]
    asked = {one for rule in group["rules"] for one in re.findall(r"stillpoint_\w+", rule["expr"])}

    assert asked - told == set()
    assert now - asked == TELLING
    for rule in group["rules"]:
        assert rule["annotations"]["summary"].endswith("."), rule["alert"]
        assert rule["annotations"]["description"].endswith((".", "?")), rule["alert"]
    assert len({rule["alert"] for rule in group["rules"]}) == len(group["rules"])


def test_a_backup_says_when_it_was_taken_and_a_chore_when_it_was_done(app, runtime, tmp_path):
    kept = figures.kept(runtime.config)
    command(app, "backup", str(tmp_path / "a-backup"))
    command(app, "work", "--once")
    found = figures.kept(runtime.config)

    assert (kept.backup, kept.worker, kept.chores) == (None, None, {})
    assert found.backup is not None
    assert found.worker is not None
    assert set(found.chores) == {chore.__name__ for chore in chores.CHORES}


def test_no_alert_is_silent_because_its_number_is_missing(client, indexed):
    """On a site where nothing was ever done, each number is there, or its absence is an alert."""
    there = {name.split("{")[0] for name in scraped(client)}
    config = replace(indexed.config, site_name="A directory")
    (group,) = yaml.safe_load(examples.printed("alerts", config))["groups"]
    rules = [rule["expr"] for rule in group["rules"]]
    missed = {one for expr in rules for one in re.findall(r"absent\((stillpoint_\w+)\)", expr)}
    fewer = {
        one for expr in rules for one in re.findall(r"count by \(instance\) \((\w+)\) <", expr)
    }

    asked = {one for expr in rules for one in re.findall(r"stillpoint_\w+", expr)}

    # What counts begins at nothing: while there is none, none has happened.
    counted = {name for name in asked if name.endswith(("_total", "_bucket"))}
    assert asked - there - counted - missed == set()
    assert fewer == {"stillpoint_chore_age_seconds"}  # of these each is a number of its own


@pytest.mark.parametrize("trouble", [away, unreadable])
def test_what_a_database_or_an_index_would_tell_is_missed_by_one_alert_each(
    client, indexed, trouble
):
    before = {name.split("{")[0] for name in gauges(client)}
    with trouble(indexed):
        found = gauges(client)
    shutil.rmtree(indexed.config.index_dir)
    indexed.reader = WhooshReader(indexed.config.index_dir)
    without = gauges(client)

    (group,) = yaml.safe_load(examples.printed("alerts", indexed.config))["groups"]
    zeros = {name for rule in group["rules"] for name in re.findall(r"^(\w+) == 0$", rule["expr"])}
    assert before - {name.split("{")[0] for name in found} != set()
    assert (found["stillpoint_database_up"], without["stillpoint_index_up"]) == (0, 0)
    assert {"stillpoint_database_up", "stillpoint_index_up"} <= zeros


def test_an_anchor_that_cannot_be_read_is_a_number_and_hides_no_other(client, indexed):
    chores.anchor_audit(indexed)
    put_out_of_order(indexed)
    path = indexed.config.data_dir / anchors.NAME
    path.unlink()
    path.mkdir()

    found = gauges(client)

    assert found["stillpoint_database_up"] == 1
    assert found['stillpoint_audit_anchor_readable{place="data"}'] == 0
    assert found['stillpoint_audit_unanchored_seconds{place="data"}'] > 0
