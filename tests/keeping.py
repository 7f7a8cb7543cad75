"""A SQLite file that stays as it was filled, whatever a test writes to it.

A copy of the filled file takes longer than most tests. So what a test writes stays in the log
beside the file (`-wal`): somebody who reads by the file alone, from before the test until after
it, keeps everybody from folding the log into the file. Without its log it is as it was. A file
that was written to all the same, or that somebody still has open, is no longer kept.
"""

import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

BESIDE = ("-wal", "-shm")
OPEN = Path("/proc/self/fd")
# `struct flock` of Linux, for the whole file.
LOCK = "hhqqi4x"


@dataclass
class Kept:
    """What became of a file: whether it is, to the last byte, as it was before the block."""

    unchanged: bool = False


@contextmanager
def kept(path: Path) -> Iterator[Kept]:
    """Whoever writes within the block writes beside the file."""
    outcome, before = Kept(), _state(path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        yield outcome
    outcome.unchanged = not _is_open(path) and _state(path) == before
    for ending in BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _state(path: Path) -> tuple[int, int, int] | None:
    if not path.is_file():
        return None
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _is_open(path: Path) -> bool:
    """Whether anybody may still have it open: we, or whoever locks it from another process."""
    if not OPEN.is_dir() or not path.is_file():
        return True  # nobody can tell
    ours = {_target(one) for one in OPEN.iterdir()}
    return any(name.startswith(str(path)) for name in ours) or _is_locked(path)


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # closed by now
        return ""


def _is_locked(path: Path) -> bool:
    asked = struct.pack(LOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    with path.open("r+b") as file:
        told = fcntl.fcntl(file, fcntl.F_GETLK, asked)
    return bool(struct.unpack(LOCK, told)[0] != fcntl.F_UNLCK)
