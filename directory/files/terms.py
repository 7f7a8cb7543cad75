"""The field's own words, read from the files that ship with the project."""

import csv
from collections.abc import Iterator
from pathlib import Path

from directory.models import GROUPS, Kind
from directory.usecases.curation.shipped_terms import Term

DATA = Path(__file__).parent / "data"
FILES = {
    Kind.PROFESSION: "professions.csv",
    Kind.CONDITION: "conditions.csv",
    Kind.CREDENTIAL: "credentials.csv",
}
EVERYDAY = "everyday_words.csv"
# What a statutory licence ranks among badges: it proves most, so it leads them.
LICENCE_RANK = 95


def read(folder: Path = DATA) -> tuple[Term, ...]:
    """Every profession, condition and credential, in the order of the files.

    Raises ValueError when a file names an unknown group or slug, or a slug twice.
    """
    everyday = _everyday_words(folder)
    terms = tuple(
        _term(kind, position, row, everyday)
        for kind, file in FILES.items()
        for position, row in enumerate(_rows(folder / file))
    )
    _check(terms, everyday)
    return terms


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _everyday_words(folder: Path) -> dict[tuple[Kind, str], tuple[str, ...]]:
    words: dict[tuple[Kind, str], tuple[str, ...]] = {}
    for row in _rows(folder / EVERYDAY):
        key = Kind(row["kind"]), row["slug"]
        words[key] = (*words.get(key, ()), row["words"])
    return words


def _term(
    kind: Kind,
    position: int,
    row: dict[str, str],
    everyday: dict[tuple[Kind, str], tuple[str, ...]],
) -> Term:
    slug = row["slug"]
    synonyms = tuple(words for words in row.get("synonyms", "").split("|") if words)
    return Term(kind, slug, _columns(kind, position, row), synonyms, everyday.get((kind, slug), ()))


def _columns(kind: Kind, position: int, row: dict[str, str]) -> dict[str, str | int]:
    if kind is Kind.CREDENTIAL:
        rank = int(row["rank"] or LICENCE_RANK)
        return {"label": row["label"], "issuer": row["issuer"], "kind": row["kind"], "rank": rank}
    names = ("plural", "nucc") if kind is Kind.PROFESSION else ("group", "icd10cm", "flags")
    return {"label": row["label"], "position": position, **{name: row[name] for name in names}}


def _check(terms: tuple[Term, ...], everyday: dict[tuple[Kind, str], tuple[str, ...]]) -> None:
    known = {(term.kind, term.slug) for term in terms}
    if len(known) != len(terms):
        raise ValueError("A slug stands twice in the taxonomy.")
    if strays := sorted(slug for kind, slug in everyday.keys() - known):
        raise ValueError(f"Everyday words for unknown terms: {', '.join(strays)}.")
    groups = {term.columns["group"] for term in terms if term.kind is Kind.CONDITION}
    if unknown := sorted(str(group) for group in groups - GROUPS.keys()):
        raise ValueError(f"Unknown condition groups: {', '.join(unknown)}.")
