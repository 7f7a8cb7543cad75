"""Areas: which practices lie in each country, region, district or everyday region.

Kept as lists, one after the other: of thousands of areas most hold few listings, so that a row
of bits for each would be nearly empty. What is asked for becomes bits when it is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from directory.search.whoosh_engine.arrays.types import Array, DocNumbers, Indices


def laid_out(
    areas: Array, docs: Array, orders: Array, visits: Array, *, count: int
) -> dict[str, Array]:
    """Practices by area (so many), then by document, then as the listing has them in order."""
    order = np.lexsort((orders, docs, areas))
    return {
        "area_ends": np.cumsum(np.bincount(areas, minlength=count)).astype(np.uint64),
        "area_doc": docs[order],
        "area_order": orders[order],
        "area_visits": visits[order],
    }


class Areas:
    """The areas of one segment; `first` is the number of its first document."""

    def __init__(self, arrays: Mapping[str, Array], codes: Sequence[str], first: int = 0) -> None:
        self._arrays, self._codes, self._first = arrays, codes, first
        self._number = {code: number for number, code in enumerate(codes)}
        self._ends = arrays["area_ends"]

    def moved(self, first: int) -> "Areas":
        """The same practices, with documents numbered from `first`."""
        return Areas(self._arrays, self._codes, first)

    def docs_in(self, codes: Iterable[str], *, visiting: bool = False) -> Indices:
        """Documents with a practice in any of the areas (`visiting`: that visits homes).

        Some come more than once.
        """
        found = [docs for docs, _ in self._practices(codes, visiting=visiting)]
        return np.concatenate([np.zeros(0, dtype=np.intp), *found]).astype(np.intp) + self._first

    def practices_of(
        self, docs: Indices, codes: Iterable[str], *, visiting: bool = False
    ) -> dict[int, int]:
        """For each of some documents the first of its practices there, where it has one."""
        first: dict[int, int] = {}
        for held, orders in self._practices(codes, visiting=visiting):
            at = np.searchsorted(held, docs - self._first)
            for doc, start in zip(docs.tolist(), at.tolist(), strict=True):
                if start < len(held) and held[start] + self._first == doc:
                    first[doc] = min(int(orders[start]), first.get(doc, 1 << 16))
        return first

    def _practices(
        self, codes: Iterable[str], *, visiting: bool
    ) -> Iterable[tuple[DocNumbers, Array]]:
        for code in codes:
            number = self._number.get(code)
            if number is None:
                continue
            start = int(self._ends[number - 1]) if number else 0
            end = int(self._ends[number])
            docs = self._arrays["area_doc"][start:end]
            orders = self._arrays["area_order"][start:end]
            if visiting:
                comes = self._arrays["area_visits"][start:end].view(np.bool_)
                docs, orders = docs[comes], orders[comes]
            yield docs, orders
