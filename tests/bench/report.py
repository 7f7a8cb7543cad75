"""The outcome, for people and for programs."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.contest import COLD, OUR_OWN, OURS, SWAPPED, Agreement, Outcome
from tests.bench.costs import Memory
from tests.bench.ours import Change
from tests.bench.questions import KINDS

Line = list[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that one run measured. `rebuild` is in microseconds, `hostile` in milliseconds."""

    listings: int
    outcome: Outcome
    build_s: Mapping[str, float]
    memory: Memory
    changes: Sequence[Change]
    rebuild: Mapping[str, float]
    hostile: Mapping[str, float]
    http: Mapping[str, Any] | None


def table(outcome: Outcome) -> str:
    """p50/p95 in milliseconds for each kind and engine, and the means of all."""
    engines = _in_order(outcome)
    kinds = [
        [kind, *(_spread(outcome.medians(engine, kind)) for engine in engines)] for kind in KINDS
    ]
    return _laid_out(
        [
            ["p50/p95 in ms", *engines],
            *kinds,
            ["mean of all", *(f"{mean(outcome, engine):.3g}" for engine in engines)],
            ["median of all", *(f"{_p(outcome.medians(e), 50):.3g}" for e in engines)],
            ["questions", *(str(len(outcome.seconds[engine])) for engine in engines)],
        ]
    )


def ratios(outcome: Outcome) -> str:
    """How many times faster ours is, on the questions that both were asked; and where it is not."""
    lines = []
    for engine in _in_order(outcome):
        if engine not in OUR_OWN:
            lines += [_ratio(outcome, own, engine) for own in OUR_OWN if own in outcome.seconds]
    return "\n".join(lines)


def _ratio(outcome: Outcome, own: str, engine: str) -> str:
    slower = [kind for kind in KINDS if _slower(outcome, own, engine, kind)]
    lost = f"; slower than it in: {', '.join(slower)}" if slower else ""
    return f"{own} against {engine}: {_times_faster(outcome, own, engine):.3g}x as fast{lost}"


def differences(agreements: Mapping[str, Agreement]) -> str:
    """Where a peer's totals and counts are not ours."""
    lines = []
    for engine, found in agreements.items():
        line = (
            f"{engine}: {found.asked} answers compared; totals differ in {_counted(found.totals)}; "
            f"totals agree and counts differ in {_counted(found.counts)}"
        )
        if found.squares:
            line += f"; {found.squares} not compared (it searches the square around a circle)"
        lines.append(line + (f"\n    {found.example}" if found.example else ""))
    return "\n".join(lines)


def updates(changes: Sequence[Change]) -> str:
    """How long a change takes until it is published, and until it is found."""
    published, seen = ([c.published * 1e3 for c in changes], [c.seen * 1e3 for c in changes])
    return (
        f"one listing changed, {len(changes)} times, p50/p95 in ms: "
        f"published {_spread(published)}, found by an open reader {_spread(seen)}"
    )


def costs(measured: Measured) -> str:
    """Memory, and what a rebuild takes, in words."""
    memory, rebuild = measured.memory, measured.rebuild
    return (
        f"a process with an open reader takes {memory.rss:.0f} MB after all questions, "
        f"{memory.uss:.0f} MB of them its own; a rebuild {memory.rebuild_peak:.0f} MB at most\n"
        f"to index one of {rebuild['listings']:.0f} listings: ours on one process "
        f"{rebuild['ours_one_process_us']:.0f} us, Whoosh's own writer "
        f"{rebuild['generic_us']:.0f} us: {rebuild['ratio']:.3g}x as fast"
    )


def hostile(worst: Mapping[str, float]) -> str:
    """The slowest times of what was asked in bad faith."""
    rows = sorted(worst.items(), key=lambda row: -row[1])
    return _laid_out([["asked in bad faith", "worst ms"], *([n, f"{ms:.3g}"] for n, ms in rows)])


def http(measured: Mapping[str, Any]) -> str:
    """The sites under load, one after the other; and what the stages of a search take."""
    head = ["site under load", "workers", "answer", "connections", "p50/p95/p99 in ms", "a second"]
    rows = [
        [
            run["site"],
            str(run["workers"]),
            run["answer"],
            str(run["connections"]),
            "/".join(f"{run[f'p{k}_ms']:.3g}" for k in (50, 95, 99))
            if run["answers"]
            else "none in time",
            f"{run['per_s']:.3g}",
            f"{run['cpu_ms']:.3g}",
            str(run["errors"]),
        ]
        for run in measured["runs"]
    ]
    return _laid_out([[*head, "CPU ms", "errors"], *rows]) + "\n\n" + _stages(measured["runs"])


def _stages(runs: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [f"{run['answer']}, {run['workers']}", *(f"{ms:.3g}" for ms in run["stages"].values())]
        for run in runs
        if run["stages"]
    ]
    names = next((list(run["stages"]) for run in runs if run["stages"]), [])
    return _laid_out([["ms of a request, workers", *names], *rows])


def summary(measured: Measured) -> str:
    """One JSON object on one line.

    Ours is term-warm; `cold` is a reader just opened, `swapped` one that had the generation
    before open, and answers each question for the first time. `ratios` say how many times faster
    each of them is than a peer, on the questions that both were asked.
    """
    outcome, changes = measured.outcome, measured.changes
    engines = [name for name in _in_order(outcome) if name == OURS or name not in OUR_OWN]
    return json.dumps(
        {
            "listings": measured.listings,
            "mean_ms": {engine: round(mean(outcome, engine), 4) for engine in engines},
            "classes": {
                kind: {engine: _percentiles(outcome.medians(engine, kind)) for engine in engines}
                for kind in KINDS
            },
            "ratios": _all_ratios(outcome),
            "cold": _own(outcome, COLD),
            "swapped": _own(outcome, SWAPPED),
            "build_s": {engine: round(s, 3) for engine, s in measured.build_s.items()},
            "rss_mb": round(measured.memory.rss, 1),
            "uss_mb": round(measured.memory.uss, 1),
            "rebuild_peak_mb": round(measured.memory.rebuild_peak, 1),
            "rebuild": {name: round(value, 2) for name, value in measured.rebuild.items()},
            "update_ms": _percentiles([change.seen * 1e3 for change in changes]),
            "apply_ms": _percentiles([change.published * 1e3 for change in changes]),
            "hostile_ms": {name: round(ms, 3) for name, ms in measured.hostile.items()},
            "http": measured.http,
        }
    )


def _all_ratios(outcome: Outcome) -> dict[str, dict[str, float]]:
    names = {OURS: "ours", SWAPPED: "swapped", COLD: "cold"}
    return {
        peer: {
            name: round(_times_faster(outcome, own, peer), 2)
            for own, name in names.items()
            if own in outcome.seconds
        }
        for peer in outcome.seconds
        if peer not in OUR_OWN
    }


def _own(outcome: Outcome, name: str) -> dict[str, Any] | None:
    if name not in outcome.seconds:
        return None
    return {
        "mean_ms": round(mean(outcome, name), 4),
        "classes": {kind: _percentiles(outcome.medians(name, kind)) for kind in KINDS},
    }


def mean(outcome: Outcome, engine: str) -> float:
    """Milliseconds a question takes, on average over the questions that it was asked."""
    return statistics.fmean(outcome.medians(engine))


def _in_order(outcome: Outcome) -> list[str]:
    first = [name for name in OUR_OWN if name in outcome.seconds]
    return first + [name for name in outcome.seconds if name not in first]


def _times_faster(outcome: Outcome, ours: str, peer: str) -> float:
    mine = outcome.seconds[ours]
    common = [statistics.median(mine[place]) for place in outcome.seconds[peer]]
    theirs = [statistics.median(taken) for taken in outcome.seconds[peer].values()]
    return statistics.fmean(theirs) / statistics.fmean(common)


def _slower(outcome: Outcome, own: str, peer: str, kind: str) -> bool:
    mine, theirs = outcome.medians(own, kind), outcome.medians(peer, kind)
    return bool(theirs) and _p(mine, 50) > _p(theirs, 50)


def _p(values: Sequence[float], percent: int) -> float:
    """A percentile, between its neighbours."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{k}": round(_p(values, k), 4) for k in (50, 95)} if values else {}


def _spread(values: Sequence[float]) -> str:
    return f"{_p(values, 50):.3g}/{_p(values, 95):.3g}" if values else "–"


def _counted(by_kind: Mapping[str, int]) -> str:
    said = ", ".join(f"{kind} {count}" for kind, count in by_kind.items())
    return f"{sum(by_kind.values())} ({said})" if said else "none"


def _laid_out(rows: Sequence[Line]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
