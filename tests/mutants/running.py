"""Tests run in a forked process: which of them run which line, and which finds a mutant out.

What a fork has loaded already need not be loaded again: the libraries, never our own code.
"""

import gc
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.mutants.operators import ON_IMPORT

ROOT = Path(__file__).parent.parent.parent
OURS = {"directory", "indexer", "tests", "wsgi", "__main__"}
# Where tests.databases keeps what the processes of one run share.
SHARED = "STILLPOINT_TEST_RUN"
# Plugins that are there before pytest looks for them.
QUIETLY = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", *QUIETLY)
FORKING = get_context("fork")


@dataclass
class Coverage:
    """Which tests run which statement of a file; those in `always` serve many tests at once.

    `trouble` is what the run said when it did not go well.
    """

    trouble: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    always: set[int] = field(default_factory=set)

    def tests(self, statement: int) -> list[str]:
        """The tests that run this statement, quick ones first; all of them for what is run before."""
        everybody = statement == ON_IMPORT or statement in self.always
        found = [one for one in self.seconds if everybody or statement in self.lines[one]]
        return sorted(found, key=self.seconds.__getitem__)


@dataclass(frozen=True)
class Verdict:
    """The test that found a mutant out, "" when none did; `ran` counts those that had a look."""

    killer: str
    ran: int


def load_libraries() -> None:
    """Import here, once, whatever our own code and pytest import of others'."""
    code = (
        "import sys, pytest, directory.app, indexer.follow\n"
        "pytest.main(['--collect-only', '-qq', '-p', 'no:cacheprovider', 'tests/house/test_logs.py'])\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]
    for name in loaded.split():
        if name.partition(".")[0] not in OURS:
            with suppress(ImportError):  # some are made while another is imported
                import_module(name)
    gc.freeze()  # forks need not look through all that


class Recorder:
    """A pytest plugin that notes how each test went, and by `ran` which lines it runs."""

    def __init__(self) -> None:
        self.coverage, self.killer = Coverage(), ""
        self.now = self.coverage.always

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now, began = self.coverage.lines[item.nodeid], monotonic()
        result = yield
        self.coverage.seconds[item.nodeid] = monotonic() - began
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        mine, shared = self.now, fixturedef.scope != "function"
        self.now = self.coverage.always if shared else mine
        result = yield
        self.now = mine
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.killer = report.nodeid

    def ran(self, line: int) -> None:
        """What a probe tells."""
        self.now.add(line)


class Chosen:
    """A pytest plugin that lets these tests run alone, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.places = {test: at for at, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if one.nodeid in self.places]
        items.sort(key=lambda one: self.places[one.nodeid])


class OnSqlite:
    """A pytest plugin that leaves out what runs on PostgreSQL, too."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        there = {one.nodeid for one in items}
        items[:] = [
            one
            for one in items
            if "[postgresql" not in one.nodeid
            or one.nodeid.replace("[postgresql", "[sqlite") not in there
        ]


class SharedDatabases:
    """A pytest plugin by which runs copy databases that were filled once for all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.own = folder, ""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        self.own, os.environ[SHARED] = os.environ[SHARED], str(self.folder)

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        os.environ[SHARED] = self.own


def run(paths: Sequence[str], *plugins: object, folder: Path) -> str:
    """Run tests in this process, silently, in a folder of the run's own; what it says if one fails."""
    own = folder / str(os.getpid())
    own.mkdir()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(own)
    with (own / "said.txt").open("w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    shared = SharedDatabases(folder / "databases")
    status = pytest.main([*OPTIONS, *paths], [shared, *plugins])
    sys.stdout.flush()
    return (own / "said.txt").read_text() or "failed" if status else ""


@dataclass
class _Job:
    process: Any
    key: Any
    deadline: float


def each(
    jobs: Iterator[tuple[Any, float, Callable[[], Any]]], *, at_once: int
) -> Iterator[tuple[Any, Any]]:
    """Do (key, seconds, job) in forks, some at once; gives (key, what came of it) as they end.

    None came of what took longer than its seconds, or died.
    """
    going: dict[Connection, _Job] = {}
    while True:
        while len(going) < at_once and (job := next(jobs, None)):
            key, seconds, do = job
            ear, mouth = FORKING.Pipe(duplex=False)
            process = FORKING.Process(target=_do, args=(do, mouth))
            process.start()
            mouth.close()
            going[ear] = _Job(process, key, monotonic() + seconds)
        if not going:
            return
        wait(list(going), timeout=1)
        for ear, one in list(going.items()):
            if ear.poll() or monotonic() > one.deadline:
                del going[ear]
                yield one.key, _end(ear, one)


def _do(job: Callable[[], Any], mouth: Connection) -> None:
    os.setpgrp()
    mouth.send(job())
    os._exit(0)  # whatever threads are left


def _end(ear: Connection, one: _Job) -> Any:
    """What a job says, or None; with whatever it started, it is over afterwards."""
    try:
        said = ear.recv() if ear.poll() else None
    except EOFError:
        said = None
    with suppress(ProcessLookupError):
        os.killpg(one.process.pid, signal.SIGKILL)
    one.process.join()
    return said
