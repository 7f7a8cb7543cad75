"""What the doctor says of one thing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

OK, WARN, FAIL = "ok", "warn", "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is, and what to do about it, in one line."""

    mark: str
    words: str


Check = tuple[str, Callable[[], Iterable[Finding]]]


def ok(words: str) -> Finding:
    return Finding(OK, words)


def warn(words: str) -> Finding:
    return Finding(WARN, words)


def fail(words: str) -> Finding:
    return Finding(FAIL, words)


def found(checks: Iterable[Check]) -> Iterator[tuple[str, Finding]]:
    """Each check's name with the worst that it found; one that breaks down is a failure, too."""
    for name, check in checks:
        try:
            yield name, max(check(), key=lambda one: (OK, WARN, FAIL).index(one.mark))
        except Exception as error:
            said = " ".join(str(error).split())[:200]
            yield name, fail(f"could not be looked at: {said or type(error).__name__}")


def age(since: timedelta) -> str:
    """How long, in the largest fitting unit."""
    seconds = max(since.total_seconds(), 0)
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
