"""One query over one snapshot: match, count, order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from directory.search.port import ALL_OF, FACETS, Hit, Query, Ranking, Sort
from directory.search.whoosh_engine.bitmaps import Bits, Mask, count, packed, unpacked
from directory.search.whoosh_engine.geo import Near
from directory.search.whoosh_engine.scoring import Matches
from directory.search.whoosh_engine.snapshot import Snapshot

# The distance at which half of a score is left.
HALF_KM = 20.0


@dataclass(frozen=True)
class Execution:
    """The sets of a query, worked out once each and only when asked for."""

    snapshot: Snapshot
    query: Query

    @cached_property
    def near(self) -> Near | None:
        """Distances, when a circle was asked for."""
        return self.snapshot.spots.near(self.query.circle) if self.query.circle else None

    @cached_property
    def matches(self) -> Matches | None:
        """Text matches, when words were asked for."""
        return self.snapshot.text.matches(self.query.words) if self.query.words else None

    @cached_property
    def _facets_chosen(self) -> dict[str, Bits]:
        facets = self.snapshot.facets
        return {
            name: facets[name].all_of(slugs) if name in ALL_OF else facets[name].any_of(slugs)
            for name, slugs in self.query.chosen.items()
            if slugs
        }

    @cached_property
    def _common(self) -> Bits:
        """Everything but words and facets: shown that day, in the circle, flags."""
        shown = self.snapshot.shown(self.query.day)
        bits = packed(shown & self.near.matched if self.near else shown)
        if self.query.accepting:
            bits = bits & self.snapshot.accepting(self.query.day)
        if self.query.home_visits:
            bits = bits & self.snapshot.visits_homes
        return bits

    def _with_facets(self, bits: Bits, *, but: str = "") -> Bits:
        for name, chosen in self._facets_chosen.items():
            if name != but:
                bits = bits & chosen
        return bits

    @cached_property
    def strict_total(self) -> int:
        """How many match with every word."""
        return count(self._with_facets(self._texted(partial=False)))

    def _texted(self, *, partial: bool) -> Bits:
        if self.matches is None:
            return self._common
        if not partial:
            return self._common & packed(self.matches.strict)
        return self._common & packed(self._best_partial(self.matches))

    def _best_partial(self, matches: Matches) -> Mask:
        """Documents with as many of the words as any that passes the filters has."""
        allowed = unpacked(self._with_facets(self._common), self.snapshot.n) & ~matches.barred
        most = int(matches.found[allowed].max(initial=0))
        best: Mask = (matches.found == most) & ~matches.barred & (most > 0)
        return best

    def ranking(self) -> Ranking:
        """The page, the total and the counts; partial matches when nothing has every word."""
        partial = bool(self.matches and self.matches.asked > 1 and not self.strict_total)
        texted = self._texted(partial=partial)
        full = self._with_facets(texted)
        total = count(full)
        return Ranking(
            total=total,
            hits=self._hits(np.flatnonzero(unpacked(full, self.snapshot.n))),
            facets={name: self._counts(name, texted, full) for name in FACETS},
            partial=partial and total > 0,
        )

    def _counts(self, name: str, texted: Bits, full: Bits) -> dict[str, int]:
        own_left_out = name in self._facets_chosen and name not in ALL_OF
        within = self._with_facets(texted, but=name) if own_left_out else full
        return self.snapshot.facets[name].counts(within)

    def _hits(self, docs: npt.NDArray[np.int64]) -> tuple[Hit, ...]:
        query = self.query
        if not query.limit or query.offset >= len(docs):
            return ()
        scores = self._scores(docs)
        ordered = self._ordered(docs, scores, query.offset + query.limit)[query.offset :]
        page = docs[ordered]
        return tuple(map(self._hit, page, scores[ordered], self._matched(page)))

    def _scores(self, docs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Text relevance x distance decay x freshness: the whole of the ranking rule."""
        text = self.matches.score[docs] if self.matches else np.ones(len(docs))
        fresh = self.snapshot.freshness(self.query.day)[docs]
        if self.near is None:
            return text * fresh
        km = self.near.km[docs]
        return text * fresh * HALF_KM / (HALF_KM + km)

    def _ordered(
        self, docs: npt.NDArray[np.int64], scores: npt.NDArray[np.float64], most: int
    ) -> npt.NDArray[np.intp]:
        """Positions in `docs` of the first `most` results, in order; ties rotate daily."""
        key = self._key(docs, scores)
        kept = np.arange(len(docs))
        if most < len(docs):
            kept = np.flatnonzero(key <= np.partition(key, most - 1)[most - 1])
        tie = self.snapshot.rotation(self.query.day)[docs[kept]]
        return kept[np.lexsort((tie, key[kept]))][:most]

    def _key(
        self, docs: npt.NDArray[np.int64], scores: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Smallest first."""
        if self.query.sort is Sort.DISTANCE and self.near is not None:
            return np.round(self.near.km[docs], 1)
        if self.query.sort is Sort.NAME:
            return self.snapshot.name_rank[docs].astype(np.float64)
        if self.query.sort is Sort.CONFIRMED:
            return -self.snapshot.columns.confirmed[docs].astype(np.float64)
        return -np.round(scores, 9)

    def _matched(self, docs: npt.NDArray[np.int64]) -> list[tuple[str, ...]]:
        if not self.query.words:
            return [()] * len(docs)
        return self.snapshot.text.fields_with(self.query.words, docs)

    def _hit(self, doc: np.int64, score: np.float64, matched: tuple[str, ...]) -> Hit:
        listing_id = int(self.snapshot.columns.ids[doc])
        if self.near is None:
            return Hit(listing_id, round(float(score), 4), matched=matched)
        return Hit(
            listing_id,
            round(float(score), 4),
            distance_km=round(float(self.near.km[doc]), 3),
            practice=int(self.near.practice[doc]),
            matched=matched,
            visits=bool(self.near.visits[doc]),
        )
