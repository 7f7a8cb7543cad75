"""One at a time: who draws on this machine, who may wait, and who is told to come back."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

# How long somebody may wait for the photos of others.
PATIENCE = 10.0
STEP = 0.05
# Of each worker's threads one may draw and one wait; the others are there for searches.
_places = BoundedSemaphore(2)


@contextmanager
def turn(lock: Path) -> Iterator[bool]:
    """Whether it is one's turn for as long as the block lasts, in all processes of this machine.

    A process that ends, however it does, gives its turn back.
    """
    if not _places.acquire(blocking=False):
        yield False
        return
    try:
        with lock.open("ab") as file:
            yield _locked(file.fileno())
    finally:
        _places.release()


def _locked(handle: int) -> bool:
    """Whether the lock is ours before patience ends; closing the file lets it go."""
    until = time.monotonic() + PATIENCE
    while not _lock(handle):
        if time.monotonic() > until:
            return False
        time.sleep(STEP)
    return True


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
