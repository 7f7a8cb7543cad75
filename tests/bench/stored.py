"""The invented listings on disk: made once, on all cores, then read fast by every engine."""

import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from directory.search.port import Document
from tests.bench.listings import document

BATCH = 1_000
# Fewer than these are made sooner than another process starts.
WORTH_A_PROCESS = 5 * BATCH


def store(folder: Path, count: int) -> "Stored":
    """Make listings 1 to `count` into a new folder: one file for every thousand of them."""
    folder.mkdir()
    firsts = range(1, count + 1, BATCH)
    paths = [folder / f"{first:09}" for first in firsts]
    batches = [range(first, min(first + BATCH, count + 1)) for first in firsts]
    if count < WORTH_A_PROCESS:
        for path, numbers in zip(paths, batches, strict=True):
            _make(path, numbers)
    else:
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as makers:
            list(makers.map(_make, paths, batches, chunksize=4))
    return Stored(folder)


def _make(path: Path, numbers: Iterable[int]) -> None:
    path.write_bytes(pickle.dumps([document(number) for number in numbers]))


@dataclass(frozen=True)
class Stored:
    """The stored listings: read here, or share by share in several processes (port.Divisible)."""

    folder: Path

    def __iter__(self) -> Iterator[Document]:
        """All of them, by number."""
        return iter(self._share(sorted(self.folder.iterdir())))

    def shares(self, count: int) -> "Sequence[Share]":
        """At most so many runs of about equal length."""
        paths = sorted(self.folder.iterdir())
        size = -(-len(paths) // count)
        return [self._share(paths[i : i + size]) for i in range(0, len(paths), size)]

    def reading_s(self) -> float:
        """Seconds that reading took since this was last asked: of the share that took the least."""
        notes = list(self._notes.iterdir()) if self._notes.exists() else []
        seconds = [float(note.read_text()) for note in notes]
        for note in notes:
            note.unlink()
        return min(seconds, default=0.0)

    @property
    def _notes(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-read")

    def _share(self, paths: Sequence[Path]) -> "Share":
        return Share(tuple(paths), self._notes)


@dataclass(frozen=True)
class Share:
    """Some of the files. What reading them took is noted when they are read to their end."""

    paths: Sequence[Path]
    notes: Path

    def __call__(self) -> Iterator[Document]:
        """The listings, one by one."""
        return iter(self)

    def __iter__(self) -> Iterator[Document]:
        seconds = 0.0
        for path in self.paths:
            began = perf_counter()
            batch: list[Document] = pickle.loads(path.read_bytes())
            seconds += perf_counter() - began
            yield from batch
        self.notes.mkdir(exist_ok=True)
        first = self.paths[0].name if self.paths else "none"
        (self.notes / f"{first}-{os.getpid()}").write_text(str(seconds))
