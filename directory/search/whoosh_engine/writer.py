"""The Writer of the indexer: builds beside, seals, publishes."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index

from directory.errors import SearchUnavailable
from directory.places import Point
from directory.search.port import Changes, Document, IndexStatus, Spot
from directory.search.whoosh_engine import columns as cols
from directory.search.whoosh_engine import generations
from directory.search.whoosh_engine.generations import FORMAT, Manifest, Segment
from directory.search.whoosh_engine.reader import status_of
from directory.search.whoosh_engine.schema import FIELDS, write_index

DOCUMENTS = "documents.jsonl"


class WhooshWriter:
    """Publishes generations under `root`; what served before stays until the swap."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        cursor: int,
        catch_up: Callable[[int], Changes] | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> IndexStatus:
        """Build a fresh base beside the serving generation, catch up, swap atomically."""
        with generations.building(self._root) as folder:
            count, ids = _build(folder, _counted(documents, progress))
            with generations.publishing(self._root) as number:
                sealed_folder = folder.rename(self._root / f"base-{number}")
                base = generations.seal(sealed_folder)
                changes = catch_up(cursor) if catch_up else Changes((), (), cursor)
                return self._publish(number, base, ids, list(changes.present), changes, count)

    def apply(self, changes: Changes) -> IndexStatus:
        """Publish the present state of changed listings and hide those that are gone.

        Raises SearchUnavailable when there is no base to lay the overlay on.
        """
        with generations.publishing(self._root) as number:
            current = generations.read_current(self._root)
            generations.verify(self._root, current.base)
            ids = cols.load(self._root / current.base.folder).ids.tolist()
            changed = {d.listing_id for d in changes.present} | set(changes.gone)
            kept = [d for d in self._overlaid(current) if d.listing_id not in changed]
            gone = (*changes.gone, *current.hidden)
            merged = Changes(changes.present, gone, max(changes.cursor, current.cursor))
            return self._publish(
                number, current.base, ids, [*kept, *changes.present], merged, len(ids)
            )

    def status(self) -> IndexStatus | None:
        """What serves now; None before the first rebuild."""
        try:
            return status_of(generations.read_current(self._root))
        except SearchUnavailable:
            return None

    def overlaid(self) -> int:
        """How many listings the overlay holds or hides; a rebuild folds them in."""
        manifest = generations.read_current(self._root)
        return len(self._overlaid(manifest)) + len(manifest.hidden)

    def _overlaid(self, manifest: Manifest) -> list[Document]:
        if manifest.overlay is None:
            return []
        lines = (self._root / manifest.overlay.folder / DOCUMENTS).read_text().splitlines()
        return [_from_json(json.loads(line)) for line in lines]

    def _publish(
        self,
        number: int,
        base: Segment,
        base_ids: list[int],
        overlay: list[Document],
        changes: Changes,
        base_count: int,
    ) -> IndexStatus:
        in_base = set(base_ids)
        replaced = {d.listing_id for d in overlay} | set(changes.gone)
        hidden = sorted(replaced & in_base)
        manifest = Manifest(
            number=number,
            format=FORMAT,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            cursor=changes.cursor,
            listings=base_count - len(hidden) + len(overlay),
            base=base,
            overlay=self._overlay(number, overlay),
            hidden=tuple(hidden),
        )
        generations.publish(self._root, manifest)
        return status_of(manifest)

    def _overlay(self, number: int, documents: list[Document]) -> Segment | None:
        if not documents:
            return None
        folder = self._root / f"overlay-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _build(folder, documents)
        lines = "".join(json.dumps(_to_json(document)) + "\n" for document in documents)
        (folder / DOCUMENTS).write_text(lines)
        return generations.seal(folder)


def _counted(documents: Iterable[Document], progress: Callable[[int], None]) -> Iterator[Document]:
    for done, document in enumerate(documents, start=1):
        yield document
        progress(done)


def _build(folder: Path, documents: Iterable[Document]) -> tuple[int, list[int]]:
    """Write the Whoosh index and the columns; gives the count and the ids, in order."""
    kept: list[Document] = []

    def passing() -> Iterator[Document]:
        for document in documents:
            kept.append(document)
            yield document

    write_index(folder, passing())
    cols.save(cols.of_documents(kept, _field_lengths(folder, len(kept))), folder)
    return len(kept), [document.listing_id for document in kept]


def _field_lengths(folder: Path, n: int) -> cols.Floats:
    """(fields, n) lengths as Whoosh stores them: rounded to what fits in a byte."""
    with index.open_dir(str(folder)).reader() as reader:
        # A field that no document has any words in gives None.
        lengths = [
            [reader.doc_field_length(doc, field) or 0 for doc in range(n)] for field in FIELDS
        ]
    return np.array(lengths, dtype=np.float64).reshape(len(FIELDS), n)


def _to_json(document: Document) -> dict[str, Any]:
    stated = document.accepting_stated_on
    return {
        **{f: getattr(document, f) for f in ("listing_id", *FIELDS)},
        "facets": {name: list(slugs) for name, slugs in document.facets.items()},
        "spots": [[s.point.lat, s.point.lon, s.home_visit_km] for s in document.spots],
        "confirmed_on": document.confirmed_on.isoformat(),
        "accepting_stated_on": stated.isoformat() if stated else None,
    }


def _from_json(stored: dict[str, Any]) -> Document:
    stated = stored["accepting_stated_on"]
    return Document(
        **{f: stored[f] for f in ("listing_id", *FIELDS)},
        facets={name: tuple(slugs) for name, slugs in stored["facets"].items()},
        spots=tuple(Spot(Point(lat, lon), visits) for lat, lon, visits in stored["spots"]),
        confirmed_on=date.fromisoformat(stored["confirmed_on"]),
        accepting_stated_on=date.fromisoformat(stated) if stated else None,
    )
