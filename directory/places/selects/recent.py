"""Answers at hand: the latest ones, by key."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Generic, TypeVar

KEPT = 2048  # keys at hand of each sort: about 2 MB in all when full

Found = TypeVar("Found")


class Recent(Generic[Found]):
    """Answers by key, least recently used ones forgotten."""

    def __init__(
        self, fetch: Callable[[list[str]], dict[str, tuple[Found, ...]]], kept: int = KEPT
    ) -> None:
        self._fetch = fetch
        self._most = kept
        self._kept: OrderedDict[str, tuple[Found, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Iterable[str]) -> dict[str, tuple[Found, ...]]:
        """An answer for each key, empty ones too, with at most one query for all."""
        wanted = set(keys)
        with self._lock:
            known = {key: self._kept[key] for key in wanted & self._kept.keys()}
            for key in known:
                self._kept.move_to_end(key)
        missing = sorted(wanted - known.keys())
        if missing:
            fresh = self._fetch(missing)
            fresh = {key: fresh.get(key, ()) for key in missing}
            known |= fresh
            with self._lock:
                self._kept |= fresh
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return known
