"""Distances: from a point to every listing's nearest practice."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from directory.places.geo import EARTH_RADIUS_KM
from directory.search.port import Circle
from directory.search.whoosh_engine.bitmaps import Mask
from directory.search.whoosh_engine.columns import Columns, Floats, Ints

KM_PER_DEGREE = float(np.pi * EARTH_RADIUS_KM / 180)


@dataclass(frozen=True, slots=True)
class Near:
    """Who matches a circle. All arrays are (n,) over documents.

    `matched`: within the circle, or visiting homes at its centre; `km` to the nearest
    practice (inf where unmatched); `practice` its index in the listing; `visits`: matched
    by visiting homes alone.
    """

    matched: Mask
    km: Floats
    practice: Ints
    visits: Mask


class Spots:
    """All practices, sorted by latitude so that a circle looks at one band of them."""

    def __init__(self, columns: Columns) -> None:
        self._n = len(columns)
        order = np.argsort(columns.lat, kind="stable")
        self._lat, self._lon = columns.lat[order], columns.lon[order]
        self._doc, self._order = columns.spot_doc[order], columns.spot_order[order]
        self._visits = columns.visits[order]
        self._farthest_visit = float(self._visits.max(initial=0.0))

    def near(self, circle: Circle) -> Near:
        """Everyone within the circle or visiting homes there."""
        band = self._band(circle.centre.lat, max(circle.km, self._farthest_visit))
        km = _haversine(circle, self._lat[band], self._lon[band])
        inside = km <= circle.km
        visited = km <= self._visits[band]
        near = self._nothing()
        doc = self._doc[band]
        near.matched[doc[inside | visited]] = True
        near.visits[doc[visited]] = True
        near.visits[doc[inside]] = False
        self._nearest(near, doc, km, self._order[band])
        return near

    def _band(self, lat: float, km: float) -> slice:
        reach = km / KM_PER_DEGREE * 1.001
        first, last = np.searchsorted(self._lat, [lat - reach, lat + reach])
        return slice(int(first), int(last))

    def _nothing(self) -> Near:
        return Near(
            matched=np.zeros(self._n, dtype=np.bool_),
            km=np.full(self._n, np.inf),
            practice=np.zeros(self._n, dtype=np.int32),
            visits=np.zeros(self._n, dtype=np.bool_),
        )

    @staticmethod
    def _nearest(near: Near, doc: Ints, km: Floats, order: Ints) -> None:
        """Write each matched document's nearest practice; far ones first, so near ones stay."""
        kept = near.matched[doc]
        doc, km, order = doc[kept], km[kept], order[kept]
        last_wins = np.lexsort((-order, -km))
        near.km[doc[last_wins]] = km[last_wins]
        near.practice[doc[last_wins]] = order[last_wins]


def _haversine(
    circle: Circle, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Great-circle kilometres (haversine formula, mean earth radius)."""
    here_lat, here_lon = np.radians(circle.centre.lat), np.radians(circle.centre.lon)
    there_lat, there_lon = np.radians(lat), np.radians(lon)
    half = np.sin((there_lat - here_lat) / 2) ** 2
    half += np.cos(here_lat) * np.cos(there_lat) * np.sin((there_lon - here_lon) / 2) ** 2
    km: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return km
