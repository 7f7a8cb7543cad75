"""Did-you-mean: the word of the index nearest to one that it does not have."""

from collections.abc import Iterable, Iterator

import numpy as np
from rapidfuzz.distance import OSA

from directory.search.text import slips
from directory.search.whoosh_engine.arrays.postings import PartPostings
from directory.search.whoosh_engine.arrays.strings import Strings
from directory.search.whoosh_engine.arrays.types import Array

# Offered are words that at least so many listings use.
USED_AT_LEAST = 2


class Spellings:
    """The words of some parts that may be offered."""

    def __init__(self, parts: Iterable[PartPostings]) -> None:
        self._lists = [_Words(part) for part in parts]

    def nearest(self, word: str) -> str | None:
        """The known word with the fewest slips, of several the one used most; None when none."""
        most = slips(word)
        if not most:
            return None
        found = [guess for words in self._lists for guess in words.near(word, most)]
        return min(found)[2] if found else None


class _Words:
    """The words of a part, with a sketch of each one's letters.

    A slip changes at most two letters of a word, so that most words are ruled out by comparing
    sketches, without looking at the word.
    """

    def __init__(self, part: PartPostings) -> None:
        texts, ends, self._counts = part.spellings()
        self._words = Strings(texts, ends)
        self._sizes = np.diff(ends.astype(np.int64), prepend=0)
        self._sketches = _sketches(texts, ends, self._sizes)

    def near(self, word: str, most: int) -> Iterator[tuple[int, int, str]]:
        """Words within so many slips, as (slips, minus how many listings use it, word)."""
        letters = word.encode()
        near = np.bitwise_count(self._sketches ^ _sketch(letters)) <= 2 * most
        near &= np.abs(self._sizes - len(letters)) <= most
        near &= self._counts >= USED_AT_LEAST
        for at in np.flatnonzero(near).tolist():
            known = self._words[at].decode()
            distance = OSA.distance(word, known, score_cutoff=most)
            if distance <= most:
                yield distance, -int(self._counts[at]), known


def _sketch(letters: bytes) -> np.uint32:
    """A bit for each letter, by its last five bits."""
    return np.uint32(sum(1 << (letter & 31) for letter in set(letters)))


def _sketches(texts: Array, ends: Array, sizes: Array) -> Array:
    """The sketch of each word, (words,); `texts` are all letters, `ends` where words end."""
    if not len(ends):
        return np.zeros(0, dtype=np.uint32)
    letters = np.left_shift(np.uint32(1), (texts & 31).astype(np.uint32))
    sketches: Array = np.bitwise_or.reduceat(letters, ends.astype(np.int64) - sizes)
    return sketches
