"""The first so many of some documents, without sorting the rest."""

from collections.abc import Callable

import numpy as np

from directory.search.whoosh_engine.arrays.bitmaps import holds
from directory.search.whoosh_engine.arrays.types import Bits, DocNumbers, Indices, SortKeys, Ties

SAMPLE = 2048


def best(scores: SortKeys, tie: Callable[[Indices], Ties], most: int) -> Indices:
    """Where the `most` highest scores are, in order; among equal ones the smallest ties."""
    if not most:
        return np.zeros(0, dtype=np.intp)
    kept = _candidates(scores, most)
    score = scores[kept]
    if len(kept) > most:
        high = score >= np.partition(score, -most)[-most]
        kept, score = kept[high], score[high]
    ties = tie(kept)
    if len(kept) > most + SAMPLE:
        chosen = _without_most_ties(score, ties, most)
        kept, score, ties = kept[chosen], score[chosen], ties[chosen]
    return kept[np.lexsort((ties, -score))[:most]]


def _without_most_ties(score: SortKeys, ties: Ties, most: int) -> Indices:
    """Where the `most` first are, when very many share the lowest score."""
    lowest = score.min()
    better, equal = np.flatnonzero(score > lowest), np.flatnonzero(score == lowest)
    missing = most - len(better)
    first = equal[np.argpartition(ties[equal], missing - 1)[:missing]]
    return np.concatenate((better, first))


def _candidates(scores: SortKeys, most: int) -> Indices:
    """Where scores are high enough, by the bound that a sample of them gives."""
    if len(scores) <= SAMPLE or most > SAMPLE // 4:
        return np.arange(len(scores))
    sample = scores[:: len(scores) // SAMPLE]
    return np.flatnonzero(scores >= np.partition(sample, -most)[-most])


def along(order: DocNumbers, within: Bits, size: int, most: int) -> Indices:
    """The first `most` of an order of all documents that are in a set of so many."""
    step = max(1024, 2 * most * len(order) // max(1, size))
    found: list[DocNumbers] = []
    for start in range(0, len(order), step):
        piece = order[start : start + step]
        found.append(piece[holds(within, piece)])
        if sum(map(len, found)) >= most:
            break
    return np.concatenate([order[:0], *found])[:most].astype(np.intp)
