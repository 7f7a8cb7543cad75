"""The bell: when to look into the outbox. At once, when somebody has committed to it.

PostgreSQL rings it by NOTIFY, with the commit that adds a row. Beside SQLite the kernel tells when
its log is written to, and SQLite soon after whether that was committed. Either can be missed (a
pooler that keeps no session, a disk of another machine), so nobody waits for it for long.
"""

import ctypes
import logging
import os
from contextlib import suppress
from pathlib import Path
from select import select
from time import monotonic, sleep
from typing import Any, Protocol

from sqlalchemy import Engine

from directory.db import file_of, files

# What is written to SQLite's log can be read once it has reached the disk: looked for each TICK
# for as long as that may take. Where no kernel tells of it, always, but less often.
TICK, SOON, UNTOLD_TICK = 0.005, 0.5, 0.05
# SQLite tells of every commit, the outbox's or not: however many there are, we look no more often.
REST = 0.02
IN_MODIFY = 2
log = logging.getLogger(__name__)


class _Line(Protocol):
    def heard(self, most: float) -> None: ...
    def close(self) -> None: ...


class Bell:
    """Heard by one thread. A line that breaks is made anew."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._line: _Line | None = None

    def wait(self, most: float) -> None:
        """Return once something was committed since the last return, at the latest after so many
        seconds. At once when the line is new, for nobody told of what came before.
        """
        began = monotonic()
        try:
            if self._line is None:
                self._line = _line(self._engine)
            else:
                self._line.heard(most)
        except Exception as error:  # whatever it is: we look all the same, though not as soon
            log.debug("the bell is broken: %s", error)
            self.close()
            sleep(max(0.0, began + most - monotonic()))

    def close(self) -> None:
        """Let the line go; the next wait takes another one."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(Exception):  # it may be broken
                line.close()


def _line(engine: Engine) -> _Line:
    return _Told(engine) if engine.dialect.name == "postgresql" else _Seen(engine)


class _Told:
    """PostgreSQL tells by itself, on a connection kept for that."""

    def __init__(self, engine: Engine) -> None:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("LISTEN index_change")
        self._driver: Any = connection.connection.driver_connection
        connection.detach()  # whoever had it next would be told, too
        self._connection = connection

    def heard(self, most: float) -> None:
        """Return once it was told of a commit."""
        if select([self._driver], [], [], most)[0]:
            self._driver.pgconn.consume_input()  # raises when the server is gone
            while self._driver.pgconn.notifies():
                pass

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class _Seen:
    """SQLite counts the commits of others for each connection that asks (`data_version`)."""

    def __init__(self, engine: Engine) -> None:
        self._kept = engine.raw_connection()
        self._connection: Any = self._kept.driver_connection
        self._kept.detach()
        self._path = file_of(engine)
        self._identity = self._path and files.identity(self._path)
        self._version = self._committed()
        self._ear = _Ear(Path(f"{self._path}-wal"))
        self._soon_until = self._not_before = 0.0

    def heard(self, most: float) -> None:
        """Return once there is another commit."""
        until = monotonic() + most
        sleep(max(0.0, self._not_before - monotonic()))
        while (left := until - monotonic()) > 0:
            before, self._version = self._version, self._committed()
            if before != self._version:
                self._not_before = monotonic() + REST
                return
            self._rest(left)
        if self._path and files.identity(self._path) != self._identity:
            raise OSError("the file is another one, or gone")

    def close(self) -> None:
        """Let connection and kernel go."""
        self._ear.close()
        self._kept.close()

    def _committed(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _rest(self, left: float) -> None:
        """Until there may be a commit; while one is under way, for a moment."""
        if monotonic() < self._soon_until:
            sleep(min(TICK, left))
            left = 0.0
        elif not self._ear:
            sleep(min(UNTOLD_TICK, left))
            return
        if self._ear.heard(left):
            self._soon_until = monotonic() + SOON


class _Ear:
    """Hears from the kernel that a file is written to: inotify(7), which Python has no word for.

    False where there is none, or no such file.
    """

    def __init__(self, path: Path) -> None:
        self._number = -1
        libc = ctypes.CDLL(None, use_errno=True)
        if hasattr(libc, "inotify_init1"):
            self._number = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self and libc.inotify_add_watch(self._number, os.fsencode(path), IN_MODIFY) < 0:
            self.close()

    def __bool__(self) -> bool:
        return self._number >= 0

    def heard(self, most: float) -> bool:
        """Whether it was written to, within so many seconds or since that was asked last."""
        if not self or not select([self._number], [], [], most)[0]:
            return False
        os.read(self._number, 1 << 16)
        return True

    def close(self) -> None:
        """Let the kernel go; a second call does nothing."""
        if self:
            os.close(self._number)
            self._number = -1
