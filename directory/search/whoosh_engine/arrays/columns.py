"""Columns: what is filtered, counted and sorted, as arrays in document order.

`Gathered` collects them document by document while a part is built, `save` writes one file
for all parts of a segment, `load` maps it. Parts begin at multiples of 64 documents, so that
packed bits of several parts and segments are joined by laying them side by side; documents
that only fill up have the id NOBODY and are never alive.
"""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from directory.places import fold
from directory.search.port import FACETS, Document
from directory.search.whoosh_engine.arrays import areas, facets, files, grids, prices
from directory.search.whoosh_engine.arrays.areas import Areas
from directory.search.whoosh_engine.arrays.facets import Facets
from directory.search.whoosh_engine.arrays.grids import Grid
from directory.search.whoosh_engine.arrays.strings import Strings, strung
from directory.search.whoosh_engine.arrays.types import (
    Array,
    Days,
    ListingIds,
    NameRanks,
    ValueNumbers,
)

COLUMNS = "columns.arrays"
NOBODY = -1
# The columns of one part that is not joined yet, and what they are of.
PartColumns = tuple[dict[str, Array], dict[str, Any]]
PER_DOCUMENT = {
    "ids": NOBODY, "digests": b"", "confirmed": 0, "accepting": 0, "price": 0, "currency": 0,
}  # fmt: skip
ALIGNED_TO = 64


class Gathered:
    """The columns of a part that is being built."""

    def __init__(self) -> None:
        self._ids, self._digests, self._names = array("q"), array("B"), list[bytes]()
        self._confirmed, self._accepting = array("i"), array("i")
        self._price, self._currency = array("i"), array("H")
        self._values: dict[tuple[str, str], int] = {}
        self._value_doc, self._value = array("I"), array("I")
        self._spot_doc, self._spot_order = array("I"), array("H")
        self._spots = array("d")
        self._areas: dict[str, int] = {}
        self._area, self._area_spot = array("I"), array("I")

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, document: Document) -> None:
        """Take in the next document."""
        doc = len(self._ids)
        self._ids.append(document.listing_id)
        self._digests.frombytes(document.digest().encode())
        self._names.append(fold(document.name).encode())
        self._confirmed.append(document.confirmed_on.toordinal())
        stated = document.accepting_stated_on
        self._accepting.append(stated.toordinal() if stated else 0)
        price = document.price
        self._price.append(prices.hundredths(price))
        self._currency.append(prices.number(price.currency) if price else 0)
        for facet, slugs in document.facets.items():
            for slug in dict.fromkeys(slugs):
                self._value_doc.append(doc)
                self._value.append(self._values.setdefault((facet, slug), len(self._values)))
        for order, spot in enumerate(document.spots):
            for code in spot.areas:
                self._area.append(self._areas.setdefault(code, len(self._areas)))
                self._area_spot.append(len(self._spot_doc))
            self._spot_doc.append(doc)
            self._spot_order.append(order)
            self._spots.extend((spot.point.lat, spot.point.lon, spot.home_visit_km))

    def columns(self) -> PartColumns:
        """All of it as arrays, for `save`."""
        names = sorted(set(self._names))
        place = {name: rank for rank, name in enumerate(names)}
        name_bytes, name_ends = strung(names)
        spots = np.frombuffer(self._spots, dtype=np.float64).reshape(-1, 3)
        found: dict[str, Array] = {
            "ids": np.array(self._ids, dtype=np.int64),
            "digests": np.frombuffer(self._digests, dtype="S32"),
            "confirmed": np.array(self._confirmed, dtype=np.int32),
            "accepting": np.array(self._accepting, dtype=np.int32),
            "price": np.array(self._price, dtype=np.int32),
            "currency": np.array(self._currency, dtype=np.uint16),
            "name_rank": np.array([place[name] for name in self._names], dtype=np.uint32),
            "name_bytes": name_bytes,
            "name_ends": name_ends,
            "value_doc": np.array(self._value_doc, dtype=np.uint32),
            "value": np.array(self._value, dtype=np.uint32),
            "spot_doc": np.array(self._spot_doc, dtype=np.uint32),
            "spot_order": np.array(self._spot_order, dtype=np.uint16),
            "spots": spots.copy(),
            "area": np.array(self._area, dtype=np.uint32),
            "area_spot": np.array(self._area_spot, dtype=np.uint32),
        }
        return found, {"values": list(self._values), "areas": list(self._areas)}


def aligned(count: int) -> int:
    """The multiple of 64 at which the next part begins."""
    return -(-count // ALIGNED_TO) * ALIGNED_TO


def firsts(parts: Sequence[int]) -> list[int]:
    """The number of each part's first document, and of the first that comes after all."""
    found = [0]
    for count in parts:
        found.append(found[-1] + aligned(count))
    return found


def save(folder: Path, parts: Sequence[PartColumns]) -> None:
    """Write the columns of a segment from those of its parts, in order."""
    counts = [len(part["ids"]) for part, _ in parts]
    starts = firsts(counts)
    names = sorted({name for part, _ in parts for name in _names(part)})
    values = sorted({(FACETS.index(f), slug) for _, meta in parts for f, slug in meta["values"]})
    number = {(FACETS[facet], slug): i for i, (facet, slug) in enumerate(values)}
    columns = {
        name: _padded([part[name] for part, _ in parts], starts, filling)
        for name, filling in PER_DOCUMENT.items()
    }
    columns["name_rank"] = _padded([_ranks(part, names) for part, _ in parts], starts, 0)
    columns["name_bytes"], columns["name_ends"] = strung(names)
    columns |= facets.bits(
        [
            (part["value_doc"] + np.uint32(start), _renumbered(part, meta, number))
            for (part, meta), start in zip(parts, starts, strict=False)
        ],
        documents=starts[-1],
        values=len(values),
    )
    columns |= grids.laid_out(
        np.concatenate(
            [part["spot_doc"] + np.uint32(at) for (part, _), at in zip(parts, starts, strict=False)]
        ),
        np.concatenate([part["spot_order"] for part, _ in parts]),
        np.concatenate([part["spots"] for part, _ in parts]),
    )
    codes = sorted({code for _, meta in parts for code in meta["areas"]})
    columns |= _areas(parts, starts, codes)
    named = [[FACETS[facet], slug] for facet, slug in values]
    files.write(folder / COLUMNS, columns, {"parts": counts, "values": named, "areas": codes})


def _areas(
    parts: Sequence[PartColumns], starts: Sequence[int], codes: Sequence[str]
) -> dict[str, Array]:
    """The practices of all parts by area."""
    number = {code: i for i, code in enumerate(codes)}
    found, docs, orders, visits = [], [], [], []
    for (part, meta), start in zip(parts, starts, strict=False):
        anew = np.array([number[code] for code in meta["areas"]], dtype=np.uint32)
        spots = part["area_spot"]
        found.append(anew[part["area"]] if len(anew) else part["area"])
        docs.append(part["spot_doc"][spots] + np.uint32(start))
        orders.append(part["spot_order"][spots])
        visits.append((part["spots"][spots, 2] > 0).view(np.uint8))
    joined = [np.concatenate(arrays) for arrays in (found, docs, orders, visits)]
    return areas.laid_out(*joined, count=len(codes))


def _names(part: Mapping[str, Array]) -> Strings:
    return Strings(part["name_bytes"], part["name_ends"])


def _ranks(part: Mapping[str, Array], names: Sequence[bytes]) -> NameRanks:
    """A part's ranks by name among the names of all parts."""
    place = np.array([bisect_left(names, name) for name in _names(part)], dtype=np.uint32)
    ranks: NameRanks = place[part["name_rank"]]
    return ranks


def _renumbered(
    part: Mapping[str, Array], meta: Mapping[str, Any], number: Mapping[tuple[str, str], int]
) -> ValueNumbers:
    """A part's facet values as numbers in all parts."""
    anew = np.array([number[facet, slug] for facet, slug in meta["values"]], dtype=np.uint32)
    renumbered: ValueNumbers = anew[part["value"]] if len(anew) else part["value"]
    return renumbered


def _padded(parts: Sequence[Array], starts: Sequence[int], filling: Any) -> Array:
    whole = np.full(starts[-1], filling, dtype=parts[0].dtype)
    for part, start in zip(parts, starts, strict=False):
        whole[start : start + len(part)] = part
    return whole


@dataclass(frozen=True, slots=True)
class Columns:
    """n documents of a segment, or of a base with its overlay; n is a multiple of 64.

    ids (n,) int64, NOBODY where there is none; digests (n,) S32; confirmed, accepting (n,)
    int32 proleptic ordinals of days, 0 for none; price (n,) int32 hundredths, currency (n,)
    uint16, see `prices`, 0 for none; name_rank (n,) place in the order by name;
    grids: all practices, on the map of each segment; areas: the same by area.
    """

    ids: ListingIds
    digests: Array
    confirmed: Days
    accepting: Days
    price: Array
    currency: Array
    name_rank: NameRanks
    names: Sequence[bytes]
    facets: Facets
    grids: tuple[Grid, ...]
    areas: tuple[Areas, ...]
    parts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def load(cls, folder: Path) -> "Columns":
        """Map the columns of a segment."""
        found = files.read(folder / COLUMNS)
        return cls(
            ids=found["ids"],
            digests=found["digests"],
            confirmed=found["confirmed"],
            accepting=found["accepting"],
            price=found["price"],
            currency=found["currency"],
            name_rank=found["name_rank"],
            names=_names(found),
            facets=Facets(
                [(facet, slug) for facet, slug in found.meta["values"]],
                found["facet_rows"],
                found["facet_forward"],
            ),
            grids=(Grid(found),),
            areas=(Areas(found, found.meta["areas"]),),
            parts=tuple(found.meta["parts"]),
        )

    def with_overlay(self, overlay: "Columns") -> "Columns":
        """The columns of both; the overlay's documents come after all others."""
        return Columns(
            ids=np.concatenate((self.ids, overlay.ids)),
            digests=np.concatenate((self.digests, overlay.digests)),
            confirmed=np.concatenate((self.confirmed, overlay.confirmed)),
            accepting=np.concatenate((self.accepting, overlay.accepting)),
            price=np.concatenate((self.price, overlay.price)),
            currency=np.concatenate((self.currency, overlay.currency)),
            name_rank=_merged_ranks(self, overlay),
            names=self.names,
            facets=self.facets.with_overlay(overlay.facets),
            grids=(*self.grids, *(grid.moved(len(self)) for grid in overlay.grids)),
            areas=(*self.areas, *(held.moved(len(self)) for held in overlay.areas)),
            parts=self.parts + overlay.parts,
        )


def _merged_ranks(base: Columns, overlay: Columns) -> NameRanks:
    """Ranks by name over both: the base keeps its own, new names go between its numbers."""
    between = np.empty(len(overlay.names))
    for i, name in enumerate(overlay.names):
        at = bisect_left(base.names, name)
        known = at < len(base.names) and base.names[at] == name
        between[i] = at if known else at - 1 + (i + 1) / (len(overlay.names) + 1)
    ranks = between[overlay.name_rank] if len(between) else np.zeros(len(overlay))
    return np.concatenate((base.name_rank.astype(np.float64), ranks))
