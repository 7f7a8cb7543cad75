"""The benchmark: our engine beside others, on invented listings, in one run.

    BENCH_N=100000 BENCH_ENGINES=tantivy,sqlite,postgres,whoosh python -m tests.bench

Prints a table for people; its last line is one JSON object for programs. It judges nothing.
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

from tests.bench import contest, report
from tests.bench.contest import OURS
from tests.bench.engines import Engine
from tests.bench.ours import Ours
from tests.bench.questions import questions

PEERS = ("tantivy", "sqlite", "postgres", "whoosh")
CHANGES = 20


def main() -> None:
    """Make listings, build all engines, ask, compare, print."""
    listings, wanted = _listings(), _wanted()
    _say(f"{listings} invented listings, {os.cpu_count()} processors, load {_load()}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stillpoint-bench-")))
        documents = folder / "documents"
        contest.store(documents, listings)
        ours = Ours(folder / "ours")
        build_s = {OURS: contest.built(ours.build, documents)}
        _say(f"built {OURS} in {build_s[OURS]:.1f} s")
        peers = []
        for name in wanted:
            if peer := stack.enter_context(_peer(name, folder)):
                build_s[name] = contest.built(peer.build, documents)
                peer.open()
                peers.append(peer)
                _say(f"built {name} in {build_s[name]:.1f} s")
        _compare(listings, ours, peers, build_s)


def _compare(listings: int, ours: Ours, peers: Sequence[Engine], build_s: dict[str, float]) -> None:
    asked = questions(listings)
    began = perf_counter()
    ours.fresh()
    _say(f"a reader opens in {perf_counter() - began:.2f} s\n")
    outcome = contest.contest(ours, peers, asked)
    _say(report.table(outcome) + "\n")
    _say(report.ratios(outcome) + "\n")
    _say(report.differences({peer.name: contest.agreement(outcome, peer) for peer in peers}) + "\n")
    rss_mb = contest.memory(ours, asked)
    _say(f"a process with an open reader takes {rss_mb:.0f} MB after all questions")
    changes = ours.changes(listings, CHANGES)
    _say(report.updates(changes))
    _say(f"load {_load()}\n")
    _say(report.summary(listings, outcome, build_s, rss_mb, changes))


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
