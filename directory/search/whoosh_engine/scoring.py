"""Text: which documents have which words, and how well (BM25F, as Whoosh defines it)."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
from whoosh.query import Phrase
from whoosh.reading import IndexReader, TermNotFound
from whoosh.searching import Searcher

from directory.search.port import Words
from directory.search.text import words as words_of
from directory.search.whoosh_engine.bitmaps import Mask
from directory.search.whoosh_engine.columns import Columns, Floats
from directory.search.whoosh_engine.schema import BOOSTS, FIELDS, term_of

K1, B = 1.2, 0.75
CACHED_POSTINGS = 4_000_000
Documents = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents that have a word, and each one's score for it."""

    docs: Documents
    scores: Floats


NOBODY = Postings(np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Matches:
    """A text query over all n documents.

    `score` (n,) sums the words found, `found` (n,) counts them out of `asked`;
    `barred` are documents with a word that must not be there, or without a phrase.
    """

    score: Floats
    found: npt.NDArray[np.int16]
    asked: int
    barred: Mask

    @property
    def strict(self) -> Mask:
        """Documents with every word."""
        everything: Mask = (self.found == self.asked) & ~self.barred
        return everything


class TextIndex:
    """Executes text queries over one Whoosh reader; safe to share between threads.

    A word's postings become arrays once and stay in a bounded, least-recently-used cache.
    """

    def __init__(self, reader: IndexReader, columns: Columns) -> None:
        self._reader = reader
        self._n = reader.doc_count_all()
        totals = np.array([reader.field_length(field) for field in FIELDS], dtype=np.float64)
        means = np.where(totals > 0, totals / max(1, self._n), 1.0)
        self._norms = K1 * ((1 - B) + B * columns.lengths / means[:, None])
        self._cache: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._cached = 0
        self._lock = Lock()

    def matches(self, words: Words) -> Matches:
        """Find and score a text query; its plain words and the words of its phrases count."""
        wanted = list(dict.fromkeys((*words.all_of, *_inside(words.phrases))))
        score = np.zeros(self._n)
        found = np.zeros(self._n, dtype=np.int16)
        for word in wanted:
            postings = self.postings(word)
            score[postings.docs] += postings.scores
            found[postings.docs] += 1
        return Matches(score, found, len(wanted), self._barred(words))

    def _barred(self, words: Words) -> Mask:
        barred = np.zeros(self._n, dtype=np.bool_)
        for text in words.none_of:
            barred |= self._having(text)
        for phrase in words.phrases:
            barred |= ~self._having(phrase)
        return barred

    def _having(self, text: str) -> Mask:
        """Documents with these words side by side in one field."""
        having = np.zeros(self._n, dtype=np.bool_)
        parts = words_of(text)
        if len(parts) == 1:
            having[self.postings(parts[0]).docs] = True
            return having
        searcher = Searcher(self._reader)
        for field in FIELDS:
            query = Phrase(field, [term_of(field, part) for part in parts])
            having[np.fromiter(searcher.docs_for_query(query), dtype=np.int64)] = True
        return having

    def postings(self, word: str) -> Postings:
        """The documents with a word in any field, scores of the fields added up."""
        return self._kept(("", word), lambda: _merged(list(self._by_field(word).values())))

    def fields_with(self, words: Words, docs: Documents) -> list[tuple[str, ...]]:
        """For each document, the fields in which any of the words stands."""
        standing = {field: np.zeros(len(docs), dtype=np.bool_) for field in FIELDS}
        for word in (*words.all_of, *_inside(words.phrases)):
            for field, postings in self._by_field(word).items():
                standing[field] |= _among(docs, postings.docs)
        return [tuple(field for field in FIELDS if standing[field][i]) for i in range(len(docs))]

    def _by_field(self, word: str) -> dict[str, Postings]:
        return {field: self._field_postings(field, term_of(field, word)) for field in FIELDS}

    def docs_with_prefix(self, field: str, prefix: str, most_terms: int = 64) -> Documents:
        """Documents with a term that begins so, in document order; bounded work."""
        docs = []
        for i, term in enumerate(self._reader.expand_prefix(field, prefix)):
            if i == most_terms:
                break
            docs.append(self._field_postings(field, term.decode()).docs)
        return np.unique(np.concatenate(docs)) if docs else NOBODY.docs

    def has_term(self, word: str) -> bool:
        """Whether any document has the word."""
        return any((field, term_of(field, word)) in self._reader for field in FIELDS)

    def _field_postings(self, field: str, term: str) -> Postings:
        if not term:
            return NOBODY
        return self._kept((field, term), lambda: self._scored(field, term))

    def _kept(self, key: tuple[str, str], make: Callable[[], Postings]) -> Postings:
        with self._lock:
            if known := self._cache.get(key):
                self._cache.move_to_end(key)
                return known
        postings = make()
        with self._lock:
            if key not in self._cache:
                self._cache[key] = postings
                self._cached += len(postings.docs) + 8
            while self._cached > CACHED_POSTINGS:
                self._cached -= len(self._cache.popitem(last=False)[1].docs) + 8
        return postings

    def _scored(self, field: str, term: str) -> Postings:
        """BM25 of one term in one field; Robertson et al., as in whoosh.scoring.bm25."""
        try:
            matcher = self._reader.postings(field, term)
        except TermNotFound:
            return NOBODY
        pairs = []
        while matcher.is_active():
            pairs.append((matcher.id(), matcher.weight()))
            matcher.next()
        docs = np.array([doc for doc, _ in pairs], dtype=np.int64)
        weights = np.array([weight for _, weight in pairs], dtype=np.float64)
        idf = math.log(self._n / (len(docs) + 1)) + 1
        norms = self._norms[FIELDS.index(field)][docs]
        scores = BOOSTS[field] * idf * (weights * (K1 + 1) / (weights + norms))
        return Postings(docs, scores)


def _inside(phrases: Iterable[str]) -> list[str]:
    return [word for phrase in phrases for word in words_of(phrase)]


def _among(docs: Documents, known: Documents) -> Mask:
    """Which of `docs` are among sorted ones."""
    if not len(known):
        return np.zeros(len(docs), dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, docs), len(known) - 1)
    found: Mask = known[at] == docs
    return found


def _merged(parts: Sequence[Postings]) -> Postings:
    parts = [part for part in parts if len(part.docs)]
    if not parts:
        return NOBODY
    if len(parts) == 1:
        return parts[0]
    docs, where = np.unique(np.concatenate([part.docs for part in parts]), return_inverse=True)
    scores = np.zeros(len(docs))
    np.add.at(scores, where, np.concatenate([part.scores for part in parts]))
    return Postings(docs, scores)
