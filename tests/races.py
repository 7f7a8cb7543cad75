"""Two at the same moment, on PostgreSQL: how a test knows that one stands and waits."""

import time
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Engine, text

PATIENCE = 20.0


def wait_until_it_waits(engine: Engine, told: Future[Any]) -> None:
    """Return once the other one stands at a lock of ours."""
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while not looking.scalar(blocked):
            assert not told.done(), "it did not wait for the first"
            assert time.monotonic() < deadline
            time.sleep(0.02)
