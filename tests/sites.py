"""The site and its indexer as processes, the way they really run."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask

from directory.config import Config
from directory.config.values import SETTINGS
from directory.db import make_engine, writing
from tests import factories

ROOT = Path(__file__).parent.parent
WORK = ("-m", "flask", "--app", "wsgi", "work")
GUNICORN = ("-m", "gunicorn", "-c", "python:directory.gunicorn_conf", "wsgi")


def environment(**settings: str) -> dict[str, str]:
    """A process's environment with these settings and none of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    # Forty processes are started, and compiling all modules takes each of them a second.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | settings


def run(*arguments: str, timeout: float = 60, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments from the project's folder, to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def command(app: Flask, *words: str) -> Result:
    """Run a command of the site to its end in this process, as `indexer` does."""
    with own_signals():
        return app.test_cli_runner().invoke(args=words)


@contextmanager
def own_signals() -> Iterator[None]:
    """What the block does with signals ends with it."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    kept = {number: signal.getsignal(number) for number in numbers}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def indexer(*words: str, **settings: str) -> Result:
    """Run a command of the indexer to its end in this process, which saves a start of Python."""
    from indexer.__main__ import cli

    none_but_these = dict.fromkeys(SETTINGS) | settings
    return CliRunner().invoke(cli, words, env=none_but_these)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def served(database_url: str, folder: Path, *, mail_url: str = "") -> Iterator[str]:
    """The address of the site under gunicorn, holding the DOZEN; its log is folder/web.log.

    With a `mail_url` a worker runs beside it, and its mails go there; its log is folder/work.log.
    """
    engine = make_engine(database_url)
    with writing(engine) as session:
        factories.dozen(session, on=datetime.now(UTC).date())
    engine.dispose()
    port = free_port()
    settings = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder / "var"),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    } | ({"MAIL_URL": mail_url} if mail_url else {})
    rebuild_index(Config.from_env(settings))
    address = f"http://127.0.0.1:{port}"
    with ExitStack() as running:
        web = running.enter_context(process(GUNICORN, folder / "web.log", settings))
        if mail_url:
            running.enter_context(process(WORK, folder / "work.log", settings))
        wait_for(f"{address}/healthz", web)
        yield address


@contextmanager
def process(
    words: tuple[str, ...], log: Path, settings: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Python at work with these arguments, writing to `log`, for as long as the block lasts."""
    with log.open("wb") as stderr:
        running = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environment(**settings), stderr=stderr
        )
    try:
        yield running
    finally:
        running.terminate()
        running.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when the address answers; fail when its process has ended or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the process ended with status {process.returncode}"
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{url} did not answer within {seconds} s")


def rebuild_index(config: Config) -> None:
    """Build the index of a site from its database, as `python -m indexer rebuild` does."""
    from directory.search.whoosh_engine import WhooshWriter
    from indexer.rebuild import rebuild

    engine = make_engine(config.database_url)
    rebuild(engine, WhooshWriter(config.index_dir))
    engine.dispose()
