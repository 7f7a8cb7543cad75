"""Overlays keep their documents as JSON, one a line, for the overlay that comes after."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from directory.places import Point
from directory.search.port import Document, Price, Spot
from directory.search.whoosh_engine.arrays.schema import FIELDS

DOCUMENTS = "documents.jsonl"


def save(folder: Path, documents: Iterable[Document]) -> None:
    """Write documents beside the arrays that were built of them."""
    lines = "".join(json.dumps(_to_json(document)) + "\n" for document in documents)
    (folder / DOCUMENTS).write_text(lines)


def load(folder: Path) -> list[Document]:
    """Read what `save` wrote."""
    lines = (folder / DOCUMENTS).read_text().splitlines()
    return [_from_json(json.loads(line)) for line in lines]


def _to_json(document: Document) -> dict[str, Any]:
    stated = document.accepting_stated_on
    return {
        **{f: getattr(document, f) for f in ("listing_id", *FIELDS)},
        "facets": {name: list(slugs) for name, slugs in document.facets.items()},
        "spots": [[s.point.lat, s.point.lon, s.home_visit_km, *s.areas] for s in document.spots],
        "confirmed_on": document.confirmed_on.isoformat(),
        "accepting_stated_on": stated.isoformat() if stated else None,
        "price": document.price,
    }


def _from_json(stored: dict[str, Any]) -> Document:
    stated = stored["accepting_stated_on"]
    return Document(
        **{f: stored[f] for f in ("listing_id", *FIELDS)},
        facets={name: tuple(slugs) for name, slugs in stored["facets"].items()},
        spots=tuple(
            Spot(Point(lat, lon), visits, tuple(areas))
            for lat, lon, visits, *areas in stored["spots"]
        ),
        confirmed_on=date.fromisoformat(stored["confirmed_on"]),
        accepting_stated_on=date.fromisoformat(stated) if stated else None,
        price=Price(*stored["price"]) if stored["price"] else None,
    )
