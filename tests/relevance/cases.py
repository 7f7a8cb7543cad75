"""The kinds of inputs that public issues tell of, and what must come out of each: cases.csv.

The half "rule" was reported; the half "held" was written before anybody looked at the rules, and
its figure at first stands in FIRST.

What is wanted of a line stands in one cell, parted by ";": the place `at` (latitude, longitude and
km), what its `label` begins with, that it is an `area`, `noplace`; the `condition`, `profession`,
`conditionhas` one, `conditionnot` one; nobody has the profession of `without`; the places left
`apart`; the text has no `notext`; whom it `finds`; `everybody`; as many as for `like`; all `in` a
country or region.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.edge import Runtime
from directory.errors import Invalid
from directory.places import Point, distance_km
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.usecases.visitors import searching
from directory.usecases.visitors.results import Results
from tests import factories
from tests.relevance import suite
from tests.sites import rebuild_index

# Right before a rule was looked at (158, and seven whose wants were themselves mistaken).
FIRST = "165 of 190"
# People whom the names among the cases are about.
NAMES = (
    "Mary Ann McPretend",
    "LUDWIG VAN DER TESTEN",
    "Jean-Luc D’Exemple",
    "山田花子",
    "王小明",
    "Ana María Pruebas Núñez",
    "Maria de la Fuente",
)


def site(database_url: str, folder: Path) -> Runtime:
    """The site of the suite, with those who are asked for by name."""
    here = suite.site(database_url, folder)
    with here.transaction() as session:
        for number, name in enumerate(NAMES):
            factories.listing(session, slug=f"named-{number}", name=name)
    rebuild_index(here.config)
    return here


def faults(here: Runtime, session: Session, row: dict[str, str]) -> list[str]:
    """What is not as wanted."""
    try:
        found = _find(here, session, {name: row[name] for name in ("q", "near") if row[name]})
    except Invalid as refused:
        return [f"refused: {refused.fields}"]
    wants = [want.partition("=") for want in row["want"].split(";")]
    return [
        f"{name}={value}: {said}"
        for name, _, value in wants
        if (said := _short(here, session, found, row, name, value)) is not None
    ]


def _find(here: Runtime, session: Session, params: dict[str, str]) -> Results:
    wanted = read(SearchSchema(), MultiDict({"per_page": "100"} | params))
    return searching.find(session, here.finder(), wanted)


def _short(
    here: Runtime, session: Session, found: Results, row: dict[str, str], name: str, value: str
) -> object:
    """What came out instead, None when all is well."""
    label = found.around.label if found.around else ""
    if name in ("condition", "profession"):
        has = sorted(getattr(found.understood, name))
        return None if has == sorted(filter(None, value.split(","))) else has
    if name in ("like", "in"):
        return _counted(here, session, found, name, value)
    checks = {
        "at": lambda: found.around is not None and _near(found.around.point, value),
        "label": lambda: label.startswith(value),
        "area": lambda: found.around is not None and found.around.kind == "area",
        "noplace": lambda: not label,
        "conditionhas": lambda: value in found.understood.condition,
        "conditionnot": lambda: value not in found.understood.condition,
        "without": lambda: not any(_has(result, value) for result in found.results),
        "apart": lambda: any(
            chip.kind == "without" and chip.value.startswith(value) for chip in found.chips
        ),
        "notext": lambda: value not in found.understood.text.lower(),
        "finds": lambda: any(value in result.profile.name for result in found.results[:3]),
        "everybody": lambda: found.total >= 60 and not found.understood.text,
    }
    return None if checks[name]() else (label, found.understood, found.total)


def _near(point: Point, wanted: str) -> bool:
    lat, lon, km = map(float, wanted.split())
    return distance_km(point, Point(lat, lon)) <= km


def _has(result: object, profession: str) -> bool:
    return any(term.slug == profession for term in result.profile.professions)  # type: ignore[attr-defined]


def _counted(here: Runtime, session: Session, found: Results, name: str, value: str) -> object:
    if name == "like":
        other = _find(here, session, {"q": value}).total
        return None if found.total == other else (found.total, other)
    country, _, region = value.partition("/")
    there = {
        row["slug"]
        for row in suite.rows("people.csv")
        if row["country"] == country and region in ("", row["region"])
    }
    got = {result.profile.slug for result in found.results}
    got -= {slug for slug in got if slug.startswith("named-")}
    return None if got == there else (there - got, got - there)


def counted(here: Runtime) -> tuple[Counter[tuple[str, str, bool]], list[str]]:
    """How many of each kind and half are right, and what is not."""
    held: Counter[tuple[str, str, bool]] = Counter()
    wrong = []
    with here.reading() as session:
        for row in suite.rows("cases.csv"):
            missed = faults(here, session, row)
            held[row["kind"], row["half"], not missed] += 1
            if missed:
                wrong.append(
                    f"[{row['kind']}, {row['half']}] {row['q'] or row['near']} -> {missed}"
                )
    return held, wrong


def table(held: Counter[tuple[str, str, bool]]) -> Iterator[str]:
    """A line a kind: inputs and how many are right, the held-out half apart."""
    for kind in (*dict.fromkeys(kind for kind, _, _ in held), "all kinds"):
        of = [(k, n) for k, n in held.items() if kind in (k[0], "all kinds")]
        said = []
        for half in ("rule", "held"):
            every = sum(n for (_, h, _), n in of if h == half)
            right = sum(n for (_, h, good), n in of if h == half and good)
            said.append(f"{half} {right:3} of {every:3}")
        yield f"{kind:32}{'   '.join(said)}"
