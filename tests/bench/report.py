"""The outcome, for people and for programs."""

import json
import statistics
from collections.abc import Mapping, Sequence

from tests.bench.contest import COLD, OURS, Agreement, Outcome
from tests.bench.ours import Change
from tests.bench.questions import KINDS

Line = list[str]


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
        if engine in (OURS, COLD):
            continue
        warm, cold = (_times_faster(outcome, who, engine) for who in (OURS, COLD))
        slower = [kind for kind in KINDS if _slower(outcome, engine, kind)]
        lost = f"; slower than it in: {', '.join(slower)}" if slower else ""
        lines.append(f"ours against {engine}: {warm:.3g}x as fast, cold {cold:.3g}x{lost}")
    return "\n".join(lines)


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


def summary(
    listings: int,
    outcome: Outcome,
    build_s: Mapping[str, float],
    rss_mb: float,
    changes: Sequence[Change],
) -> str:
    """One JSON object on one line. Ours is term-warm; `cold` is a reader just opened."""
    engines = [engine for engine in _in_order(outcome) if engine != COLD]
    return json.dumps(
        {
            "listings": listings,
            "mean_ms": {engine: round(mean(outcome, engine), 4) for engine in engines},
            "classes": {
                kind: {engine: _percentiles(outcome.medians(engine, kind)) for engine in engines}
                for kind in KINDS
            },
            "cold": {
                "mean_ms": round(mean(outcome, COLD), 4),
                "classes": {kind: _percentiles(outcome.medians(COLD, kind)) for kind in KINDS},
            },
            "build_s": {engine: round(seconds, 3) for engine, seconds in build_s.items()},
            "rss_mb": round(rss_mb, 1),
            "update_ms": _percentiles([change.seen * 1e3 for change in changes]),
        }
    )


def mean(outcome: Outcome, engine: str) -> float:
    """Milliseconds a question takes, on average over the questions that it was asked."""
    return statistics.fmean(outcome.medians(engine))


def _in_order(outcome: Outcome) -> list[str]:
    first = [name for name in (OURS, COLD) if name in outcome.seconds]
    return first + [name for name in outcome.seconds if name not in first]


def _times_faster(outcome: Outcome, ours: str, peer: str) -> float:
    mine = outcome.seconds[ours]
    common = [statistics.median(mine[place]) for place in outcome.seconds[peer]]
    theirs = [statistics.median(taken) for taken in outcome.seconds[peer].values()]
    return statistics.fmean(theirs) / statistics.fmean(common)


def _slower(outcome: Outcome, peer: str, kind: str) -> bool:
    mine, theirs = outcome.medians(OURS, kind), outcome.medians(peer, kind)
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
