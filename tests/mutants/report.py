"""What became of the mutants: a table by module, and those that no test found, to be read."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.operators import Mutant
from tests.mutants.running import Verdict

LINE = "{:<58}{:>8}{:>8}{:>12}{:>8}"
# What tells a mutant from all others while lines come and go above it.
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Row:
    """One module: how many were tried and killed, and those who live; `same` could not be killed."""

    file: str
    killed: int
    same: int
    alive: tuple[tuple[Mutant, Verdict], ...]

    @property
    def tried(self) -> int:
        return self.killed + self.same + len(self.alive)


def key(mutant: Mutant) -> Key:
    """By what it is known in the list of equivalent mutants."""
    return mutant.file, mutant.within, mutant.operator, mutant.before, mutant.after


def known(path: Path) -> dict[Key, str]:
    """Mutants that were judged equivalent, with the reason."""
    entries = tomllib.loads(path.read_text()).get("equivalent", [])
    names = "file", "within", "operator", "before", "after"
    return {tuple(one[name] for name in names): one["why"] for one in entries}  # type: ignore[misc]


def rows(verdicts: Sequence[tuple[Mutant, Verdict]], same: Iterable[Key]) -> list[Row]:
    """A row for each module, in the order in which they were tried."""
    files = dict.fromkeys(mutant.file for mutant, _ in verdicts)
    judged = set(same)
    return [_row(file, [one for one in verdicts if one[0].file == file], judged) for file in files]


def _row(file: str, verdicts: Sequence[tuple[Mutant, Verdict]], same: set[Key]) -> Row:
    alive = [one for one in verdicts if not one[1].killer]
    rest = tuple(one for one in alive if key(one[0]) not in same)
    return Row(file, len(verdicts) - len(alive), len(alive) - len(rest), rest)


def score(rows: Iterable[Row]) -> float:
    """The killed among those that can be killed; 1 when there are none."""
    counts = [(one.killed, one.tried - one.same) for one in rows]
    killed, able = (sum(numbers) for numbers in zip(*counts, strict=True)) if counts else (0, 0)
    return killed / able if able else 1.0


def table(rows: Sequence[Row]) -> str:
    """Module by module, and all together."""
    head = LINE.format("module", "mutants", "killed", "equivalent", "score")
    lines = [_line(one.file, [one]) for one in rows]
    return "\n".join([head, *lines, _line("all", rows)])


def _line(name: str, rows: Sequence[Row]) -> str:
    tried, killed, same = (
        sum(getattr(one, what) for one in rows) for what in ("tried", "killed", "same")
    )
    return LINE.format(name, tried, killed, same, f"{score(rows):.0%}")


def survivors(rows: Iterable[Row]) -> str:
    """Each mutant that lives, one a line."""
    alive = sorted(
        (one for row in rows for one in row.alive), key=lambda one: (one[0].file, one[0].line)
    )
    return "\n".join(
        f"{mutant.file}:{mutant.line}  {mutant.operator}  {mutant.before} -> {mutant.after}"
        + ("" if verdict.ran else "  (no test runs it)")
        for mutant, verdict in alive
    )
