"""Holding a generation: what a reader serves is not collected under it.

A reader has a shared lock (flock) on each folder that it opens; who collects a folder needs
the exclusive one. The kernel releases the locks of a process that dies.
"""

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from directory.errors import SearchUnavailable
from directory.search.whoosh_engine.generations.manifests import Manifest, read_current


class Held:
    """A generation whose folders stay until `close`, or until nobody has this object."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        """Raises SearchUnavailable when a folder is not there any more."""
        self.manifest = manifest
        descriptors: list[int] = []
        self._release = weakref.finalize(self, _close, descriptors)
        descriptors.extend(_shared(root / segment.folder) for segment in manifest.segments)

    def close(self) -> None:
        """Let it go; a second call does nothing."""
        self._release()

    def __enter__(self) -> "Held":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def hold_current(root: Path) -> Held:
    """Hold what CURRENT names, whatever is published and collected meanwhile.

    Raises SearchUnavailable when it cannot be read or one of its folders is missing.
    """
    while True:
        manifest = read_current(root)
        try:
            return Held(root, manifest)
        except SearchUnavailable:
            if read_current(root) == manifest:
                raise


@contextmanager
def unheld(folder: Path) -> Iterator[bool]:
    """Whether nobody holds a folder; if so, nobody can until the block ends."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield True
        return
    try:
        yield _locked(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _shared(folder: Path) -> int:
    """An open folder, locked; it is the one that lies there, not one that was removed."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise SearchUnavailable(f"{folder.name} cannot be read: {error.strerror}") from None
    with suppress(OSError):
        if _locked(descriptor, fcntl.LOCK_SH) and os.path.samestat(
            os.fstat(descriptor), folder.stat()
        ):
            return descriptor
    os.close(descriptor)
    raise SearchUnavailable(f"{folder.name} is being removed.")


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _close(descriptors: list[int]) -> None:
    while descriptors:
        os.close(descriptors.pop())
