"""A word's documents, with what it is worth in each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from directory.search.whoosh_engine.arrays.bitmaps import FEW, bits_of, holds
from directory.search.whoosh_engine.arrays.types import (
    BitRanks,
    Bits,
    DocNumbers,
    FieldBits,
    Indices,
    Mask,
    Scores,
)

# A word of fewer documents is looked up by its numbers, one of more by its bits.
RARE = 1 / 512
# Of words with many documents, so many of the best are known.
BEST = 4096


@dataclass(frozen=True)
class ScoredWord:
    """The documents that have a word, ascending, among n.

    docs (p,), scores (p,), fields (p,): a bit for each of FIELDS in which it stands.
    """

    docs: DocNumbers
    scores: Scores
    fields: FieldBits
    n: int

    @classmethod
    def of_nobody(cls, n: int) -> "ScoredWord":
        """A word that none of n documents has."""
        nothing = np.zeros(0)
        return cls(
            nothing.astype(np.uint32), nothing.astype(np.float32), nothing.astype(np.uint8), n
        )

    @property
    def nbytes(self) -> int:
        """What it takes in memory, its bits included."""
        bits = 0 if self.rare else self.n * 3 // 16
        return self.docs.nbytes + self.scores.nbytes + self.fields.nbytes + bits + 300

    @property
    def rare(self) -> bool:
        """Whether its numbers are a better index than its bits."""
        return len(self.docs) < self.n * RARE

    @cached_property
    def bits(self) -> Bits:
        """Its documents as a set."""
        return bits_of(self.docs, self.n // 64)

    @cached_property
    def _rank(self) -> BitRanks:
        """How many of its documents come before each word of bits."""
        counts = np.bitwise_count(self.bits)
        before: BitRanks = (np.cumsum(counts, dtype=np.uint32) - counts).astype(np.uint32)
        return before

    @cached_property
    def best(self) -> tuple[Indices, float]:
        """The documents with the highest scores, and what no other exceeds."""
        if len(self.docs) <= 4 * BEST:
            return np.zeros(0, dtype=np.intp), float("inf")
        at = np.argpartition(self.scores, -BEST)[-BEST:]
        return self.docs[at].astype(np.intp), float(self.scores[at].min())

    def holds(self, docs: Indices) -> Mask:
        """Which of some documents have it."""
        if not len(self.docs):
            return np.zeros(len(docs), dtype=np.bool_)
        return self._find(docs)[1] if self.rare else holds(self.bits, docs)

    def scores_of(self, docs: Indices) -> Scores:
        """The scores of some documents, 0 for those without the word."""
        if len(docs) > self.n * FEW:
            whole = np.zeros(self.n, dtype=np.float32)
            whole[self.docs] = self.scores
            found: Scores = whole.take(docs)
            return found
        if not len(self.docs):
            return np.zeros(len(docs), dtype=np.float32)
        at, there = self._find(docs)
        return np.where(there, self.scores.take(at), np.float32(0))

    def fields_of(self, docs: Indices) -> FieldBits:
        """The fields of some documents in which it stands, as bits."""
        if not len(self.docs):
            return np.zeros(len(docs), dtype=np.uint8)
        at, there = self._search(docs)
        return np.where(there, self.fields[at], np.uint8(0))

    def _search(self, docs: Indices) -> tuple[Indices, Mask]:
        at = np.minimum(np.searchsorted(self.docs, docs.astype(np.uint32)), len(self.docs) - 1)
        return at, self.docs[at] == docs

    def _find(self, docs: Indices) -> tuple[Indices, Mask]:
        """Where documents stand in the list, and whether they do."""
        if self.rare:
            return self._search(docs)
        words = docs >> 6
        bit = np.left_shift(np.uint64(1), (docs & 63).astype(np.uint64))
        its = self.bits[words]
        at = self._rank[words] + np.bitwise_count(its & (bit - np.uint64(1)))
        there = (its & bit) != 0
        return np.minimum(at, len(self.docs) - 1).astype(np.intp), there
