"""Processes that a fault may kill, stop or starve: forked in milliseconds from a warm one."""

import logging
import multiprocessing
import os
import time
import traceback
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from directory.errors import Conflict, SearchUnavailable

DONE, FAULT, CONFLICT, DISK, UNAVAILABLE, MEMORY = 0, 1, 3, 4, 5, 6
KILLED = -9
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.scenes", "tests.faults.shim"])


def start(do: Callable[..., object], *given: Any) -> ForkServerProcess:
    """Do it in a process of its own; its exit status says how it ended."""
    process = _forks.Process(target=_ending, args=(do, given))
    process.start()
    return process


def run(do: Callable[..., object], *given: Any, seconds: float = 60) -> int:
    """Do it in a process of its own, to its end; gives the exit status."""
    process = start(do, *given)
    process.join(seconds)
    return status(process)


def status(process: ForkServerProcess) -> int:
    """How it ended; one that did not is killed, and that is an error of ours."""
    process.join(60)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError("a process hangs")
    return process.exitcode


def is_stopped(process: ForkServerProcess) -> bool:
    """Whether a signal has stopped it."""
    said = Path(f"/proc/{process.pid}/stat").read_text()
    return said.rpartition(")")[2].split()[0] in "Tt"


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    """Wait for something; gives the seconds that it took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise AssertionError("it never came")
        time.sleep(0.002)
    return time.monotonic() - began


def _ending(do: Callable[..., object], given: tuple[Any, ...]) -> None:
    logging.disable(logging.CRITICAL)  # what is refused is said by the exit status
    kinds = ((Conflict, CONFLICT), (SearchUnavailable, UNAVAILABLE), (MemoryError, MEMORY))
    try:
        do(*given)
    except OSError:
        os._exit(DISK)
    except BaseException as error:
        for kind, code in kinds:
            if isinstance(error, kind):
                os._exit(code)
        traceback.print_exc()
        os._exit(FAULT)
    os._exit(DONE)
