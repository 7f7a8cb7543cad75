"""Faults between the engine and the disk, for one child process: it wraps the steps of `disk`.

A step is one call of a function of `disk`; the first is step 1.
"""

import errno
import itertools
import os
import random
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from directory.search.whoosh_engine.generations import disk

STEPS = ("write", "sync", "rename", "make_folder", "remove")
Step = Callable[..., None]


def wrap(around: Callable[[str, Step, tuple[Any, ...]], None]) -> None:
    """From here on every step goes through `around(name, step, arguments)`."""
    for name in STEPS:
        step = getattr(disk, name)
        setattr(disk, name, lambda *given, name=name, step=step: around(name, step, given))


@dataclass
class Signal:
    """The process sends itself a signal just before or after a step."""

    number: signal.Signals
    at: int
    after: bool = False
    done: int = 0

    def __call__(self, name: str, step: Step, given: tuple[Any, ...]) -> None:
        self.done += 1
        if self.done == self.at and not self.after:
            os.kill(os.getpid(), self.number)
        step(*given)
        if self.done == self.at and self.after:
            os.kill(os.getpid(), self.number)


@dataclass
class Failing:
    """The n-th step of a kind fails. Whoever syncs that path once more exits with status 9."""

    kind: str
    at: int
    error: int
    keeps: int = 0
    done: int = 0
    failed: Path | None = None

    def __call__(self, name: str, step: Step, given: tuple[Any, ...]) -> None:
        self.done += name == self.kind
        if self.kind == name == "sync" and self.failed == given[0]:
            os._exit(9)
        if name == self.kind and self.done == self.at:
            self.failed = given[0]
            if name == "write":
                step(given[0], given[1][: self.keeps])
            raise OSError(self.error, os.strerror(self.error))
        step(*given)


def full_disk(at: int, keeps: int) -> Failing:
    """The n-th small file finds room for so many bytes."""
    return Failing("write", at, errno.ENOSPC, keeps)


def bad_disk(at: int) -> Failing:
    """The n-th fsync fails."""
    return Failing("sync", at, errno.EIO)


@dataclass
class Counting:
    """Counts the steps by kind."""

    steps: list[str] = field(default_factory=list)

    def __call__(self, name: str, step: Step, given: tuple[Any, ...]) -> None:
        self.steps.append(name)
        step(*given)


class PowerLoss:
    """Remembers what an fsync has brought to the disk, and can lose the rest.

    After a loss a file has the content of its last fsync, or any beginning of what was
    written since; each name in a folder that changed since the folder's fsync is there as
    before or as after. So does `MockDirectoryWrapper.crash` of Lucene.
    """

    def __init__(self, root: Path, each: Callable[[int], None]) -> None:
        self._root = root
        self._each = each
        self._steps = 0
        self._fresh = itertools.count()
        self._numbers: dict[int, int] = {}
        self._contents: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._folders: set[int] = set()
        for path in (root, *root.rglob("*")):
            self._synced(path)

    def __call__(self, name: str, step: Step, given: tuple[Any, ...]) -> None:
        gone = self._inodes(given[0]) if name == "remove" else []
        if name == "rename" and given[1].exists():
            gone = self._inodes(given[1])
        step(*given)
        for inode in gone:  # the kernel may give the number to another file
            self._numbers.pop(inode, None)
        if name == "sync":
            self._synced(given[0])
        self._steps += 1
        self._each(self._steps)

    def lose(self, to: Path, dice: random.Random) -> None:
        """Make `to` what the disk may hold when the power goes now."""
        self._fill(to, self._id(self._root), self._root, dice)

    def _synced(self, path: Path) -> None:
        number = self._id(path)
        if path.is_dir():
            self._names[number] = {one.name: self._id(one) for one in path.iterdir()}
            self._folders.add(number)
        else:
            self._contents[number] = path.read_bytes()

    def _id(self, path: Path) -> int:
        """A number of the file that no other will ever have."""
        inode = path.lstat().st_ino
        if inode not in self._numbers:
            self._numbers[inode] = next(self._fresh)
        return self._numbers[inode]

    def _inodes(self, path: Path) -> list[int]:
        return [one.lstat().st_ino for one in (path, *path.rglob("*")) if one.exists()]

    def _fill(self, to: Path, number: int, live: Path | None, dice: random.Random) -> None:
        to.mkdir()
        now = {one.name: one for one in live.iterdir()} if live else {}
        there = {name: self._id(path) for name, path in now.items()}
        was = self._names.get(number, {})
        for name in was.keys() | there.keys():
            kept = dice.choice((was.get(name), there.get(name)))
            if kept is not None:
                path = now[name] if there.get(name) == kept else self._live(kept)
                self._put(to / name, kept, path, dice)

    def _live(self, number: int) -> Path | None:
        """Where a file or folder lies, if it still does."""
        found = (path for path in self._root.rglob("*") if self._id(path) == number)
        return next(found, None)

    def _put(self, to: Path, number: int, live: Path | None, dice: random.Random) -> None:
        if number in self._folders or (live and live.is_dir()):
            self._fill(to, number, live, dice)
            return
        now = live.read_bytes() if live else b""
        was = self._contents.get(number)
        if was is None or (live and was != now and dice.random() < 0.5):
            was = now[: dice.randint(0, len(now))]
        to.write_bytes(was)


def rewind(root: Path, to: Path) -> Path:
    """A copy of an index to work on."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(root, to)
    return to
