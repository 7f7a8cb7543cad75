"""Columns: what is filtered, counted and sorted, as numpy arrays in document order.

A segment's columns are written once beside its Whoosh index and never change. Several
segments are joined into one by `joined`, so that a search sees a single set of arrays.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from directory.places import fold
from directory.search.port import FACETS, Document
from directory.search.text import folded, words
from directory.search.whoosh_engine.schema import FIELDS

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

STACKED = ("ids", "digests", "confirmed", "accepting", "spot_order", "lat", "lon", "visits")
ARRAYS, TEXTS = "columns.npz", "columns.json"
SPELLED_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """n documents, m spots (practices on the map).

    ids (n,) int64 listing ids; digests (n,) S32; names: n sort keys; confirmed and
    accepting (n,) int32 proleptic ordinals of days, 0 for none; spot_doc (m,) int32,
    spot_order (m,) int32 index of the practice in its listing, lat, lon (m,) degrees,
    visits (m,) km; lengths (fields, n) float64 field lengths as Whoosh stores them;
    facets: for each facet its slugs and an (k, 2) int32 array of (document, slug index).
    """

    ids: npt.NDArray[np.int64]
    digests: Array
    names: list[str]
    confirmed: Ints
    accepting: Ints
    spot_doc: Ints
    spot_order: Ints
    lat: Floats
    lon: Floats
    visits: Floats
    lengths: Floats
    facets: dict[str, tuple[list[str], Ints]]
    spellings: frozenset[str]

    def __len__(self) -> int:
        return len(self.ids)


def of_documents(documents: Sequence[Document], lengths: Floats) -> Columns:
    """The columns of documents, in their order."""
    spots = [
        (doc, order, spot.point.lat, spot.point.lon, spot.home_visit_km)
        for doc, document in enumerate(documents)
        for order, spot in enumerate(document.spots)
    ]
    spot_columns = np.array(spots, dtype=np.float64).reshape(-1, 5).T
    return Columns(
        ids=np.array([d.listing_id for d in documents], dtype=np.int64),
        digests=np.array([d.digest() for d in documents], dtype="S32"),
        names=[fold(d.name) for d in documents],
        confirmed=np.array([d.confirmed_on.toordinal() for d in documents], dtype=np.int32),
        accepting=np.array([_ordinal(d.accepting_stated_on) for d in documents], dtype=np.int32),
        spot_doc=spot_columns[0].astype(np.int32),
        spot_order=spot_columns[1].astype(np.int32),
        lat=spot_columns[2],
        lon=spot_columns[3],
        visits=spot_columns[4],
        lengths=lengths,
        facets={name: _facet(name, documents) for name in FACETS},
        spellings=_spellings(documents),
    )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _facet(name: str, documents: Sequence[Document]) -> tuple[list[str], Ints]:
    slugs = sorted({slug for d in documents for slug in d.facets.get(name, ())})
    number = {slug: i for i, slug in enumerate(slugs)}
    pairs = [
        (doc, number[slug])
        for doc, document in enumerate(documents)
        for slug in dict.fromkeys(document.facets.get(name, ()))
    ]
    return slugs, np.array(pairs, dtype=np.int32).reshape(-1, 2)


def _spellings(documents: Sequence[Document]) -> frozenset[str]:
    """Words to offer when others are misspelled: all but those seen once in prose."""
    sure: set[str] = set()
    seen: dict[str, int] = {}
    for document in documents:
        for field in FIELDS[:-1]:
            sure.update(map(folded, words(getattr(document, field))))
        for word in set(map(folded, words(document.about))):
            seen[word] = seen.get(word, 0) + 1
    sure.update(word for word, count in seen.items() if count >= SPELLED_AT_LEAST)
    return frozenset(word for word in sure if len(word) > 2)


def save(columns: Columns, folder: Path) -> None:
    """Write the columns beside their Whoosh index."""
    arrays: dict[str, Array] = {
        spec.name: value
        for spec in fields(columns)
        if isinstance(value := getattr(columns, spec.name), np.ndarray)
    }
    arrays |= {f"facet_{name}": pairs for name, (_, pairs) in columns.facets.items()}
    np.savez(folder / ARRAYS, allow_pickle=False, **arrays)
    texts = {
        "names": columns.names,
        "facets": {name: slugs for name, (slugs, _) in columns.facets.items()},
        "spellings": sorted(columns.spellings),
    }
    (folder / TEXTS).write_text(json.dumps(texts))


def load(folder: Path) -> Columns:
    """Read what `save` wrote; nothing in it is ever unpickled."""
    texts = json.loads((folder / TEXTS).read_text())
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        facets = {name: (texts["facets"][name], arrays[f"facet_{name}"]) for name in FACETS}
        plain = {name: arrays[name] for name in arrays.files if not name.startswith("facet_")}
    return Columns(
        names=texts["names"], facets=facets, spellings=frozenset(texts["spellings"]), **plain
    )


def joined(parts: Sequence[Columns]) -> Columns:
    """Several segments' columns as one; documents keep their order, segment after segment."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *map(len, parts[:-1])])
    spot_docs = [part.spot_doc + start for part, start in zip(parts, starts, strict=True)]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in STACKED}
    return Columns(
        **whole,
        names=[name for part in parts for name in part.names],
        spot_doc=np.concatenate(spot_docs).astype(np.int32),
        lengths=np.concatenate([part.lengths for part in parts], axis=1),
        facets={name: _joined_facet(name, parts, starts.tolist()) for name in FACETS},
        spellings=frozenset().union(*(part.spellings for part in parts)),
    )


def _joined_facet(
    name: str, parts: Sequence[Columns], starts: Iterable[int]
) -> tuple[list[str], Ints]:
    slugs = sorted({slug for part in parts for slug in part.facets[name][0]})
    number = {slug: i for i, slug in enumerate(slugs)}
    moved = []
    for part, start in zip(parts, starts, strict=True):
        its_slugs, pairs = part.facets[name]
        renumber = np.array([number[slug] for slug in its_slugs], dtype=np.int32)
        if len(pairs):
            moved.append(np.column_stack((pairs[:, 0] + start, renumber[pairs[:, 1]])))
    empty = np.zeros((0, 2), dtype=np.int32)
    return slugs, np.concatenate(moved).astype(np.int32) if moved else empty
