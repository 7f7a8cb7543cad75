"""Sets of documents: many as packed bits, 64 documents a word, or few as their numbers."""

from dataclasses import dataclass

import numpy as np

from directory.search.whoosh_engine.arrays.types import Bits, DocNumbers, Indices, Mask

# Under this share of all documents, numbers are faster than bits.
FEW = 1 / 16


def packed(mask: Mask) -> Bits:
    """An (n,) mask as n / 64 words; n is a multiple of 64."""
    return np.packbits(mask, bitorder="little").view(np.uint64)


def unpacked(bits: Bits) -> Mask:
    """The mask behind packed words."""
    return np.unpackbits(bits.view(np.uint8), bitorder="little").view(np.bool_)


def bits_of(docs: DocNumbers | Indices, words: int) -> Bits:
    """A set of documents as so many packed words."""
    mask = np.zeros(words * 64, dtype=np.bool_)
    mask[docs] = True
    return packed(mask)


def count(bits: Bits) -> int:
    """How many documents are in the set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def holds(bits: Bits, docs: DocNumbers | Indices) -> Mask:
    """For each document, whether it is in the set."""
    octets = bits.view(np.uint8).take(docs >> 3)
    held: Mask = ((octets >> (docs & 7).astype(np.uint8)) & 1).view(np.bool_)
    return held


@dataclass(frozen=True, slots=True)
class Few:
    """Documents by number; `at` (as long) says where each stood in what they were taken from."""

    docs: Indices
    at: Indices

    def __len__(self) -> int:
        return len(self.docs)

    def __and__(self, bits: Bits) -> "Few":
        held = holds(bits, self.docs)
        return Few(self.docs[held], self.at[held])


@dataclass(frozen=True, slots=True)
class Many:
    """Documents as packed bits."""

    bits: Bits
    size: int

    def __len__(self) -> int:
        return self.size

    def __and__(self, bits: Bits) -> "Few | Many":
        return many(self.bits & bits)

    @property
    def docs(self) -> Indices:
        """Their numbers, ascending."""
        return np.flatnonzero(unpacked(self.bits))


DocSet = Few | Many


def _indices(bits: Bits, size: int) -> Indices:
    """The documents of a set of so many; where bits are sparse, only words that have any."""
    if size * 4 > len(bits):
        return np.flatnonzero(unpacked(bits))
    words = np.flatnonzero(bits)
    found = np.flatnonzero(unpacked(bits[words]))
    return (words[found >> 6] << 6) + (found & 63)


def few(docs: Indices) -> Few:
    """A set given as numbers."""
    return Few(docs, np.arange(len(docs)))


def many(bits: Bits) -> DocSet:
    """A set given as bits, in the form that is faster to go on with."""
    size = count(bits)
    if size > len(bits) * 64 * FEW:
        return Many(bits, size)
    return few(_indices(bits, size))
