"""The first so many of some documents, without sorting the rest."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from directory.search.whoosh_engine.arrays.bitmaps import Bits, Numbers, Places, holds

Scores = npt.NDArray[np.floating[Any]]
Ties = npt.NDArray[np.uint64]
SAMPLE = 2048


def best(scores: Scores, tie: Callable[[Places], Ties], most: int) -> Places:
    """Where the `most` highest scores are, in order; among equal ones the smallest ties."""
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


def _without_most_ties(score: Scores, ties: Ties, most: int) -> Places:
    """Where the `most` first are, when very many share the lowest score."""
    lowest = score.min()
    better, equal = np.flatnonzero(score > lowest), np.flatnonzero(score == lowest)
    missing = most - len(better)
    first = equal[np.argpartition(ties[equal], missing - 1)[:missing]]
    return np.concatenate((better, first))


def _candidates(scores: Scores, most: int) -> Places:
    """Where scores are high enough, by the bound that a sample of them gives."""
    if len(scores) <= SAMPLE or most > SAMPLE // 4:
        return np.arange(len(scores))
    sample = scores[:: len(scores) // SAMPLE]
    return np.flatnonzero(scores >= np.partition(sample, -most)[-most])


def along(order: Numbers, within: Bits, size: int, most: int) -> Places:
    """The first `most` of an order of all documents that are in a set of so many."""
    step = max(1024, 2 * most * len(order) // max(1, size))
    found: list[Numbers] = []
    for start in range(0, len(order), step):
        piece = order[start : start + step]
        found.append(piece[holds(within, piece)])
        if sum(map(len, found)) >= most:
            break
    return np.concatenate([order[:0], *found])[:most].astype(np.intp)
