"""Inverting: documents in, postings out, all terms at once with numpy.

While documents come in, a word costs one look into a dictionary, which numbers the
different words as they are written. Each of them is analysed once, at the end; then a
radix sort brings equal terms together, and documents and positions stay in order.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from directory.search.port import Document
from directory.search.stems import UNSTEMMED, prose_form
from directory.search.text import WORD, folded, name_form
from directory.search.whoosh_engine.arrays.postings import length_bytes, term_keys
from directory.search.whoosh_engine.arrays.schema import FIELDS
from directory.search.whoosh_engine.arrays.strings import strung
from directory.search.whoosh_engine.arrays.types import (
    Array,
    Codes,
    Counts,
    DocNumbers,
    FileOffsets,
    Indices,
    LengthBytes,
    Mask,
    Offsets,
    Positions,
    TermNumbers,
    TextLengths,
    WordNumbers,
)

MOST_TIMES, LAST_POSITION = 255, 65_535
NO_TERM = np.uint32(0xFFFFFFFF)
SHORTEST_SPELLED = 3
# A word outside the prose is spelled with care: it counts as if two documents had it.
SURE = 2
PROSE = "about"
# Documents whose words are counted at a time: their numbers fit into 16 bits.
BLOCK = 8192
# What a document, a word in it and a different word take at the worst moment, in bytes.
DOCUMENT_BYTES, TOKEN_BYTES, WORD_BYTES = 1_200, 18, 400
_LETTERS = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))


class _Numbered(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Inverted:
    """The postings of a part of n documents; `arrays` is what its file holds.

    lengths (fields, n) length bytes; totals: true lengths of each field, summed up;
    field_starts (fields + 1): the terms of a field are terms[start:end] of its two.
    """

    documents: int
    lengths: LengthBytes
    totals: list[int]
    terms: list[bytes]
    field_starts: list[int]
    arrays: dict[str, Array]


@dataclass(frozen=True, slots=True)
class _Field:
    """One field inverted; starts (t + 1) of postings and of positions."""

    terms: list[bytes]
    lengths: Counts
    starts: Offsets
    docs: DocNumbers
    codes: Codes
    position_starts: Offsets
    positions: Positions


class Inverter:
    """Takes in the texts of documents, one by one, and inverts them once."""

    def __init__(self) -> None:
        self._numbered = _Numbered()
        self._tokens = [array("I") for _ in FIELDS]
        self._counts = [array("I") for _ in FIELDS]
        self._read = 0

    def __len__(self) -> int:
        return len(self._counts[0])

    @property
    def bytes(self) -> int:
        """What inverting it would take at the worst moment, about."""
        words = len(self._numbered) * WORD_BYTES
        return len(self) * DOCUMENT_BYTES + self._read * TOKEN_BYTES + words

    def add(self, document: Document) -> None:
        """Take in the next document's texts."""
        number = self._numbered.__getitem__
        for field, tokens, counts in zip(FIELDS, self._tokens, self._counts, strict=True):
            found = _words(getattr(document, field))
            tokens.extend(map(number, found))
            counts.append(len(found))
            self._read += len(found)

    def inverted(self) -> Inverted:
        """The postings of all documents. The texts are let go field by field: call it once."""
        tokens = [np.frombuffer(found, dtype=np.uint32) for found in self._tokens]
        counts = [np.frombuffer(found, dtype=np.uint32) for found in self._counts]
        forms = _Forms.of(list(self._numbered), tokens)
        self._numbered, self._tokens, self._counts = _Numbered(), [], []
        spelling = _spelling(forms.spelled, tokens, counts)
        fields = [
            _field(number, forms.terms(field), tokens.pop(0), counts[number])
            for number, field in enumerate(FIELDS)
        ]
        return _joined(fields, spelling)


@dataclass(frozen=True, slots=True)
class _Forms:
    """What each word becomes: as it is spelled, in names and in prose; "" where it is not met."""

    spelled: list[str]
    named: list[str]
    said: list[str]

    @classmethod
    def of(cls, words: list[str], tokens: Sequence[WordNumbers]) -> "_Forms":
        named, said = np.zeros((2, len(words)), dtype=bool)
        for field, numbers in zip(FIELDS, tokens, strict=True):
            (named if field in UNSTEMMED else said)[numbers] = True
        forms = cls([], [], [])
        # Word by word: each form is made of the folded one, which is at hand just now.
        for word, in_name, in_prose in zip(words, named.tolist(), said.tolist(), strict=True):
            forms.spelled.append(folded(word))
            forms.named.append(name_form(word) if in_name else "")
            forms.said.append(prose_form(word) if in_prose else "")
        return forms

    def terms(self, field: str) -> list[str]:
        """The terms of all words in a field."""
        return self.named if field in UNSTEMMED else self.said


def _words(text: str) -> list[str]:
    """The same as WORD finds, in less than half the time for plain ASCII."""
    if text.isascii() and "'" not in text:
        return text.translate(_LETTERS).split()
    return WORD.findall(text)


def _field(number: int, forms: Sequence[str], tokens: WordNumbers, counts: TextLengths) -> _Field:
    """Invert one field: `tokens` are numbers of words, `counts` how many each document has.

    Memory is highest here: what is not needed any more is let go at once.
    """
    terms, term_of = _terms(forms, tokens)
    found: TermNumbers = term_of[tokens]
    order = _order(found)
    if len(found) and found.max() == NO_TERM:
        order = order[: np.count_nonzero(found != NO_TERM)]
    found = found[order]
    docs: DocNumbers = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)[order]
    positions = _positions(counts)[order]
    del order
    lengths = np.bincount(docs, minlength=len(counts))
    first = np.flatnonzero(_changes(found, docs))
    starts = np.searchsorted(found[first], np.arange(len(terms) + 1, dtype=np.uint32))
    docs = docs[first]
    del found
    times = np.diff(first, append=len(positions))
    positions = _first_times(positions, first, times)
    del first
    kept_times = np.minimum(times, MOST_TIMES).astype(np.uint16)
    del times
    return _Field(
        terms=[bytes([number]) + term.encode() for term in terms],
        lengths=lengths,
        starts=starts,
        docs=docs,
        codes=kept_times << np.uint16(8) | length_bytes(lengths)[docs],
        position_starts=np.concatenate(([0], np.cumsum(kept_times, dtype=np.int64)))[starts],
        positions=positions,
    )


def _terms(forms: Sequence[str], tokens: WordNumbers) -> tuple[list[str], TermNumbers]:
    """The different terms in order, and for each word the number of its term or NO_TERM."""
    seen = np.zeros(len(forms), dtype=bool)
    seen[tokens] = True
    # Strings sort by code point, and so does their UTF-8.
    terms = sorted({forms[word] for word in np.flatnonzero(seen).tolist()} - {""})
    return terms, _ranks(forms, terms)


def _ranks(forms: Sequence[str], terms: Sequence[str]) -> TermNumbers:
    """For each form its place among the terms, or NO_TERM."""
    rank = {term: i for i, term in enumerate(terms)}
    return np.array([rank.get(form, NO_TERM) for form in forms], dtype=np.uint32)


def _positions(counts: TextLengths) -> Positions:
    """For each token its place in its own text, as far as LAST_POSITION."""
    ends = np.cumsum(counts, dtype=np.uint32)
    place = np.arange(ends[-1] if len(ends) else 0, dtype=np.uint32)
    place -= np.repeat(ends - counts, counts)
    return np.minimum(place, LAST_POSITION).astype(np.uint16)


def _order(numbers: TermNumbers | DocNumbers) -> Indices:
    """The order that sorts numbers and leaves equal ones as they stand: by radix, 16 bits a pass."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    if len(numbers) and numbers.max() > 0xFFFF:
        high = (numbers >> np.uint32(16)).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order


def _changes(numbers: TermNumbers, docs: DocNumbers) -> Mask:
    """Where a pair differs from the one before it."""
    changes = np.ones(len(numbers), dtype=bool)
    changes[1:] = (numbers[1:] != numbers[:-1]) | (docs[1:] != docs[:-1])
    return changes


def _first_times(positions: Positions, first: Indices, times: Counts) -> Positions:
    """The positions of each posting's first MOST_TIMES occurrences."""
    if not len(times) or times.max() <= MOST_TIMES:
        return positions
    nth = np.arange(len(positions)) - np.repeat(first, times)
    return positions[nth < MOST_TIMES]


def _spelling(
    forms: Sequence[str], tokens: Sequence[WordNumbers], counts: Sequence[TextLengths]
) -> dict[str, Array]:
    """The words as people write them, without case and accents, and how many documents have each."""
    spelled = sorted({form for form in forms if len(form) >= SHORTEST_SPELLED})
    word_of = _ranks(forms, spelled)
    found = np.zeros(len(spelled), dtype=np.int64)
    ends = [np.concatenate(([0], np.cumsum(count, dtype=np.int64))) for count in counts]
    for start in range(0, len(counts[0]), BLOCK):
        block = [
            (
                word_of[token[end[start] : end[min(start + BLOCK, len(count))]]],
                count[start:][:BLOCK],
            )
            for token, count, end in zip(tokens, counts, ends, strict=True)
        ]
        found += _documents_with(block, len(spelled))
    for field, token in zip(FIELDS, tokens, strict=True):
        if field != PROSE:
            sure = word_of[token]
            sure = sure[sure != NO_TERM]
            found[sure] = np.maximum(found[sure], SURE)
    word_bytes, word_ends = strung(word.encode() for word in spelled)
    counted = found.astype(np.uint32)
    return {"word_bytes": word_bytes, "word_ends": word_ends, "word_counts": counted}


def _documents_with(block: Sequence[tuple[TermNumbers, TextLengths]], words: int) -> Counts:
    """In how many documents of a block each word stands; (numbers, counts) for each field."""
    found = np.concatenate([numbers for numbers, _ in block])
    docs = np.concatenate(
        [np.repeat(np.arange(len(count), dtype=np.uint32), count) for _, count in block]
    )
    kept = found != NO_TERM
    found, docs = found[kept], docs[kept]
    order = _order(docs)
    order = order[_order(found[order])]
    found, docs = found[order], docs[order]
    return np.bincount(found[_changes(found, docs)], minlength=words)


def _joined(fields: list[_Field], spelling: dict[str, Array]) -> Inverted:
    """All fields in one, each array after the other; the fields' own are let go."""
    terms = [term for field in fields for term in field.terms]
    field_starts = np.cumsum([0, *(len(field.terms) for field in fields)]).tolist()
    lengths = np.array([length_bytes(field.lengths) for field in fields])
    term_bytes, term_ends = strung(terms)
    joined: dict[str, Array] = {
        "term_keys": term_keys(terms),
        "term_bytes": term_bytes,
        "term_ends": term_ends,
        "starts": _run_on([field.starts for field in fields]),
        "docs": np.concatenate([field.docs for field in fields]),
        "codes": np.concatenate([field.codes for field in fields]),
        "position_starts": _run_on([field.position_starts for field in fields]),
        "positions": np.concatenate([field.positions for field in fields]),
    }
    totals = [int(field.lengths.sum()) for field in fields]
    documents = len(fields[0].lengths)
    return Inverted(documents, lengths, totals, terms, field_starts, joined | spelling)


def _run_on(starts: Sequence[Array]) -> FileOffsets:
    """Starts (t + 1) of several arrays as those of all of them, one after the other."""
    ends = np.cumsum([0, *(int(each[-1]) for each in starts)])
    moved = [each[:-1] + end for each, end in zip(starts, ends, strict=False)]
    return np.concatenate([*moved, ends[-1:]]).astype(np.uint64)
