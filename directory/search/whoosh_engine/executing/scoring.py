"""Text: which documents have which words, and how well (BM25F, as Whoosh defines it)."""

import math
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from threading import Lock

import numpy as np

from directory.search.stems import UNSTEMMED, prose_form, term_of
from directory.search.text import STOP_WORDS, name_form
from directory.search.text import words as words_of
from directory.search.whoosh_engine.arrays.bitmaps import bits_of
from directory.search.whoosh_engine.arrays.postings import (
    LENGTHS,
    NO_DOCS,
    ROOM,
    PartPostings,
    TermPostings,
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
# Words of fewer listings are not worth warming, nor are more words than these.
WARMED_FROM, MOST_WARMED = 256, 2_000
# The fields in which the field's own terms stand, with their synonyms.
TERMS, TERMS_WEIGH = ("professions", "conditions"), 2
# Of so many words it is known at once how they stand in the index.
MOST_FORMS = 10_000
# What warming fills of the cache; the rest is for what comes.
WARMED_SHARE = 0.8


# A word in names, and in prose.
Forms = tuple[str, str]


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
        self._cache: OrderedDict[Forms, ScoredWord] = OrderedDict()
        self._forms_of: dict[str, Forms] = {}
        self._bytes = 0
        self._lock = Lock()

    def word(self, word: str) -> ScoredWord:
        """The documents with a word in any field, the scores of its fields added up."""
        return self._word(self._forms(word))

    def _forms(self, word: str) -> Forms:
        """How it stands in names and in prose: "" in names where no name has its inflection, so
        that all words of one stem are kept as one."""
        known = self._forms_of.get(word)
        if known is None:
            name, prose = name_form(word), prose_form(word)
            known = (name if name == prose or self._stands(name, UNSTEMMED) else "", prose)
            if len(self._forms_of) >= MOST_FORMS:
                self._forms_of.clear()
            self._forms_of[word] = known
        return known

    def _stands(self, term: str, fields: Iterable[str]) -> bool:
        names = [key(field, term) for field in fields]
        return any(at is not None for part in self._parts for at in part.find(names))

    def _word(self, forms: Forms) -> ScoredWord:
        with self._lock:
            if known := self._cache.get(forms):
                self._cache.move_to_end(forms)
                return known
        name, prose = forms
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
            at = word.docs.astype(np.intp)  # numpy takes it fastest
            scores[at] = scores.take(at) + word.scores
            fields[at] = fields.take(at) | word.fields
        docs = np.flatnonzero(fields)
        return ScoredWord(docs.astype(np.uint32), scores.take(docs), fields.take(docs), self._n)

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

    def warm(self) -> None:
        """Score the words that are the dearest to score, until the cache is full.

        Which, the index itself tells, and never what anybody asked for.
        """
        for written in self._dearest():
            if self._bytes > self._most * WARMED_SHARE:
                break
            word = self.word(written)
            _ = word.rare or word.bits
        # Whoever asks for these words finds them here, and reads no postings.
        for part in self._parts:
            part.let_go()

    def _dearest(self) -> list[str]:
        """Words that very many listings use, as people write them, by how many: those of the
        field's terms before others, for they are asked for more."""
        used: Counter[str] = Counter()
        for part in self._parts:
            for listings, word in part.words_used_most(MOST_WARMED):
                used[word] += listings
        weighed = {
            word: listings * (TERMS_WEIGH if self._stands(prose_form(word), TERMS) else 1)
            for word, listings in used.items()
            if listings >= WARMED_FROM and word not in STOP_WORDS
        }
        return sorted(weighed, key=lambda word: -weighed[word])

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
