"""Whoosh segments written in bulk: what the stock W3 codec reads, from inverted arrays.

One compound file holds a segment's postings (`.pst`), term index (`.trm`) and columns
(`.col`). Whoosh keeps a block's postings in a pickle of three sequences: here they are an
array of steps, and bytes of weights and values, which its reader takes like any others.
"""

import pickle
import struct
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from time import time
from typing import BinaryIO
from zlib import compress

import numpy as np
from whoosh.codec import whoosh3
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from directory.search.whoosh_engine.arrays import files
from directory.search.whoosh_engine.arrays.schema import FIELDS, SCHEMA
from directory.search.whoosh_engine.arrays.types import Array, ListingIds
from directory.search.whoosh_engine.building.inverting import Inverted
from directory.search.whoosh_engine.building.whoosh_terms import TermIndex

MAIN, KEY, ID = "MAIN", "key", "listing_id"
BLOCK = 4096
# Small blocks are not worth the compressor's start.
COMPRESSED_FROM, LEVEL = 1024, 1
# A number that shows in a pickle: it is replaced by each document's own.
MARK = 0x7ABCDEF1
TERM_INFO = np.dtype(
    [
        ("inlined", "u1"),
        ("weight", ">f4"),
        ("df", ">u4"),
        ("min_length", "u1"),
        ("max_length", "u1"),
        ("max_weight", ">f4"),
        ("min_id", ">u4"),
        ("max_id", ">u4"),
        ("offset", ">i8"),
        ("length", ">i4"),
    ]
)


def write(folder: Path, inverted: Inverted, ids: ListingIds) -> W3Segment:
    """Write a segment of `ids` (n,), the listing of each document; `list_segments` opens it."""
    segment = W3Segment(W3Codec(blocklimit=BLOCK), MAIN, doccount=inverted.documents)
    segment.compound = True
    segment._fieldlengths = {
        field: total for field, total in zip(FIELDS, inverted.totals, strict=True) if total
    }
    with (folder / segment.make_filename(segment.COMPOUND_EXT)).open("wb") as file:
        files = _Compound(file, segment)
        with files.adding(W3Codec.POSTS_EXT):
            infos = dict(_postings(file, inverted, ids))
        with files.adding(W3Codec.TERMS_EXT):
            _terms(file, inverted, ids, infos)
        for name, column in _columns(inverted, ids).items():
            with files.adding(f".{name}{W3Codec.COLUMN_EXT}"):
                file.write(column)
        files.close()
    return segment


def write_arrays(path: Path, inverted: Inverted) -> None:
    """Write the postings that web workers read."""
    meta = {"documents": inverted.documents, "totals": inverted.totals}
    files.write(path, inverted.arrays, meta)


def list_segments(folder: Path, segments: Sequence[W3Segment]) -> None:
    """Write the table of contents that makes an index of segments: whoosh.index.open_dir."""
    TOC(SCHEMA, list(segments), generation=1).write(FileStorage(str(folder)), MAIN)


class _Compound:
    """Several files in one, as whoosh.filedb.compound.CompoundStorage reads them."""

    HEADER = struct.Struct("!qi")

    def __init__(self, file: BinaryIO, segment: W3Segment) -> None:
        self._file, self._segment = file, segment
        self._directory: dict[str, dict[str, float]] = {}
        file.write(self.HEADER.pack(0, 0))

    @contextmanager
    def adding(self, extension: str) -> Iterator[None]:
        """Whatever the block writes is the segment's file of that extension."""
        offset = self._file.tell()
        yield
        name = self._segment.make_filename(extension)
        length = self._file.tell() - offset
        self._directory[name] = {"offset": offset, "length": length, "modified": time()}

    def close(self) -> None:
        """Write the directory, and where it lies."""
        offset = self._file.tell()
        directory = pickle.dumps(self._directory, 2) + pickle.dumps({}, 2)
        self._file.write(directory)
        self._file.seek(0)
        self._file.write(self.HEADER.pack(offset, len(directory)))


def _postings(file: BinaryIO, inverted: Inverted, ids: Array) -> Iterator[tuple[str, Array]]:
    """Write all postings; gives each field's name and what the term index says of its terms."""
    offset = 0
    for number, field in enumerate(FIELDS):
        low, high = inverted.field_starts[number : number + 2]
        if low < high:
            infos, length = _write_field(file, inverted, low, high)
            infos["offset"] += offset
            offset += length
            yield field, infos
    if len(ids):
        infos = _write_keys(file, len(ids))
        infos["offset"] += offset
        yield KEY, infos


def _write_field(file: BinaryIO, inverted: Inverted, low: int, high: int) -> tuple[Array, int]:
    """Write the postings of terms `low` to `high`; gives their infos and the bytes written."""
    starts = inverted.arrays["starts"][low : high + 1].astype(np.int64)
    begin, end = int(starts[0]), int(starts[-1])
    starts -= begin
    docs, codes = inverted.arrays["docs"][begin:end], inverted.arrays["codes"][begin:end]
    weights, lengths = (codes >> 8).astype(np.uint8), codes.astype(np.uint8)
    blocks = -(-np.diff(starts) // BLOCK)
    first_block = np.cumsum(blocks) - blocks
    nth = np.arange(int(blocks.sum())) - np.repeat(first_block, blocks)
    at = np.repeat(starts[:-1], blocks) + BLOCK * nth
    sizes = np.array(
        [
            len(block)
            for block in _blocks(docs, weights, lengths, at, np.append(first_block, len(at)))
            if file.write(block)
        ],
        dtype=np.int64,
    )
    infos = np.zeros(high - low, dtype=TERM_INFO)
    infos["weight"] = np.add.reduceat(weights, starts[:-1], dtype=np.float64)
    infos["df"] = np.diff(starts)
    infos["min_length"] = np.minimum.reduceat(lengths, starts[:-1])
    infos["max_length"] = np.maximum.reduceat(lengths, starts[:-1])
    infos["max_weight"] = np.maximum.reduceat(weights, starts[:-1])
    infos["min_id"], infos["max_id"] = docs[starts[:-1]], docs[starts[1:] - 1]
    infos["length"] = np.add.reduceat(sizes, first_block)
    infos["offset"] = np.cumsum(infos["length"], dtype=np.int64) - infos["length"]
    return infos, int(sizes.sum())


def _blocks(
    docs: Array, weights: Array, lengths: Array, at: Array, first_of_term: Array
) -> Iterator[bytes]:
    """Each block of postings as the codec writes it; blocks begin `at`, ascending."""
    ends = np.append(at[1:], len(docs))
    steps = np.diff(docs, prepend=docs[:1])
    steps[at] = docs[at]
    heaviest = np.maximum.reduceat(weights, at).tolist()
    shortest, longest = np.minimum.reduceat(lengths, at), np.maximum.reduceat(lengths, at)
    opens, closes = np.zeros(len(at), dtype=bool), np.zeros(len(at), dtype=bool)
    opens[first_of_term[:-1]], closes[first_of_term[1:] - 1] = True, True
    rows = zip(
        at.tolist(),
        ends.tolist(),
        docs[ends - 1].tolist(),
        heaviest,
        shortest.tolist(),
        longest.tolist(),
        opens.tolist(),
        closes.tolist(),
        strict=True,
    )
    values = weights.astype(">u4").data.cast("B")
    steps_bytes, weight_bytes = steps.data.cast("B"), weights.data
    for start, end, last, heavy, low, high, first, final in rows:
        body = (
            array("I", bytes(steps_bytes[4 * start : 4 * end])),
            None if heavy == 1 else bytes(weight_bytes[start:end]),
            bytes(values[4 * start : 4 * end]),
        )
        yield _block(body, (end - start, last, heavy, low, high), first=first, final=final)


def _block(
    body: tuple[object, ...], facts: tuple[int, int, int, int, int], *, first: bool, final: bool
) -> bytes:
    """One block: its length (negative: the term's last), facts for skipping it, its postings."""
    count, last, heaviest, shortest, longest = facts
    data = pickle.dumps(body, 4)
    level = LEVEL if len(data) >= COMPRESSED_FROM else 0
    if level:
        data = compress(data, level)
    info = pickle.dumps((count, last, heaviest, level, shortest, longest), 2)
    length = len(info) + len(data)
    magic = whoosh3.WHOOSH3_HEADER_MAGIC if first else b""
    return magic + struct.pack("!i", -length if final else length) + info + data


def _write_keys(file: BinaryIO, documents: int) -> Array:
    """Write the postings of the keys, each of one document, in the order of documents."""
    record = _block(((MARK,), None, None), (1, MARK, 1, 0, 0), first=True, final=True)
    records = np.tile(np.frombuffer(record, dtype=np.uint8), (documents, 1))
    numbers = np.arange(documents, dtype="<u4")
    mark = MARK.to_bytes(4, "little")
    for place in range(len(record)):
        if record[place : place + len(mark)] == mark:
            records[:, place : place + len(mark)] = numbers.view(np.uint8).reshape(-1, 4)
    file.write(records.data)
    infos = np.zeros(documents, dtype=TERM_INFO)
    infos["weight"] = infos["df"] = infos["max_weight"] = 1
    infos["min_id"] = infos["max_id"] = numbers
    infos["offset"] = numbers.astype(np.int64) * len(record)
    infos["length"] = len(record)
    return infos


def _terms(file: BinaryIO, inverted: Inverted, ids: Array, infos: dict[str, Array]) -> None:
    """Write the term index: fields in the order of their names, terms in that of their bytes."""
    index = TermIndex(file)
    for field in sorted(infos):
        if field == KEY:
            keys = ids.astype("S20")
            order = np.argsort(keys, kind="stable")
            terms, values = keys[order].tolist(), infos[field][order]
        else:
            low, high = inverted.field_starts[(n := FIELDS.index(field)) : n + 2]
            terms, values = [term[1:] for term in inverted.terms[low:high]], infos[field]
        raw, size = values.tobytes(), TERM_INFO.itemsize
        index.add(field, terms, (raw[at : at + size] for at in range(0, len(raw), size)))
    index.close()


def _columns(inverted: Inverted, ids: Array) -> dict[str, bytes]:
    """The columns: lengths, listing ids, and that nothing is stored."""
    stored = BytesIO()
    whoosh3.STORED_COLUMN.writer(StructFile(stored)).finish(inverted.documents)
    lengths = {
        f"_{field}_len": inverted.lengths[number].tobytes()
        for number, field in enumerate(FIELDS)
        if inverted.totals[number]
    }
    return {"_stored": stored.getvalue(), ID: ids.astype(">i8").tobytes(), **lengths}
