"""Load by wrk: a few connections that never rest, for a few seconds."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil

CONNECTIONS = 4  # as a rule
WARM_UP_S, SECONDS = 3, 8
SCRIPT = Path(__file__).with_name("cycle.lua")
INSTALL = "wrk is not installed (Debian and Ubuntu: apt-get install wrk)"

Load = dict[str, float]


def missing() -> str:
    """Why no load can be made; empty when it can."""
    return "" if shutil.which("wrk") else INSTALL


def warm(address: str, paths: Sequence[str], folder: Path, connections: int = CONNECTIONS) -> None:
    """Ask for them for a while; what is measured comes after it."""
    _wrk(address, paths, folder, connections, WARM_UP_S)


def load(
    address: str,
    pid: int,
    paths: Sequence[str],
    folder: Path,
    *,
    connections: int = CONNECTIONS,
    seconds: int = SECONDS,
) -> Load:
    """Ask for the paths in turn; p50, p95 and p99 in ms, answers a second, errors; and the
    milliseconds that the processor gave to the server for each answer.
    """
    before = _taken_s(pid)
    outcome = _wrk(address, paths, folder, connections, seconds)
    taken = _taken_s(pid) - before
    return outcome | {"cpu_ms": 1000 * taken / max(outcome["answers"], 1)}


def _taken_s(pid: int) -> float:
    """Seconds of a processor that a process and its children have had."""
    server = psutil.Process(pid)
    spent = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in spent)


def _wrk(address: str, paths: Sequence[str], folder: Path, connections: int, seconds: int) -> Load:
    asked = folder / "paths"
    asked.write_text("".join(f"{path}\n" for path in paths))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s"]
    command += ["-s", str(SCRIPT), address, "--", str(asked)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    outcome: Load = json.loads(said.splitlines()[-1])
    return outcome
