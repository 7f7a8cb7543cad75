"""Kinds of things that people type, and what must be read from each: kinds.csv.

Half of each kind ("rule") was looked at while rules were made, the other half ("held") was not.

    python -m tests.relevance.kinds

What is wanted of a line stands in one cell, parted by ";": the `condition`, `profession`, a
`place` that the label begins with, a `fact` (facet:value), what is left `without`
(facet:slug), the `text` left over, `notext`, whom it `finds`; `noplace`; `everybody`.
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
    chips = {f"{chip.kind}:{chip.value}" for chip in found.chips}
    if missing := set(wanted.get("fact", [])) - chips:
        yield f"no {missing}"
    left_out = {chip.value for chip in found.chips if chip.kind == "without"}
    if missing := {fact.partition(":")[2] for fact in wanted.get("without", [])} - left_out:
        yield f"not without {missing}"
    yield from _text_faults(found, wanted)


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
