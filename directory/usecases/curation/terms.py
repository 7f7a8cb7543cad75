"""The field's own words, as admins keep them: add, rename, merge, and how people say them.

What an admin touched is the admins' from then on: loading what ships with the project leaves
it alone. Merging rewrites listings part by part, so that it survives being stopped.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from directory.db import one_at_a_time
from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    Actor,
    Condition,
    IndexChange,
    Kind,
    Profession,
    Role,
    Rule,
    Synonym,
)
from directory.places import fold
from directory.said import said
from directory.usecases.audit import chain
from directory.usecases.curation import term_uses
from directory.usecases.curation.shipped_terms import OWN_TERMS, TABLES, Noun, own_name, own_terms

# The rule that says what was merged into what, by "kind:slug", and whether it is done.
MERGES = "merged terms"
LONGEST_SLUG = 60
LONGEST_WORDS = 80
SERIOUS = "S"
_PLAIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Said:
    """Another way to say a term."""

    id: int
    words: str
    everyday: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as admins see it: `uses` listings name it, `into` is what it is being merged into."""

    kind: Kind
    slug: str
    label: str
    plural: str = ""
    group: str = ""
    issuer: str = ""
    serious: bool = False
    synonyms: tuple[Said, ...] = ()
    uses: int = 0
    own: bool = False
    into: str = ""


def entries(session: Session, kind: Kind) -> tuple[Entry, ...]:
    """All terms of a kind in the alphabet's order, with how many listings use each."""
    uses, own = term_uses.counts(session, kind), own_terms(session)
    merging = {name: one["into"] for name, one in _merges(session).items() if not one["done"]}
    synonyms = _synonyms(session, kind)
    return tuple(
        _entry(
            kind,
            noun,
            synonyms.get(noun.slug, ()),
            uses.get(noun.slug, 0),
            own=own_name(kind, noun.slug) in own,
            into=merging.get(own_name(kind, noun.slug), ""),
        )
        for noun in sorted(_nouns(session, kind), key=lambda noun: fold(noun.label))
    )


def entry(session: Session, kind: Kind, slug: str) -> Entry:
    """One term; raises NotFound."""
    found = next((one for one in entries(session, kind) if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no such term.")
    return found


def add(
    session: Session, kind: Kind, label: str, more: Mapping[str, Any], *, by: Actor, at: datetime
) -> str:
    """A new term with the columns that its kind has; gives its slug. Raises Invalid."""
    by.must_be(Role.ADMIN)
    _must_be_free(session, kind, "", label, "label")
    table: Any = TABLES[kind]
    slug = "-".join(_PLAIN.findall(fold(label)))[:LONGEST_SLUG].strip("-")
    if not slug or session.get(table, slug) or own_name(kind, slug) in _merges(session):
        raise Invalid({"label": [said("There is, or was, a term of this name.")]})
    columns: dict[str, Any] = {k: v for k, v in more.items() if hasattr(table, k)}
    if kind is not Kind.CREDENTIAL:
        last = session.scalar(select(func.max(table.position)))
        columns["position"] = (last or 0) + 1
    if kind is Kind.PROFESSION:
        columns["plural"] = columns.get("plural") or label
    if kind is Kind.CONDITION and more.get("serious"):
        columns["flags"] = SERIOUS
    columns.pop("serious", None)
    session.add(table(slug=slug, label=label, **columns))
    session.flush()
    _changed(session, "term added", kind, slug, by=by, at=at)
    return slug


def rename(
    session: Session,
    kind: Kind,
    slug: str,
    label: str,
    *,
    plural: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Call a term something else; its slug, and so its addresses, stay."""
    noun = _noun(session, kind, slug, by)
    _must_be_free(session, kind, slug, label, "label")
    before, noun.label = noun.label, label
    if isinstance(noun, Profession) and plural:
        noun.plural = plural
    session.flush()
    _changed(session, "term renamed", kind, slug, by=by, at=at, before=before, after=label)
    _reindex(session, kind, slug, at)


def set_serious(session: Session, slug: str, *, serious: bool, by: Actor, at: datetime) -> None:
    """Whether visitors are told to see a doctor first."""
    noun = _noun(session, Kind.CONDITION, slug, by)
    if isinstance(noun, Condition) and noun.serious != serious:
        noun.flags = noun.flags.replace(SERIOUS, "") + (SERIOUS if serious else "")
        _changed(session, "term flagged", Kind.CONDITION, slug, by=by, at=at, serious=serious)


def add_synonym(
    session: Session,
    kind: Kind,
    slug: str,
    words: str,
    *,
    everyday: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Another way to say it. Raises Invalid when the words stand for something already."""
    _noun(session, kind, slug, by)
    words = " ".join(words.split())
    if not fold(words) or len(words) > LONGEST_WORDS:
        wrong = said("Between one and %(most)s characters, with a letter.", most=LONGEST_WORDS)
        raise Invalid({"words": [wrong]})
    _must_be_free(session, kind, "", words, "words")
    session.add(Synonym(kind=kind, slug=slug, words=words, everyday=everyday))
    session.flush()
    _changed(session, "synonym added", kind, slug, by=by, at=at, words=words)
    _reindex(session, kind, slug, at)


def remove_synonym(
    session: Session, kind: Kind, slug: str, synonym_id: int, *, by: Actor, at: datetime
) -> None:
    """Say it so no longer; raises NotFound when nobody does."""
    _noun(session, kind, slug, by)
    found = session.get(Synonym, synonym_id)
    if found is None or (found.kind, found.slug) != (kind, slug):
        raise NotFound("There is no such synonym.")
    session.delete(found)
    session.flush()
    _changed(session, "synonym removed", kind, slug, by=by, at=at, words=found.words)
    _reindex(session, kind, slug, at)


def merge(session: Session, kind: Kind, slug: str, into: str, *, by: Actor, at: datetime) -> None:
    """Ask for a term to become another one, which is said in all its ways from now on.

    `merge_part` then rewrites every listing, and at last the term itself goes. Asked twice,
    it is one wish; raises Invalid for a term that is none, or is being merged itself.
    """
    noun = _noun(session, kind, slug, by)
    merges = _merges(session)
    name, target = own_name(kind, slug), _find(session, kind, into)
    if merges.get(name, {}).get("into") == into:
        return
    if target is None or into == slug or own_name(kind, into) in merges or name in merges:
        raise Invalid({"into": [said("Choose another term that stays.")]})
    if any(one["into"] == slug and not one["done"] for one in merges.values()):
        raise Conflict("Another term is being merged into this one. Wait until that is done.")
    _hand_down(session, kind, noun, target)
    todo = {"into": into, "done": False, "by": str(by)}
    _set_rule(session, MERGES, {**merges, name: todo}, by, at)
    _changed(session, "merge asked", kind, slug, by=by, at=at, into=into)
    _changed(session, "synonym added", kind, into, by=by, at=at, of=slug)
    _reindex(session, kind, into, at)


def merging(session: Session) -> bool:
    """Whether any term is still being merged."""
    return any(not one["done"] for one in _merges(session).values())


def merge_part(session: Session, *, at: datetime) -> bool:
    """Rewrite some listings of a term that is being merged; whether there is more to do."""
    merges = _merges(session, lock=True)
    name = next((name for name, one in merges.items() if not one["done"]), None)
    if name is None:
        return False
    kind, slug = Kind(name.partition(":")[0]), name.partition(":")[2]
    one = merges[name]
    if term_uses.rewrite(session, kind, slug, one["into"], by=one["by"], at=at):
        return True
    session.execute(delete(Synonym).where(Synonym.kind == kind, Synonym.slug == slug))
    session.execute(delete(TABLES[kind]).where(TABLES[kind].slug == slug))
    rule = session.get(Rule, MERGES)
    if rule is not None:
        rule.value = {**merges, name: {**one, "done": True}}
    chain.record(
        session, "terms merged", None, by=one["by"], at=at, kind=kind.value, slug=slug,
        into=one["into"],
    )  # fmt: skip
    return any(not other["done"] for key, other in merges.items() if key != name)


def _hand_down(session: Session, kind: Kind, noun: Noun, target: Noun) -> None:
    """Every way to say the one is a way to say the other; its slug too."""
    heirs = {fold(target.label)} | {
        fold(row.words)
        for row in session.scalars(
            select(Synonym).where(Synonym.kind == kind, Synonym.slug == target.slug)
        )
    }
    own = session.scalars(select(Synonym).where(Synonym.kind == kind, Synonym.slug == noun.slug))
    plural = noun.plural if isinstance(noun, Profession) else ""
    ways = [(words, False) for words in (noun.label, plural, noun.slug) if words]
    for words, everyday in (*ways, *((row.words, row.everyday) for row in own)):
        if fold(words) not in heirs:
            heirs.add(fold(words))
            short = words[:LONGEST_WORDS]
            session.add(Synonym(kind=kind, slug=target.slug, words=short, everyday=everyday))
    session.flush()


def _noun(session: Session, kind: Kind, slug: str, by: Actor) -> Noun:
    by.must_be(Role.ADMIN)
    found = _find(session, kind, slug)
    if found is None:
        raise NotFound("There is no such term.")
    return found


def _find(session: Session, kind: Kind, slug: str) -> Noun | None:
    table: Any = TABLES[kind]
    found: Noun | None = session.get(table, slug)
    return found


def _nouns(session: Session, kind: Kind) -> Sequence[Noun]:
    found: Iterable[Any] = session.scalars(select(TABLES[kind]))
    return list(found)


def _must_be_free(session: Session, kind: Kind, slug: str, words: str, field: str) -> None:
    """Raise Invalid when the words stand for another term; credentials are a world of their own.

    No key of the database knows it: so one change of words waits for the other.
    """
    one_at_a_time(session, "words of terms")
    for its_kind, label, its_slug, way in _ways(session):
        apart = (kind is Kind.CREDENTIAL) is not (its_kind is Kind.CREDENTIAL)
        if not apart and (its_kind, its_slug) != (kind, slug) and fold(way) == fold(words):
            raise Invalid({field: [said("This stands for “%(label)s” already.", label=label)]})


def _ways(session: Session) -> Iterator[tuple[Kind, str, str, str]]:
    """Every way to say every term: its kind, label and slug, and the words."""
    for kind in TABLES:
        nouns = _nouns(session, kind)
        labels = {noun.slug: noun.label for noun in nouns}
        for noun in nouns:
            yield kind, noun.label, noun.slug, noun.label
            if isinstance(noun, Profession):
                yield kind, noun.label, noun.slug, noun.plural
        synonyms = select(Synonym.slug, Synonym.words).where(Synonym.kind == kind)
        for slug, words in session.execute(synonyms):
            yield kind, labels.get(slug, slug), slug, words


def _changed(
    session: Session, verb: str, kind: Kind, slug: str, *, by: Actor, at: datetime, **detail: Any
) -> None:
    """Write it down, and that the term is the admins' own now."""
    rule = session.get(Rule, OWN_TERMS, with_for_update=True, populate_existing=True)
    own = {*(rule.value if rule else ()), own_name(kind, slug)}
    _set_rule(session, OWN_TERMS, sorted(own), by, at)
    chain.record(session, verb, None, by=str(by), at=at, kind=kind.value, slug=slug, **detail)


def _set_rule(session: Session, name: str, value: Any, by: Actor, at: datetime) -> None:
    session.merge(Rule(name=name, value=value, changed_at=at, changed_by=str(by)))
    session.flush()


def _merges(session: Session, *, lock: bool = False) -> dict[str, dict[str, Any]]:
    rule = session.get(Rule, MERGES, with_for_update=lock or None, populate_existing=True)
    return dict(rule.value) if rule else {}


def _reindex(session: Session, kind: Kind, slug: str, at: datetime) -> None:
    if ids := term_uses.live_ids(session, kind, slug):
        rows = [{"listing_id": listing_id, "at": at} for listing_id in ids]
        session.execute(insert(IndexChange), rows)


def _synonyms(session: Session, kind: Kind) -> dict[str, tuple[Said, ...]]:
    found: dict[str, tuple[Said, ...]] = {}
    rows = session.scalars(select(Synonym).where(Synonym.kind == kind).order_by(Synonym.words))
    for row in rows:
        found[row.slug] = (*found.get(row.slug, ()), Said(row.id, row.words, row.everyday))
    return found


def _entry(
    kind: Kind, noun: Noun, synonyms: tuple[Said, ...], uses: int, *, own: bool, into: str
) -> Entry:
    return Entry(
        kind=kind,
        slug=noun.slug,
        label=noun.label,
        plural=getattr(noun, "plural", ""),
        group=getattr(noun, "group", ""),
        issuer=getattr(noun, "issuer", ""),
        serious=getattr(noun, "serious", False),
        synonyms=synonyms,
        uses=uses,
        own=own,
        into=into,
    )
