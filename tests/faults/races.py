"""Rows 11, 12 and 13: several publish at once, and readers read all the while."""

import gc
import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from types import ModuleType

from directory.errors import Conflict, SearchUnavailable
from directory.search.whoosh_engine import WhooshReader
from directory.search.whoosh_engine import reader as reading
from directory.search.whoosh_engine.generations import holding, manifests, publishing
from tests.faults import children
from tests.faults.crashes import faulted, steps_of
from tests.faults.outcomes import Outcome, Scale
from tests.faults.scenes import ACTS, act, digests, opened, orphans, prepared, spread
from tests.faults.shim import Signal, rewind

PROCESSES = 8
MOST_GROWTH_MB = 16
DAWDLES = 32


def contended(folder: Path, scale: Scale) -> Outcome:
    """Row 11: eight publish at once; one is stopped, overtaken, and goes on."""
    outcome = Outcome(11, "two indexers")
    _eight_at_once(outcome, folder, scale)
    origin = prepared(folder / "origin")
    for kind in ACTS:
        steps = steps_of(origin, folder, kind)
        for n in spread(scale.of(len(steps), least=3), range(1, len(steps) + 1)):
            _overtaken(outcome, rewind(origin, folder / "root"), kind, n)
    return outcome


def _eight_at_once(outcome: Outcome, folder: Path, scale: Scale) -> None:
    root, times = prepared(folder / "many"), scale.of(40, least=2)
    said = [folder / f"published-{i}.json" for i in range(PROCESSES)]
    with outcome.recovering():
        busy = [children.start(_publish_often, str(root), times, str(one)) for one in said]
        for process in busy:
            outcome.holds(children.status(process) == children.DONE, "a publisher failed")
    numbers = [number for one in said for number in json.loads(one.read_text())]
    outcome.runs += PROCESSES * times
    outcome.holds(len(numbers) == len(set(numbers)), "a number was published twice")
    outcome.sound(root, 4, when="after eight at once")
    act(root, "apply", 4)
    outcome.holds(not orphans(root), f"eight at once left {sorted(orphans(root))}")
    outcome.notes.append(f"{len(numbers)} of {PROCESSES * times} published, the rest refused")


def _publish_often(root: str, times: int, said: str) -> None:
    numbers = []
    original = publishing.publish

    def publish(*given: object, **named: object) -> None:
        original(*given, **named)  # type: ignore[arg-type]
        numbers.append(given[1].number)  # type: ignore[attr-defined]

    publishing.publish = publish
    for time_ in range(times):
        try:
            act(Path(root), ACTS[time_ % 2], 4)
        except Conflict:
            continue
    Path(said).write_text(json.dumps(numbers))


def _overtaken(outcome: Outcome, root: Path, kind: str, n: int) -> None:
    """One is stopped before its n-th step; its lock is taken away; another does its work."""
    when = f"{kind} stopped before step {n}"
    slow = children.start(faulted, str(root), kind, 4, Signal(signal.SIGSTOP, n))
    children.until(lambda: children.is_stopped(slow))
    (root / "build.lock").unlink(missing_ok=True)
    ended = children.run(_impatient, str(root))
    outcome.runs += 1
    outcome.holds(ended in (children.DONE, children.CONFLICT), f"{when}: the other got {ended}")
    before = manifests.read_pointer(root)
    os.kill(int(slow.pid or 0), signal.SIGCONT)
    late = children.status(slow)
    outcome.holds(late in (children.DONE, children.CONFLICT), f"{when}: it ended with {late}")
    if ended == children.DONE:
        unchanged = manifests.read_pointer(root) == before
        outcome.holds(unchanged, f"{when}: it published although it was overtaken")
    with outcome.recovering():
        if ended == children.CONFLICT:  # it was stopped while it published; all waited
            act(root, "rebuild", 5)
        outcome.sound(root, 5, when=when)
    act(root, "apply", 5)
    outcome.holds(not orphans(root), f"{when}: left {sorted(orphans(root))}")


def _impatient(root: str) -> None:
    publishing.PATIENCE = 0.05
    act(Path(root), "rebuild", 5)


def swapped_while_read(folder: Path, scale: Scale) -> Outcome:
    """Row 12: eight processes open the index again and again while it is published."""
    outcome = Outcome(12, "reads during swap and collection")
    root, opens = prepared(folder / "root"), scale.of(10_000, least=50)
    said = [folder / f"errors-{i}.json" for i in range(PROCESSES)]
    readers = [children.start(_open_often, str(root), opens, str(one)) for one in said]
    version = 3
    while any(process.is_alive() for process in readers):
        version += 1
        act(root, ACTS[version % 5 == 0], version)
    for process, one in zip(readers, said, strict=True):
        ended = children.status(process)
        outcome.holds(ended == children.DONE, f"a reader ended with {ended}")
        outcome.violations += json.loads(one.read_text()) if one.exists() else []
    outcome.runs = PROCESSES * opens
    outcome.holds(not orphans(root), f"left {sorted(orphans(root))}")
    outcome.notes.append(f"{version - 3} swaps")
    return outcome


def _open_often(root: str, times: int, said: str) -> None:
    errors = []
    for i in range(times):
        try:
            if i % 20:
                with holding.hold_current(Path(root)) as held:
                    if i % DAWDLES == 1:
                        time.sleep(0.2)  # several generations come and go
                    for segment in held.manifest.segments:
                        publishing.verify(Path(root), segment)
            else:
                _check_one(Path(root))
        except (SearchUnavailable, OSError, AssertionError) as error:
            errors.append(f"open {i}: {type(error).__name__}: {error}")
    Path(said).write_text(json.dumps(errors))


def _check_one(root: Path) -> None:
    """All of an answer is of one version: what the reader says next is that or a later one."""
    reader = WhooshReader(root)
    first, found, last = reader.status().cursor, reader.ids(), reader.status().cursor
    assert any(found == digests(version) for version in range(first, last + 1)), "a mixture"


def pinned(folder: Path, scale: Scale) -> Outcome:
    """Row 13: a reader keeps a generation; and one reader lives through many swaps."""
    outcome = Outcome(13, "pinned reader")
    _kept_for(outcome, prepared(folder / "kept"))
    _kept_by_the_dead(outcome, prepared(folder / "dead"))
    for number, place in enumerate(((manifests, "read_pointer"), (holding, "read_current"))):
        _slow_to_open(outcome, prepared(folder / f"slow-{number}"), *place)
    _many_swaps(outcome, prepared(folder / "many"), scale)
    return outcome


def _kept_for(outcome: Outcome, root: Path) -> None:
    held = holding.hold_current(root)
    for version in range(4, 9):
        act(root, "rebuild", version)
        outcome.runs += 1
        try:
            for segment in held.manifest.segments:
                publishing.verify(root, segment)
        except SearchUnavailable as error:
            outcome.violations.append(f"held over {version - 3} swaps: {error}")
    held.close()
    act(root, "apply", 9)
    outcome.holds(not orphans(root), f"after release {sorted(orphans(root))} is left")


def _kept_by_the_dead(outcome: Outcome, root: Path) -> None:
    """A reader that is killed holds nothing."""
    holder = children.start(_hold, str(root))
    children.until((root.parent / "holds").exists)
    for version in (4, 5):
        act(root, "rebuild", version)
    outcome.holds({"base-1", "overlay-3"} <= orphans(root), "what a reader holds was collected")
    holder.kill()
    holder.join()
    act(root, "rebuild", 6)
    outcome.runs += 1
    outcome.holds(not orphans(root), "what a dead reader held is left")


def _slow_to_open(outcome: Outcome, root: Path, module: ModuleType, step: str) -> None:
    """A reader stops between two steps of opening; what it was about to open is collected."""
    reader = children.start(_open_slowly, str(root), module.__name__, step)
    children.until(lambda: children.is_stopped(reader))
    for version in (4, 5, 6):
        act(root, "rebuild", version)
    os.kill(int(reader.pid or 0), signal.SIGCONT)
    outcome.runs += 1
    ended = children.status(reader)
    outcome.holds(ended == children.DONE, f"overtaken after {step}, it ended with {ended}")


def _open_slowly(root: str, module: str, step: str) -> None:
    there = sys.modules[module]
    original, times = getattr(there, step), []

    def stopping(*given: object) -> object:
        found = original(*given)
        times.append(step)
        if len(times) == 1:
            os.kill(os.getpid(), signal.SIGSTOP)
        return found

    setattr(there, step, stopping)
    with holding.hold_current(Path(root)) as held:
        for segment in held.manifest.segments:
            publishing.verify(Path(root), segment)


def _hold(root: str) -> None:
    with holding.hold_current(Path(root)):
        (Path(root).parent / "holds").touch()
        time.sleep(60)


def _many_swaps(outcome: Outcome, root: Path, scale: Scale) -> None:
    swaps = scale.of(1000, least=10)
    said = root.parent / "followed.json"
    reader = children.start(_follow, str(root), 3 + swaps, str(said))
    published = {}
    for version in range(4, 4 + swaps):
        act(root, ACTS[version % 10 == 0], version)
        published[version] = time.monotonic()
    outcome.runs += swaps
    outcome.holds(children.status(reader) == children.DONE, "the reader failed")
    seen, files, memory, errors = json.loads(said.read_text())
    outcome.violations += errors
    late = [at - published[version] for version, at in seen if version in published]
    outcome.seconds += [max(0.0, one) for one in late]
    tenth = max(1, len(files) // 10)
    outcome.holds(files[-1] <= files[tenth], f"open files grew from {files[tenth]} to {files[-1]}")
    grown = memory[-1] - memory[tenth]
    outcome.holds(grown <= MOST_GROWTH_MB, f"memory grew by {grown:.1f} MB")
    outcome.notes.append(
        f"{len(files)} openings in {swaps} swaps: {files[-1] - files[tenth]:+} files, {grown:+.1f} MB"
    )


def _follow(root: str, last: int, said: str) -> None:
    """Read until the last version is seen; note when each was, open files and memory."""
    reading.LOOK_EVERY = 0.0
    reader = WhooshReader(Path(root))
    seen, files, memory, errors = [], [], [], []
    version = 0
    while version < last:
        try:
            cursor = reader.status().cursor
        except SearchUnavailable as error:
            errors.append(str(error))
            break
        if cursor == version:
            time.sleep(0.001)
            continue
        version = cursor
        seen.append((version, time.monotonic()))
        gc.collect()
        files.append(len(os.listdir("/proc/self/fd")))  # noqa: PTH208
        kilobytes = re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[0]
        memory.append(int(kilobytes) / 1024)
    if opened(Path(root)) != dict(reader.ids()):
        errors.append("the reader and a fresh one differ")
    Path(said).write_text(json.dumps([seen, files, memory, errors]))
