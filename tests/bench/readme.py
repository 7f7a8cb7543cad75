"""Runs of the benchmark into the README: a table for each, and one picture.

    python -m tests.bench.readme < tests/.artifacts/bench.json

Reads the summaries that `make bench` ends with, one a line, the one to draw first. Writes what
stands between the two marks in README.md, and .readme/bench.svg.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.chart import chart

ROOT = Path(__file__).parent.parent.parent
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
PICTURE = Path(".readme/bench.svg")
NAMES = {
    "ours": "Stillpoint",
    "swapped": "just swapped",
    "sqlite": "SQLite FTS5",
    "postgres": "PostgreSQL FTS",
    "whoosh": "plain Whoosh",
}
Run = Mapping[str, Any]


def main(root: Path = ROOT) -> None:
    """Read runs, write README and picture."""
    runs = [json.loads(line) for line in sys.stdin if line.strip()]
    readme = root / "README.md"
    readme.write_text(rewritten(readme.read_text(), runs))
    first = runs[0]
    classes = {kind: _named(spreads) for kind, spreads in first["classes"].items() if spreads}
    title = f"Time for an answer, {first['listings']:,} listings"
    (root / PICTURE).write_text(chart(classes, title))


def rewritten(readme: str, runs: Sequence[Run]) -> str:
    """The README with these runs between its marks; raises ValueError when it has none."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The README has no {BEGIN} … {END}.")
    picture = f"![Milliseconds by kind of question and engine]({PICTURE})"
    told = ("\n".join(_section(run, brief=run is not runs[0])) for run in runs)
    said = "\n\n".join([picture, *told])
    return f"{before}{BEGIN}\n{said}\n{END}{after}"


def _section(run: Run, *, brief: bool) -> Iterator[str]:
    """What one run found; `brief` is in a few words."""
    if brief:
        yield f"**{run['listings']:,} listings**: {_means(run)} {next(_facts(run))}"
        return
    yield f"**{run['listings']:,} listings**, p50 / p95 in ms:"
    yield ""
    yield from _engines(run, run["classes"])
    yield ""
    yield from _facts(run)
    if run.get("http"):
        yield ""
        yield from _http(run["http"])


def _means(run: Run) -> str:
    own, *peers = run["mean_ms"]
    built = run["build_s"]
    ours = f"{_short(run['mean_ms'][own])} ms on average, built in {built[own]:.3g} s"
    theirs = (
        f"{NAMES.get(name, name)} {_short(run['mean_ms'][name])} ms"
        f" ({_short(run['ratios'][name]['ours'])} times ours), {built[name]:.3g} s"
        for name in peers
    )
    return f"{'; '.join((ours, *theirs))}."


def _engines(run: Run, classes: Mapping[str, Any]) -> Iterator[str]:
    """A row for each kind of question; a column for each engine, ours after a swap among them."""
    swapped = run.get("swapped")
    engines = list(run["mean_ms"])
    columns = [engines[0], *(["swapped"] if swapped else []), *engines[1:]]
    yield _row("", *(NAMES.get(name, name) for name in columns))
    yield _row("---", *["---:"] * len(columns))
    for kind, spreads in classes.items():
        own = {"swapped": swapped["classes"][kind]} if swapped else {}
        yield _row(kind, *(_spread((spreads | own).get(name)) for name in columns))
    means = run["mean_ms"] | ({"swapped": swapped["mean_ms"]} if swapped else {})
    yield _row("**mean**", *(f"**{_short(means[name])}**" for name in columns))
    times = {name: ratio["ours"] for name, ratio in run["ratios"].items()}
    yield _row("times ours", *(_short(times[n]) if n in times else "" for n in columns))
    built = run["build_s"]
    yield _row("built in", *(f"{built[name]:.3g} s" if name in built else "" for name in columns))


# Searches that no page lets through; they show what the engine itself bears.
UNREACHED = "past the schema"


def _facts(run: Run) -> Iterator[str]:
    rebuild, update = run["rebuild"], run["update_ms"]
    asked = {name: ms for name, ms in run["hostile_ms"].items() if not name.endswith(UNREACHED)}
    name, worst = max(asked.items(), key=lambda row: row[1])
    yield (
        f"Indexing on one process is {rebuild['ratio']:.3g} times as fast as by Whoosh's own writer"
        f" ({rebuild['ours_one_process_us']:.0f} µs a listing). A reader takes {run['rss_mb']:.0f} MB,"
        f" {run['uss_mb']:.0f} MB of them its own; a rebuild {run['rebuild_peak_mb']:.0f} MB at most."
        f" A change is found by an open reader after {update['p50']:.0f} ms (p95"
        f" {update['p95']:.0f} ms). The worst that a visitor could ask took {worst:.3g} ms ({name})."
    )


def _http(http: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"The whole site under load, {http['listings']:,} listings; its connections never rest. New"
        " are searches that nobody asked before; of those asked again the answer is kept:"
    )
    yield ""
    columns = ("connections", "p50 / p95 / p99 in ms", "a second", "CPU ms each", "errors")
    yield _row("", "workers", *columns)
    yield _row("---", *["---:"] * (len(columns) + 1))
    for run in filter(_is_told, http["runs"]):
        label = f"{NAMES.get(run['site'], run['site'])}, {run['answer']}"
        yield _row(label, str(run["workers"]), *_speeds(run))
    alone = [run for run in http["runs"] if run["stages"] and run["workers"] == 1]
    if alone:
        yield ""
        yield " ".join(map(_stages, alone))


USUAL = 4


def _is_told(run: Run) -> bool:
    """The README has room for the usual connections: of one worker, and of two for what is new."""
    usual = run["connections"] == USUAL
    return usual and (run["workers"] == 1 or run["answer"] == "page, new")


def _speeds(run: Run) -> Iterator[str]:
    yield str(run["connections"])
    spread = " / ".join(_short(run[f"p{k}_ms"]) for k in (50, 95, 99))
    yield spread if run["answers"] else "–"
    yield _short(run["per_s"])
    yield f"{run['cpu_ms']:.3g}"
    yield str(run["errors"])


def _stages(run: Run) -> str:
    took = ", ".join(f"{stage} {ms:.2g}" for stage, ms in run["stages"].items())
    return f"Stages of a {run['answer']}, alone, in ms: {took}."


def _named(spreads: Mapping[str, Any]) -> dict[str, Any]:
    return {NAMES.get(name, name): spread for name, spread in spreads.items() if spread}


def _spread(spread: Mapping[str, float] | None) -> str:
    return f"{_short(spread['p50'])} / {_short(spread['p95'])}" if spread else "–"


def _short(ms: float) -> str:
    """Three digits, never as a power of ten."""
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
