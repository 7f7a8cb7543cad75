"""`flask --app wsgi up`: everything from whatever is there, together, and ended together."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Event, Thread, Timer

import psutil
import pytest

from directory.cli.starting import serving
from directory.config import Config
from directory.db import make_engine, writing
from tests import factories, sites
from tests.full import FULL

UP = (sys.executable, "-m", "flask", "--app", "wsgi", "up")


# In parts of `yardstick`; loading places and demonstration anew would be twice as much.
LITTLE = 60
STAND_IN = (sys.executable, "-S", "-c", "import time; time.sleep(60)")
WARM = (
    *STAND_IN[:-1],
    "import os; os.write(int(os.environ['STILLPOINT_WARM_FD']), b'..'); " + STAND_IN[-1],
)
DYING = (sys.executable, "-S", "-c", "raise SystemExit(7)")


KINDS = (serving.LOADING, "indexer", "work")
RELOADS = 20 if FULL else 1
BREATH = 0.01
# The finest that CPU time is counted in, a few times over.
TICK = 0.05

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(foldable, tmp_path) -> dict[str, str]:
    """Of a site that lacks nothing: places, taxonomy, one listing and an index."""
    settings = {
        "DATABASE_URL": foldable,
        "DATA_DIR": str(tmp_path / "var"),
        "PORT": str(sites.free_port()),
        "WEB_CONCURRENCY": "1",
    }
    engine = make_engine(foldable)
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
            UP,
            cwd=sites.ROOT,
            env=sites.environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
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
        told(log, "Ctrl-C", process)
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


def a_site(config: Config) -> serving._Site:
    return serving._Site(config, serving._Web(serving._bound(config), config.web_concurrency))


@on_sqlite
@pytest.mark.parametrize(("dying", "name"), [("INDEXER", "indexer"), ("WORKER", "worker")])
def test_a_helper_that_dies_is_started_again_and_the_web_goes_on(
    config, monkeypatch, capsys, own_signals, dying, name
):
    monkeypatch.setattr(serving, "WEB", WARM)
    monkeypatch.setattr(serving, "FIRST_PAUSE", 0.1)
    for command in ("INDEXER", "WORKER"):
        monkeypatch.setattr(serving, command, DYING if command == dying else STAND_IN)
    site = a_site(replace(config, port=sites.free_port(), web_concurrency=2))
    Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()

    status = site.serve(lambda: ())

    told = capsys.readouterr().err.splitlines()
    assert status == 0
    assert told[:2] == [
        f"stillpoint: the {name} process ended (status 7); it is started again in {pause:g} s."
        for pause in (0.1, 0.2)
    ]
    assert [one for one in psutil.Process().children() if one.cmdline()[1:2] == ["-S"]] == []


@on_sqlite
def test_whatever_ends_up_ends_all_that_it_started(settings, tmp_path):
    with up(settings, log := tmp_path / "log") as process:
        told(log, "Ctrl-C", process)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        left = psutil.wait_procs(family, timeout=30)[1]

    assert len(family) >= len(KINDS)
    assert left == []


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
        (found,) = (child for child in children if serving.LOADING in child.cmdline())
        found.kill()
        status = process.wait(25)

    assert status == 1
    assert "stillpoint: the web process ended" in log.read_text()


class Visitors:
    """Some who ask again and again, each on a connection that stays open; what went wrong is kept."""

    def __init__(self, port: int) -> None:
        self.port, self.over, self.wrong = port, Event(), []
        self.answered = Counter()
        self.threads = [Thread(target=self._ask, args=[number]) for number in range(3)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def _ask(self, number):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self.over.is_set():
            try:
                line.request("GET", "/api/v1/practitioners" if number else "/healthz")
                answer = line.getresponse()
                answer.read()
                self.answered[answer.status] += 1
                self.over.wait(BREATH)  # what is to be reloaded needs the processor, too
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(error)
                line.close()
        line.close()


def names_of(process: subprocess.Popen) -> dict[str, set[int]]:
    """Who runs, by what each was started as."""
    found: dict[str, set[int]] = {}
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.Error):  # one may just end, or begin
            words = child.cmdline()
            for name in KINDS:
                if name in words:
                    found.setdefault(name, set()).add(child.pid)
    return found


def names_of_all_but_leaving(process: subprocess.Popen) -> dict[str, set[int]]:
    """The same, when those have gone that others took over from."""
    deadline = time.monotonic() + 30
    while any(len(pids) > 1 for pids in names_of(process).values()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return names_of(process)


def told(log: Path, words: str, process: subprocess.Popen, times: int = 1) -> None:
    """Return when the log says so."""
    deadline = time.monotonic() + 60
    while log.read_text().count(words) < times:
        assert process.poll() is None
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


@on_sqlite
@pytest.mark.timeout(900)
def test_a_hangup_starts_all_of_it_anew_and_loses_no_request(settings, tmp_path):
    log, port = tmp_path / "log", int(settings["PORT"])

    with up(settings, log) as process:
        told(log, "Ctrl-C", process)
        before = names_of(process)
        with Visitors(port) as visitors:
            for times in range(1, RELOADS + 1):
                process.send_signal(signal.SIGHUP)
                told(log, "Reloaded.", process, times)
        after = names_of_all_but_leaving(process)

    assert visitors.wrong == []
    assert list(visitors.answered) == [200]
    assert before.keys() == after.keys() == set(KINDS)
    assert not any(after[name] & before[name] for name in KINDS)


@on_sqlite
def test_a_new_web_that_cannot_start_leaves_the_old_one_where_it_is(
    config, monkeypatch, capsys, own_signals
):
    monkeypatch.setattr(serving, "WEB", WARM)
    site = a_site(replace(config, port=sites.free_port(), web_concurrency=2))
    assert site.all_of_them.wait(site.web.is_warm)
    before = site.web.process

    monkeypatch.setattr(serving, "WEB", DYING)
    site.reload()
    stays = site.web.process is before and before.poll() is None
    site.end()

    assert stays
    assert "the old one stays" in capsys.readouterr().err


@pytest.mark.skipif(not FULL, reason="it measures; FULL=1 does")
@on_sqlite
def test_ready_means_that_the_first_page_takes_no_longer_than_others(settings, tmp_path):
    address = f"http://127.0.0.1:{settings['PORT']}/search"

    with up(settings, tmp_path / "log") as process:
        sites.wait_for(f"http://127.0.0.1:{settings['PORT']}/readyz", process)
        # The work, not the time: other tests may be running beside this one.
        works = [work_of(process, address) for _ in range(7)]

    assert works[0] <= 2 * median(works) + TICK


def work_of(process: subprocess.Popen, address: str) -> float:
    """The CPU time that the web takes to answer."""
    web = [one for one in family_of(process) if serving.LOADING in one.cmdline()]
    before = sum(sum(one.cpu_times()[:2]) for one in web)
    with urllib.request.urlopen(address, timeout=20) as answer:
        answer.read()
    return sum(sum(one.cpu_times()[:2]) for one in web) - before


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
