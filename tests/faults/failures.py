"""Rows 5, 6 and 29: the disk fails or is full, memory runs out."""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from directory.errors import SearchUnavailable
from directory.search.whoosh_engine import WhooshWriter
from tests.faults import children
from tests.faults.crashes import faulted, redeliver, steps_of
from tests.faults.outcomes import Outcome, Scale, is_root
from tests.faults.scenes import ACTS, act, prepared, spread
from tests.faults.shim import bad_disk, full_disk, rewind
from tests.search.documents import document

STRACE = shutil.which("strace")
HERE = Path(__file__).parent.parent.parent
ACT = (
    "import sys, pathlib; from tests.faults.scenes import act;"
    "act(pathlib.Path(sys.argv[1]), sys.argv[2], 4)"
)


def fsync_failed(folder: Path, scale: Scale) -> Outcome:
    """Row 5: each fsync in turn reports EIO."""
    outcome = Outcome(5, "fsync fails (EIO)")
    origin = prepared(folder / "origin")
    for kind in ACTS:
        syncs = steps_of(origin, folder, kind).count("sync")
        for n in spread(scale.of(syncs, least=4), range(1, syncs + 1)):
            root = rewind(origin, folder / "root")
            when = f"{kind}, fsync {n} of {syncs} failed"
            ended = children.run(faulted, str(root), kind, 4, bad_disk(n))
            outcome.runs += 1
            outcome.holds(ended == children.DISK, f"{when}: it ended with {ended}")
            # Once CURRENT is replaced, nothing can take back what a reader may have seen.
            outcome.sound(root, *((3, 4) if n == syncs else (3,)), when=when)
            redeliver(outcome, root, kind, when)
        outcome.notes.append(f"{kind}: {syncs} fsyncs")
    if scale.share == 1:
        _by_the_kernel(outcome, origin, folder)
    return outcome


def _by_the_kernel(outcome: Outcome, origin: Path, folder: Path) -> None:
    """The same with the system call itself failing, where strace may trace."""
    if not STRACE or _traced(rewind(origin, folder / "root"), "apply", 0):
        outcome.notes.append("no strace here")
        return
    runs = 0
    for kind in ACTS:
        for n in range(1, 100):
            root = rewind(origin, folder / "root")
            ended = _traced(root, kind, n)
            if not ended:
                break
            runs += 1
            outcome.sound(root, 3, 4, when=f"{kind}, system call {n} failed")
            redeliver(outcome, root, kind, f"{kind}, system call {n} failed")
    outcome.runs += runs
    outcome.notes.append(f"{runs} by strace")


def _traced(root: Path, kind: str, n: int) -> int:
    failing = ("-e", f"inject=fsync,fdatasync:error=EIO:when={n}") if n else ()
    command = (str(STRACE), "-f", "-qq", "-e", "trace=fsync,fdatasync", *failing)
    return subprocess.run(
        [*command, sys.executable, "-c", ACT, str(root), kind], cwd=HERE, capture_output=True
    ).returncode


def disk_full(folder: Path, scale: Scale) -> Outcome:
    """Row 6: no room for a small file, for any file beyond a size, or on a small disk."""
    outcome = Outcome(6, "disk full")
    origin = prepared(folder / "origin")
    for kind in ACTS:
        writes = steps_of(origin, folder, kind).count("write")
        for n in range(1, writes + 1):
            for keeps in (0, 10)[: scale.of(2)]:
                root = rewind(origin, folder / "root")
                ended = children.run(faulted, str(root), kind, 4, full_disk(n, keeps))
                outcome.runs += 1
                when = f"{kind}, write {n} found the disk full"
                outcome.holds(ended == children.DISK, f"{when}: it ended with {ended}")
                outcome.sound(root, 3, when=when)
                redeliver(outcome, root, kind, when)
        for most in spread(scale.of(60, least=3), range(0, 6000, 100)):
            root = rewind(origin, folder / "root")
            when = f"{kind}, no file over {most} bytes"
            _resumed(outcome, root, kind, when, _no_file_over, most)
    if scale.share == 1:
        _on_a_small_disk(outcome, folder)
    return outcome


def _resumed(
    outcome: Outcome, root: Path, kind: str, when: str, do: Callable[..., None], *given: object
) -> None:
    """The child fails, the old serves, and the same process succeeds once there is room."""
    said = root.parent / "resumed.json"
    said.unlink(missing_ok=True)
    ended = children.run(do, str(root), kind, str(said), *given)
    outcome.runs += 1
    outcome.holds(ended == children.DONE, f"{when}: it ended with {ended}")
    if said.exists():
        outcome.violations += [f"{when}: {one}" for one in json.loads(said.read_text())]
    redeliver(outcome, root, kind, when)


def _no_file_over(root: str, kind: str, said: str, most: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    everything = resource.getrlimit(resource.RLIMIT_FSIZE)

    @contextmanager
    def little_room() -> Iterator[None]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, everything[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, everything)

    _fail_then_resume(Path(root), kind, Path(said), little_room)


def _fail_then_resume(
    root: Path, kind: str, said: Path, fault: Callable[[], object], version: int = 4
) -> None:
    """Under the fault an act fails or succeeds as a whole; without it, it succeeds."""
    outcome = Outcome(6, "")
    failed = False
    with fault():  # type: ignore[attr-defined]
        try:
            act(root, kind, version)
        except (OSError, SearchUnavailable, MemoryError):
            failed = True
    outcome.sound(root, *((version - 1,) if failed else (version,)), when="while it lasts")
    act(root, kind, version)
    outcome.sound(root, version, when="afterwards, in the same process")
    said.write_text(json.dumps(outcome.violations))


def _on_a_small_disk(outcome: Outcome, folder: Path) -> None:
    """A tmpfs that ballast fills to a few free blocks."""
    disk = folder / "disk"
    disk.mkdir()
    if (
        not is_root()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
        ).returncode
    ):
        outcome.notes.append("no tmpfs here")
        return
    runs = 0
    try:
        for kind in ACTS:
            for free in range(0, 200_000, 4096):
                shutil.rmtree(disk / "root", ignore_errors=True)
                root = prepared(disk / "root")
                _resumed(outcome, root, kind, f"{kind}, {free} bytes free", _full, free)
                runs += 1
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
    outcome.notes.append(f"{runs} on a tmpfs")


def _full(root: str, kind: str, said: str, free: int) -> None:
    ballast = Path(root).parent / "ballast"

    @contextmanager
    def no_room() -> Iterator[None]:
        room = os.statvfs(root).f_bavail * os.statvfs(root).f_frsize - free
        with suppress(OSError):
            ballast.write_bytes(bytes(max(room, 0)))
        yield
        ballast.unlink()

    _fail_then_resume(Path(root), kind, Path(said), no_room)


def out_of_memory(folder: Path, scale: Scale) -> Outcome:
    """Row 29: a rebuild may take only so many MB more than it has."""
    outcome = Outcome(29, "memory cap on a rebuild")
    origin = prepared(folder / "origin")
    ends: dict[int, int] = {}
    for most in spread(scale.of(24, least=2), range(0, 48, 2)):
        root = rewind(origin, folder / "root")
        when = f"rebuild within {most} MB more"
        ended = children.run(_rebuild_within, str(root), most)
        ends[ended] = ends.get(ended, 0) + 1
        outcome.runs += 1
        if ended != children.DONE:
            outcome.sound(root, 3, when=when)
        redeliver(outcome, root, "rebuild", when)
    done = ends.pop(children.DONE, 0)
    outcome.notes.append(f"{done} went through, {sum(ends.values())} gave up")
    return outcome


def _rebuild_within(root: str, more: int) -> None:
    said = Path("/proc/self/status").read_text()
    now = int(re.findall(r"VmSize:\s+(\d+) kB", said)[0]) * 1024
    resource.setrlimit(resource.RLIMIT_AS, (now + more * 2**20, now + more * 2**20))
    sample = "A quiet room and a light touch. " * 30
    documents = (document(n, about=f"{sample} word{n}") for n in range(1, 3000))
    WhooshWriter(Path(root)).rebuild(documents, cursor=3)
