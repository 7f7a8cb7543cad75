"""Rows 1 and 4: the process dies, the power goes."""

import json
import random
import shutil
import signal
import time
from pathlib import Path

from directory.errors import DirectoryError
from tests.faults import children
from tests.faults.outcomes import Outcome, Scale
from tests.faults.scenes import ACTS, act, digests, opened, orphans, prepared, spread, wrong
from tests.faults.shim import Counting, PowerLoss, Signal, rewind, wrap


def faulted(root: str, kind: str, version: int, fault: object) -> None:
    """Publish a version under a fault: for a child."""
    wrap(fault)
    act(Path(root), kind, version)


def steps_of(origin: Path, folder: Path, kind: str) -> list[str]:
    """The steps on the disk by which an act publishes version 4."""
    counted = folder / "counted.json"
    children.run(_count, str(rewind(origin, folder / "counting")), kind, str(counted))
    return list(json.loads(counted.read_text()))


def _count(root: str, kind: str, to: str) -> None:
    counting = Counting()
    wrap(counting)
    act(Path(root), kind, 4)
    Path(to).write_text(json.dumps(counting.steps))


def redeliver(outcome: Outcome, root: Path, kind: str, when: str) -> None:
    """Version 4 again, as the indexer does; afterwards all is as if nothing had happened."""
    try:
        with outcome.recovering():
            act(root, kind, 4)
            outcome.sound(root, 4, when=f"{when}, again")
        outcome.holds(not orphans(root), f"{when}: left {sorted(orphans(root))}")
    except (DirectoryError, OSError) as error:
        outcome.violations.append(f"{when}, again: {error}")


def killed(folder: Path, scale: Scale) -> Outcome:
    """Row 1: kill -9 before and after every step, and at random moments."""
    outcome = Outcome(1, "kill -9 of the indexer")
    origin = prepared(folder / "origin")
    left = 0
    for kind in ACTS:
        steps = steps_of(origin, folder, kind)
        points = [(n, after) for n in range(1, len(steps) + 1) for after in (False, True)]
        for i in spread(scale.of(len(points), least=4), range(len(points))):
            root = rewind(origin, folder / "root")
            n, after = points[i]
            when = f"{kind} killed at step {n} ({steps[n - 1]})"
            ended = children.run(faulted, str(root), kind, 4, Signal(signal.SIGKILL, n, after))
            outcome.runs += 1
            outcome.holds(ended == children.KILLED, f"{when}: it ended with {ended}")
            outcome.sound(root, 3, 4, when=when)
            left += len(orphans(root))
            redeliver(outcome, root, kind, when)
    _killed_at_random(outcome, folder, scale)
    outcome.notes.append(f"{left} orphans, none after the next publishing")
    return outcome


def _killed_at_random(outcome: Outcome, folder: Path, scale: Scale) -> None:
    """One index lives through all of it: whatever version it got to, it goes on from there."""
    root, dice, version = prepared(folder / "random"), random.Random(1), 3
    for _ in range(scale.of(1000, least=4)):
        first = version
        process = children.start(_publish_on_and_on, str(root), version)
        time.sleep(dice.uniform(0, 0.15))
        process.kill()
        process.join()
        began = time.monotonic()
        outcome.runs += 1
        try:
            found = opened(root)
        except DirectoryError as error:
            outcome.violations.append(f"killed at random: {error}")
            return
        while version < first + 1000 and found != digests(version):
            version += 1
        outcome.holds(found == digests(version), f"killed at random after version {first}")
        version += 1
        act(root, dice.choice(ACTS), version)
        outcome.sound(root, version, when="killed at random, again")
        outcome.seconds.append(time.monotonic() - began)
        outcome.holds(not orphans(root), f"killed at random: left {sorted(orphans(root))}")


def _publish_on_and_on(root: str, version: int) -> None:
    while True:
        version += 1
        act(Path(root), ACTS[version % 2], version)


def power_lost(folder: Path, scale: Scale) -> Outcome:
    """Row 4: after each step the disk loses what was not synced, in several ways."""
    outcome = Outcome(4, "power loss")
    origin = prepared(folder / "origin")
    for kind in ACTS:
        said = folder / "lost.json"
        root = rewind(origin, folder / "root")
        ended = children.run(
            _losing_power, str(root), kind, scale.of(40, least=2), str(said), seconds=600
        )
        outcome.holds(ended == children.DONE, f"{kind}: ended with {ended}")
        runs, violations = json.loads(said.read_text())
        outcome.runs += runs
        outcome.violations += violations
        for number, lost in enumerate(sorted(folder.glob(f"kept-{kind}-*"))):
            redeliver(outcome, lost, kind, f"{kind}, power lost, sample {number}")
    return outcome


def _losing_power(root: str, kind: str, times: int, said: str) -> None:
    dice, runs = random.Random(4), 0
    violations: list[str] = []
    folder = Path(root).parent

    def lose(step: int) -> None:
        nonlocal runs
        for way in range(times):
            lost = folder / (f"kept-{kind}-{step}" if way == 0 else "lost")
            shutil.rmtree(lost, ignore_errors=True)
            power.lose(lost, dice)
            runs += 1
            if why := wrong(lost, 3, 4):
                violations.append(f"{kind}, power lost after step {step}: {why}")

    power = PowerLoss(Path(root), lose)
    wrap(power)
    act(Path(root), kind, 4)
    Path(said).write_text(json.dumps([runs, violations]))
