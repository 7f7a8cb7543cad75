"""What searching fast costs: memory of a reader and of a rebuild, and time to index a listing."""

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

import psutil

from directory.search.port import Document
from directory.search.whoosh_engine import WhooshWriter
from tests.bench.ours import Ours
from tests.bench.questions import Question
from tests.bench.stored import Stored
from tests.search.generic import write_generic

SAMPLE_S = 0.05
# The generic writer takes about 2 ms a listing, whatever their number.
MOST_COMPARED = 20_000
MB = 1024**2


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes: all and private ones of a process with a reader, and the most of a rebuild."""

    rss: float
    uss: float
    rebuild_peak: float


def resident(ours: Ours, questions: Sequence[Question]) -> tuple[float, float]:
    """(resident, private) megabytes of a process that has answered every question.

    Files that are mapped count as resident; every process that maps them shares them.
    """
    kept = ours.root.with_suffix(".questions")
    kept.write_bytes(pickle.dumps([question.query for question in questions]))
    command = [sys.executable, "-m", "tests.bench.resident", str(ours.root), str(kept)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    taken = json.loads(said)
    return taken["rss"], taken["uss"]


def rebuild_peak(ours: Ours, stored: Stored) -> float:
    """Rebuild in a process of its own; the most megabytes that it and its children ever held.

    Pages that they share count for each of them. Publishes a generation, of the same listings.
    """
    command = [sys.executable, "-m", "tests.bench.rebuilding", ours.root, stored.folder]
    peak = 0
    with subprocess.Popen(command) as running:
        whole = psutil.Process(running.pid)
        while running.poll() is None:
            peak = max(peak, _held(whole))
            with suppress(subprocess.TimeoutExpired):
                running.wait(SAMPLE_S)
    if running.returncode:
        raise RuntimeError(f"The rebuild ended with status {running.returncode}.")
    return peak / MB


def _held(process: psutil.Process) -> int:
    total = 0
    with suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
    return total


def rebuild_us(stored: Stored) -> Mapping[str, float]:
    """Microseconds for a listing: our rebuild on one process, and Whoosh's own writer.

    Both get the same schema and the same listings from memory. Ours also makes the columns,
    seals and publishes; Whoosh's writer does not.
    """
    documents = list(islice(stored, MOST_COMPARED))
    with tempfile.TemporaryDirectory(prefix="stillpoint-bench-") as made:
        ours, generic = Path(made, "ours"), Path(made, "generic")
        ours_us = _us(lambda d: _rebuild(ours, d), documents)
        generic_us = _us(lambda d: write_generic(generic, d), documents)
    return {
        "listings": len(documents),
        "ours_one_process_us": ours_us,
        "generic_us": generic_us,
        "ratio": generic_us / ours_us,
    }


def _rebuild(root: Path, documents: Sequence[Document]) -> None:
    WhooshWriter(root, processes=1).rebuild(documents, cursor=0)


def _us(build: Callable[[Sequence[Document]], object], documents: Sequence[Document]) -> float:
    began = perf_counter()
    build(documents)
    return (perf_counter() - began) / len(documents) * 1e6
