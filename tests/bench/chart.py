"""The contest as a picture: for each kind of question and engine, from p50 to p95, in SVG."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import floor, log10

Spreads = Mapping[str, Mapping[str, float]]
WIDTH, LEFT, RIGHT = 820, 172, 24
TOP, LANE, GAP, FOOT = 66, 9, 13, 34
# Told apart on white and on black, and by whoever sees no red or no green (Okabe and Ito).
COLOURS = ("#0a9b73", "#e0782f", "#3d8fd1", "#b565a7", "#8a8f98")
NOTE = "dot: median · bar: to the 95th percentile · every line ten times the one before"
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #57606a }
    .kind { fill: #24292f; text-anchor: end }
    .title { font-weight: 600; fill: #24292f }
    .note { text-anchor: end; font-size: 12px }
    .tick { text-anchor: middle; font-size: 12px }
    .line { stroke: #8a8f98; stroke-opacity: .35 }
    @media (prefers-color-scheme: dark) {
      text { fill: #9ba3ad } .kind, .title { fill: #e6e9ed }
    }
"""


def chart(classes: Mapping[str, Spreads], title: str) -> str:
    """An SVG of `classes`: kind → engine → {"p50", "p95"} in ms, on a logarithmic scale.

    Dots are medians, bars end at the 95th percentile. The first engine stands out.
    """
    engines = list(dict.fromkeys(name for spreads in classes.values() for name in spreads))
    scale = Scale([ms for s in classes.values() for one in s.values() for ms in one.values()])
    row = LANE * len(engines) + GAP
    height = TOP + row * len(classes) + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text class="title" x="8" y="22">{escape(title)}</text>',
        f'<text class="note" x="{WIDTH - RIGHT}" y="22">{NOTE}</text>',
        *_legend(engines),
        *_ticks(scale, TOP - 6, height - FOOT),
    ]
    for place, (kind, spreads) in enumerate(classes.items()):
        top = TOP + place * row
        middle = top + LANE * len(engines) / 2 + 4.5
        parts.append(f'<text class="kind" x="{LEFT - 14}" y="{middle:.1f}">{escape(kind)}</text>')
        for lane, engine in enumerate(engines):
            if spread := spreads.get(engine):
                parts.append(_bar(scale, spread, top + LANE * (lane + 0.5), COLOURS[lane]))
    return "\n".join([*parts, "</svg>\n"])


class Scale:
    """Milliseconds to pixels: each power of ten is as wide as the next."""

    def __init__(self, values: Sequence[float]) -> None:
        self.least = floor(log10(min(values)))
        self._most = log10(max(values) * 1.15)

    def x(self, ms: float) -> float:
        """Where so many milliseconds lie."""
        share = (log10(ms) - self.least) / (self._most - self.least)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> Iterator[float]:
        """The powers of ten."""
        yield from (10.0**power for power in range(self.least, floor(self._most) + 1))


def _legend(engines: Sequence[str]) -> Iterator[str]:
    x = LEFT
    for engine, colour in zip(engines, COLOURS, strict=False):
        yield f'<circle cx="{x + 4}" cy="41" r="4" fill="{colour}"/>'
        yield f'<text x="{x + 14}" y="45.5">{escape(engine)}</text>'
        x += 34 + 8 * len(engine)


def _ticks(scale: Scale, top: float, foot: float) -> Iterator[str]:
    for ms in scale.ticks():
        x = scale.x(ms)
        yield f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{foot}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="{foot + 20}">{_said(ms)}</text>'


def _said(ms: float) -> str:
    return f"{ms / 1000:g} s" if ms >= 1000 else f"{ms:g} ms"


def _bar(scale: Scale, spread: Mapping[str, float], y: float, colour: str) -> str:
    x, end = scale.x(spread["p50"]), scale.x(spread["p95"])
    return (
        f'<line x1="{x:.1f}" x2="{end:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}"'
        f' stroke-width="3" stroke-opacity=".5" stroke-linecap="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colour}"/>'
    )
