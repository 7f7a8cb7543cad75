"""Kinds of things that people type, and what must be read from each: kinds.csv.

Half of each kind ("rule") was looked at while rules were made, the other half ("held") was not.

    python -m tests.relevance.kinds

What is wanted of a line stands in one cell, parted by ";": the `condition`, `profession`, a
`place` that the label begins with, a `fact` (facet:value), `nofact`, what is left `without`
(facet:slug), a place that is left `apart`, the `price`, `noprice`, what a `note` says, the `text`
left over, `notext`, whom it `finds`; `noplace`; `everybody`.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.edge import Runtime
from directory.errors import Invalid
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.usecases.visitors import searching
from directory.usecases.visitors.results import Results
from tests.relevance import suite
from tests.relevance.__main__ import filled


def faults(here: Runtime, session: Session, row: dict[str, str]) -> list[str]:
    """What is not as wanted."""
    try:
        found = searching.find(
            session, here.finder(), read(SearchSchema(), MultiDict({"q": row["q"]}))
        )
    except Invalid as refused:
        return [f"refused: {refused.fields}"]
    return list(_faults(found, row["want"]))


def _faults(found: Results, wants: str) -> Iterator[str]:
    wanted: dict[str, list[str]] = {}
    for want in wants.split(";"):
        name, _, value = want.partition("=")
        wanted.setdefault(name, []).append(value)
    for name in ("condition", "profession"):
        has = sorted(getattr(found.understood, name))
        if name in wanted and has != sorted(filter(None, wanted[name])):
            yield f"{name}={has}"
    label = found.around.label if found.around else ""
    if not label.startswith(wanted.get("place", [""])[0]) or ("noplace" in wanted and label):
        yield f"place={label!r}"
    yield from _fact_faults(found, wanted)
    yield from _without_faults(found, wanted)
    yield from _said_faults(found, wanted)
    yield from _text_faults(found, wanted)


def _fact_faults(found: Results, wanted: dict[str, list[str]]) -> Iterator[str]:
    chips = {f"{chip.kind}:{chip.value}" for chip in found.chips}
    if missing := set(wanted.get("fact", [])) - chips:
        yield f"no {missing}"
    if mistaken := set(wanted.get("nofact", [])) & chips:
        yield f"wanted {mistaken}"


def _without_faults(found: Results, wanted: dict[str, list[str]]) -> Iterator[str]:
    left_out = {chip.value for chip in found.chips if chip.kind == "without"}
    if missing := {fact.partition(":")[2] for fact in wanted.get("without", [])} - left_out:
        yield f"not without {missing}"
    for place in wanted.get("apart", []):
        if not any(one.startswith(place) for one in left_out):
            yield f"not apart from {place}: {left_out}"


def _said_faults(found: Results, wanted: dict[str, list[str]]) -> Iterator[str]:
    prices = [str(chip.label) for chip in found.chips if chip.kind == "up_to"]
    if ("noprice" in wanted and prices) or any(
        f"Up to {price}" not in prices for price in wanted.get("price", [])
    ):
        yield f"price={prices}"
    said = " ".join([*map(str, found.notes), *(str(way.label) for way in found.relaxations)])
    if missing := [words for words in wanted.get("note", []) if words not in said]:
        yield f"nothing said of {missing}"


def _text_faults(found: Results, wanted: dict[str, list[str]]) -> Iterator[str]:
    text = found.understood.text
    if "text" in wanted and text != wanted["text"][0]:
        yield f"text={text!r}"
    if any(word in text for word in wanted.get("notext", [])):
        yield f"text={text!r}"
    first = [result.profile.slug for result in found.results[:3]]
    if any(slug not in first for slug in wanted.get("finds", [])):
        yield f"first={first}"
    if "everybody" in wanted and (found.total < 60 or found.partial or text):
        yield f"total={found.total}, text={text!r}"


def main() -> None:
    """Every line that fails, and how many hold by kind and half."""
    with tempfile.TemporaryDirectory(prefix="stillpoint-kinds-") as name:
        here = suite.site(filled(Path(name)), Path(name))
        held: Counter[tuple[str, str, bool]] = Counter()
        with here.reading() as session:
            for row in suite.rows("kinds.csv"):
                wrong = faults(here, session, row)
                held[row["kind"], row["half"], not wrong] += 1
                if wrong and (row["half"] == "rule" or "--held" in sys.argv):
                    print(row["half"], row["kind"], repr(row["q"]), "; ".join(wrong))
        here.engine.dispose()
    for kind, half in sorted({(kind, half) for kind, half, _ in held}):
        good, bad = held[kind, half, True], held[kind, half, False]
        print(f"{kind:10} {half:5} {good:3} of {good + bad}")


if __name__ == "__main__":
    main()
