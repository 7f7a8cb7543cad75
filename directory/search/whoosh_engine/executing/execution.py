"""One query over one snapshot: match, count, order."""

from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np

from directory.search.port import (
    ALL_OF,
    FACETS,
    Box,
    Circle,
    Hit,
    Price,
    Query,
    Ranking,
    Sort,
    alternatives,
)
from directory.search.whoosh_engine.arrays.bitmaps import (
    DocSet,
    Few,
    Many,
    bits_of,
    few,
    holds,
    many,
    packed,
)
from directory.search.whoosh_engine.arrays.grids import Nearby
from directory.search.whoosh_engine.arrays.types import (
    Bits,
    Distances,
    Indices,
    Relevance,
    SortKeys,
)
from directory.search.whoosh_engine.executing import ordering
from directory.search.whoosh_engine.executing.scored_words import ScoredWord
from directory.search.whoosh_engine.executing.scoring import fields_with, words_in
from directory.search.whoosh_engine.executing.snapshot import Snapshot

# The distance at which half of a score is left.
HALF_KM = 20.0


@dataclass
class Found:
    """What queries over one snapshot have in common, found once: a search and its relaxations."""

    snapshot: Snapshot
    _near: dict[Circle, Nearby] = field(default_factory=dict)
    _having: dict[str, Bits] = field(default_factory=dict)
    _chosen: dict[tuple[str, frozenset[str]], Bits] = field(default_factory=dict)
    _inside: dict[tuple[frozenset[str], bool], Bits] = field(default_factory=dict)
    _boxed: dict[Box, Bits] = field(default_factory=dict)
    _up_to: dict[Price, Bits] = field(default_factory=dict)

    def near(self, circle: Circle) -> Nearby:
        """Who matches a circle."""
        if circle not in self._near:
            self._near[circle] = self.snapshot.near(circle)
        return self._near[circle]

    def inside(self, areas: frozenset[str], *, visiting: bool) -> Bits:
        """Who practises in any of the areas (`visiting`: and visits homes there)."""
        if (areas, visiting) not in self._inside:
            self._inside[areas, visiting] = self.snapshot.inside(areas, visiting=visiting)
        return self._inside[areas, visiting]

    def up_to(self, most: Price) -> Bits:
        """Whose price is no higher."""
        if most not in self._up_to:
            self._up_to[most] = self.snapshot.up_to(most)
        return self._up_to[most]

    def boxed(self, box: Box) -> Bits:
        """Who practises in a box."""
        if box not in self._boxed:
            self._boxed[box] = self.snapshot.boxed(box)
        return self._boxed[box]

    def practising(self, circle: Circle) -> Bits:
        """Who has a practice within a circle, whoever visits homes there aside."""
        near = self.near(circle)
        return bits_of(near.docs[~near.visits], self.snapshot.n // 64)

    def having(self, text: str) -> Bits:
        """Who has a word or phrase."""
        if text not in self._having:
            self._having[text] = self.snapshot.text.having(text)
        return self._having[text]

    def chosen(self, facet: str, slugs: frozenset[str]) -> Bits:
        """Who has what was chosen in a facet."""
        if (facet, slugs) not in self._chosen:
            facets = self.snapshot.columns.facets
            which = facets.all_of if facet in ALL_OF else facets.any_of
            self._chosen[facet, slugs] = which(facet, slugs)
        return self._chosen[facet, slugs]


class Execution:
    """The sets of a query, worked out once each and only when asked for."""

    def __init__(self, found: Found, query: Query) -> None:
        self._found, self._query, self._snapshot = found, query, found.snapshot
        wanted = dict.fromkeys((*query.words.all_of, *words_in(query.words.phrases)))
        self._words = [self._snapshot.text.word(word) for word in wanted]
        self._near = found.near(query.circle) if query.circle else None
        self._served: Bits | None = None
        self._practising = self._near
        if query.served and query.chosen.get("online"):
            self._served = self._from_afar
            if self._near:
                self._near = self._near.and_from_afar(many(self._served).docs)
        self._chosen = {
            name: self._having(name, slugs) for name, slugs in query.chosen.items() if slugs
        }

    def _having(self, facet: str, slugs: frozenset[str]) -> Bits:
        """Who has what was chosen in a facet."""
        either = self._query.either
        if facet not in ALL_OF or not either:
            return self._found.chosen(facet, slugs)
        any_of = self._snapshot.columns.facets.any_of
        groups = (any_of(facet, group) for group in alternatives(slugs, either))
        return reduce(np.bitwise_and, groups)

    @property
    def _from_afar(self) -> Bits:
        """Whoever serves the country online, wherever they are."""
        return self._found.chosen("serves", frozenset({self._query.served}))

    @cached_property
    def _common(self) -> Bits:
        """Everything but plain words, facets and the circle: areas, too."""
        query, bits = self._query, self._anywhere
        if query.areas:
            inside = self._found.inside(query.areas, visiting=query.home_visits)
            bits = bits & (inside if self._served is None else inside | self._served)
        return bits

    @cached_property
    def _anywhere(self) -> Bits:
        """Everything but plain words, facets and the place."""
        query, snapshot = self._query, self._snapshot
        bits = snapshot.shown(query.day)
        if query.accepting:
            bits = bits & snapshot.accepting(query.day)
        if query.home_visits:
            bits = bits & snapshot.visits_homes
        if query.up_to:
            bits = bits & self._found.up_to(query.up_to)
        if query.box:
            bits = bits & self._found.boxed(query.box)
        for phrase in query.words.phrases:
            bits = bits & self._found.having(phrase)
        return self._without(bits)

    def _without(self, bits: Bits) -> Bits:
        """Those of a set who have nothing of what is not wanted."""
        query, snapshot = self._query, self._snapshot
        for text in query.words.none_of:
            bits = bits & ~self._found.having(text)
        for facet, slugs in query.without.items():
            bits = bits & ~snapshot.columns.facets.any_of(facet, slugs)
        if query.not_in:
            bits = bits & ~self._found.inside(query.not_in, visiting=False)
        for circle in query.not_near:
            bits = bits & ~self._found.practising(circle)
        return bits

    def _placed(self, bits: Bits) -> DocSet:
        """Those of a set that match the circle."""
        return many(bits) if self._near is None else few(self._near.docs) & bits

    @cached_property
    def _strict(self) -> DocSet:
        """Those with every word, whatever was chosen in facets."""
        words = sorted(self._words, key=lambda word: len(word.docs))
        if self._near is not None:
            return _with_all(few(self._near.docs) & self._common, words)
        if words and words[0].rare:
            docs = few(words[0].docs.astype(np.intp))
            return _with_all(docs & self._common, words[1:])
        return many(reduce(np.bitwise_and, [word.bits for word in words], self._common))

    def _with_facets(self, docs: DocSet, *, but: str = "") -> DocSet:
        for name, bits in self._chosen.items():
            if name != but:
                docs = docs & bits
        return docs

    @cached_property
    def _full(self) -> DocSet:
        return self._with_facets(self._strict)

    @property
    def strict_total(self) -> int:
        """How many match with every word."""
        return len(self._full)

    def ranking(self) -> Ranking:
        """The page, the total and the counts; partial matches when nothing has every word."""
        texted, full, partial = self._strict, self._full, False
        if len(self._words) > 1 and not len(full):
            some = self._most_words()
            if partial := bool(len(found := self._with_facets(some))):
                texted, full = some, found
        return Ranking(
            total=len(full),
            hits=self._hits(full),
            facets=self._snapshot.columns.facets.counts(self._sets(texted, full)),
            partial=partial,
        )

    def _most_words(self) -> DocSet:
        """Those with as many of the words as any that passes the filters has."""
        found = np.zeros(self._snapshot.n, dtype=np.uint8)
        for word in self._words:
            found[word.docs] += 1
        passing = self._placed(self._common)
        most = found[self._with_facets(passing).docs].max(initial=0)
        return passing & packed((found == most) & (most > 0))

    def _sets(self, texted: DocSet, full: DocSet) -> dict[str, DocSet]:
        """Whom each facet is counted in: alternatives without their own selection."""
        sets = {
            name: self._with_facets(texted, but=name)
            if name in self._chosen and name not in ALL_OF
            else full
            for name in FACETS
        }
        if self._query.served and (self._practising is not None or self._query.areas):
            sets["online"] = self._were_online_chosen()
        return sets

    def _were_online_chosen(self) -> DocSet:
        """In whom "online" is counted at a place: its click finds those from afar, too."""
        query = self._query
        bits = self._anywhere
        if self._practising is not None:
            there = bits_of(self._practising.docs, self._snapshot.n // 64)
            bits = bits & (there | self._from_afar)
        if query.areas:
            there = self._found.inside(query.areas, visiting=query.home_visits)
            bits = bits & (there | self._from_afar)
        bits = reduce(np.bitwise_and, [word.bits for word in self._words], bits)
        return self._with_facets(many(bits), but="online")

    def _hits(self, full: DocSet) -> tuple[Hit, ...]:
        query = self._query
        if not query.limit or query.offset >= len(full):
            return ()
        most = query.offset + query.limit
        if isinstance(full, Few):
            docs, scores, at = self._ordered(full.docs, self._km(full), most)
            places = full.at[at][query.offset :] if self._near is not None else None
            return self._page(docs[at][query.offset :], scores[at][query.offset :], places)
        if query.sort is Sort.FAIR and not self._words:
            docs = ordering.along(self._snapshot.fair_order(query.day), full.bits, len(full), most)
            return self._page(docs[query.offset :], self._scores(docs, None)[query.offset :], None)
        docs, scores, at = self._best_known(full, most) or self._ordered(full.docs, None, most)
        return self._page(docs[at][query.offset :], scores[at][query.offset :], None)

    def _ordered(
        self, docs: Indices, km: Distances | None, most: int
    ) -> tuple[Indices, Relevance, Indices]:
        """Documents, their scores, and where the first `most` of them are, in order."""
        scores = self._scores(docs, km)
        rotation = self._snapshot.rotation(self._query.day)
        key = self._key(docs, scores, km)
        return docs, scores, ordering.best(key, lambda at: rotation.take(docs[at]), most)

    def _best_known(self, full: Many, most: int) -> tuple[Indices, Relevance, Indices] | None:
        """The first results of a single word among its best documents; None when not sure."""
        if len(self._words) != 1 or self._query.sort not in (Sort.RELEVANCE, Sort.FAIR):
            return None
        docs, least = self._words[0].best
        docs = docs[holds(full.bits, docs)]
        if len(docs) < most:
            return None
        found = self._ordered(docs, None, most)
        return found if found[1][found[2][-1]] > least else None

    def _km(self, full: Few) -> Distances | None:
        return None if self._near is None else self._near.km(full.at)

    def _scores(self, docs: Indices, km: Distances | None) -> Relevance:
        """Text relevance x distance decay x freshness: the whole of the ranking rule."""
        scores = self._snapshot.freshness(self._query.day).take(docs)
        if self._words:
            scores = scores * reduce(np.add, [word.scores_of(docs) for word in self._words])
        return scores if km is None else scores * (HALF_KM / (HALF_KM + km))

    def _key(self, docs: Indices, scores: Relevance, km: Distances | None) -> SortKeys:
        """Highest first."""
        if self._query.sort is Sort.DISTANCE and km is not None:
            return -np.round(km, 1)
        if self._query.sort is Sort.NAME:
            return -self._snapshot.columns.name_rank[docs].astype(np.float64)
        if self._query.sort is Sort.CONFIRMED:
            return self._snapshot.columns.confirmed[docs].astype(np.float64)
        return scores

    def _page(self, docs: Indices, scores: Relevance, places: Indices | None) -> tuple[Hit, ...]:
        ids = self._snapshot.columns.ids[docs].tolist()
        matched = fields_with(self._words, docs)
        if places is None or self._near is None:
            practices = self._practices(docs)
            found = zip(ids, scores.tolist(), practices, matched, strict=True)
            return tuple(Hit(id_, score, None, at, its) for id_, score, at, its in found)
        near = self._near
        return tuple(
            map(
                Hit,
                ids,
                scores.tolist(),
                _distances(near, places),
                near.practice[places].tolist(),
                matched,
                near.visits[places].tolist(),
            )
        )

    def _practices(self, docs: Indices) -> list[int]:
        """Which practice each document is shown with: the first, or the first in the areas."""
        query = self._query
        if query.box and not query.areas:
            return self._snapshot.practices_boxed(docs, query.box)
        if not query.areas:
            return [0] * len(docs)
        return self._snapshot.practices_in(docs, query.areas, visiting=query.home_visits)


def _distances(near: Nearby, places: Indices) -> list[float | None]:
    """Kilometres; None for who is found from afar."""
    afar = np.isinf(near.chord[places])
    km = np.round(near.km(places), 3).tolist()
    return [None if far else one for far, one in zip(afar.tolist(), km, strict=True)]


def _with_all(docs: Few, words: list[ScoredWord]) -> Few:
    for word in words:
        held = word.holds(docs.docs)
        docs = Few(docs.docs[held], docs.at[held])
    return docs
