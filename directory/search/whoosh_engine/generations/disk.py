"""Every step by which publishing changes the disk; nothing else of it writes or removes.

A step that fails is never repeated on the same file: after a failed fsync the kernel may
have dropped what it could not write, and the next fsync reports success all the same.
"""

import os
import shutil
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a small file; it is on the disk after `sync`, not before."""
    path.write_bytes(content)


def sync(path: Path) -> None:
    """Bring a file's content, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(path: Path, to: Path) -> None:
    """Give a file or folder another name, at once; on the disk after its folder's `sync`."""
    path.rename(to)


def make_folder(path: Path) -> None:
    """Make a folder that does not exist yet."""
    path.mkdir()


def remove(path: Path) -> None:
    """Remove a file or a folder as far as that is possible; what resists is left."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def replace(path: Path, content: bytes) -> None:
    """Put a small file in another's place, durably: readers see the old or the new one."""
    beside = path.with_name(path.name + ".tmp")
    write(beside, content)
    sync(beside)
    rename(beside, path)
    sync(path.parent)
