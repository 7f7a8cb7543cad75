"""How the site is served: `python -m gunicorn -c python:directory.gunicorn_conf wsgi`."""

import gc
import logging
import os
import resource
import sys
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from flask import Flask
from gunicorn.glogging import Logger
from gunicorn.http import message

from directory import logs
from directory.config import Config
from directory.config.folder import UMASK
from directory.edge import Runtime
from directory.errors import ConfigError
from directory.usecases.curation import figures
from directory.web.site import metrics
from directory.web.site.board import Board
from directory.web.visitors import kept_pages

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


# Database, index, logs and files on their way; as many as a worker was seen to open, twice.
OTHER_FILES = 100


def open_files() -> int:
    """How many files this process may have open: as many as it is let, up to what we can use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = 1000 + OTHER_FILES
    if soft < enough:
        soft = enough if hard == resource.RLIM_INFINITY else min(hard, enough)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


bind = f"[{site.host}]:{site.port}" if ":" in site.host else f"{site.host}:{site.port}"
workers = site.web_concurrency
worker_class = "directory.front.patience.Worker"
# More than take their turn or wait for it (see front.turns), so that one is always free.
threads = 48
# Each connection is an open file, and so are index, database and logs.
worker_connections = max(threads + 1, min(1000, open_files() - OTHER_FILES))
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


# Workers show that they live by a file: where no disk can be full, if there is such a place.
MEMORY = "/dev/shm"  # noqa: S108
worker_tmp_dir = MEMORY if os.access(MEMORY, os.W_OK) else None
# Beside each worker one that still ends, and some more: whoever has no part counts for itself.
board = Board(2 * workers + 4)


# So many are made in some tenths of a second; half of that each worker would take by itself.
CARDS_AT_HAND = 100


def on_starting(server: Any) -> None:
    """The site is there, its workers are not: what they share is made once."""
    app = server.app.wsgi()
    metrics.share(app, board)
    try:
        app.extensions["stillpoint"].warm_words()
        with app.test_request_context(base_url=site.base_url):
            kept_pages.make_cards(CARDS_AT_HAND)
    except Exception:
        logging.getLogger(__name__).warning("each worker begins cold", exc_info=True)
    # What the workers share is never waste: looking there would copy it for each of them.
    gc.freeze()


def pre_fork(server: Any, worker: Any) -> None:
    """Give each worker a part of what they count."""
    worker.part = board.give(worker)


def post_fork(server: Any, worker: Any) -> None:
    """Give each worker connections of its own."""
    server.app.wsgi().extensions["stillpoint"].engine.dispose(close=False)
    board.take(worker.part)


ending = Event()
TALLY_EVERY = 30.0
# A worker takes visitors once it is warm, but lets nobody wait longer than that.
WARM_WITHIN = 10.0
# The pages that visitors come by, and what stands on no page yet.
FIRST_SEEN = ("/", "/search?q=neck+pain")
# Where `up` hears from each worker that it is warm: a pipe's number.
WARM_FD = "STILLPOINT_WARM_FD"


def post_worker_init(worker: Any) -> None:
    """Warm up, then take visitors; and write down now and then what was counted."""
    app = worker.app.wsgi()
    here: Runtime = app.extensions["stillpoint"]
    here.warming = True
    first = Thread(target=warm, args=[app, here], daemon=True)
    first.start()
    first.join(WARM_WITHIN)
    gc.freeze()  # what was read in stays: looking through it takes longer than a page
    gc.enable()
    Thread(target=keep_tallies, args=[here], daemon=True).start()


def warm(app: Flask, here: Runtime) -> None:
    """Read in what the first visitor would wait for, and say when it is done.

    What cannot be read now stays away from no visitor: the pages themselves say what is wrong.
    """
    try:
        here.warm()
        say_whether_it_reads(here)
        for path in FIRST_SEEN:
            app.test_client().get(path, base_url=here.config.base_url)
    except Exception:
        logging.getLogger(__name__).warning("a worker begins cold", exc_info=True)
    finally:
        here.warming = False
    with suppress(KeyError, OSError):
        os.write(int(os.environ[WARM_FD]), b".")


def keep_tallies(here: Runtime) -> None:
    """Write the worker's sums to the database until it ends."""
    while not ending.wait(TALLY_EVERY):
        say_whether_it_reads(here)
        write_tallies(here)


def say_whether_it_reads(here: Runtime) -> None:
    """Note for `/metrics` whether this worker has an index open."""
    board.say(reads=figures.status(here.reader) is not None)


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
    """What a worker that has ended counted stays; another goes on with it."""
    board.give_back(worker)
