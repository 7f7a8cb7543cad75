"""The term index of a W3 segment (`.trm`): an ordered hash file, written in bulk.

    header, (length of key, length of value, key, value) ..., 256 hash tables of
    (hash, position), where each table lies, extras (a pickle), the positions in order

The layout is that of whoosh.filedb.filetables.OrderedHashWriter, with CRC-32 for hashes.
"""

import pickle
import struct
from collections.abc import Iterable
from typing import BinaryIO
from zlib import crc32

import numpy as np

from directory.search.whoosh_engine.arrays.types import Array, Counts, Hashes, Offsets

CRC32 = 1
TABLES = 256
_HEADER = struct.Struct("!4sBii")
_ENTRY = struct.Struct("!iiH")
_FIELD_BYTES = 2
SLOT = np.dtype([("hash", ">u4"), ("position", ">i8")])
TABLE = np.dtype([("position", ">i8"), ("slots", ">i4")])


class TermIndex:
    """Writes keys, in ascending order, and what is to be found under them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._fields: dict[str, int] = {}
        self._lengths: list[Counts] = []
        self._hashes: list[Hashes] = []
        file.write(_HEADER.pack(b"HSH3", CRC32, 0, 0))

    def add(self, field: str, terms: Iterable[bytes], values: Iterable[bytes]) -> None:
        """Write all terms of a field; fields come in the order of their names."""
        number = self._fields[field] = len(self._fields)
        prefix = crc32(number.to_bytes(_FIELD_BYTES, "big"))
        lengths, hashes = [], []
        for term, value in zip(terms, values, strict=True):
            entry = _ENTRY.pack(_FIELD_BYTES + len(term), len(value), number) + term + value
            self._file.write(entry)
            lengths.append(len(entry))
            hashes.append(crc32(term, prefix))
        self._lengths.append(np.array(lengths, dtype=np.int64))
        self._hashes.append(np.array(hashes, dtype=np.uint32))

    def close(self) -> None:
        """Write what leads from keys to their positions."""
        lengths = np.concatenate([np.zeros(0, dtype=np.int64), *self._lengths])
        hashes = np.concatenate([np.zeros(0, dtype=np.uint32), *self._hashes])
        ends = np.cumsum(lengths) + _HEADER.size
        positions, end = ends - lengths, int(ends[-1]) if len(ends) else _HEADER.size
        counts = np.bincount(hashes & np.uint32(TABLES - 1), minlength=TABLES)
        tables = np.zeros(TABLES, dtype=TABLE)
        tables["slots"] = 2 * counts
        tables["position"] = end + SLOT.itemsize * _before(2 * counts)
        self._file.write(_hash_tables(hashes, positions, 2 * counts).tobytes())
        self._file.write(tables.tobytes())
        wide = end >= 2**32
        extras = {
            "fieldmap": self._fields,
            "indextype": "q" if wide else "I",
            "indexlen": len(positions),
        }
        tail = pickle.dumps(extras, 2) + positions.astype(">i8" if wide else ">u4").tobytes()
        self._file.write(tail + struct.pack("!i", len(tail)))


def _before(counts: Counts) -> Counts:
    """How many there are before each."""
    return np.cumsum(counts) - counts


def _hash_tables(
    hashes: Hashes,
    positions: Offsets,
    sizes: Counts,
) -> Array:
    """All tables, one after the other, of `sizes` slots each; open addressing, linear probing."""
    slots = np.zeros(int(sizes.sum()), dtype=SLOT)
    table = (hashes & np.uint32(TABLES - 1)).astype(np.int64)
    start = _before(sizes)[table]
    home = start + (hashes >> np.uint32(8)) % np.maximum(sizes[table], 1)
    order = np.argsort(home, kind="stable")
    # Those that would run over the end of their table go to its beginning, one by one.
    inside = _probed(home[order]) < (start + sizes[table])[order]
    over, order = order[~inside], order[inside]
    taken = _probed(home[order])
    slots["hash"][taken], slots["position"][taken] = hashes[order], positions[order]
    for entry in over.tolist():
        slot, first, size = int(home[entry]), int(start[entry]), int(sizes[table[entry]])
        while slots["position"][slot]:
            slot = first + (slot + 1 - first) % size
        slots[slot] = hashes[entry], positions[entry]
    return slots


def _probed(homes: Offsets) -> Offsets:
    """The slots that linear probing gives entries in ascending order of their homes."""
    nth = np.arange(len(homes))
    return np.maximum.accumulate(homes - nth) + nth
