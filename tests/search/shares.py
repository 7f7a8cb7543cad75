"""Documents that several processes can build: sound ones, and some that fail on the way."""

import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from directory.search.port import Document


@dataclass(frozen=True)
class Kept:
    """A share that was made beforehand."""

    documents: tuple[Document, ...]

    def __call__(self) -> Iterable[Document]:
        return self.documents


@dataclass(frozen=True)
class Killed(Kept):
    """A share whose process is killed when all is read, as by a kernel short of memory."""

    def __call__(self) -> Iterator[Document]:
        yield from self.documents
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Unreadable(Kept):
    """A share that cannot be read to its end."""

    def __call__(self) -> Iterator[Document]:
        yield from self.documents
        raise ValueError("row 7 is broken")


@dataclass(frozen=True)
class Endless(Kept):
    """A share that takes too long; its process writes its number into a file."""

    pid_file: Path

    def __call__(self) -> Iterator[Document]:
        yield from self.documents
        # Written beside and renamed: whoever sees the file sees the whole number.
        beside = self.pid_file.with_suffix(".tmp")
        beside.write_text(str(os.getpid()))
        beside.rename(self.pid_file)
        time.sleep(60)


@dataclass(frozen=True)
class Divided:
    """Documents in shares made beforehand."""

    made: Sequence[Kept]

    def __iter__(self) -> Iterator[Document]:
        for share in self.made:
            yield from share.documents

    def shares(self, count: int) -> Sequence[Kept]:
        assert count >= len(self.made)
        return self.made
