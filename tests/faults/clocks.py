"""Row 23: every builder believes another time; numbers and cursors order all, no clock does."""

import datetime as calendar
import os
import random
import sys
import time
from pathlib import Path
from types import ModuleType

from directory.search.whoosh_engine import WhooshReader
from directory.search.whoosh_engine.generations import manifests
from tests.faults import children
from tests.faults.outcomes import Outcome, Scale
from tests.faults.scenes import ACTS, act, orphans, prepared

HOUR, YEAR = 3600, 365 * 86400
SKEWS = (-10 * YEAR, -HOUR, HOUR, 10 * YEAR)


def skewed_clocks(folder: Path, scale: Scale) -> Outcome:
    """Row 23: each version is published by a process an hour or ten years ahead or behind."""
    outcome = Outcome(23, "clock skew, 1 h and 10 years")
    root, dice = prepared(folder / "root"), random.Random(23)
    serving, last = WhooshReader(root), manifests.read_current(root)
    for version in range(4, 4 + scale.of(200, least=4)):
        skew = SKEWS[version % 4]
        when = f"version {version}, {skew / YEAR:+.1f} years"
        ended = children.run(_publish_at, str(root), dice.choice(ACTS), version, skew)
        outcome.runs += 1
        outcome.holds(ended == children.DONE, f"{when}: it ended with {ended}")
        with outcome.recovering():
            outcome.sound(root, version, when=when)
        now = manifests.read_current(root)
        outcome.holds(now.number > last.number, f"{when}: the number did not grow")
        told = calendar.datetime.fromisoformat(now.built_at).timestamp() - time.time()
        outcome.holds(abs(told - skew) < HOUR / 2, f"{when}: the clock was not shifted")
        outcome.holds(not orphans(root), f"{when}: left {sorted(orphans(root))}")
        last = now
    time.sleep(0.3)
    outcome.holds(serving.status().cursor == last.cursor, "a reader stays behind")
    return outcome


def _publish_at(root: str, kind: str, version: int, skew: float) -> None:
    real = time.time

    class Shifted(calendar.datetime):
        @classmethod
        def now(cls, tz: calendar.tzinfo | None = None) -> "Shifted":
            return cls.fromtimestamp(time.time(), tz)

    time.time = lambda: real() + skew
    modules: list[ModuleType] = list(sys.modules.values())
    for module in modules:
        if module.__name__.startswith("directory.") and hasattr(module, "datetime"):
            module.datetime = Shifted  # type: ignore[attr-defined]
    act(Path(root), kind, version)
    for path in Path(root).rglob("*"):
        os.utime(path, (time.time(), time.time()))
