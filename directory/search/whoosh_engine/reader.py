"""The Reader of web workers: always on the newest sound generation."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

import numpy as np

from directory.errors import SearchUnavailable
from directory.places import Point
from directory.search.port import IndexStatus, Query, Ranking
from directory.search.text import folded, name_form, words
from directory.search.whoosh_engine.arrays.bitmaps import holds, unpacked
from directory.search.whoosh_engine.executing.execution import Execution, Found
from directory.search.whoosh_engine.executing.snapshot import Snapshot
from directory.search.whoosh_engine.generations import holding, manifests
from directory.search.whoosh_engine.generations.holding import Held
from directory.search.whoosh_engine.generations.manifests import NoIndexYet

# A request asks several times; it looks once.
LOOK_EVERY = 0.01
# How long a search waits for a new generation that is being opened; then the old one answers.
PATIENCE = 0.2
# Whoever was not asked for so long may be far behind, and waits longer.
IDLE, PATIENCE_OF_IDLE = 1.0, 5.0
# A refused generation is looked at again after so many seconds.
REFUSED_FOR = 1.0
log = logging.getLogger(__name__)


class WhooshReader:
    """Searches the generation that CURRENT names; before it answers, one `stat` says whether
    there is a new one.

    A new one is opened and warmed beside the one that serves. One that fails its checks is
    refused: the one before goes on serving, and `status` says what is wrong.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._looked = -LOOK_EVERY
        self._pointer = b""
        self._stamp: tuple[int, ...] | None = None
        self._opening: Thread | None = None
        self._refused, self._refused_at = "", 0.0

    def search(self, query: Query) -> Ranking:
        """Rank the listings that match."""
        return Execution(Found(self._newest()), query).ranking()

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """How many listings each query would find, every word required."""
        found = Found(self._newest())
        return [Execution(found, query).strict_total for query in queries]

    def spell(self, words: Sequence[str]) -> list[str | None]:
        """For each word: itself (folded) when the index knows it, else one near it, else None."""
        snapshot = self._newest()
        return [
            folded(word)
            if snapshot.text.has_term(word)
            else snapshot.spellings.nearest(folded(word))
            for word in words
        ]

    def names(self, prefix: str, *, limit: int) -> list[int]:
        """Listings of which each typed word begins a word of the name."""
        parts = [part for word in words(prefix) if (part := name_form(word))]
        if not parts:
            return []
        snapshot = self._newest()
        docs = snapshot.text.docs_with_prefix("name", parts[0])
        for part in parts[1:]:
            also = snapshot.text.docs_with_prefix("name", part)
            docs = np.intersect1d(docs, also, assume_unique=True)
        docs = docs[holds(snapshot.alive, docs)]
        rank = snapshot.columns.name_rank[docs]
        if limit < len(docs):
            docs = docs[rank <= np.partition(rank, limit)[limit]]
        order = np.argsort(snapshot.columns.name_rank[docs], kind="stable")[:limit]
        return [int(i) for i in snapshot.columns.ids[docs[order]]]

    def called(self, word: str) -> int:
        """How many have this very word in their name."""
        snapshot = self._newest()
        docs = snapshot.text.docs_of("name", word)
        return int(holds(snapshot.alive, docs).sum())

    def currency(self) -> str:
        """The currency in which most prices are."""
        return self._newest().currency

    def crowds(self, *, most: int) -> list[Point]:
        """Where most practise."""
        return self._newest().crowds(most)

    def generation(self) -> str:
        """The number of the generation that answers, and when it was built."""
        manifest = self._newest().manifest
        return f"{manifest.number} {manifest.built_at}"

    def ids(self) -> Mapping[int, str]:
        """Every listing id with the digest of its document."""
        snapshot = self._newest()
        alive = unpacked(snapshot.alive)
        digests = (digest.decode() for digest in snapshot.columns.digests[alive])
        return dict(zip(snapshot.columns.ids[alive].tolist(), digests, strict=True))

    def status(self) -> IndexStatus:
        """What serves now; raises SearchUnavailable when the newest generation is refused."""
        snapshot = self._newest()
        if self._refused:
            raise SearchUnavailable(self._refused)
        return manifests.status_of(snapshot.manifest)

    def _newest(self) -> Snapshot:
        if self._snapshot is None or monotonic() - self._looked >= LOOK_EVERY:
            with self._lock:
                idle = monotonic() - self._looked
                if self._snapshot is None or idle >= LOOK_EVERY:
                    self._look(PATIENCE_OF_IDLE if idle >= IDLE else PATIENCE)
                    self._looked = monotonic()
        if self._snapshot is None:
            raise SearchUnavailable(self._refused or "There is no index yet.")
        return self._snapshot

    def _look(self, patience: float) -> None:
        """Open what CURRENT names if it is new: beside the one that serves, if one does."""
        again = self._refused and monotonic() - self._refused_at >= REFUSED_FOR
        # Asked before it is read: what is published in between is seen the next time.
        stamp = manifests.stamp_of_pointer(self._root)
        if stamp == self._stamp and not again and self._snapshot is not None:
            return
        if self._opening is not None and self._opening.is_alive():
            return
        self._stamp = stamp
        try:
            pointer = manifests.read_pointer(self._root)
        except SearchUnavailable as error:
            self._refuse(error)
            return
        if pointer == self._pointer and not again:
            return
        self._pointer = pointer
        if self._snapshot is None:
            self._open_current()
        else:
            self._opening = Thread(target=self._open_current, daemon=True)
            self._opening.start()
            self._opening.join(patience)

    def _open_current(self) -> None:
        try:
            self._take(holding.hold_current(self._root))
            self._refused = ""
        except SearchUnavailable as error:
            self._refuse(error)

    def _take(self, held: Held) -> None:
        before = self._snapshot
        if before is not None and before.manifest == held.manifest:
            return
        try:
            snapshot = Snapshot(self._root, held, before)
            snapshot.warm(before)
        except (OSError, ValueError, KeyError) as error:
            raise SearchUnavailable(f"Generation {held.manifest.number}: {error}") from error
        self._snapshot = snapshot

    def _refuse(self, error: SearchUnavailable) -> None:
        """Say once what is wrong; without any generation, serve the newest sound one of before."""
        if str(error) != self._refused and not isinstance(error, NoIndexYet):
            log.error("index generation refused: %s", error)
        self._refused, self._refused_at = str(error), monotonic()
        if self._snapshot is None:
            self._fall_back()

    def _fall_back(self) -> None:
        for manifest in manifests.previous(self._root, before=2**62):
            try:
                self._take(Held(self._root, manifest))
            except SearchUnavailable:
                continue
            return
