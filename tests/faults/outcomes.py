"""What a row of the fault matrix found."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.faults.scenes import wrong

NAMED = 3


@dataclass(frozen=True)
class Scale:
    """How much is tried: 1.0 is all of the matrix."""

    share: float = 1.0

    def of(self, whole: int, least: int = 1) -> int:
        """So many of `whole`."""
        return max(least, round(whole * self.share))


@dataclass
class Outcome:
    """Runs, violations and seconds until all was well again, of one fault."""

    number: int | str
    fault: str
    runs: int = 0
    violations: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def holds(self, true: object, otherwise: str) -> None:
        """One thing that must be so."""
        if not true:
            self.violations.append(otherwise)

    def sound(self, root: Path, *versions: int, when: str) -> None:
        """A fresh reader opens the index and finds one of these versions."""
        why = wrong(root, *versions)
        self.holds(not why, f"{when}: {why}")

    @contextmanager
    def recovering(self) -> Iterator[None]:
        """What happens in the block is the recovery."""
        began = time.monotonic()
        yield
        self.seconds.append(time.monotonic() - began)

    def row(self) -> str:
        """It in one line of the table."""
        times = sorted(self.seconds)
        took = f"{median(times):.2f} / {times[-1]:.2f}" if times else "-"
        notes = "; ".join(self.notes)
        return f"| {self.number} | {self.fault} | {self.runs} | {len(self.violations)} | {took} | {notes} |"

    def add(self, other: "Outcome") -> None:
        """What the same row found elsewhere."""
        self.runs += other.runs
        self.violations += other.violations
        self.seconds += other.seconds
        self.notes += other.notes

    def named(self) -> list[str]:
        """The first few violations, in words."""
        return [f"row {self.number}: {one}" for one in self.violations[:NAMED]]


HEAD = (
    "| # | fault | runs | violations | seconds to recover, median / worst | notes |\n|-|-|-|-|-|-|"
)


def is_root() -> bool:
    """Whether we may mount."""
    return os.geteuid() == 0
