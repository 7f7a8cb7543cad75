"""How many small mistakes in the core our tests find; exit 1 below 90 %.

    MUTANTS_SEED=1 MUTANTS_EACH=20 MUTANTS_MODULES=promises,limits python -m tests.mutants

Prints a table, and each mutant that no test found. MUTANTS_EACH says how many of each module are
tried, 0 for all of them; MUTANTS_MODULES takes those whose path has one of these words in it.
"""

import os
import random
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic

from tests.mutants import planting, probing, report, running
from tests.mutants.operators import Mutant, mutants
from tests.mutants.running import ROOT, Chosen, Coverage, OnSqlite, Recorder, Verdict

HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")
AT_ONCE = 2
ENOUGH = 0.9
# What a mutant may take longer than the tests do without it: a mistake can be an endless loop.
PATIENCE, TIMES = 20.0, 3


def main() -> None:
    """Try the mutants that were asked for."""
    began = monotonic()
    core = _wanted(tomllib.loads((HERE / "core.toml").read_text()))
    running.load_libraries()
    with _folder() as folder:
        covered = _covered(core, folder)
        verdicts = _tried(core, covered, folder)
    rows = report.rows(verdicts, report.known(HERE / "equivalent.toml"))
    print(report.table(rows), report.survivors(rows), sep="\n\n", flush=True)
    print(f"\n{monotonic() - began:.0f} s", flush=True)
    if report.score(rows) < ENOUGH:
        sys.exit(1)


def _wanted(core: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    words = os.environ.get("MUTANTS_MODULES", "").split(",")
    return {file: one["tests"] for file, one in core.items() if any(word in file for word in words)}


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder in memory, if there is any, with room for databases; a server in it ends with it."""
    with tempfile.TemporaryDirectory(
        prefix="stillpoint-mutants-", dir=MEMORY if MEMORY.is_dir() else None
    ) as name:
        folder = Path(name)
        (folder / "databases").mkdir()
        try:
            yield folder
        finally:
            _stop_postgresql(folder / "databases" / "postgres")


def _stop_postgresql(folder: Path) -> None:
    if (folder / "postmaster.pid").exists():
        from tests import databases  # it imports our own code, which forks must not have

        server = databases._server(folder)
        server.ensure_postgres_running()  # it is; this tells the object so
        server.stop()


def _covered(core: Mapping[str, Sequence[str]], folder: Path) -> dict[str, Coverage]:
    """Which tests run which lines of each module. All must pass as things are."""
    jobs = ((file, 600.0, partial(_cover, file, tests, folder)) for file, tests in core.items())
    found: dict[str, Coverage] = {}
    for file, coverage in running.each(jobs, at_once=AT_ONCE):
        if coverage is None or coverage.trouble:
            said = coverage.trouble if coverage else "They took too long."
            sys.exit(f"{said}\nThe tests of {file} do not pass as it is.")
        found[file] = coverage
        print(
            f"{file}: {len(coverage.seconds)} tests, {sum(coverage.seconds.values()):.0f} s",
            flush=True,
        )
    return {file: found[file] for file in core}


def _cover(file: str, tests: Sequence[str], folder: Path) -> Coverage:
    recorder = Recorder()
    probing.listen(recorder.ran)
    source = (ROOT / file).read_text()
    planting.plant(file, compile(probing.probed(source), ROOT / file, "exec"), ROOT)
    recorder.coverage.trouble = running.run(tests, recorder, OnSqlite(), folder=folder)
    return recorder.coverage


def _tried(
    core: Mapping[str, Sequence[str]], covered: Mapping[str, Coverage], folder: Path
) -> list[tuple[Mutant, Verdict]]:
    """A sample of each module's mutants, and what became of each, in the order of the core."""
    killers: Counter[str] = Counter()
    verdicts: dict[Mutant, Verdict] = {}
    chosen = [one for file in core for one in _sample(file)]
    for mutant, verdict in running.each(
        (_trial(one, covered[one.file], killers, folder) for one in chosen), at_once=AT_ONCE
    ):
        verdicts[mutant] = verdict or Verdict("time-out", 0)
        killers[verdicts[mutant].killer] += 1
        print("." if verdicts[mutant].killer else "S", end="", flush=True)
    print("\n", flush=True)
    return [(one, verdicts[one]) for one in chosen]


def _sample(file: str) -> list[Mutant]:
    """Some mutants of a module: the same for the same seed."""
    all_of_them = mutants(file, (ROOT / file).read_text())
    most = int(os.environ.get("MUTANTS_EACH", "20")) or len(all_of_them)
    seeded = random.Random(f"{os.environ.get('MUTANTS_SEED', '1')} {file}")
    return seeded.sample(all_of_them, min(most, len(all_of_them)))


def _trial(
    mutant: Mutant, coverage: Coverage, killers: Counter[str], folder: Path
) -> tuple[Mutant, float, partial[Verdict]]:
    """The tests that killed others come first: they are the ones that look closely."""
    tests = sorted(coverage.tests(mutant.statement), key=lambda one: -killers[one])
    seconds = PATIENCE + TIMES * sum(coverage.seconds[one] for one in tests)
    return mutant, seconds, partial(_try, mutant, tests, folder)


def _try(mutant: Mutant, tests: Sequence[str], folder: Path) -> Verdict:
    if not tests:
        return Verdict("", 0)
    source = (ROOT / mutant.file).read_text()
    planting.plant(mutant.file, compile(mutant.tree(source), ROOT / mutant.file, "exec"), ROOT)
    recorder = Recorder()
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    trouble = running.run(list(files), recorder, Chosen(tests), folder=folder)
    # A mutant that cannot even be imported is found by whoever imports it.
    killer = recorder.killer or ("import" if trouble else "")
    return Verdict(killer, len(recorder.coverage.seconds))


if __name__ == "__main__":
    main()
