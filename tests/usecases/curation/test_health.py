"""The health page's figures, and what admins ask of the index."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.db import reading, writing
from directory.errors import NotFound, SearchUnavailable
from directory.models import Actor, IndexReport, RebuildRequest, Role
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.usecases.audit import anchors
from directory.usecases.curation import health
from directory.usecases.listings import waiting
from indexer.tending import Tender
from tests import factories
from tests.factories import NOW, TODAY

ADA = Actor(1, Role.ADMIN)


@pytest.fixture
def reader(config):
    return WhooshReader(config.index_dir)


@pytest.fixture
def tender(engine, config, reader):
    return Tender(
        engine, WhooshWriter(config.index_dir), reader, clock=lambda: NOW, settled_after=0
    )


def look(engine, config, reader, by=ADA):
    with reading(engine) as session:
        return health.look(session, config, reader, by=by, at=NOW)


def ask(engine):
    with writing(engine) as session:
        return health.ask_rebuild(session, by=ADA, at=NOW)


def test_figures_are_those_of_the_directory(engine, config, reader):
    with writing(engine) as session:
        for number, age in enumerate((0, 89, 120, 300)):
            factories.listing(session, slug=f"s{number}", on=TODAY - timedelta(days=age))
        waits = factories.listing(session, slug="waits")
        waits.propose(factories.draft(name="Sage"), at=NOW - timedelta(days=2))
        waiting.enqueue(session, waits, at=NOW)
    with reading(engine) as session:
        anchors.add(session, config.data_dir / anchors.NAME, at=NOW)

    found = look(engine, config, reader)

    assert (found.index.status, found.index.lag) == (None, 5)
    assert (found.freshness.live, found.freshness.quarter, found.freshness.half_year) == (5, 3, 4)
    assert (found.queue.waiting, found.queue.oldest) == (1, NOW - timedelta(days=2))
    assert found.storage.database > 100_000
    assert (found.chain.anchored_at, found.chain.elsewhere) == (NOW, "")
    with pytest.raises(NotFound):
        look(engine, config, reader, Actor(1, Role.REVIEWER))


def test_a_second_place_that_nothing_is_written_to_shows(engine, config, reader, tmp_path):
    path = tmp_path / "anchor"
    config = replace(config, audit_anchor_url=path.as_uri())

    before = look(engine, config, reader).chain
    with reading(engine) as session:
        anchors.add(session, path, at=NOW)
    after = look(engine, config, reader).chain

    assert (before.elsewhere, before.elsewhere_at) == (str(path), None)
    assert after.elsewhere_at == NOW


def test_a_rebuild_is_asked_for_once_done_and_compared(engine, config, reader, tender):
    with writing(engine) as session:
        factories.listing(session)

    asked = [ask(engine), ask(engine)]
    waiting = look(engine, config, reader).index
    did = [tender.look(), tender.look()]

    done = look(engine, config, reader).index
    assert asked == [True, False]
    assert waiting.rebuilding
    assert did == [True, False]
    assert (done.rebuilding, done.asked.total, done.asked.error, done.lag) == (False, 1, "", 0)
    assert (done.report.listings, done.report.differences) == (1, [])
    assert ask(engine)


def test_a_rebuild_that_was_killed_is_begun_again_and_one_that_fails_says_why(
    engine, config, reader, tmp_path
):
    with writing(engine) as session:
        session.add(RebuildRequest(asked_by="account 1", asked_at=NOW, started_at=NOW, done=500))

    in_the_way = tmp_path / "a-file"
    in_the_way.touch()
    Tender(engine, WhooshWriter(in_the_way), reader, clock=lambda: NOW).look()

    asked = look(engine, config, reader).index.asked
    assert asked.finished_at == NOW
    assert asked.error.startswith("FileExistsError")


def test_an_index_that_rots_on_the_disk_is_rebuilt_at_the_daily_comparison(
    engine, config, reader, tender
):
    ask(engine)
    tender.look()
    with writing(engine) as session:
        health.ask_comparison(session, by=ADA, at=NOW)
    harmed = next(config.index_dir.glob("base-*/postings-0.arrays"))
    harmed.write_bytes(b"rotten")

    with pytest.raises(SearchUnavailable):
        WhooshWriter(config.index_dir).check()
    tender.look()

    WhooshWriter(config.index_dir).check()
    assert WhooshReader(config.index_dir).status().generation == "2"


def test_a_comparison_is_made_when_asked_for_and_once_a_day(engine, config, reader, tender):
    ask(engine)
    tender.look()
    with writing(engine) as session:
        factories.listing(session)
    monday = tender.look()
    with writing(engine) as session:
        health.ask_comparison(session, by=ADA, at=NOW)

    asked = tender.look()

    with reading(engine) as session:
        report = session.scalars(select(IndexReport)).one()
        assert session.scalar(select(func.count()).select_from(RebuildRequest)) == 1
    assert (monday, asked) == (False, True)
    assert len(report.differences) == 1
