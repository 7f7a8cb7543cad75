"""The benchmark: our engine beside others, on invented listings, in one run.

    BENCH_N=100000 BENCH_ENGINES=tantivy,sqlite,postgres,whoosh python -m tests.bench

Prints tables for people; its last line is one JSON object for programs, which is also kept in
tests/.artifacts/bench.json. It judges nothing. BENCH_HTTP=0 leaves out the sites under load.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench import contest, costs, hostile, report
from tests.bench.contest import OURS, Outcome
from tests.bench.engines import Engine
from tests.bench.ours import Ours
from tests.bench.questions import Question, questions
from tests.bench.stored import Stored, store
from tests.bench.web import contest as web

PEERS = ("tantivy", "sqlite", "postgres", "whoosh")
CHANGES = 20
KEPT = Path(__file__).parent.parent / ".artifacts" / "bench.json"


def main() -> None:
    """Make listings, build all engines, ask, compare, print."""
    listings, wanted = _listings(), _wanted()
    _say(f"{listings} invented listings, {os.cpu_count()} processors, load {_load()}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stillpoint-bench-")))
        began = perf_counter()
        stored = store(folder / "documents", listings)
        _say(f"made the listings in {perf_counter() - began:.1f} s")
        ours = Ours(folder / "ours")
        build_s = {OURS: contest.built(ours.build, stored)}
        _say(f"built {OURS} in {build_s[OURS]:.1f} s")
        peers = []
        for name in wanted:
            if peer := stack.enter_context(_peer(name, folder)):
                build_s[name] = contest.built(peer.build, stored)
                peer.open()
                peers.append(peer)
                _say(f"built {name} in {build_s[name]:.1f} s")
        _keep(_measure(listings, stored, ours, peers, build_s, folder))


def _measure(
    listings: int,
    stored: Stored,
    ours: Ours,
    peers: Sequence[Engine],
    build_s: dict[str, float],
    folder: Path,
) -> str:
    asked = questions(listings)
    began = perf_counter()
    waiting = [ours.fresh() for _ in range(contest.ROUNDS)]
    _say(f"{len(waiting)} readers open in {perf_counter() - began:.2f} s; a rebuild follows\n")
    peak = costs.rebuild_peak(ours, stored)
    outcome = contest.contest(ours, peers, asked, waiting)
    _compare(outcome, peers)
    measured = report.Measured(
        listings,
        outcome,
        build_s,
        costs.Memory(*costs.resident(ours, asked), peak),
        ours.changes(listings, CHANGES),
        costs.rebuild_us(stored),
        hostile.worst(ours.fresh().reader),
        _http(stored, listings, asked, folder),
    )
    _tell(measured)
    return report.summary(measured)


def _compare(outcome: Outcome, peers: Sequence[Engine]) -> None:
    _say(report.table(outcome) + "\n")
    _say(report.ratios(outcome) + "\n")
    _say(report.differences({peer.name: contest.agreement(outcome, peer) for peer in peers}) + "\n")


def _http(
    stored: Stored, listings: int, asked: Sequence[Question], folder: Path
) -> dict[str, Any] | None:
    if why := web.unwanted():
        _say(f"no contest over HTTP: {why}")
        return None
    return web.contest(stored, listings, asked, folder)


def _tell(measured: report.Measured) -> None:
    _say(report.costs(measured))
    _say(report.updates(measured.changes) + "\n")
    _say(report.hostile(measured.hostile) + "\n")
    if measured.http:
        _say(report.http(measured.http) + "\n")
    _say(f"load {_load()}\n")


def _keep(line: str) -> None:
    """Print the summary last, and keep it for the README."""
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(line + "\n")
    _say(line)


@contextmanager
def _peer(name: str, folder: Path) -> Iterator[Engine | None]:
    """A peer, ready to build, or nothing when its package is not there."""
    try:
        module = import_module(f"tests.bench.peers.{name}")
    except ModuleNotFoundError as error:
        _say(f"{name} is left out: {error}")
        yield None
        return
    home = folder / name
    home.mkdir()
    peer: Engine = module.Peer(home)
    try:
        yield peer
    finally:
        peer.close()


def _listings() -> int:
    said = os.environ.get("BENCH_N", "100000")
    if not said.isdecimal() or not int(said):
        sys.exit(f"BENCH_N is a number of listings, not {said!r}.")
    return int(said)


def _wanted() -> list[str]:
    said = os.environ.get("BENCH_ENGINES") or ",".join(PEERS)
    wanted = [name for name in map(str.strip, said.split(",")) if name not in ("", OURS)]
    if unknown := [name for name in wanted if name not in PEERS]:
        sys.exit(f"BENCH_ENGINES knows {', '.join(PEERS)}; not {', '.join(unknown)}.")
    return wanted


def _load() -> str:
    """How busy the machine is: processes that run or wait, over 1, 5 and 15 minutes."""
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    # The PostgreSQL package warns where there is no folder of systemd's.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    main()
