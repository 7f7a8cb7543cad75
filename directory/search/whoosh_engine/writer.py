"""The Writer of the indexer: builds beside, seals, publishes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from directory.errors import SearchUnavailable
from directory.search.port import Changes, Document, IndexStatus
from directory.search.whoosh_engine.arrays import files
from directory.search.whoosh_engine.arrays.columns import COLUMNS
from directory.search.whoosh_engine.arrays.files import Arrays
from directory.search.whoosh_engine.building import bulk, overlaying
from directory.search.whoosh_engine.generations import manifests, publishing
from directory.search.whoosh_engine.generations.manifests import Manifest, Segment


class WhooshWriter:
    """Publishes generations under `root`; what served before stays until the swap.

    A rebuild takes about `memory_mb` for its buffers, in as many `processes` as there are
    cores unless told otherwise.
    """

    def __init__(
        self, root: Path, *, memory_mb: int = bulk.MEMORY_MB, processes: int | None = None
    ) -> None:
        self._root = root
        self._memory_mb, self._processes = memory_mb, processes
        self._sound: Segment | None = None

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        cursor: int,
        catch_up: Callable[[int], Changes] | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> IndexStatus:
        """Build a fresh base beside the serving generation, catch up, swap atomically."""
        with publishing.building(self._root) as folder:
            bulk.build(
                folder,
                documents,
                progress=progress,
                memory_mb=self._memory_mb,
                processes=self._processes,
            )
            made, epoch = publishing.seal(folder), publishing.epoch_of(folder)
            with publishing.publishing(self._root) as number:
                base = publishing.place(self._root, made, f"base-{number}")
                self._sound = base
                changes = catch_up(cursor) if catch_up else Changes((), (), cursor)
                manifest = self._manifest(number, epoch, base, (), changes)
                publishing.publish(self._root, manifest)
                return manifests.status_of(manifest)

    def apply(self, changes: Changes) -> IndexStatus:
        """Publish the present state of changed listings and hide those that are gone.

        Raises SearchUnavailable when there is no sound base to lay the overlay on.
        """
        with publishing.publishing(self._root) as number:
            current = manifests.read_current(self._root)
            if not changes.heard.covers(current.heard):
                # Read before a rebuild that published them, or what came after them.
                return manifests.status_of(current)
            publishing.verify(self._root, current.base, self._sound)
            self._sound = current.base
            merged = replace(changes, gone=(*changes.gone, *current.hidden))
            changed = {d.listing_id for d in changes.present} | set(changes.gone)
            kept = [d for d in self._overlaid(current) if d.listing_id not in changed]
            manifest = self._manifest(number, current.epoch, current.base, kept, merged)
            publishing.publish(self._root, manifest, on=current.number)
            return manifests.status_of(manifest)

    def status(self) -> IndexStatus | None:
        """What serves now; None before the first rebuild."""
        try:
            return manifests.status_of(manifests.read_current(self._root))
        except SearchUnavailable:
            return None

    def check(self) -> None:
        """Compare every file that serves with its SHA-256."""
        for segment in manifests.read_current(self._root).segments:
            publishing.verify(self._root, segment)

    def overlaid(self) -> int:
        """How many listings the overlay holds or hides; a rebuild folds them in."""
        manifest = manifests.read_current(self._root)
        held = _documents(self._columns(manifest.overlay)) if manifest.overlay else 0
        return held + len(manifest.hidden)

    def _overlaid(self, manifest: Manifest) -> list[Document]:
        if manifest.overlay is None:
            return []
        publishing.verify(self._root, manifest.overlay)
        return overlaying.load(self._root / manifest.overlay.folder)

    def _manifest(
        self,
        number: int,
        epoch: int,
        base: Segment,
        kept: Sequence[Document],
        changes: Changes,
    ) -> Manifest:
        """The generation of a base and an overlay of `kept` and changed documents."""
        held = {d.listing_id: d for d in (*kept, *changes.present)}
        overlay = [held[listing_id] for listing_id in sorted(held)]
        found = self._columns(base)
        ids, replaced = found["ids"], np.array([*held, *changes.gone], dtype=np.int64)
        hidden = np.sort(ids[np.isin(ids, replaced)]).tolist()
        return Manifest(
            number=number,
            epoch=epoch,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            cursor=changes.cursor,
            gaps=changes.gaps,
            listings=_documents(found) - len(hidden) + len(overlay),
            base=base,
            overlay=self._overlay(number, overlay) if overlay else None,
            hidden=tuple(hidden),
        )

    def _overlay(self, number: int, documents: list[Document]) -> Segment:
        folder = self._root / f"overlay-{number}"
        folder.mkdir()
        bulk.build_small(folder, documents)
        overlaying.save(folder, documents)
        return publishing.seal(folder)

    def _columns(self, segment: Segment) -> Arrays:
        return files.read(self._root / segment.folder / COLUMNS)


def _documents(found: Arrays) -> int:
    """How many documents there are in some columns."""
    return sum(found.meta["parts"])
