"""The relevance suite: invented practitioners, visitors' queries, and who must be found.

people.csv     the practitioners, all of them invented
queries.csv    queries with those of whom one must lead; rules are tuned by these
held_out.csv   more of the same, looked at only as a figure: they show that rules are general

A query succeeds when one of `first` is among the first `top` results of the page it leads
to. Whoever stands in `never` must not be on that page at all.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.app import make_runtime
from directory.config import Config
from directory.edge import Runtime
from directory.errors import Invalid
from directory.models import Practice
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.usecases.visitors import searching
from tests import factories
from tests.sites import rebuild_index

HERE = Path(__file__).parent
MANY = ("professions", "conditions", "credentials", "languages", "ages", "access")


@dataclass(frozen=True)
class Question:
    """One query as a visitor types it, and whom its page must show or must not."""

    group: str
    params: dict[str, str]
    first: tuple[str, ...]
    top: int
    never: tuple[str, ...]

    def __str__(self) -> str:
        return " · ".join(f"{name}={value}" for name, value in self.params.items())


@dataclass(frozen=True)
class Answer:
    """What a query's page shows: slugs in order, or nobody and the message that stands there."""

    question: Question
    shown: tuple[str, ...]
    message: str = ""

    @property
    def right(self) -> bool:
        """Whether one of those who must lead does."""
        return any(slug in self.question.first for slug in self.shown[: self.question.top])

    @property
    def wrong(self) -> tuple[str, ...]:
        """Those on the page who must not be there."""
        return tuple(slug for slug in self.shown if slug in self.question.never)

    def __str__(self) -> str:
        shown = ", ".join(self.shown[:4]) or self.message or "nobody"
        never = f"; must not be there: {', '.join(self.wrong)}" if self.wrong else ""
        return f"[{self.question.group}] {self.question} -> {shown}{never}"


def questions(file: str) -> list[Question]:
    """The queries of a file of this folder."""
    return [_question(row) for row in rows(file)]


def rows(file: str) -> Iterator[dict[str, str]]:
    """The rows of a file of this folder, by column."""
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _question(row: dict[str, str]) -> Question:
    params = {name: row[name] for name in ("q", "near", "within") if row[name]}
    if row["position"]:
        params |= dict(zip(("lat", "lon"), row["position"].split(","), strict=True))
    return Question(row["group"], params, _many(row["first"]), int(row["top"]), _many(row["never"]))


def _many(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def site(database_url: str, folder: Path) -> Runtime:
    """The site with everybody of people.csv listed and indexed; the database has places and words."""
    config = Config.from_env({"DATA_DIR": str(folder / "var"), "DATABASE_URL": database_url})
    here = make_runtime(config)
    here.clock = lambda: factories.NOW
    with here.transaction() as session:
        for row in rows("people.csv"):
            _list(session, row)
    rebuild_index(config)
    return here


def _list(session: Session, row: dict[str, str]) -> None:
    practice = Practice(
        locality=row["locality"],
        region=row["region"],
        postcode=row["postcode"],
        country=row["country"],
        lat=float(row["latitude"]),
        lon=float(row["longitude"]),
        precision="locality",
        home_visit_km=float(row["home_visit_km"]),
    )
    said: dict[str, Any] = {name: _many(row[name]) for name in MANY}
    said |= {name: row[name] for name in ("slug", "name", "suffix", "about")}
    factories.listing(
        session,
        **said,
        email=f"{row['slug']}@practice.example",
        accepting=True if row["accepting"] else None,
        practices=(practice,),
    )


def answers(here: Runtime, asked: Iterable[Question]) -> list[Answer]:
    """Ask each query as the page does."""
    with here.reading() as session:
        return [_answer(session, here, question) for question in asked]


def _answer(session: Session, here: Runtime, question: Question) -> Answer:
    wanted = read(SearchSchema(), MultiDict(question.params))
    try:
        results = searching.find(session, here.finder(), wanted)
    except Invalid as refused:
        (message, *_), *_ = refused.fields.values()
        return Answer(question, (), str(message))
    return Answer(question, tuple(result.profile.slug for result in results.results))


def success(answered: Iterable[Answer]) -> float:
    """The share of queries that succeed."""
    rights = [answer.right for answer in answered]
    return sum(rights) / len(rights)


def table(tuned: list[Answer], held_out: list[Answer]) -> str:
    """Success by group, over all, and for the queries held out."""
    groups = dict.fromkeys(answer.question.group for answer in tuned)
    parts = [(group, [a for a in tuned if a.question.group == group]) for group in groups]
    parts += [("all", tuned), ("held out", held_out)]
    return "\n".join(
        f"{name:<12}{len(part):>4} queries  success {success(part):7.1%}" for name, part in parts
    )
