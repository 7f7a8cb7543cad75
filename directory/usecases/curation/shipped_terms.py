"""The terms that ship with the project, written over what is there; what admins changed stays."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import one_at_a_time
from directory.models import Condition, Credential, Kind, Profession, Rule, Synonym

# The rule that names the terms which admins changed: "condition:migraine" and the like.
OWN_TERMS = "own terms"

Noun = Profession | Condition | Credential
TABLES: Mapping[Kind, type[Noun]] = {
    Kind.PROFESSION: Profession,
    Kind.CONDITION: Condition,
    Kind.CREDENTIAL: Credential,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the taxonomy with its columns and the other ways to say it."""

    kind: Kind
    slug: str
    columns: Mapping[str, str | int]
    synonyms: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()


def load_taxonomy(session: Session, terms: Sequence[Term]) -> Mapping[str, int]:
    """Write the terms over what is there; says how many rows were added, changed, removed.

    Terms are never removed, for listings may use them; synonyms follow the files. Terms that
    admins changed, merged or added are theirs from then on: nothing of them is touched.
    """
    one_at_a_time(session, "shipped terms")
    own = own_terms(session)
    terms = [term for term in terms if own_name(term.kind, term.slug) not in own]
    counts = Counter(added=0, changed=0, removed=0)
    for kind, table in TABLES.items():
        nouns: Iterable[Noun] = session.scalars(select(table))
        there = {noun.slug: noun for noun in nouns}
        for term in terms:
            if term.kind is kind:
                counts[_write(session, table, term, there.get(term.slug))] += 1
    counts.update(_write_synonyms(session, terms, own))
    session.flush()
    return {name: counts[name] for name in ("added", "changed", "removed")}


def _write(session: Session, table: type[Noun], term: Term, row: Noun | None) -> str:
    if row is None:
        session.add(table(slug=term.slug, **term.columns))
        return "added"
    changes = {name: new for name, new in term.columns.items() if getattr(row, name) != new}
    for name, new in changes.items():
        setattr(row, name, new)
    return "changed" if changes else "kept"


def own_terms(session: Session) -> frozenset[str]:
    """The terms that admins changed, as "kind:slug"; merged ones, which are gone, among them."""
    rule = session.get(Rule, OWN_TERMS)
    return frozenset(rule.value) if rule else frozenset()


def own_name(kind: Kind, slug: str) -> str:
    return f"{kind.value}:{slug}"


def _write_synonyms(
    session: Session, terms: Iterable[Term], own: frozenset[str]
) -> Mapping[str, int]:
    wanted = {
        (term.kind, term.slug, words): words in term.everyday
        for term in terms
        for words in (*term.synonyms, *term.everyday)
    }
    there = {
        (row.kind, row.slug, row.words): row
        for row in session.scalars(select(Synonym))
        if own_name(row.kind, row.slug) not in own
    }
    gone = there.keys() - wanted.keys()
    for key in gone:
        session.delete(there[key])
    changed = [key for key in there.keys() & wanted if there[key].everyday != wanted[key]]
    for key in changed:
        there[key].everyday = wanted[key]
    new = [key for key in wanted if key not in there]
    for kind, slug, words in new:
        everyday = wanted[kind, slug, words]
        session.add(Synonym(kind=kind, slug=slug, words=words, everyday=everyday))
    return {"added": len(new), "changed": len(changed), "removed": len(gone)}
