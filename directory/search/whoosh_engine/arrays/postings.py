"""Postings: which documents have a term, how often, and where, as arrays over the files."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.util.numeric import byte_to_length

from directory.search.whoosh_engine.arrays import files
from directory.search.whoosh_engine.arrays.columns import firsts
from directory.search.whoosh_engine.arrays.files import Arrays
from directory.search.whoosh_engine.arrays.schema import FIELDS
from directory.search.whoosh_engine.arrays.strings import Strings
from directory.search.whoosh_engine.arrays.types import (
    Array,
    Codes,
    DocNumbers,
    LengthBytes,
    Occurrences,
    TermKeys,
)

NO_DOCS: DocNumbers = np.zeros(0, dtype=np.uint32)
# The beginning of a term that is looked up first, as a number.
KEY_BYTES = 8
# Higher than any position in a text.
ROOM = 1 << 16
# (256,) int64: the length that each length byte stands for.
LENGTHS = np.array([byte_to_length(byte) for byte in range(256)])


def postings_file(part: int) -> str:
    """The name of a part's file."""
    return f"postings-{part}.arrays"


@dataclass(frozen=True, slots=True)
class TermPostings:
    """A term in a field: docs (p,) ascending; codes (p,) frequency << 8 | length byte."""

    docs: DocNumbers
    codes: Codes


def length_bytes(lengths: Array) -> LengthBytes:
    """Lengths rounded as Whoosh rounds them, to what fits in a byte (`length_to_byte`)."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), 255).astype(np.uint8)


def term_keys(terms: Sequence[bytes]) -> TermKeys:
    """The first bytes of terms as numbers in the same order, (t,)."""
    beginnings = np.array([term[:KEY_BYTES] for term in terms], dtype=f"S{KEY_BYTES}")
    return beginnings.view(">u8").astype(np.uint64)


class PartPostings:
    """The postings of one part of a segment; documents are numbered from `first`."""

    def __init__(self, found: Arrays, first: int) -> None:
        self._found, self._first = found, np.uint32(first)
        self._terms = Strings(found["term_bytes"], found["term_ends"])
        self._keys = found["term_keys"]
        self._starts, self._docs, self._codes = found["starts"], found["docs"], found["codes"]
        self.totals: list[int] = found.meta["totals"]
        self.documents: int = found.meta["documents"]

    def moved(self, by: int) -> "PartPostings":
        """The same postings with documents numbered from so much further on."""
        return PartPostings(self._found, int(self._first) + by)

    def let_go(self) -> None:
        """Count nothing of the file as this process's memory until it is read again."""
        self._found.let_go()

    def find(self, terms: Sequence[bytes]) -> list[int | None]:
        """The number of each term; None for those that no document has."""
        wanted = term_keys(terms)
        first = np.searchsorted(self._keys, wanted)
        there = (
            self._keys[np.minimum(first, len(self._keys) - 1)] == wanted if len(self._keys) else []
        )
        found: list[int | None] = [None] * len(terms)
        for i in np.flatnonzero(there).tolist():
            at, term = int(first[i]), terms[i]
            if len(term) >= KEY_BYTES:
                at = bisect_left(self._terms, term, lo=at)
            if at < len(self._terms) and self._terms[at] == term:
                found[i] = at
        return found

    def postings(self, terms: Sequence[bytes]) -> list[TermPostings | None]:
        """The postings of each term; None for those that no document has."""
        return [None if at is None else TermPostings(*self._at(at)) for at in self.find(terms)]

    def _at(self, at: int) -> tuple[DocNumbers, Codes]:
        start, end = int(self._starts[at]), int(self._starts[at + 1])
        docs = self._docs[start:end]
        return (docs + self._first if self._first else docs), self._codes[start:end]

    def occurrences(self, term: bytes) -> Occurrences | None:
        """Where a term stands: (document + 1) * ROOM + position, ascending.

        A few places less is a number of the same order still, in the first document too.
        """
        (at,) = self.find([term])
        if at is None:
            return None
        docs, codes = self._at(at)
        start, end = self._found["position_starts"][at : at + 2].tolist()
        keys = np.repeat((docs.astype(np.uint64) + np.uint64(1)) * np.uint64(ROOM), codes >> 8)
        return keys + self._found["positions"][start:end]

    def beginning(self, prefix: bytes, most: int) -> DocNumbers:
        """Documents with one of the first so many terms that begin so; some more than once."""
        low = bisect_left(self._terms, prefix)
        high = min(low + most, bisect_left(self._terms, prefix + b"\xff"))
        start, end = int(self._starts[low]), int(self._starts[high])
        docs: DocNumbers = self._docs[start:end] + self._first
        return docs

    def words_used_most(self, most: int) -> Iterator[tuple[int, str]]:
        """Words as people write them, as (documents, word), the most used first."""
        texts, ends, counts = self.spellings()
        words = Strings(texts, ends)
        for at in np.argsort(-counts.astype(np.int64), kind="stable")[:most].tolist():
            yield int(counts[at]), words[at].decode()

    def spellings(self) -> tuple[Array, Array, Array]:
        """Words as people write them: texts, their ends, and how many documents have each."""
        found = self._found
        return found["word_bytes"], found["word_ends"], found["word_counts"]


def load(folder: Path, parts: Sequence[int]) -> list[PartPostings]:
    """Map the postings of a segment; `parts` says how many documents each part has."""
    return [
        PartPostings(files.read(folder / postings_file(number)), first)
        for number, first in zip(range(len(parts)), firsts(parts), strict=False)
    ]


def key(field: str, term: str) -> bytes:
    """A term of a field as the files name it."""
    return bytes([FIELDS.index(field)]) + term.encode()
