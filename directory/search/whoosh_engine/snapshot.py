"""One opened generation: everything in memory that a search reads. Immutable."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh import index
from whoosh.reading import IndexReader, MultiReader

from directory.freshness import ACCEPTING_HOLDS_FOR, FRESH_FOR, RANKED_FULLY_FOR, SHOWN_FOR
from directory.search.port import FACETS
from directory.search.whoosh_engine import columns as cols
from directory.search.whoosh_engine.bitmaps import Bits, FacetBits, Mask, packed
from directory.search.whoosh_engine.columns import Floats
from directory.search.whoosh_engine.generations import Manifest, verify
from directory.search.whoosh_engine.geo import Spots
from directory.search.whoosh_engine.scoring import TextIndex

# What a score is worth when the listing was confirmed within 180 days, 270, or longer ago.
FRESHNESS = (1.0, 0.8, 0.4)


class Snapshot:
    """The columns and terms of one generation, base and overlay as one.

    `n` documents; a document that the overlay replaces stays in place and is not `alive`.
    """

    def __init__(self, root: Path, manifest: Manifest) -> None:
        """Open a generation; every file is verified before any of it is read."""
        self.manifest = manifest
        segments = [s for s in (manifest.base, manifest.overlay) if s]
        for segment in segments:
            verify(root, segment)
        folders = [root / segment.folder for segment in segments]
        parts = [cols.load(folder) for folder in folders]
        self.columns = cols.joined(parts)
        self.n = len(self.columns)
        self.text = TextIndex(_whoosh_reader(folders), self.columns)
        self.facets = {name: FacetBits(*self.columns.facets[name], self.n) for name in FACETS}
        self.spots = Spots(self.columns)
        self.alive = ~np.isin(self.columns.ids, np.array(manifest.hidden, dtype=np.int64))
        self.alive[len(parts[0]) :] = True
        self.visits_homes = packed(self._visits_homes())
        self.name_rank = _ranks(self.columns.names)
        self._of_day: _Day | None = None

    def shown(self, day: date) -> Mask:
        """Documents that may be shown that day: alive, and confirmed within a year."""
        return self._on(day).shown

    def accepting(self, day: date) -> Bits:
        """Documents whose word that they accept new clients still holds."""
        return self._on(day).accepting

    def freshness(self, day: date) -> Floats:
        """(n,) factor of the ranking: freshly confirmed before stale."""
        return self._on(day).freshness

    def rotation(self, day: date) -> npt.NDArray[np.uint64]:
        """(n,) an order that is fair, stable for a day and new the next."""
        return self._on(day).rotation

    def _on(self, day: date) -> "_Day":
        known = self._of_day
        if known is None or known.day != day:
            confirmed, stated = self.columns.confirmed, self.columns.accepting
            tiers = [
                confirmed > _ordinal(day, FRESH_FOR),
                confirmed > _ordinal(day, RANKED_FULLY_FOR),
            ]
            known = _Day(
                day,
                self.alive & (confirmed > _ordinal(day, SHOWN_FOR)),
                packed(stated > _ordinal(day, ACCEPTING_HOLDS_FOR)),
                np.select(tiers, FRESHNESS[:2], FRESHNESS[2]),
                _rotation(self.columns.ids, day),
            )
            self._of_day = known
        return known

    def _visits_homes(self) -> Mask:
        visits = np.zeros(self.n, dtype=np.bool_)
        visits[self.columns.spot_doc[self.columns.visits > 0]] = True
        return visits


@dataclass(frozen=True, slots=True)
class _Day:
    """What holds for every document on one day."""

    day: date
    shown: Mask
    accepting: Bits
    freshness: Floats
    rotation: npt.NDArray[np.uint64]


def _rotation(ids: npt.NDArray[np.int64], day: date) -> npt.NDArray[np.uint64]:
    """A number for each id and day: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    seed = np.uint64(day.toordinal() * 0x9E3779B97F4A7C15 % 2**64)
    x = ids.astype(np.uint64) * np.uint64(0xD1342543DE82EF95) ^ seed
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: npt.NDArray[np.uint64] = x ^ (x >> np.uint64(31))
    return mixed


def _whoosh_reader(folders: list[Path]) -> IndexReader:
    readers = [index.open_dir(str(folder)).reader() for folder in folders]
    return readers[0] if len(readers) == 1 else MultiReader(readers)


def _ordinal(day: date, ago: timedelta) -> int:
    return (day - ago).toordinal()


def _ranks(names: list[str]) -> npt.NDArray[np.int32]:
    """Each document's place in alphabetical order; equal names share one."""
    place = {name: i for i, name in enumerate(sorted(set(names)))}
    return np.array([place[name] for name in names], dtype=np.int32)
