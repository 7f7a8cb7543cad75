"""Two at the same moment, on PostgreSQL: both begin together, or one stands and waits."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.db import repeated, writing
from directory.errors import DirectoryError

PATIENCE = 20.0


def wait_until_it_waits(engine: Engine, told: Future[Any]) -> None:
    """Return once the other one stands at a lock of ours."""
    assert waits(engine, told), "it did not wait for the first"


def waits(engine: Engine, told: Future[Any]) -> bool:
    """Whether the other one comes to stand at a lock of ours, or ends without."""
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while not looking.scalar(blocked):
            if told.done():
                told.result()
                return False
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return True


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[str]:
    """What each is told who does this at the same moment, "" when it is done.

    As at the edge, a lost race is tried again; whatever is no word of ours goes up.
    """
    start = Barrier(len(acts))

    def act(do: Callable[[Session], object]) -> str:
        def once() -> None:
            with writing(engine) as session:
                do(session)

        start.wait(PATIENCE)
        try:
            repeated(once)
        except DirectoryError as error:
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(act, acts))
