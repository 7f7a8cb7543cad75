"""A PostgreSQL that says nothing: given up in time, and not asked by everybody.

It cannot end a statement itself, nor refuse a connection, and TCP alone waits for hours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL

# So much longer than a statement may take, we wait for the word that it took too long.
LONGER_S = 1
# What was said to be silent a moment ago is not asked again; then one at a time asks.
MOMENT_S = 1.0
# A connection kept from before is given up so soon, once the server is known to be silent.
GIVEN_UP_S = 1.0


class Server:
    """What this process knows of a server: whether it was silent when it was asked last."""

    def __init__(self) -> None:
        self.silent = False
        self._since = 0.0
        self._trial = Lock()

    def fell_silent(self) -> None:
        """It was asked, and said nothing."""
        self.silent, self._since = True, monotonic()

    def spoke(self) -> None:
        """It is there."""
        self.silent = False

    @contextmanager
    def asked(self) -> Iterator[bool]:
        """Whether it may be asked for a connection: while it is silent, by one at a time alone."""
        if not self.silent:
            yield True
            return
        mine = monotonic() > self._since + MOMENT_S and self._trial.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                self._trial.release()


@cache
def server(host: str, port: int) -> Server:
    """The server there; one for all engines of this process."""
    return Server()


def end(engine: Engine, statement: float) -> None:
    """Let the engine's connections give a silent server up, where a statement may take so many
    seconds."""
    from psycopg import OperationalError  # here, for SQLite needs none of it
    from psycopg.errors import ConnectionTimeout

    known = _of(engine.url)
    connection = _impatient(known, statement + LONGER_S)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, given: Any) -> Any:
        with known.asked() as may:
            if not may:
                raise OperationalError("timeout: the server said nothing a moment ago")
            try:
                return connection.connect(*args, **given)
            except ConnectionTimeout:
                known.fell_silent()
                raise


def _impatient(known: Server, seconds: float) -> Any:
    from psycopg import Connection, OperationalError

    class Impatient(Connection[Any]):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            until = monotonic() + (GIVEN_UP_S if known.silent else seconds)
            found = super().wait(self._within(gen, until), interval, timeout)
            known.spoke()
            return found

        def _within(self, gen: Any, until: float) -> Any:
            try:
                wanted = next(gen)
                while True:
                    ready = yield wanted
                    if not ready and monotonic() > until:
                        known.fell_silent()
                        self.close()
                        raise OperationalError("timeout: the server says nothing")
                    wanted = gen.send(ready)
            except StopIteration as ended:
                return ended.value

    return Impatient


def _of(url: URL) -> Server:
    return server(str(url.host or url.query.get("host", "")), url.port or 0)
