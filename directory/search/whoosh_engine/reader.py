"""The Reader of web workers: always on the newest sound generation."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from time import monotonic

import numpy as np

from directory.errors import SearchUnavailable
from directory.search.port import IndexStatus, Query, Ranking
from directory.search.text import folded, name_form, nearest_word, words
from directory.search.whoosh_engine import generations
from directory.search.whoosh_engine.execution import Execution
from directory.search.whoosh_engine.generations import Manifest, NoIndexYet
from directory.search.whoosh_engine.snapshot import Snapshot

LOOK_EVERY = 0.25
log = logging.getLogger(__name__)


class WhooshReader:
    """Searches the generation that CURRENT names; looks for a new one 4 times a second.

    A generation that fails its checks is refused: the one before goes on serving, and
    `status` says what is wrong.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._looked = -LOOK_EVERY
        self._refused = ""

    def search(self, query: Query) -> Ranking:
        """Rank the listings that match."""
        return Execution(self._newest(), query).ranking()

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """How many listings each query would find, every word required."""
        snapshot = self._newest()
        return [Execution(snapshot, query).strict_total for query in queries]

    def spell(self, words: Sequence[str]) -> list[str | None]:
        """For each word: itself (folded) when the index knows it, else one near it, else None."""
        snapshot = self._newest()
        known = snapshot.columns.spellings
        return [
            folded(word)
            if snapshot.text.has_term(word)
            else nearest_word(folded(word), list(known))
            for word in words
        ]

    def names(self, prefix: str, *, limit: int) -> list[int]:
        """Listings of which each typed word begins a word of the name."""
        parts = [name_form(part) for part in words(prefix)]
        if not any(parts):
            return []
        snapshot = self._newest()
        docs = np.flatnonzero(snapshot.alive)
        for part in filter(None, parts):
            docs = np.intersect1d(docs, snapshot.text.docs_with_prefix("name", part))
        ordered = docs[np.argsort(snapshot.name_rank[docs], kind="stable")][:limit]
        return [int(i) for i in snapshot.columns.ids[ordered]]

    def ids(self) -> Mapping[int, str]:
        """Every listing id with the digest of its document."""
        snapshot = self._newest()
        columns, alive = snapshot.columns, snapshot.alive
        digests = (digest.decode() for digest in columns.digests[alive])
        return dict(zip(columns.ids[alive].tolist(), digests, strict=True))

    def status(self) -> IndexStatus:
        """What serves now; raises SearchUnavailable when the newest generation is refused."""
        snapshot = self._newest()
        if self._refused:
            raise SearchUnavailable(self._refused)
        return status_of(snapshot.manifest)

    def _newest(self) -> Snapshot:
        if monotonic() - self._looked >= LOOK_EVERY or self._snapshot is None:
            with self._lock:
                if monotonic() - self._looked >= LOOK_EVERY or self._snapshot is None:
                    self._look()
                    self._looked = monotonic()
        if self._snapshot is None:
            raise SearchUnavailable(self._refused or "There is no index yet.")
        return self._snapshot

    def _look(self) -> None:
        """Open what CURRENT names if it is new; fall back to the one before."""
        try:
            manifest = generations.read_current(self._root)
            if self._snapshot is None or self._snapshot.manifest.number != manifest.number:
                self._snapshot = self._open(manifest)
            self._refused = ""
        except SearchUnavailable as error:
            if str(error) != self._refused and not isinstance(error, NoIndexYet):
                log.error("index generation refused: %s", error)
            self._refused = str(error)
            if self._snapshot is None:
                self._snapshot = self._fallen_back()

    def _open(self, manifest: Manifest) -> Snapshot:
        try:
            return Snapshot(self._root, manifest)
        except (OSError, ValueError, KeyError) as error:
            raise SearchUnavailable(f"Generation {manifest.number}: {error}") from error

    def _fallen_back(self) -> Snapshot | None:
        for manifest in generations.previous(self._root, before=2**62):
            try:
                return self._open(manifest)
            except SearchUnavailable:
                continue
        return None


def status_of(manifest: Manifest) -> IndexStatus:
    """A manifest in the port's words."""
    return IndexStatus(
        generation=str(manifest.number),
        listings=manifest.listings,
        cursor=manifest.cursor,
        built_at=manifest.built_at,
    )
