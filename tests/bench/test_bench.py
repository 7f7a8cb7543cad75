"""The benchmark compares like with like, and says so in the shape that was promised."""

import pytest

from directory.search.port import Query, Words
from tests.bench import contest
from tests.bench.listings import DAY, documents
from tests.bench.ours import Ours
from tests.bench.peers import sqlite, whoosh
from tests.bench.questions import questions

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


def test_a_change_is_found_by_a_reader_that_was_open(ours):
    (change,) = ours.changes(LISTINGS, 1)

    assert 0 < change.published <= change.seen
    assert ours.fresh().ask(Query(DAY, Words(("novelty0x",)))).total == 1


def test_everybody_is_asked_everything_some_in_a_row():
    order = list(contest.order({"a": 1, "b": 10}, 50))

    assert [place for name, place in order if name == "a"] == list(range(50))
    assert [place for name, place in order if name == "b"] == [0, 10, 20, 30, 40]
    assert [name for name, _ in order[:22]] == ["a"] * 20 + ["b"] * 2
