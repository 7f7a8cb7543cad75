"""The fault matrix: real faults under index and site, counted; exit 1 when anything is violated.

    FAULTS_SCALE=1.0 FAULTS_ROWS=1,4,races python -m tests.faults

Prints a table. FAULTS_SCALE says how much is tried (1.0: all), FAULTS_ROWS which rows (all).
"""

import logging
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from tests import databases
from tests.databases import Templates
from tests.faults import clocks, crashes, damage, failures, feeds, races
from tests.faults.outcomes import HEAD, Outcome, Scale
from tests.faults.sites import copies, hands, load, outages, pairs, skews
from tests.faults.sites.served import House, house

Row = Callable[[Path, Scale], Outcome]
MEMORY = Path("/dev/shm")


def main() -> None:
    """Run the rows that were asked for."""
    scale = Scale(float(os.environ.get("FAULTS_SCALE", "1")))
    # As at Ctrl-C: what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    wanted = {one.strip() for one in os.environ.get("FAULTS_ROWS", "").split(",") if one}
    logging.disable(logging.CRITICAL)  # the engine says what it refuses, thousands of times
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    began, violations = monotonic(), []
    _say(HEAD)
    with _folder() as folder:
        for number, row in _rows(Templates(folder)):
            if not wanted or number in wanted:
                outcome = _run(row, folder / f"row-{number}", scale)
                violations += outcome.named()
                _say(outcome.row())
    _say(f"\n{monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
    if violations:
        sys.exit("\n".join(violations))


def _rows(templates: Templates) -> list[tuple[str, Row]]:
    """What is tried, by number; a number may have several rows."""

    def with_(row: Callable[..., Outcome]) -> Row:
        return lambda folder, scale: row(folder, scale, templates)

    def on(*kinds: str) -> Callable[[Callable[[House, Scale], Outcome]], Row]:
        return lambda row: lambda folder, scale: _in_houses(row, kinds, folder, scale, templates)

    served = on(*databases.BOTH)
    return [
        ("1", crashes.killed),
        ("2", served(hands.killed)),
        ("3", served(load.restarted)),
        ("4", crashes.power_lost),
        ("5", failures.fsync_failed),
        ("6", failures.disk_full),
        ("7", with_(outages.disk_full)),
        ("8", damage.flipped),
        ("9", damage.harmed),
        ("10", damage.hostile),
        ("11", races.contended),
        ("12", races.swapped_while_read),
        ("13", races.pinned),
        ("14", with_(feeds.duplicated)),
        ("15", with_(feeds.knotted)),
        ("16", with_(feeds.late)),
        ("17", with_(feeds.poisoned)),
        ("18", on("postgresql")(outages.database_away)),
        ("19", served(outages.database_slow)),
        ("20", with_(copies.in_both)),
        ("21", with_(copies.migrated)),
        ("22", with_(copies.backed_up)),
        ("23", clocks.skewed_clocks),
        ("23", served(skews.skewed_sites)),
        ("24", served(load.mail_failing)),
        ("26", served(load.crowded)),
        ("27", served(hands.overwritten)),
        ("28", served(hands.sent_twice)),
        ("29", failures.out_of_memory),
        ("30", damage.skewed),
        ("races", with_(pairs.raced)),
    ]


def _in_houses(
    row: Callable[[House, Scale], Outcome],
    kinds: Sequence[str],
    folder: Path,
    scale: Scale,
    templates: Templates,
) -> Outcome:
    """The row on a served site of each kind."""
    found = []
    for kind in kinds:
        with house(templates, kind, folder / kind) as here:
            found.append(row(here, scale))
    for other in found[1:]:
        found[0].add(other)
    return found[0]


def _run(row: Row, folder: Path, scale: Scale) -> Outcome:
    folder.mkdir(exist_ok=True)
    outcome = row(folder, scale)
    shutil.rmtree(folder, ignore_errors=True)
    return outcome


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder in memory where there is room: we would wait for the disk, and prove no more."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > databases.ROOMY
    folder = Path(tempfile.mkdtemp(prefix="stillpoint-faults-", dir=MEMORY if roomy else None))
    try:
        yield folder
    finally:
        _stop_postgresql(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def _stop_postgresql(folder: Path) -> None:
    if (folder / "postmaster.pid").exists():
        server = databases._server(folder)
        server.ensure_postgres_running()  # it is; this tells the object so
        server.stop()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
