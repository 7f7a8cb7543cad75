"""Load by wrk: a few connections that never rest, for a few seconds."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil

CONNECTIONS = 4
WARM_UP_S, SECONDS = 3, 8
SCRIPT = Path(__file__).with_name("cycle.lua")
INSTALL = "wrk is not installed (Debian and Ubuntu: apt-get install wrk)"

Load = dict[str, float]


def missing() -> str:
    """Why no load can be made; empty when it can."""
    return "" if shutil.which("wrk") else INSTALL


def load(
    address: str, pid: int, paths: Sequence[str], folder: Path, seconds: int = SECONDS
) -> Load:
    """Ask for the paths in turn; p50 and p95 in ms, answers a second, errors; and the
    milliseconds that the processor gave to the server for each answer.

    What is asked while warming up does not count.
    """
    asked = folder / "paths"
    asked.write_text("".join(f"{path}\n" for path in paths))
    _wrk(address, asked, min(WARM_UP_S, seconds))
    before = _taken_s(pid)
    outcome = _wrk(address, asked, seconds)
    taken = _taken_s(pid) - before
    return outcome | {"cpu_ms": 1000 * taken / max(outcome["answers"], 1)}


def _taken_s(pid: int) -> float:
    """Seconds of a processor that a process and its children have had."""
    server = psutil.Process(pid)
    spent = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in spent)


def _wrk(address: str, asked: Path, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s"]
    command += ["-s", str(SCRIPT), address, "--", str(asked)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    outcome: Load = json.loads(said.splitlines()[-1])
    return outcome
