"""Facets: which documents have which values, and how many of a set have each.

Kept twice: a row of bits for each value, to filter and to count in large sets; and a row of
bits for each document, to count in small ones.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from directory.search.port import FACETS
from directory.search.whoosh_engine.arrays.bitmaps import DocSet, Few
from directory.search.whoosh_engine.arrays.types import (
    Array,
    BitRows,
    Bits,
    Counts,
    DocNumbers,
    ValueNumbers,
)

# So many words of a row are counted at a time: their sums fit into lanes of 16 bits.
AT_ONCE = 8 * 256
LOW_BYTES = np.uint64(0x00FF00FF00FF00FF)


def bits(
    parts: Sequence[tuple[DocNumbers, ValueNumbers]], *, documents: int, values: int
) -> dict[str, Array]:
    """Both kinds of rows, from pairs of (document, value) that each occur once."""
    rows = np.zeros((values, documents // 64), dtype=np.uint64)
    forward = np.zeros((documents, -(-values // 64)), dtype=np.uint64)
    octets = forward.view(np.uint8)
    for docs, chosen in parts:
        bit = np.left_shift(np.uint64(1), (docs & 63).astype(np.uint64))
        np.bitwise_or.at(rows, (chosen, docs >> 6), bit)
        bit = np.left_shift(1, chosen & 7).astype(np.uint8)
        np.bitwise_or.at(octets, (docs, chosen >> 3), bit)
    return {"facet_rows": rows, "facet_forward": forward}


class Facets:
    """All facets' values in one numbering.

    values: S pairs of facet and slug; rows (S, n / 64) uint64; forward (n, words)
    uint64, the bits of each document's values.
    """

    def __init__(self, values: list[tuple[str, str]], rows: BitRows, forward: BitRows) -> None:
        self.values, self.rows, self.forward = values, rows, forward
        self._number = {value: i for i, value in enumerate(values)}
        self._of = {
            name: [(slug, i) for i, (facet, slug) in enumerate(values) if facet == name]
            for name in FACETS
        }

    def any_of(self, facet: str, slugs: Iterable[str]) -> Bits:
        """Documents with at least one of the slugs."""
        numbers = [self._number[facet, slug] for slug in slugs if (facet, slug) in self._number]
        return np.bitwise_or.reduce(self.rows[numbers], axis=0, initial=0)

    def all_of(self, facet: str, slugs: Iterable[str]) -> Bits:
        """Documents with every one of the slugs."""
        numbers = [self._number.get((facet, slug), -1) for slug in slugs]
        if -1 in numbers:
            return np.zeros(self.rows.shape[1], dtype=np.uint64)
        return np.bitwise_and.reduce(self.rows[numbers], axis=0)

    def counts(self, sets: Mapping[str, DocSet]) -> dict[str, dict[str, int]]:
        """For each facet, how many documents of its set have each slug; 0 is left out.

        `sets` gives every facet its set; facets that share one are counted in one go.
        """
        found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for docs in {id(docs): docs for docs in sets.values()}.values():
            names = [name for name in FACETS if sets[name] is docs]
            counts = self._counted(docs, names)
            for name in names:
                found[name] = {slug: counts[i] for slug, i in self._of[name] if counts[i]}
        return found

    def _counted(self, docs: DocSet, names: Sequence[str]) -> list[int]:
        """How many of a set have each value of some facets; of others it may be wrong."""
        if isinstance(docs, Few):
            return _column_sums(self.forward.take(docs.docs, axis=0)).tolist()
        numbers = [i for name in names for _, i in self._of[name]] or [0]
        first, last = min(numbers), max(numbers) + 1
        return [0] * first + _popcounts(self.rows[first:last], docs.bits).tolist()

    def with_overlay(self, overlay: "Facets") -> "Facets":
        """The facets of both; values that only the overlay has come after all others."""
        known = set(self.values)
        values = self.values + [value for value in overlay.values if value not in known]
        number = {value: i for i, value in enumerate(values)}
        words = self.rows.shape[1]
        rows = np.zeros((len(values), words + overlay.rows.shape[1]), dtype=np.uint64)
        rows[: len(self.values), :words] = self.rows
        rows[[number[value] for value in overlay.values], words:] = overlay.rows
        forward = np.zeros((rows.shape[1] * 64, -(-len(values) // 64)), dtype=np.uint64)
        forward[: len(self.forward), : self.forward.shape[1]] = self.forward
        above = np.zeros((len(overlay.forward), forward.shape[1] * 64), dtype=np.uint8)
        above[:, [number[value] for value in overlay.values]] = _unpacked(overlay.forward)[
            :, : len(overlay.values)
        ]
        forward[len(self.forward) :] = np.packbits(above, axis=1, bitorder="little").view(np.uint64)
        return Facets(values, rows, forward)


def _popcounts(rows: BitRows, within: Bits) -> Counts:
    """How many bits each row shares with a set, (S,).

    Counts of words are bytes up to 64; eight of them are added at a time, as lanes of one word.
    """
    sums = np.zeros(len(rows), dtype=np.int64)
    for start in range(0, rows.shape[1], AT_ONCE):
        piece = rows[:, start : start + AT_ONCE] & within[start : start + AT_ONCE]
        counted = np.zeros((len(rows), -(-piece.shape[1] // 8) * 8), dtype=np.uint8)
        np.bitwise_count(piece, out=counted[:, : piece.shape[1]])
        lanes = counted.view(np.uint64)
        paired = (lanes & LOW_BYTES) + ((lanes >> np.uint64(8)) & LOW_BYTES)
        added = paired.sum(axis=1, dtype=np.uint64)
        sums += added.view(np.uint16).reshape(-1, 4).sum(axis=1, dtype=np.int64)
    return sums


def _unpacked(forward: BitRows) -> Array:
    """Each bit as a byte, (rows, bits) uint8."""
    octets = forward.view(np.uint8).ravel()
    bits_of_rows: Array = np.unpackbits(octets, bitorder="little")
    return bits_of_rows.reshape(len(forward), forward.shape[1] * 64)


def _column_sums(forward: BitRows) -> Counts:
    """How many rows have each bit, (bits,); 255 rows at a time are added as lanes of one word."""
    if not len(forward):
        return np.zeros(forward.shape[1] * 64, dtype=np.int64)
    starts = np.arange(0, len(forward), 255)
    added = np.add.reduceat(_unpacked(forward).view(np.uint64), starts, axis=0)
    sums: Counts = added.view(np.uint8).sum(axis=0, dtype=np.int64)
    return sums
