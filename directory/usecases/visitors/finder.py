"""What every search needs at hand."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from threading import Lock
from time import perf_counter
from typing import Any

from cachetools import LRUCache

from directory.models import Taxonomy
from directory.places import Gazetteer
from directory.policies import Policies
from directory.search.port import Reader
from directory.search.vocabulary import Vocabulary

Key = tuple[Hashable, ...]
KEPT = 28 * 1024 * 1024
# Bytes that these take.
A_FEW_WORDS, A_NUMBER = 500, 100


class Kept:
    """What was made and will not change, while it is asked for: about `size` bytes of it, and a
    quarter of that of answers.

    Safe to share between threads.
    """

    def __init__(self, size: int = KEPT) -> None:
        self._held: LRUCache[Hashable, tuple[Any, int]] = LRUCache(size, getsizeof=itemgetter(1))
        # Apart: the profiles of one answer take as much room as thirty answers.
        self._answers: LRUCache[Hashable, tuple[Any, int]] = LRUCache(
            size // 4, getsizeof=itemgetter(1)
        )
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """What was put there, or None."""
        with self._lock:
            found = self._held.get(key) or self._answers.get(key)
        return found and found[0]

    def put(self, key: Hashable, made: object, size: int = A_FEW_WORDS) -> None:
        """Keep it, about so many bytes, and let go what was asked for longest ago."""
        room = self._answers if isinstance(made, Written) else self._held
        with self._lock:
            if size <= room.maxsize:
                room[key] = made, size


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An answer as it was written down, packed; and whom the index found for it, each with the
    number of what was shown (`Profile.made_of`), None where there was nothing to show.

    `beside` is what else was told with it.
    """

    people: Mapping[int, int | None]
    packed: bytes
    beside: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self.packed) + A_NUMBER * (len(self.people) + len(self.beside)) + A_FEW_WORDS

    @property
    def shown(self) -> list[int]:
        """Whom it shows."""
        return [number for number, made_of in self.people.items() if made_of is not None]


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

    def state(self) -> Hashable:
        """All that an answer depends on besides what is asked, and what SQL says at that moment.

        Raises SearchUnavailable without an index.
        """
        policies = tuple(self.policies.by_country.items())
        return self.reader.generation(), self.today, self.home, self.taxonomy, policies


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
