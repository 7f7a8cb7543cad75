"""Numbers that all workers keep together, in memory that they share: no disk can fill up under it.

prometheus_client has files for this, which grow. Writing into a mapped file that has no room
on its disk kills the process (SIGBUS), and whatever started it does so again and again.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from mmap import mmap
from threading import Lock
from typing import Any

from prometheus_client import values
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

# What one worker may count: our labels are routes, methods and statuses, some thousand at most.
NUMBERS = 16 * 1024
NAMES = 2 * 1024 * 1024
WIDTH = 8
# How a worker is, as it says itself; whoever started it says that it has ended.
GONE, LIVES, READS = range(3)

Labels = tuple[tuple[str, str], ...]


class Board:
    """A part for each worker, which it alone writes and everybody reads.

    The memory belongs to the process that makes the board and to those it forks; what is not
    used costs nothing. A part is taken over by whoever comes after a worker that has ended,
    numbers and all. Whoever has no part, or has filled it, counts for itself alone.
    """

    def __init__(self, parts: int) -> None:
        self._whole = memoryview(mmap(-1, parts * (NUMBERS * WIDTH + NAMES)))
        self._parts = [_Part(self._whole, number) for number in range(parts)]
        self._alive = memoryview(mmap(-1, parts))
        self._taken: dict[int, object] = {}
        self._lock = Lock()
        self._mine: _Part | None = None
        self._place: int | None = None
        self._spare: dict[str, float] = {}

    def give(self, to: object) -> int | None:
        """A part that is free, for a worker that is about to be forked; None when none is."""
        free = next((n for n in range(len(self._parts)) if n not in self._taken), None)
        if free is not None:
            self._taken[free] = to
        return free

    def give_back(self, of: object) -> None:
        """The worker has ended: another may go on with its numbers."""
        for part in [part for part, worker in self._taken.items() if worker is of]:
            del self._taken[part]
            self._alive[part] = GONE

    def take(self, part: int | None) -> None:
        """Write there from now on; to be said once, in the worker."""
        self._place, self._mine = part, None if part is None else self._parts[part]
        if self._mine:
            self._mine.learn()
        self.say(reads=False)

    def say(self, *, reads: bool) -> None:
        """This worker is alive, and has an index open or not."""
        if self._place is not None:
            self._alive[self._place] = READS if reads else LIVES

    @property
    def workers(self) -> int:
        """How many are alive."""
        return sum(one != GONE for one in self._alive)

    @property
    def readers(self) -> int:
        """How many of them have an index open."""
        return sum(one == READS for one in self._alive)

    def add(self, name: str, amount: float) -> None:
        """Add to a number of ours; it begins with 0."""
        with self._lock:
            if self._mine is None or not self._mine.add(name, amount):
                self._spare[name] = self._spare.get(name, 0.0) + amount

    def mine(self, name: str) -> float:
        """What this worker, and those before it in its part, have counted."""
        with self._lock:
            kept = self._mine.get(name) if self._mine else 0.0
            return kept + self._spare.get(name, 0.0)

    def sums(self) -> dict[str, float]:
        """Every number, over all workers."""
        found: dict[str, float] = defaultdict(float)
        with self._lock:
            found.update(self._spare)
        for part in self._parts:
            for name, value in part.all():
                found[name] += value
        return found


class _Part:
    """First numbers, of which the first is how many bytes of names follow; a name in each line."""

    def __init__(self, whole: memoryview, number: int) -> None:
        start = number * (NUMBERS * WIDTH + NAMES)
        # Stored whole, each of them: nobody reads half a number.
        self._numbers = whole[start : start + NUMBERS * WIDTH].cast("d")
        self._names = whole[start + NUMBERS * WIDTH : start + NUMBERS * WIDTH + NAMES]
        self._places: dict[str, int] = {}

    def learn(self) -> None:
        self._places = {name: place for place, name in enumerate(self._lines(), start=1)}

    def add(self, name: str, amount: float) -> bool:
        place = self._places.get(name) or self._new(name)
        if not place:
            return False
        self._numbers[place] += amount
        return True

    def get(self, name: str) -> float:
        place = self._places.get(name)
        return self._numbers[place] if place else 0.0

    def all(self) -> Iterator[tuple[str, float]]:
        for place, name in enumerate(self._lines(), start=1):
            yield name, self._numbers[place]

    def _lines(self) -> list[str]:
        return str(self._names[: int(self._numbers[0])], "utf-8").splitlines()

    def _new(self, name: str) -> int:
        place, used = len(self._places) + 1, int(self._numbers[0])
        line = name.encode() + b"\n"
        if place >= NUMBERS or used + len(line) > NAMES:
            return 0
        self._names[used : used + len(line)] = line
        self._numbers[0] = used + len(line)  # last: a worker killed before it wrote nothing
        self._places[name] = place
        return place


def count_on(board: Board) -> None:
    """Let prometheus_client's counters and histograms count on it from now on."""

    class Number:
        """What prometheus_client asks of a value."""

        _multiprocess = True

        def __init__(
            self,
            typ: str,
            metric: str,
            name: str,
            labels: tuple[str, ...],
            given: tuple[str, ...],
            said: str,
            **_: Any,
        ) -> None:
            labelled = dict(zip(labels, given, strict=True))
            # JSON has no line breaks of its own.
            self._name = json.dumps([typ, metric, name, labelled, said], sort_keys=True)
            board.add(self._name, 0.0)

        def inc(self, amount: float) -> None:
            board.add(self._name, amount)

        def set(self, value: float, timestamp: float | None = None) -> None:
            raise TypeError("Workers add up; what can be set has no sum.")

        def get(self) -> float:
            return board.mine(self._name)

        def set_exemplar(self, exemplar: object) -> None:
            """There is none."""

        def get_exemplar(self) -> None:
            """There is none."""

    values.ValueClass = Number


class Sums(Collector):
    """A board as prometheus_client writes it out."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        """Counters and histograms, the sums of all workers."""
        found: dict[str, Metric] = {}
        buckets: dict[tuple[str, Labels], dict[float, float]] = {}
        for line, value in self._board.sums().items():
            typ, metric, name, labels, said = json.loads(line)
            one = found.setdefault(metric, Metric(metric, said, typ))
            if "le" in labels:
                below = float(labels.pop("le"))
                buckets.setdefault((metric, tuple(labels.items())), {})[below] = value
            else:
                one.add_sample(name, labels, value)
        for (metric, kept), counts in buckets.items():
            _add_up(found[metric], dict(kept), counts)
        yield from found.values()


def _add_up(metric: Metric, labels: dict[str, str], counts: dict[float, float]) -> None:
    """Each worker counts what falls into a bucket; Prometheus wants what lies below its end."""
    so_far = 0.0
    for below, count in sorted(counts.items()):
        so_far += count
        until: str = floatToGoString(below)  # type: ignore[no-untyped-call]
        metric.add_sample(f"{metric.name}_bucket", labels | {"le": until}, so_far)
    metric.add_sample(f"{metric.name}_count", labels, so_far)
