"""Whether a site is at work on a database: what would be put back under its hands is refused."""

import fcntl
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import Engine, text

# The one byte of SQLite's shared memory that each process keeps locked while it has the database
# open (https://sqlite.org/walformat.html, DMS).
OPENED = 128
# Who has hung up is a little later gone from the server.
GONE_WITHIN = 2.0
# Of ourselves there is a second connection, which keeps others from the same work. Who looks at
# the database by hand has a program with a name; ours has none.
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND usename = current_user AND application_name = '' AND pid <> pg_backend_pid()
      AND pid NOT IN (
        SELECT pid FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND pid IS NOT NULL
          AND objid::bigint = hashtext(:work)::bigint & 4294967295)
"""


def others(engine: Engine, work: str) -> bool:
    """Whether another process has this database open: web, worker or indexer, on whatever machine.

    Besides ours only whoever holds the lock of `work` (`db.alone`) does not count. What `engine` keeps
    at hand is closed.
    """
    engine.pool.dispose()  # those that are idle; who is alone by one of them stays so
    if engine.dialect.name == "postgresql":
        return _connected(engine, work)
    return _opened(Path(f"{engine.url.database}-shm"))


def _connected(engine: Engine, work: str) -> bool:
    until = monotonic() + GONE_WITHIN
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(text(OTHERS), {"work": work}):
            if monotonic() > until:
                return True
            sleep(0.05)
    return False


def _opened(memory: Path) -> bool:
    try:
        with memory.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, OPENED)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
