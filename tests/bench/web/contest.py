"""The contest over HTTP: pages and JSON, ours and Datasette's, one after the other."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from directory.search.port import Query
from tests.bench.questions import Question
from tests.bench.stored import Stored
from tests.bench.web import addresses, constant, load, stages
from tests.bench.web.addresses import WARMING
from tests.bench.web.peer import Datasette
from tests.bench.web.stillpoint import Stillpoint

# Filling both with a million takes longer than all the rest, and tells nothing new.
MOST_LISTINGS = 100_000
# Who gave fewer answers than these gets that much longer.
FEWEST, PATIENCE = 40, 4
CONNECTIONS = (1, 4, 16)
PAGES, API = "/search", "/api/v1/practitioners"
THEIR_PAGES, THEIR_API = "/listings/listing", "/listings/listing.json"


@dataclass(frozen=True, slots=True)
class Run:
    """One server under load: whose, how many workers, what it answers to how many connections
    that never rest, how fast.

    Latencies are those of the answers that came in time; nothing came when `answers` is 0.
    `cpu_ms` are the processor's milliseconds for each. `stages` are the milliseconds of a search's
    stages, where they were looked at.
    """

    site: str
    workers: int
    answer: str
    connections: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_s: float
    answers: int
    errors: int
    cpu_ms: float
    stages: Mapping[str, float] = field(default_factory=dict)


def unwanted() -> str:
    """Why there is no contest over HTTP; empty when there is one."""
    if os.environ.get("BENCH_HTTP") == "0":
        return "BENCH_HTTP=0"
    if find_spec("datasette") is None:
        return "Datasette is not installed"
    return load.missing()


def contest(
    stored: Stored,
    listings: int,
    questions: Sequence[Question],
    folder: Path,
    seconds: int = load.SECONDS,
) -> dict[str, Any]:
    """Both sites with the same listings and questions; what was measured, for JSON.

    Our searches have no rate limit for this machine. We keep answers for as long as they are
    true, so ours are measured twice: of searches that nobody asked before ("new"), and of the
    200 questions again and again, as Datasette's, which keeps none.
    """
    listings = min(listings, MOST_LISTINGS)
    site, peer = Stillpoint(_folder(folder, "site")), Datasette(_folder(folder, "datasette"))
    site.fill(islice(stored, listings))
    peer.fill(islice(stored, listings))
    asked = [question.query for question in questions]
    runs = [
        *_ours(site, addresses.Unasked(listings), asked, folder, seconds),
        *_others(peer, asked, folder, seconds),
    ]
    return {"listings": listings, "seconds": seconds, "runs": [asdict(run) for run in runs]}


def _ours(
    site: Stillpoint, unasked: addresses.Unasked, asked: Sequence[Query], folder: Path, seconds: int
) -> Iterator[Run]:
    for workers in (1, 2):
        with site.served(workers) as served:
            for answer, path in (("page", PAGES), ("JSON", API)):
                for connections in CONNECTIONS:
                    new = unasked.of(path)
                    measured = _new(served, new, folder, connections, seconds)
                    yield Run("ours", workers, f"{answer}, new", connections, **measured)
                paths = [addresses.ours(path, query) for query in asked]
                yield _run("ours", workers, f"{answer}, again", served, paths, folder, seconds)
            if workers == 1:
                for answer, paths in site.other_pages(asked).items():
                    yield _run("ours", workers, answer, served, paths, folder, seconds)


def _new(
    served: tuple[str, int], new: Sequence[str], folder: Path, connections: int, seconds: int
) -> dict[str, Any]:
    """What was measured of searches that nobody asked before; with one connection their stages,
    which wait for nobody then.
    """
    first, rest = new[:WARMING], new[WARMING:]
    load.warm(served[0], first, folder, connections)
    before = stages.total(served[0])
    measured = load.load(*served, rest, folder, connections=connections, seconds=seconds)
    alone = connections == 1
    took = stages.each(before, stages.total(served[0])) if alone else {}
    return measured | {"stages": took}


def _others(peer: Datasette, asked: Sequence[Query], folder: Path, seconds: int) -> Iterator[Run]:
    with constant.served(folder) as served:
        yield _run("Flask", 1, "a constant page", served, ["/"], folder, seconds)
    with peer.served() as served:
        for answer, path in (("page", THEIR_PAGES), ("JSON", THEIR_API)):
            paths = [addresses.datasette(path, query) for query in asked]
            yield _run("Datasette", 1, answer, served, paths, folder, seconds)


def _run(
    site: str,
    workers: int,
    answer: str,
    served: tuple[str, int],
    paths: list[str],
    folder: Path,
    seconds: int,
) -> Run:
    load.warm(served[0], paths, folder)
    measured = load.load(*served, paths, folder, seconds=seconds)
    if measured["answers"] < FEWEST:
        measured = load.load(*served, paths, folder, seconds=seconds * PATIENCE)
    return Run(site, workers, answer, load.CONNECTIONS, **measured)


def _folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made
