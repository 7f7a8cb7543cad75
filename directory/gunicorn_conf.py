"""How the site is served: `python -m gunicorn -c python:directory.gunicorn_conf wsgi`."""

import logging
import os
import sys
from threading import Event, Thread
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http import message

from directory import logs
from directory.config import Config
from directory.config.folder import UMASK
from directory.edge import Runtime
from directory.errors import ConfigError

# Before anything is written, the numbers below among it.
umask = UMASK
os.umask(umask)
try:
    site = Config.from_env()
except ConfigError as error:
    sys.exit(f"stillpoint: {error}")


class Log(Logger):  # type: ignore[misc]
    """gunicorn's own messages, through our logs and with their discretion."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        logs.configure(site.log_level)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        # The rest of this message is what the visitor sent.
        if msg.startswith("Invalid request from"):
            msg, args = "A request that nobody can read was refused.", ()
        super().warning(msg, *args, **kwargs)


bind = f"[{site.host}]:{site.port}" if ":" in site.host else f"{site.host}:{site.port}"
workers = site.web_concurrency
worker_class = "directory.front.patience.Worker"
# More than take their turn or wait for it (see front.turns), so that one is always free.
threads = 16
preload_app = True
max_requests = 20_000
max_requests_jitter = 2_000
timeout = 30
graceful_timeout = 20
keepalive = 5
# gunicorn's own ceiling (8 KB) would answer a very long search in its words, not ours.
message.MAX_REQUEST_LINE = limit_request_line = 64 * 1024
# What a proxy says is read by us alone, where TRUSTED_PROXIES names it: gunicorn would take from
# anybody on this machine, and from every socket, which address was asked for (SCRIPT_NAME).
forwarded_allow_ips = forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True  # it would listen in the home folder
logger_class = Log
accesslog = None  # our own line per request knows no query string

# Workers count together: each writes its numbers here, /metrics adds them up. Those of
# workers long gone are no use. (After a reload the variable stands, and files are in use.)
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    numbers = site.data_dir / "metrics"
    numbers.mkdir(parents=True, exist_ok=True)
    for old in numbers.glob("*.db"):
        old.unlink(missing_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(numbers)


def post_fork(server: Any, worker: Any) -> None:
    """Give each worker connections of its own."""
    server.app.wsgi().extensions["stillpoint"].engine.dispose(close=False)


ending = Event()
TALLY_EVERY = 30.0


def post_worker_init(worker: Any) -> None:
    """Warm up beside the first requests, and write down now and then what was counted."""
    here = worker.app.wsgi().extensions["stillpoint"]
    Thread(target=here.warm, daemon=True).start()
    Thread(target=keep_tallies, args=[here], daemon=True).start()


def keep_tallies(here: Runtime) -> None:
    """Write the worker's sums to the database until it ends."""
    while not ending.wait(TALLY_EVERY):
        write_tallies(here)


def write_tallies(here: Runtime) -> None:
    """Write them now; a database that is away gets them the next time."""
    try:
        here.tallies.flush(here.transaction, here.today())
        here.unfound.flush(here.transaction)
    except Exception:
        logging.getLogger(__name__).warning("tallies wait: the database took none", exc_info=True)


def worker_exit(server: Any, worker: Any) -> None:
    """What was counted last is not lost."""
    ending.set()
    write_tallies(worker.app.wsgi().extensions["stillpoint"])


def child_exit(server: Any, worker: Any) -> None:
    """Let go of what a worker that has ended held open in the metrics."""
    from prometheus_client import multiprocess  # reads PROMETHEUS_MULTIPROC_DIR on import

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
