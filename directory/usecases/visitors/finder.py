"""What every search needs at hand."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import perf_counter
from typing import Any

from cachetools import LRUCache

from directory.models import Taxonomy
from directory.places import Gazetteer
from directory.policies import Policies
from directory.search.port import Reader
from directory.search.vocabulary import Vocabulary

KEPT = 32 * 1024 * 1024
# So many times the letters that write it down an object takes, with what pages make of it.
BESIDE_LETTERS = 10


class Kept:
    """What was made and will not change, while it is asked for: about `size` bytes of it.

    Safe to share between threads.
    """

    def __init__(self, size: int = KEPT) -> None:
        self._held: LRUCache[Hashable, Any] = LRUCache(size, getsizeof=_size)
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """What was put there, or None."""
        with self._lock:
            return self._held.get(key)

    def put(self, key: Hashable, made: object) -> None:
        """Keep it, and let go what was asked for longest ago."""
        with self._lock:
            if _size(made) <= self._held.maxsize:
                self._held[key] = made


def _size(made: object) -> int:
    return len(made) if isinstance(made, bytes) else BESIDE_LETTERS * len(repr(made))


@dataclass(frozen=True, slots=True)
class Finder:
    """The reader and the knowledge that turn a visitor's words into results on a day.

    `home` is the country (ISO code) that the language of the visitor's browser names, "" for none.
    """

    reader: Reader
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    vocabulary: Vocabulary
    policies: Policies
    today: date
    home: str = ""
    kept: Kept = field(default_factory=Kept)


class Watch:
    """How long a search takes, stage by stage; looking at it costs less than a microsecond."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = self._at = perf_counter()

    def end(self, stage: str) -> None:
        """What was done since the last stage ended was this one."""
        now = perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._at
        self._at = now

    def milliseconds(self) -> float:
        """All of it so far."""
        return (perf_counter() - self._began) * 1000
