"""Folding: a rebuild beside `follow`, so that nobody waits for it."""

import logging
from collections.abc import Callable
from threading import Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from directory.errors import DirectoryError
from directory.search.port import Heard
from indexer.outbox import NOTHING

REST = 60.0
log = logging.getLogger(__name__)


class Fold:
    """Runs a rebuild in a thread of its own, one at a time; one that failed rests a minute."""

    def __init__(self, rebuild: Callable[[], object], *, rest: float = REST) -> None:
        self._rebuild, self._rest = rebuild, rest
        self._thread: Thread | None = None
        self._covered = NOTHING
        self._not_before = 0.0

    @property
    def at_work(self) -> bool:
        """Whether a rebuild runs."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def covered(self) -> Heard:
        """The outbox rows that nobody else need look at while it is at work; none when it is not.

        The rebuild reads what these tell, or `cover` told that it is published.
        """
        return self._covered if self.at_work else NOTHING

    def begin(self, newest: Heard) -> None:
        """Start a rebuild, which reads all that `newest` holds, unless it is at work or rests."""
        if self.at_work or monotonic() < self._not_before:
            return
        log.info("folding what changed into a fresh base")
        self._covered = newest
        # It ends with the process, wherever it is: what serves goes on serving.
        self._thread = Thread(target=self._run, name="fold", daemon=True)
        self._thread.start()

    def cover(self, newest: Heard) -> None:
        """Say that everything in `newest` is published."""
        self._covered = newest

    def wait(self) -> None:
        """Return when none is at work."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._rebuild()
        except (DirectoryError, SQLAlchemyError, OSError) as error:
            self._not_before = monotonic() + self._rest
            log.warning("folding failed: %s", str(error).partition("\n")[0])
        except Exception:
            self._not_before = monotonic() + self._rest
            log.exception("folding failed")
