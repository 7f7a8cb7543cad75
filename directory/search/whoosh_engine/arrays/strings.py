"""Texts as one array of bytes: read one at a time, where they lie in the file."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from directory.search.whoosh_engine.arrays.types import Array, FileOffsets


def strung(texts: Iterable[bytes]) -> tuple[Array, FileOffsets]:
    """Texts as one array of bytes, and where each of them ends."""
    kept = list(texts)
    ends = np.cumsum(np.array([len(text) for text in kept], dtype=np.uint64), dtype=np.uint64)
    return np.frombuffer(b"".join(kept), dtype=np.uint8), ends


class Strings(Sequence[bytes]):
    """Texts as `strung` laid them out."""

    def __init__(self, texts: Array, ends: FileOffsets) -> None:
        self._texts, self._ends = texts.data, ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: Any) -> Any:
        start = int(self._ends[at - 1]) if at else 0
        return bytes(self._texts[start : int(self._ends[at])])
