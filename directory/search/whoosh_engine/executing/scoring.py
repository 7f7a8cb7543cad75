"""Text: which documents have which words, and how well (BM25F, as Whoosh defines it)."""

import math
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from threading import Lock

import numpy as np

from directory.search.stems import UNSTEMMED, prose_form, term_of
from directory.search.text import name_form
from directory.search.text import words as words_of
from directory.search.whoosh_engine.arrays.bitmaps import bits_of
from directory.search.whoosh_engine.arrays.postings import (
    LENGTHS,
    NO_DOCS,
    ROOM,
    PartPostings,
    TermPostings,
    field_and_term,
    key,
)
from directory.search.whoosh_engine.arrays.schema import BOOSTS, FIELDS
from directory.search.whoosh_engine.arrays.types import (
    Bits,
    DocNumbers,
    Factors,
    Indices,
    Mask,
    Occurrences,
)
from directory.search.whoosh_engine.executing.scored_words import ScoredWord

K1, B = 1.2, 0.75
# Above this share of all documents, lists are merged through an array over all of them.
DENSE = 1 / 32
# Words of fewer documents are not worth warming, nor are more terms than these.
WARMED_FROM, MOST_WARMED = 256, 4_000
# What warming fills of the cache; the rest is for what comes.
WARMED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25F knows of all n documents, hidden ones included, as Whoosh counts them."""

    documents: int
    # For each field, what a posting is worth before the term's weight, by its code.
    worth: dict[str, Factors]

    @classmethod
    def of(cls, parts: Sequence[PartPostings]) -> "Statistics":
        """From the totals of all parts."""
        documents = sum(part.documents for part in parts)
        frequency = np.arange(256, dtype=np.float64)[:, None]
        worth = {}
        for i, field in enumerate(FIELDS):
            mean = sum(part.totals[i] for part in parts) / max(1, documents) or 1.0
            norm = K1 * ((1 - B) + B * LENGTHS / mean)
            worth[field] = (frequency * (K1 + 1) / (frequency + norm)).astype(np.float32).ravel()
        return cls(documents, worth)

    def weight(self, field: str, document_frequency: int) -> float:
        """What a term is worth: the field's boost by the inverse document frequency."""
        return BOOSTS[field] * (math.log(self.documents / (document_frequency + 1)) + 1)


class TextIndex:
    """Finds and scores words in a segment, or in a base with its overlay; thread-safe.

    A word's postings are scored once and stay in a bounded, least-recently-used cache.
    """

    def __init__(self, parts: Sequence[PartPostings], n: int, most_bytes: int) -> None:
        self._parts, self._n, self._most = parts, n, most_bytes
        self._statistics = Statistics.of(parts)
        self._cache: OrderedDict[tuple[str, str], ScoredWord] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def word(self, word: str) -> ScoredWord:
        """The documents with a word in any field, the scores of its fields added up."""
        return self._word(name_form(word), prose_form(word))

    def _word(self, name: str, prose: str) -> ScoredWord:
        """A word by its forms in names and in prose."""
        forms = (name, prose)
        with self._lock:
            if known := self._cache.get(forms):
                self._cache.move_to_end(forms)
                return known
        made = self._merged(self._scored([name if f in UNSTEMMED else prose for f in FIELDS]))
        with self._lock:
            if forms not in self._cache:
                self._cache[forms] = made
                self._bytes += made.nbytes
            while self._bytes > self._most and len(self._cache) > 1:
                self._bytes -= self._cache.popitem(last=False)[1].nbytes
        return made

    def _scored(self, terms: Sequence[str]) -> list[ScoredWord]:
        """BM25F of a term in each field that has it; Robertson et al. 2004, as in Whoosh."""
        names = [key(field, term) for field, term in zip(FIELDS, terms, strict=True)]
        in_parts = zip(*(part.postings(names) for part in self._parts), strict=True)
        words = []
        for number, (field, found) in enumerate(zip(FIELDS, in_parts, strict=True)):
            lists = [one for one in found if one is not None]
            if not lists:
                continue
            postings = _joined(lists)
            weight = np.float32(self._statistics.weight(field, len(postings.docs)))
            scores = self._statistics.worth[field].take(postings.codes) * weight
            fields = np.full(len(scores), 1 << number, dtype=np.uint8)
            words.append(ScoredWord(postings.docs, scores, fields, self._n))
        return words

    def _merged(self, words: Sequence[ScoredWord]) -> ScoredWord:
        if not words:
            return ScoredWord.of_nobody(self._n)
        if len(words) == 1:
            return words[0]
        if sum(len(word.docs) for word in words) < self._n * DENSE:
            return self._merged_lists(words)
        scores = np.zeros(self._n, dtype=np.float32)
        fields = np.zeros(self._n, dtype=np.uint8)
        for word in words:
            scores[word.docs] += word.scores
            fields[word.docs] |= word.fields
        docs = np.flatnonzero(fields).astype(np.uint32)
        return ScoredWord(docs, scores[docs], fields[docs], self._n)

    def _merged_lists(self, words: Sequence[ScoredWord]) -> ScoredWord:
        docs = np.concatenate([word.docs for word in words])
        order = np.argsort(docs, kind="stable")
        docs = docs[order]
        starts = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
        scores = np.concatenate([word.scores for word in words])[order]
        fields = np.concatenate([word.fields for word in words])[order]
        return ScoredWord(
            docs[starts],
            np.add.reduceat(scores, starts),
            np.bitwise_or.reduceat(fields, starts),
            self._n,
        )

    def warm(self, like: "TextIndex | None" = None) -> None:
        """Score the heaviest words and those that another index has, until the cache is full."""
        for name in like.used() if like else ():
            self._word(*name)
        for term in self._heaviest():
            if self._bytes > self._most * WARMED_SHARE:
                break
            word = self._word(term, term)
            _ = word.rare or word.bits
        # Whoever asks for these words finds them here, and reads no postings.
        for part in self._parts:
            part.let_go()

    def _heaviest(self) -> list[str]:
        """Terms of many documents, those of the most first, whatever their fields."""
        weighed: Counter[str] = Counter()
        for part in self._parts:
            for documents, name in part.heaviest(MOST_WARMED):
                weighed[field_and_term(name)[1]] += documents
        return [term for term, documents in weighed.most_common() if documents >= WARMED_FROM]

    def used(self) -> list[tuple[str, str]]:
        """The words that the cache holds, the latest last."""
        with self._lock:
            return list(self._cache)

    def having(self, text: str) -> Bits:
        """Documents with these words side by side in one field."""
        parts = words_of(text)
        if len(parts) == 1:
            return self.word(parts[0]).bits
        found = [self._side_by_side(field, parts) for field in FIELDS]
        return bits_of(np.concatenate(found), self._n // 64)

    def _side_by_side(self, field: str, words: Sequence[str]) -> DocNumbers:
        lists = []
        for place, word in enumerate(words):
            found = self._occurrences(field, term_of(field, word))
            if not len(found):
                return NO_DOCS
            lists.append(found - np.uint64(place))
        lists.sort(key=len)
        starts = reduce(lambda these, those: these[_among(these, those)], lists)
        return np.unique((starts // np.uint64(ROOM)).astype(np.uint32)) - np.uint32(1)

    def _occurrences(self, field: str, term: str) -> Occurrences:
        name = key(field, term)
        found = [keys for part in self._parts if (keys := part.occurrences(name)) is not None]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)

    def docs_with_prefix(self, field: str, prefix: str, most_terms: int = 64) -> DocNumbers:
        """Documents with a term that begins so, ascending; bounded work."""
        found = [part.beginning(key(field, prefix), most_terms) for part in self._parts]
        return np.unique(np.concatenate(found))

    def docs_of(self, field: str, word: str) -> DocNumbers:
        """Documents with this very word in a field."""
        term = term_of(field, word)
        lists = [part.postings([key(field, term)])[0] for part in self._parts] if term else []
        return np.concatenate([NO_DOCS, *(one.docs for one in lists if one is not None)])

    def has_term(self, word: str) -> bool:
        """Whether any document has the word."""
        names = [key(field, term) for field in FIELDS if (term := term_of(field, word))]
        return any(at is not None for part in self._parts for at in part.find(names))


def _joined(parts: Sequence[TermPostings]) -> TermPostings:
    """A term's postings in several parts as one."""
    if len(parts) == 1:
        return parts[0]
    docs = np.concatenate([one.docs for one in parts])
    return TermPostings(docs, np.concatenate([one.codes for one in parts]))


def _among(some: Occurrences, others: Occurrences) -> Mask:
    """Which of some sorted numbers are among other sorted ones, of which there are any."""
    at = np.minimum(np.searchsorted(others, some), len(others) - 1)
    found: Mask = others[at] == some
    return found


FIELDS_OF_BITS = [
    tuple(field for i, field in enumerate(FIELDS) if bits >> i & 1)
    for bits in range(2 ** len(FIELDS))
]


def fields_with(words: Iterable[ScoredWord], docs: Indices) -> list[tuple[str, ...]]:
    """For each document, the fields in which any of the words stands."""
    standing = np.zeros(len(docs), dtype=np.uint8)
    for word in words:
        standing |= word.fields_of(docs)
    return [FIELDS_OF_BITS[bits] for bits in standing.tolist()]


def words_in(phrases: Iterable[str]) -> list[str]:
    """The words of phrases, one by one."""
    return [word for phrase in phrases for word in words_of(phrase)]
