"""Distances: from a point to every listing's nearest practice.

Practices lie in a grid: rows of latitude, and in each row from west to east. Their places are
points of the unit sphere, so that most of a distance is three subtractions and no sine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from math import asin, cos, degrees, pi, radians, sin

import numpy as np

from directory.places.geo import EARTH_RADIUS_KM, Point
from directory.search.port import Box, Circle
from directory.search.whoosh_engine.arrays.types import (
    Array,
    Distances,
    DocNumbers,
    GridKeys,
    Indices,
    Mask,
    PracticeNumbers,
)

ROW_DEGREES = 0.25
ROWS = int(180 / ROW_DEGREES)
# More than a row is wide, so that a row's keys stay below the next one's.
ROW_KEYS = 1000.0
# Edges of windows are widened by this much, against rounding.
MARGIN = 1e-7
# So few ranges are faster laid out one by one.
FEW_RANGES = 8
# Places to browse by are chosen among so many spots.
MOST_CROWDS = 200
HALF_WAY_ROUND_KM = pi * EARTH_RADIUS_KM


def laid_out(docs: Array, orders: Array, spots: Array) -> dict[str, Array]:
    """Practices in the order of the grid; spots (m, 3) are latitude, longitude, visits in km."""
    lat, lon = spots[:, 0], spots[:, 1]
    rows = np.minimum(np.floor((lat + 90) / ROW_DEGREES), ROWS - 1)
    keys = rows * ROW_KEYS + (lon + 180)
    order = np.argsort(keys, kind="stable")
    several = np.bincount(docs, minlength=1)[docs] > 1 if len(docs) else docs.astype(np.bool_)
    return {
        "spot_key": keys[order],
        "spot_doc": docs[order],
        "spot_order": orders[order],
        "spot_several": several[order].view(np.uint8),
        "spot_visits": spots[order, 2],
        "spot_x": (np.cos(np.radians(lat)) * np.cos(np.radians(lon)))[order],
        "spot_y": (np.cos(np.radians(lat)) * np.sin(np.radians(lon)))[order],
        "spot_z": np.sin(np.radians(lat))[order],
        "spot_company": _company(docs[order], several[order], spots[order, 2]),
    }


def _company(docs: Array, several: Array, visits: Array) -> Array:
    """All practices of listings that have several, of which one at least visits homes."""
    visiting = np.unique(docs[(visits > 0) & several])
    return np.flatnonzero(np.isin(docs, visiting)).astype(np.uint32)


def _row(lat: float) -> int:
    return min(int((lat + 90) / ROW_DEGREES), ROWS - 1)


@dataclass(frozen=True, slots=True)
class Nearby:
    """Who matches a circle, each document once, in no order. All arrays are (k,).

    `chord` is the straight distance to the nearest practice on the unit sphere, squared;
    infinite for who is found from afar; `practice` its index in the listing; `visits`: found by visiting homes at the centre alone.
    """

    docs: Indices
    chord: Distances
    practice: PracticeNumbers
    visits: Mask

    def km(self, at: Indices) -> Distances:
        """Great-circle kilometres of some of them (haversine, mean earth radius)."""
        half = np.sqrt(self.chord[at]) / 2
        km: Distances = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1))
        return km

    def and_from_afar(self, docs: Indices) -> "Nearby":
        """These, and after them others who are found whatever their distance."""
        others = np.setdiff1d(docs, self.docs).astype(self.docs.dtype)
        count = len(others)
        afar = Nearby(
            others,
            np.full(count, np.inf, dtype=self.chord.dtype),
            np.zeros(count, dtype=self.practice.dtype),
            np.zeros(count, dtype=self.visits.dtype),
        )
        return Nearby.joined([self, afar])

    @classmethod
    def joined(cls, parts: "Sequence[Nearby]") -> "Nearby":
        """Those of several grids as one."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            *(np.concatenate([getattr(part, s.name) for part in parts]) for s in fields(cls))
        )


class Grid:
    """The practices of one segment; `first` is the number of its first document."""

    def __init__(self, arrays: Mapping[str, Array], first: int = 0) -> None:
        self._arrays, self._first = arrays, first
        self._key, self._doc = arrays["spot_key"], arrays["spot_doc"]
        self._order, self._several = arrays["spot_order"], arrays["spot_several"].view(np.bool_)
        self._x, self._y, self._z = arrays["spot_x"], arrays["spot_y"], arrays["spot_z"]
        self._visiting = np.flatnonzero(arrays["spot_visits"] > 0)
        visits = arrays["spot_visits"]
        self._reach = np.square(
            2 * np.sin(np.minimum(visits, HALF_WAY_ROUND_KM) / (2 * EARTH_RADIUS_KM))
        )
        self._visiting_key = self._key[self._visiting]
        self._company = arrays["spot_company"].astype(np.intp)
        self._company_key = self._key[self._company]
        self._farthest = float(visits.max(initial=0.0))

    def moved(self, first: int) -> "Grid":
        """The same practices, with documents numbered from `first`."""
        return Grid(self._arrays, first)

    def visiting_docs(self) -> Indices:
        """Documents with a practice that visits homes; some more than once."""
        return self._doc[self._visiting].astype(np.intp) + self._first

    def docs_in(self, box: Box) -> Indices:
        """Documents with a practice in a box; some more than once."""
        return self._doc[self._spots_in(box)].astype(np.intp) + self._first

    def practices_in(self, docs: Indices, box: Box) -> dict[int, int]:
        """For each of some documents the first of its practices in a box, where it has one."""
        spots = self._spots_in(box)
        spots = spots[np.isin(self._doc[spots], docs - self._first)]
        first: dict[int, int] = {}
        held = zip(self._doc[spots].tolist(), self._order[spots].tolist(), strict=True)
        for doc, order in held:
            at = doc + self._first
            first[at] = min(order, first.get(at, order))
        return first

    def _spots_in(self, box: Box) -> Indices:
        edges = (_row(box.south) * ROW_KEYS, (_row(box.north) + 1) * ROW_KEYS)
        start, end = np.searchsorted(self._key, edges)
        east_of = self._key[start:end] % ROW_KEYS - 180
        lat = np.degrees(np.arcsin(np.clip(self._z[start:end], -1, 1)))
        high = (lat >= box.south - MARGIN) & (lat <= box.north + MARGIN)
        after, before = east_of >= box.west - MARGIN, east_of <= box.east + MARGIN
        wide = after & before if box.west <= box.east else after | before
        return np.flatnonzero(high & wide) + start

    @cached_property
    def crowds(self) -> Sequence[tuple[int, Point]]:
        """The spots, a row high and as many degrees wide, with the most practices: how many, and
        where the middle one of them is. Found once: a grid never changes.
        """
        if not len(self._key):
            return ()
        rows = np.floor(self._key / ROW_KEYS)
        spots = np.floor(self._key / ROW_DEGREES)  # ascending, as the keys are
        starts = np.concatenate(([0], np.flatnonzero(np.diff(spots)) + 1))
        sizes = np.diff(np.concatenate((starts, [len(spots)])))
        fullest = np.argsort(-sizes, kind="stable")[:MOST_CROWDS]
        middles = (starts + sizes // 2)[fullest]
        lat = np.degrees(np.arcsin(np.clip(self._z[middles], -1, 1)))
        lon = self._key[middles] - rows[middles] * ROW_KEYS - 180
        points = map(Point, lat.tolist(), lon.tolist())
        return tuple(zip(sizes[fullest].tolist(), points, strict=True))

    def near(self, circle: Circle) -> Nearby:
        """Everyone within the circle or visiting homes there."""
        spots, chord = self._within(circle, circle.km, self._key)
        inside = chord <= _chord(circle.km)
        spots, chord = spots[inside], chord[inside]
        visits = np.zeros(len(spots), dtype=np.bool_)
        if self._farthest:
            coming, away = self._coming(circle)
            spots, chord = np.concatenate((spots, coming)), np.concatenate((chord, away))
            visits = np.concatenate((visits, np.ones(len(coming), dtype=np.bool_)))
        kept = _nearest(self._doc[spots], chord, self._several[spots])
        if kept is not None:
            spots, chord, visits = spots[kept], chord[kept], visits[kept]
        docs = self._doc[spots].astype(np.intp) + self._first
        return Nearby(docs, chord, self._order[spots], visits)

    def _within(
        self, circle: Circle, km: float, keys: GridKeys, some: Indices | None = None
    ) -> tuple[Indices, Distances]:
        """Practices of all, or of `some` with these keys, that may lie within; their chords."""
        window = _in_window(keys, circle, km)
        spots = window if some is None else some[window]
        return spots, self._chords(circle, spots)

    def _coming(self, circle: Circle) -> tuple[Indices, Distances]:
        """Practices outside the circle that visit homes at its centre, and their chords.

        With them, those of the same listings that lie nearer and visit nobody.
        """
        spots, away = self._within(circle, self._farthest, self._visiting_key, self._visiting)
        comes = (away <= self._reach[spots]) & (away > _chord(circle.km))
        spots, away = spots[comes], away[comes]
        docs = np.unique(self._doc[spots][self._several[spots]])
        if not len(docs):
            return spots, away
        also, chord = self._within(circle, self._farthest, self._company_key, self._company)
        its = self._doc[also]
        same = docs[np.minimum(np.searchsorted(docs, its), len(docs) - 1)] == its
        same &= chord > _chord(circle.km)
        return np.concatenate((spots, also[same])), np.concatenate((away, chord[same]))

    def _chords(self, circle: Circle, spots: Indices) -> Distances:
        lat, lon = radians(circle.centre.lat), radians(circle.centre.lon)
        chord = np.square(self._x[spots] - cos(lat) * cos(lon))
        chord += np.square(self._y[spots] - cos(lat) * sin(lon))
        chord += np.square(self._z[spots] - sin(lat))
        return chord


def _nearest(docs: DocNumbers, chord: Distances, several: Mask) -> Indices | None:
    """Which to keep so that each document stays once, at its nearest; None for all."""
    double = np.flatnonzero(several)
    order = double[np.lexsort((chord[double], docs[double]))]
    again = order[1:][docs[order][1:] == docs[order][:-1]]
    if not len(again):
        return None
    kept = np.ones(len(docs), dtype=np.bool_)
    kept[again] = False
    return np.flatnonzero(kept)


def _chord(km: float) -> float:
    """The squared chord of the unit sphere, from kilometres on the great circle."""
    return (2 * sin(min(km, HALF_WAY_ROUND_KM) / (2 * EARTH_RADIUS_KM))) ** 2


def _in_window(keys: GridKeys, circle: Circle, km: float) -> Indices:
    """Where the spots lie that a circle of `km` might reach."""
    lat, reach = circle.centre.lat, km / EARTH_RADIUS_KM
    south, north = lat - degrees(reach) - MARGIN, lat + degrees(reach) + MARGIN
    rows = np.arange(_row(max(south, -90)), _row(min(north, 90)) + 1)
    starts, ends = [], []
    for west, east in _longitudes(circle, reach, pole=south <= -90 or north >= 90):
        starts.append(np.searchsorted(keys, rows * ROW_KEYS + west))
        ends.append(np.searchsorted(keys, rows * ROW_KEYS + east, side="right"))
    return _ranges(np.concatenate(starts), np.concatenate(ends))


def _longitudes(circle: Circle, reach: float, *, pole: bool) -> Sequence[tuple[float, float]]:
    """The windows of longitude plus 180 that a circle fills: two across the date line."""
    if pole:
        return [(0.0, 360.0)]
    wide = degrees(asin(min(1.0, sin(reach) / cos(radians(circle.centre.lat))))) + MARGIN
    west, east = circle.centre.lon + 180 - wide, circle.centre.lon + 180 + wide
    if west < 0:
        return [(0.0, east), (west + 360, 360.0)]
    if east > 360:
        return [(west, 360.0), (0.0, east - 360)]
    return [(west, east)]


def _ranges(starts: Array, ends: Array) -> Indices:
    """All numbers from each start to each end, one after another."""
    if len(starts) <= FEW_RANGES:
        return np.concatenate([np.arange(*ends_of) for ends_of in zip(starts, ends, strict=True)])
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
