"""How the site does at this moment: figures that are read when somebody collects them.

A scrape waits for nobody. What does not answer in time, such as a database that is away or
locked, or a disk over a network that hangs, is left out, and `stillpoint_database_up 0` says why.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from directory import outages
from directory.edge import Runtime
from directory.search.port import IndexStatus
from directory.usecases.curation import figures
from directory.usecases.curation.figures import Kept, Told
from directory.web.site.board import Board

# Of the second that a scrape may take.
SECONDS, SECONDS_FOR_INDEX = 0.5, 0.2
Found = TypeVar("Found")
log = logging.getLogger("stillpoint")


class Look(Generic[Found]):
    """A look at something that may hang: never more than one at a time.

    Whoever asks while one is at work waits for that one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self._found: tuple[Found] | None = None

    def begin(self, here: Runtime, read: Callable[[], Found]) -> None:
        """Look now, unless the last look goes on."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._found = None
                self._thread = Thread(target=self._read, args=(here, read), daemon=True)
                self._thread.start()

    def found(self, until: float) -> tuple[Found] | None:
        """What it found, if it ends before `until` (as `monotonic` counts) and found anything."""
        thread = self._thread
        if thread is not None:
            thread.join(max(until - monotonic(), 0))
            if thread.is_alive():
                return None
        return self._found

    def _read(self, here: Runtime, read: Callable[[], Found]) -> None:
        try:
            self._found = (read(),)
        except outages.KINDS as error:
            told = outages.meaning(error, here.engine)
            log.warning("metrics are left out: %s", told or type(error).__name__)
        except Exception:
            log.exception("metrics are left out")


class Gauges:
    """Looks at all parts of the site at once."""

    def __init__(self) -> None:
        self._index: Look[IndexStatus | None] = Look()
        self._files: Look[Kept] = Look()
        self._database: Look[Told] = Look()

    def look(self, here: Runtime, board: Board | None) -> "Now":
        """What answers within the time there is."""
        begun = monotonic()
        self._files.begin(here, partial(figures.kept, here.config))
        self._index.begin(here, partial(figures.status, here.reader))
        index = self._index.found(begun + SECONDS_FOR_INDEX)
        status = index[0] if index else None
        self._database.begin(here, partial(_told, here, status))
        until = begun + SECONDS
        told, kept = self._database.found(until), self._files.found(until)
        return Now(
            here.clock(), status, told[0] if told else None, kept[0] if kept else None, board
        )


def _told(here: Runtime, status: IndexStatus | None) -> Told:
    with here.reading() as session:
        return figures.told(session, here.config, status)


class Now(Collector):
    """What was found, in Prometheus' words; what was not found is left out."""

    def __init__(
        self,
        at: datetime,
        status: IndexStatus | None,
        told: Told | None,
        kept: Kept | None,
        board: Board | None,
    ) -> None:
        self._at, self._status, self._told, self._kept = at, status, told, kept
        self._board = board

    def collect(self) -> Iterator[Metric]:
        """Every gauge."""
        yield _one(
            "database_up",
            "1 when the database answered in time; else all that it tells is left out.",
            self._told is not None,
        )
        yield _one("index_up", "1 when an index can be searched.", self._status is not None)
        yield from self._workers()
        if self._status:
            yield from self._of_index(self._status)
        if self._told:
            yield from self._of_database(self._told)
        if self._kept:
            yield from self._of_files(self._kept)

    def _workers(self) -> Iterator[Metric]:
        alone = int(self._status is not None)
        workers, readers = (self._board.workers, self._board.readers) if self._board else (1, alone)
        yield _one("web_workers", "Web workers that are alive on this machine.", workers)
        yield _one("index_readers", "Web workers that have an index open.", readers)

    def _of_index(self, status: IndexStatus) -> Iterator[Metric]:
        yield _one("index_generation", "The number of the index that serves.", status.generation)
        built = datetime.fromisoformat(status.built_at)
        yield self._age("index_age_seconds", "Since the index was last published.", built)
        yield _one("index_listings", "Listings in the index.", status.listings)

    def _of_database(self, told: Told) -> Iterator[Metric]:
        queue, mail = told.queue, told.mail
        yield _one("queue_revisions", "Changes of listings that wait for an admin.", queue.waiting)
        yield self._age(
            "queue_oldest_age_seconds", "How long the oldest of them has waited.", queue.oldest
        )
        yield _one("mail_waiting", "Mails that are to be sent.", mail.waiting)
        yield self._age(
            "mail_oldest_age_seconds", "How long ago the oldest of them was written.", mail.oldest
        )
        yield self._age(
            "mail_overdue_seconds", "How long a mail has been due that nobody tried.", mail.due
        )
        yield _one("mail_dead", "Mails that were given up and never left.", mail.dead)
        yield self._ages(
            "audit_unanchored_seconds",
            "How long events of the audit stand in the database alone, by place of the anchor.",
            "place",
            {one.name: one.behind_since for one in told.anchored},
        )
        yield _many(
            "audit_anchor_readable",
            "1 when the anchor there can be read, or is yet to be written.",
            "place",
            {one.name: not one.trouble for one in told.anchored},
        )
        if self._status:  # without an index everything would be behind
            yield from self._of_lag(told)

    def _of_lag(self, told: Told) -> Iterator[Metric]:
        lag, last = told.lag, told.compared
        yield _one("index_lag_changes", "Changes that the index has not heard of.", lag.changes)
        yield self._age("index_lag_seconds", "How long the oldest of them waits.", lag.oldest)
        if last:
            yield self._age(
                "index_compared_age_seconds",
                "Since the indexer compared index and database, which it does every day.",
                last.at,
            )
            yield _one("index_differences", "What that comparison found.", last.differences)

    def _of_files(self, kept: Kept) -> Iterator[Metric]:
        if kept.worker:
            yield self._age("worker_age_seconds", "Since the worker was last at work.", kept.worker)
        yield self._ages(
            "chore_age_seconds", "Since the worker last did a chore.", "chore", kept.chores
        )
        if kept.backup:
            yield self._age("backup_age_seconds", "Since the last backup was taken.", kept.backup)
        for name, words, values in (
            ("size_bytes", "Bytes of the disk", {n: one.size for n, one in kept.disks.items()}),
            ("free_bytes", "Bytes free", {n: one.free for n, one in kept.disks.items()}),
            (
                "free_files",
                "How many more files fit",
                # Some file systems do not count files.
                {n: one.free_files for n, one in kept.disks.items() if one.most_files},
            ),
        ):
            yield _many(f"disk_{name}", f"{words} where data and index lie.", "disk", values)

    def _age(self, name: str, words: str, since: datetime | None) -> Metric:
        return _one(name, words, figures.age(since, self._at).total_seconds())

    def _ages(
        self, name: str, words: str, label: str, since: Mapping[str, datetime | None]
    ) -> Metric:
        ages = {key: figures.age(one, self._at).total_seconds() for key, one in since.items()}
        return _many(name, words, label, ages)


def _one(name: str, words: str, value: float | str) -> Metric:
    return GaugeMetricFamily(f"stillpoint_{name}", words, value=float(value))


def _many(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    made = GaugeMetricFamily(f"stillpoint_{name}", words, labels=[label])
    for key, value in values.items():
        made.add_metric([key], value)
    return made
