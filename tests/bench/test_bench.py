"""The benchmark compares like with like, and says so in the shape that was promised."""

import json

import pytest

from directory.search.port import Query, Words
from tests.bench import contest, report
from tests.bench.contest import COLD, OURS
from tests.bench.listings import DAY, documents
from tests.bench.ours import Ours
from tests.bench.peers import sqlite, whoosh
from tests.bench.questions import KINDS, questions

LISTINGS = 60


@pytest.fixture
def ours(tmp_path):
    ours = Ours(tmp_path / "ours")
    ours.build(documents(LISTINGS))
    return ours


@pytest.fixture(params=[sqlite.Peer, whoosh.Peer])
def peer(request, tmp_path):
    peer = request.param(tmp_path)
    peer.build(documents(LISTINGS))
    peer.open()
    yield peer
    peer.close()


def test_every_question_has_an_answer(ours):
    asked = ours.fresh()

    without = [q for q in questions(LISTINGS) if not asked.ask(q.query).total]

    assert without == []


def test_peers_give_the_same_totals_and_counts_as_ours(ours, peer):
    outcome = contest.contest(ours, [peer], questions(LISTINGS, count=27))

    found = contest.agreement(outcome, peer)

    assert found.asked + found.squares == len(outcome.seconds[peer.name])
    assert found.asked >= 3
    assert (found.totals, found.counts) == ({}, {})


def test_a_difference_is_counted_by_kind(ours, tmp_path):
    half = sqlite.Peer(tmp_path)
    half.build(documents(LISTINGS // 2))
    half.open()
    outcome = contest.contest(ours, [half], questions(LISTINGS, count=9))
    half.close()

    assert contest.agreement(outcome, half).totals["broad"] == 1


def test_the_summary_is_one_line_of_json(ours):
    outcome = contest.contest(ours, [], questions(LISTINGS, count=9))
    changes = ours.changes(LISTINGS, 1)

    line = report.summary(LISTINGS, outcome, {OURS: 1.5}, 80.0, changes)

    said = json.loads(line)
    assert "\n" not in line
    assert (said["listings"], said["build_s"], said["rss_mb"]) == (LISTINGS, {OURS: 1.5}, 80.0)
    assert set(said["classes"]) == set(KINDS)
    assert said["classes"]["10 km"][OURS].keys() == said["update_ms"].keys() == {"p50", "p95"}
    assert said["mean_ms"].keys() == {OURS}
    assert COLD in report.table(outcome)
    assert ours.fresh().ask(Query(DAY, Words(("novelty0x",)))).total == 1
