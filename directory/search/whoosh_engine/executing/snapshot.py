"""One opened generation: everything in memory that a search reads. Immutable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np

from directory.freshness import ACCEPTING_HOLDS_FOR, FRESH_FOR, RANKED_FULLY_FOR, SHOWN_FOR
from directory.places import Point
from directory.search.port import Box, Circle, Price
from directory.search.whoosh_engine.arrays import postings, prices
from directory.search.whoosh_engine.arrays.bitmaps import bits_of, packed, unpacked
from directory.search.whoosh_engine.arrays.columns import NOBODY, Columns
from directory.search.whoosh_engine.arrays.grids import Nearby
from directory.search.whoosh_engine.arrays.postings import PartPostings
from directory.search.whoosh_engine.arrays.types import (
    Bits,
    DocNumbers,
    Factors,
    Indices,
    ListingIds,
    Mask,
    Ties,
)
from directory.search.whoosh_engine.executing.scoring import TextIndex
from directory.search.whoosh_engine.executing.spelling import Spellings
from directory.search.whoosh_engine.generations import publishing
from directory.search.whoosh_engine.generations.holding import Held
from directory.search.whoosh_engine.generations.manifests import Segment

# What a score is worth when the listing was confirmed within 180 days, 270, or longer ago.
FRESHNESS = (1.0, 0.8, 0.4)
# How many days are kept ready: today, and yesterday for whoever is still turning its pages.
DAYS = 2
# What the cache of scored words may take: some at least, more for more listings.
CACHE_BYTES, CACHE_BYTES_A_LISTING = 8 << 20, 160


@dataclass(frozen=True)
class Opened:
    """A verified segment: its columns and postings, mapped."""

    segment: Segment
    columns: Columns
    parts: list[PartPostings]

    @classmethod
    def of(cls, root: Path, segment: Segment) -> "Opened":
        """Verify every file of a segment, then map it; raises SearchUnavailable."""
        publishing.verify(root, segment)
        columns = Columns.load(root / segment.folder)
        return cls(segment, columns, postings.load(root / segment.folder, columns.parts))


class Snapshot:
    """The columns and words of one generation, base and overlay as one.

    `n` documents, a multiple of 64; a document that the overlay replaces stays in place and is
    not `alive`, nor are those that only fill up.
    """

    def __init__(self, root: Path, held: Held, before: "Snapshot | None" = None) -> None:
        """Open a generation; what it shares with the one `before` is taken from there.

        Its files stay as long as this object does.
        """
        self._held = held
        manifest = self.manifest = held.manifest
        known: Opened | None = before.base if before else None
        same = known is not None and known.segment == manifest.base
        self.base: Opened = known if known and same else Opened.of(root, manifest.base)
        overlay = Opened.of(root, manifest.overlay) if manifest.overlay else None
        self.columns = _joined(self.base, overlay)
        self.n = len(self.columns)
        alive = self.columns.ids != NOBODY
        hidden = np.isin(self.base.columns.ids, np.array(manifest.hidden, dtype=np.int64))
        alive[: len(hidden)] &= ~hidden
        self.alive: Bits = packed(alive)
        cache = CACHE_BYTES + CACHE_BYTES_A_LISTING * self.n
        self._parts = _all_parts(self.base, overlay)
        self.text = TextIndex(self._parts, self.n, cache)
        self._days: tuple[_Day, ...] = ()

    def warm(self, before: "Snapshot | None" = None) -> None:
        """Get ready for the first searches: heavy words, and the day."""
        self.text.warm()
        for known in before._days[:1] if before else ():
            self._on(known.day)

    @cached_property
    def spellings(self) -> Spellings:
        """The words that misspelt ones are compared with."""
        return Spellings(self._parts)

    @cached_property
    def visits_homes(self) -> Bits:
        """Documents with a practice that visits homes."""
        visits = np.zeros(self.n, dtype=np.bool_)
        for grid in self.columns.grids:
            visits[grid.visiting_docs()] = True
        return packed(visits)

    @cached_property
    def currency(self) -> str:
        """The currency in which most prices are."""
        return prices.usual_currency(self.columns.currency, unpacked(self.alive))

    def up_to(self, most: Price) -> Bits:
        """Documents whose price is in that currency and no higher."""
        return prices.up_to(most, self.columns.price, self.columns.currency)

    def inside(self, areas: frozenset[str], *, visiting: bool) -> Bits:
        """Documents with a practice in any of the areas (`visiting`: that visits homes)."""
        found = [held.docs_in(areas, visiting=visiting) for held in self.columns.areas]
        return bits_of(np.concatenate(found), self.n // 64)

    def practices_in(self, docs: Indices, areas: frozenset[str], *, visiting: bool) -> list[int]:
        """For each of some documents inside: which of its practices it is there for."""
        first: dict[int, int] = {}
        for held in self.columns.areas:
            first |= held.practices_of(docs, areas, visiting=visiting)
        return [first.get(doc, 0) for doc in docs.tolist()]

    def boxed(self, box: Box) -> Bits:
        """Documents with a practice in a box."""
        found = [grid.docs_in(box) for grid in self.columns.grids]
        return bits_of(np.concatenate(found), self.n // 64)

    def practices_boxed(self, docs: Indices, box: Box) -> list[int]:
        """For each of some documents in a box: which of its practices it is there for."""
        first: dict[int, int] = {}
        for grid in self.columns.grids:
            first |= grid.practices_in(docs, box)
        return [first.get(doc, 0) for doc in docs.tolist()]

    def near(self, circle: Circle) -> Nearby:
        """Everyone within a circle or visiting homes there."""
        return Nearby.joined([grid.near(circle) for grid in self.columns.grids])

    def crowds(self, most: int) -> list[Point]:
        """Where most practise, the fullest spots first."""
        found = [crowd for grid in self.columns.grids for crowd in grid.crowds]
        found.sort(key=lambda crowd: -crowd[0])
        return [point for _, point in found[:most]]

    def shown(self, day: date) -> Bits:
        """Documents that may be shown that day: alive, and confirmed within a year."""
        return self._on(day).shown

    def accepting(self, day: date) -> Bits:
        """Documents whose word that they accept new clients still holds."""
        return self._on(day).accepting

    def freshness(self, day: date) -> Factors:
        """(n,) factor of the ranking: freshly confirmed before stale."""
        return self._on(day).freshness

    def rotation(self, day: date) -> Ties:
        """(n,) an order that is fair, stable for a day and new the next."""
        return self._on(day).rotation

    def fair_order(self, day: date) -> DocNumbers:
        """All that are shown that day, freshly confirmed first, each in its turn."""
        return self._on(day).fair_order

    def _on(self, day: date) -> "_Day":
        known = self._days
        for one in known:
            if one.day == day:
                return one
        made = _Day.of(day, self.columns, unpacked(self.alive))
        # The newest first: whoever turned a page yesterday may be asking still.
        self._days = tuple(sorted((made, *known), key=lambda one: one.day, reverse=True)[:DAYS])
        return made


@dataclass(frozen=True, slots=True)
class _Day:
    """What holds for every document on one day."""

    day: date
    shown: Bits
    accepting: Bits
    freshness: Factors
    rotation: Ties
    fair_order: DocNumbers

    @classmethod
    def of(cls, day: date, columns: Columns, alive: Mask) -> "_Day":
        confirmed, stated = columns.confirmed, columns.accepting
        tiers = [confirmed > _ordinal(day, FRESH_FOR), confirmed > _ordinal(day, RANKED_FULLY_FOR)]
        freshness = np.select(tiers, FRESHNESS[:2], FRESHNESS[2]).astype(np.float32)
        shown = alive & (confirmed > _ordinal(day, SHOWN_FOR))
        rotation = _rotation(columns.ids, day)
        order = np.lexsort((rotation, -freshness)).astype(np.uint32)
        return cls(
            day,
            packed(shown),
            packed(stated > _ordinal(day, ACCEPTING_HOLDS_FOR)),
            freshness,
            rotation,
            order[shown[order]],
        )


def _rotation(ids: ListingIds, day: date) -> Ties:
    """A number for each id and day: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    seed = np.uint64(day.toordinal() * 0x9E3779B97F4A7C15 % 2**64)
    x = ids.astype(np.uint64) * np.uint64(0xD1342543DE82EF95) ^ seed
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Ties = x ^ (x >> np.uint64(31))
    return mixed


def _joined(base: Opened, overlay: Opened | None) -> Columns:
    return base.columns.with_overlay(overlay.columns) if overlay else base.columns


def _all_parts(base: Opened, overlay: Opened | None) -> Sequence[PartPostings]:
    moved = [part.moved(len(base.columns)) for part in overlay.parts] if overlay else []
    return [*base.parts, *moved]


def _ordinal(day: date, ago: timedelta) -> int:
    return (day - ago).toordinal()
