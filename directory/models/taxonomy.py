"""The field's own words: professions, conditions, credentials and how people say them."""

import csv
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Enum, Index, String, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.db import Base

GROUPS = {
    "head": "Head, jaw, ears and eyes",
    "body": "Neck, back and joints",
    "whole": "Whole body and long-term illness",
    "neuro": "Brain and nerves",
    "mind": "Stress, mood and sleep",
    "baby": "Babies",
    "child": "Children",
    "maternal": "Pregnancy, birth and cycle",
    "gut": "Digestion and bladder",
}


class Profession(Base):
    """A trade, such as massage therapist; `nucc` is the US Health Care Provider Taxonomy code."""

    __tablename__ = "profession"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    plural: Mapped[str] = mapped_column(String(80))
    nucc: Mapped[str] = mapped_column(String(10), default="")
    position: Mapped[int] = mapped_column(default=0)


class Condition(Base):
    """What a visitor may live with; never a promise that anything treats it.

    `icd10cm` is the ICD-10-CM code. Flags: U on Upledger's published list, A often asked
    of practitioners, E studied (see the evidence panel), S serious: see a doctor first.
    """

    __tablename__ = "condition"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    group: Mapped[str] = mapped_column("group_name", String(20))
    icd10cm: Mapped[str] = mapped_column(String(10), default="")
    flags: Mapped[str] = mapped_column(String(10), default="")
    position: Mapped[int] = mapped_column(default=0)

    @property
    def serious(self) -> bool:
        """Whether a doctor should be seen first."""
        return "S" in self.flags


class Credential(Base):
    """A training or registration; `kind` says what it proves, `rank` orders badges."""

    __tablename__ = "credential"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int] = mapped_column(default=0)


class Kind(enum.Enum):
    """What a synonym stands for."""

    PROFESSION = "profession"
    CONDITION = "condition"
    CREDENTIAL = "credential"


class Synonym(Base):
    """Another way to say a taxonomy term; `everyday` words are the ones parents type."""

    __tablename__ = "synonym"
    __table_args__ = (Index("uq_synonym", "kind", "slug", "words", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(
        Enum(Kind, native_enum=False, length=20, values_callable=lambda e: [k.value for k in e])
    )
    slug: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(String(80))
    everyday: Mapped[bool] = mapped_column(default=False)


# What other languages call the terms; ships beside them.
ELSEWHERE = Path(__file__).parents[1] / "files" / "data" / "other_languages.csv"
FIELD = "field"


@cache
def said_elsewhere() -> tuple[tuple[str, str, str, str], ...]:
    """Every way to say a term in another language: language, kind, slug, words."""
    with ELSEWHERE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (language, row["kind"], row["slug"], words)
            for row in csv.DictReader(file)
            for language in list(row)[2:]
            for words in row[language].split("|")
        )


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """All terms as they stood at one moment, by slug, in their own order.

    `synonyms` holds, for a kind and slug, the other ways to say it.
    """

    professions: Mapping[str, Profession]
    conditions: Mapping[str, Condition]
    credentials: Mapping[str, Credential]
    synonyms: Mapping[tuple[Kind, str], tuple[str, ...]]

    @classmethod
    def load(cls, session: Session) -> "Taxonomy":
        """Read the whole taxonomy (some hundreds of rows)."""
        synonyms: dict[tuple[Kind, str], tuple[str, ...]] = {}
        said = select(Synonym.kind, Synonym.slug, Synonym.words).order_by(Synonym.id)
        for kind, slug, words in session.execute(said):
            synonyms[kind, slug] = (*synonyms.get((kind, slug), ()), words)
        professions = session.scalars(select(Profession).order_by(Profession.position)).all()
        conditions = session.scalars(select(Condition).order_by(Condition.position)).all()
        credentials = session.scalars(select(Credential).order_by(Credential.rank.desc())).all()
        session.expunge_all()
        return cls(
            professions={term.slug: term for term in professions},
            conditions={term.slug: term for term in conditions},
            credentials={term.slug: term for term in credentials},
            synonyms=synonyms,
        )

    def says_the_same(self, other: "Taxonomy") -> bool:
        """Whether all terms stood so at another moment, too."""
        return self.synonyms == other.synonyms and all(
            _rows(self._terms(kind)) == _rows(other._terms(kind)) for kind in Kind
        )

    def words_for(self, kind: Kind, slug: str) -> str:
        """A term's label and all its synonyms, for the index."""
        term = self._terms(kind).get(slug)
        label = term.label if term else ""
        return " ".join((label, *self.synonyms.get((kind, slug), ())))

    def phrases(self) -> Iterator[tuple[Kind, str, str]]:
        """Every way to say every term: kind, slug, words."""
        for kind in Kind:
            for slug, term in self._terms(kind).items():
                yield kind, slug, term.label
                if isinstance(term, Profession):
                    yield kind, slug, term.plural
                for words in self.synonyms.get((kind, slug), ()):
                    yield kind, slug, words

    def phrases_elsewhere(self) -> Iterator[tuple[str, str, str, str]]:
        """Ways to say the terms, and the field itself, in other languages.

        Language, kind ("field" for the field itself), slug, words.
        """
        known = {kind.value: self._terms(kind) for kind in Kind}
        for language, kind, slug, words in said_elsewhere():
            if kind == FIELD or slug in known[kind]:
                yield language, kind, slug, words

    def _terms(self, kind: Kind) -> Mapping[str, Profession | Condition | Credential]:
        if kind is Kind.PROFESSION:
            return self.professions
        return self.conditions if kind is Kind.CONDITION else self.credentials


def _rows(terms: Mapping[str, Any]) -> list[tuple[object, ...]]:
    return [
        tuple(getattr(term, one.key) for one in inspect(type(term)).column_attrs)
        for term in terms.values()
    ]
