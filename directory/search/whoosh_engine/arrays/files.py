"""A file of named arrays, read by memory map: opening costs nothing and workers share it.

    magic, length of the header (8 bytes, little-endian), header (JSON), bodies aligned to 64

Nothing in it can run when it is read, as a pickle can.
"""

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from directory.errors import SearchUnavailable
from directory.search.whoosh_engine.arrays.types import Array

MAGIC = b"stillarr"
ALIGNED_TO = 64


class Arrays(Mapping[str, Array]):
    """The arrays of a file, read-only, and what was said about them (`meta`)."""

    def __init__(self, arrays: dict[str, Array], meta: dict[str, Any], mapped: mmap.mmap) -> None:
        self._arrays, self._mapped = arrays, mapped
        self.meta = meta

    def let_go(self) -> None:
        """Count nothing that was read as this process's memory; it is there when it is read again.

        The kernel keeps the file for all processes, as it likes.
        """
        if hasattr(mmap, "MADV_DONTNEED"):  # not on every system
            self._mapped.madvise(mmap.MADV_DONTNEED)

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __iter__(self) -> Any:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)


def write(path: Path, arrays: Mapping[str, Array], meta: Mapping[str, Any] | None = None) -> None:
    """Write arrays of plain numbers or fixed-size bytes, whatever their shapes."""
    specs: dict[str, tuple[str, list[int], int]] = {}
    offset = 0
    for name, array in arrays.items():
        specs[name] = (array.dtype.str, list(array.shape), offset)
        offset = _aligned(offset + array.nbytes)
    header = json.dumps({"arrays": specs, "meta": dict(meta or {})}).encode()
    start = _aligned(len(MAGIC) + 8 + len(header))
    with path.open("wb") as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        for name, array in arrays.items():
            file.seek(start + specs[name][2])
            file.write(np.ascontiguousarray(array).data)
        file.truncate(start + offset)


def read(path: Path) -> Arrays:
    """Map a file; raises SearchUnavailable when it is no file of arrays."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if mapped[: len(MAGIC)] != MAGIC:
        raise SearchUnavailable(f"{path.name} is no file of arrays.")
    length = int.from_bytes(mapped[len(MAGIC) : len(MAGIC) + 8], "little")
    header = json.loads(mapped[len(MAGIC) + 8 : len(MAGIC) + 8 + length])
    start = _aligned(len(MAGIC) + 8 + length)
    arrays = {
        name: np.frombuffer(mapped, dtype, int(np.prod(shape)), start + offset).reshape(shape)
        for name, (dtype, shape, offset) in header["arrays"].items()
    }
    return Arrays(arrays, header["meta"], mapped)


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNED_TO) * ALIGNED_TO
