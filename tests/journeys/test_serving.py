"""`flask --app wsgi up`: everything from whatever is there, together, and ended together."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from directory.cli import serving
from directory.config import Config
from directory.db import make_engine, writing
from tests import factories, sites

UP = (sys.executable, "-m", "flask", "--app", "wsgi", "up")


# In parts of `yardstick`; loading places and demonstration anew would be twice as much.
LITTLE = 60
STAND_IN = (sys.executable, "-S", "-c", "import time; time.sleep(60)")
DYING = (sys.executable, "-S", "-c", "raise SystemExit(7)")


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(database_url, tmp_path) -> dict[str, str]:
    """Of a site that lacks nothing: places, taxonomy, one listing and an index."""
    settings = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path / "var"),
        "PORT": str(sites.free_port()),
        "WEB_CONCURRENCY": "1",
    }
    engine = make_engine(database_url)
    with writing(engine) as session:
        factories.listing(session)
    engine.dispose()
    sites.rebuild_index(Config.from_env(settings))
    return settings


def family_of(process: subprocess.Popen) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def yardstick() -> float:
    """The CPU time that a piece of Python takes as things are now: busy neighbours slow it, too."""
    began = time.process_time()
    sum(number * number for number in range(3_000_000))
    return time.process_time() - began


@contextmanager
def up(settings: dict[str, str], log: Path, seconds: float = 60) -> Iterator[subprocess.Popen]:
    """The running command; all it says goes to `log`. Nothing of it survives the block."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            UP, cwd=sites.ROOT, env=sites.environment(**settings), stdout=out, stderr=out
        )
    family: list[psutil.Process] = []
    try:
        sites.wait_for(f"http://127.0.0.1:{settings['PORT']}/healthz", process, seconds)
        family = family_of(process)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        left = psutil.wait_procs(family, timeout=5)[1]
        for one in left:
            one.kill()
    assert left == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_when_nothing_is_missing_it_serves_after_little_work_until_it_is_stopped(
    settings, tmp_path
):
    log = tmp_path / "log"

    with up(settings | {"SITE_NAMES": "Ours"}, log) as process:
        # Work, not time: other tests may be running beside this one.
        times = [one.cpu_times() for one in family_of(process)]
        with urllib.request.urlopen(f"http://127.0.0.1:{settings['PORT']}/readyz") as answer:
            ready = answer.status
        process.terminate()
        status = process.wait(25)

    assert (ready, status) == (200, 0)
    assert sum(one.user + one.system for one in times) < LITTLE * yardstick()
    assert f"http://127.0.0.1:{settings['PORT']}" in log.read_text()
    assert "Traceback" not in log.read_text()
    assert log.read_text().count("SITE_NAMES is set, but nothing reads it.") == 1


@on_sqlite
@pytest.mark.parametrize(("dying", "name"), [("INDEXER", "indexer"), ("WORKER", "worker")])
def test_whichever_dies_the_others_stop_and_it_says_which(
    config, monkeypatch, capsys, own_signals, dying, name
):
    for command in ("WEB", "INDEXER", "WORKER"):
        monkeypatch.setattr(serving, command, DYING if command == dying else STAND_IN)

    status = serving._serve(replace(config, port=sites.free_port()), ())

    assert status == 1
    assert capsys.readouterr().err == f"stillpoint: the {name} process ended (status 7).\n"
    assert [one for one in psutil.Process().children() if one.cmdline()[1:2] == ["-S"]] == []


@pytest.fixture
def own_signals() -> Iterator[None]:
    """What it does with signals ends with the test."""
    with sites.own_signals():
        yield


@on_sqlite
def test_when_the_web_dies_all_of_it_is_gone_and_it_says_so(settings, tmp_path):
    log = tmp_path / "log"

    with up(settings, log) as process:
        children = psutil.Process(process.pid).children()
        (found,) = (child for child in children if "gunicorn" in child.cmdline())
        found.kill()
        status = process.wait(25)

    assert status == 1
    assert "stillpoint: the web process ended" in log.read_text()


@on_sqlite
def test_a_taken_port_is_one_clear_line(app, runtime):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        runtime.config = replace(runtime.config, port=port)

        ended = sites.command(app, "up")

    assert ended.exit_code == 1
    assert ended.output == f"stillpoint: 127.0.0.1:{port} is in use; set HOST or PORT.\n"


def test_from_nothing_it_makes_everything(tmp_path):
    settings = {
        "DATA_DIR": str(tmp_path / "var"),
        "PORT": str(sites.free_port()),
        "WEB_CONCURRENCY": "1",
    }

    with up(settings, tmp_path / "log", seconds=150) as process:
        address = f"http://127.0.0.1:{settings['PORT']}/api/v1/practitioners?near=Boulder"
        with urllib.request.urlopen(address, timeout=5) as response:
            answer = json.load(response)
        process.send_signal(signal.SIGINT)
        status = process.wait(25)

    assert status == 0
    assert answer["place"]["label"] == "Boulder, Colorado, US"
    assert answer["total"] > 0
