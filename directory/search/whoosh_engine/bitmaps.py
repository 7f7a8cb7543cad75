"""Sets of documents as packed bits: 64 documents a word."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from directory.search.whoosh_engine.columns import Ints

Bits = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]


def packed(mask: Mask) -> Bits:
    """A (n,) mask as ceil(n / 64) words; the bits past n are 0."""
    raw = np.zeros(-(-len(mask) // 64) * 8, dtype=np.uint8)
    octets = np.packbits(mask, bitorder="little")
    raw[: len(octets)] = octets
    return raw.view(np.uint64)


def unpacked(bits: Bits, n: int) -> Mask:
    """The (n,) mask behind packed words."""
    return np.unpackbits(bits.view(np.uint8), count=n, bitorder="little").view(np.bool_)


def count(bits: Bits) -> int:
    """How many documents are in the set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


class FacetBits:
    """One facet: a row of bits for each of its slugs."""

    def __init__(self, slugs: list[str], pairs: Ints, n: int) -> None:
        self.slugs = slugs
        self._row = {slug: i for i, slug in enumerate(slugs)}
        mask = np.zeros((len(slugs), n), dtype=np.bool_)
        mask[pairs[:, 1], pairs[:, 0]] = True
        width = -(-n // 64)
        self.rows = np.zeros((len(slugs), width), dtype=np.uint64)
        for i in range(len(slugs)):
            self.rows[i] = packed(mask[i])

    def any_of(self, slugs: Iterable[str]) -> Bits:
        """Documents with at least one of the slugs."""
        rows = [self._row[slug] for slug in slugs if slug in self._row]
        return np.bitwise_or.reduce(self.rows[rows], axis=0, initial=0)

    def all_of(self, slugs: Iterable[str]) -> Bits:
        """Documents with every one of the slugs."""
        if any(slug not in self._row for slug in slugs):
            return np.zeros(self.rows.shape[1], dtype=np.uint64)
        return np.bitwise_and.reduce(self.rows[[self._row[slug] for slug in slugs]], axis=0)

    def counts(self, within: Bits) -> dict[str, int]:
        """For each slug with any, how many documents of a set have it."""
        found = np.bitwise_count(self.rows & within).sum(axis=1, dtype=np.int64)
        return {slug: int(k) for slug, k in zip(self.slugs, found, strict=True) if k}
