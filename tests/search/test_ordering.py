"""The first so many, against sorting everything: by score, and among equals by tie."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from directory.search.port import Query, Sort, Words
from directory.search.whoosh_engine.arrays.bitmaps import bits_of
from directory.search.whoosh_engine.executing import ordering, scored_words
from directory.search.whoosh_engine.executing.scored_words import ScoredWord
from tests.search.documents import TODAY, document

N = 4096
CHANCE = np.random.default_rng(7)
TIES = CHANCE.permutation(N).astype(np.uint64)
# From all different to all the same; one of them with fewer high ones than a page holds.
SCORES = {
    "all different": CHANCE.permutation(N).astype(np.float32),
    "few values": CHANCE.integers(0, 5, N).astype(np.float32),
    "all equal": np.ones(N, dtype=np.float32),
    "one above the rest": (np.arange(N) == 1234).astype(np.float32),
    "ascending": np.arange(N, dtype=np.float64),
    "descending": -np.arange(N, dtype=np.float64),
}


def fully_sorted(scores):
    """Everything in order, in the plainest way."""
    return sorted(range(len(scores)), key=lambda at: (-scores[at], TIES[at]))


@pytest.mark.parametrize("most", [0, 1, 20, 512, 513, N - 1, N, N + 1])
@pytest.mark.parametrize("kind", SCORES)
def test_the_best_of_4096_are_the_first_of_all_sorted(kind, most):
    scores = SCORES[kind]

    found = ordering.best(scores, lambda at: TIES[at], most)

    assert found.tolist() == fully_sorted(scores)[:most]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 4])
def test_of_three_too_the_best_are_the_first_of_all_sorted(most):
    scores = np.array([1.0, 2.0, 2.0])

    found = ordering.best(scores, lambda at: TIES[at], most)

    assert found.tolist() == fully_sorted(scores)[:most]


ORDER = TIES.astype(np.uint32)
# One that lies all along the order, and one that comes late in it.
SETS = {"every third": np.arange(0, N, 3), "the last": np.sort(ORDER[3000:]).astype(np.intp)}


@pytest.mark.parametrize("most", [0, 1, 20, 100, 1000, N])
@pytest.mark.parametrize("kind", SETS)
def test_along_an_order_the_first_of_a_set_come_as_they_stand_in_it(kind, most):
    within = SETS[kind]

    found = ordering.along(ORDER, bits_of(within, N // 64), len(within), most)

    held = set(within.tolist())
    assert found.tolist() == [doc for doc in ORDER.tolist() if doc in held][:most]


def word_of(documents):
    docs = np.arange(documents, dtype=np.uint32)
    scores = np.random.default_rng(documents).permutation(documents).astype(np.float32)
    return ScoredWord(docs, scores, np.ones(documents, dtype=np.uint8), 32_768)


def test_of_a_heavy_word_the_best_4096_are_known_and_what_no_other_exceeds():
    word = word_of(4 * scored_words.BEST + 1)

    docs, least = word.best

    descending = np.argsort(-word.scores)
    assert (len(docs), sorted(docs.tolist())) == (4096, sorted(descending[:4096].tolist()))
    assert least == word.scores[descending[4095]] > word.scores[descending[4096]]


def test_of_a_word_of_fewer_documents_no_best_ones_are_known_and_nothing_is_sure():
    docs, least = word_of(4 * scored_words.BEST).best

    assert (len(docs), least) == (0, float("inf"))


def test_where_the_best_known_are_no_better_than_others_all_are_put_in_order(
    indexed_with, monkeypatch
):
    monkeypatch.setattr(scored_words, "BEST", 2)
    reader = indexed_with([document(number) for number in range(1, 40)])
    days = [TODAY + timedelta(days=day) for day in range(5)]
    asked = [Query(day, Words(("quiet",)), sort=Sort.RELEVANCE, limit=100) for day in days]

    first = [reader.search(replace(each, limit=1)).hits for each in asked]

    assert first == [reader.search(each).hits[:1] for each in asked]
