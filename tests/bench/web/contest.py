"""The contest over HTTP: pages and JSON, ours and Datasette's, one after the other."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.questions import Question
from tests.bench.stored import Stored
from tests.bench.web import addresses, constant, load
from tests.bench.web.peer import Datasette
from tests.bench.web.stillpoint import Stillpoint

# Filling both with a million takes longer than all the rest, and tells nothing new.
MOST_LISTINGS = 100_000
# Who gave fewer answers than these gets that much longer.
FEWEST, PATIENCE = 40, 4
PAGES, API = "/search", "/api/v1/practitioners"
THEIR_PAGES, THEIR_API = "/listings/listing", "/listings/listing.json"


@dataclass(frozen=True, slots=True)
class Run:
    """One server under load: whose, how many workers, what it answers, how fast.

    Latencies are those of the answers that came in time; nothing came when `answers` is 0.
    `cpu_ms` are the processor's milliseconds for each.
    """

    site: str
    workers: int
    answer: str
    p50_ms: float
    p95_ms: float
    per_s: float
    answers: int
    errors: int
    cpu_ms: float


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

    Our searches have no rate limit: only what is sent by POST has. Every request is one that
    the server has to answer anew: neither site keeps answers, and nothing lies before them.
    """
    listings = min(listings, MOST_LISTINGS)
    site, peer = Stillpoint(_folder(folder, "site")), Datasette(_folder(folder, "datasette"))
    site.fill(islice(stored, listings))
    peer.fill(islice(stored, listings))
    runs = list(_runs(site, peer, questions, folder, seconds))
    return {
        "listings": listings,
        "connections": load.CONNECTIONS,
        "seconds": seconds,
        "runs": [asdict(run) for run in runs],
    }


def _runs(
    site: Stillpoint, peer: Datasette, questions: Sequence[Question], folder: Path, seconds: int
) -> Iterator[Run]:
    def measured(served: tuple[str, int], paths: list[str]) -> load.Load:
        outcome = load.load(*served, paths, folder, seconds)
        if outcome["answers"] < FEWEST:
            outcome = load.load(*served, paths, folder, seconds * PATIENCE)
        return outcome

    queries = [question.query for question in questions]
    for workers in (1, 2):
        with site.served(workers) as served:
            for answer, path in (("page", PAGES), ("JSON", API)):
                paths = [addresses.ours(path, query) for query in queries]
                yield Run("ours", workers, answer, **measured(served, paths))
            if workers == 1:
                for answer, paths in site.other_pages(queries).items():
                    yield Run("ours", workers, answer, **measured(served, paths))
    with constant.served(folder) as served:
        yield Run("Flask", 1, "a constant page", **measured(served, ["/"]))
    with peer.served() as served:
        for answer, path in (("page", THEIR_PAGES), ("JSON", THEIR_API)):
            paths = [addresses.datasette(path, query) for query in queries]
            yield Run("Datasette", 1, answer, **measured(served, paths))


def _folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made
