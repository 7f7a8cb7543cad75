"""The do-not-list by hand: who wants no listing is remembered by keyed hashes alone.

What is hashed is what an import would know somebody by: see `tombstones.marks`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.models import Actor, DoNotList, Draft, Practice, Role
from directory.said import said
from directory.usecases.audit import chain
from directory.usecases.listings import tombstones


@dataclass(frozen=True, slots=True)
class Words:
    """How somebody is named: by e-mail address, or by name and postcode; or both."""

    email: str = ""
    name: str = ""
    postcode: str = ""


def add(session: Session, words: Words, *, by: Actor, at: datetime, key: bytes) -> int:
    """No import lists them from now on. Says how many of their marks were new."""
    hashes = _hashes(words, by, key)
    new = hashes - _there(session, hashes)
    for one in sorted(new):
        session.add(DoNotList(hash=one, at=at))
    if new:
        chain.record(session, "do-not-list added", None, by=str(by), at=at, marks=len(new))
    return len(new)


def is_on(session: Session, words: Words, *, by: Actor, key: bytes) -> bool:
    """Whether an import would pass over somebody of these words."""
    return bool(_there(session, _hashes(words, by, key)))


def remove(session: Session, words: Words, *, by: Actor, at: datetime, key: bytes) -> int:
    """They may be listed again. Says how many of their marks were there."""
    found = _there(session, _hashes(words, by, key))
    for one in sorted(found):
        session.delete(session.get_one(DoNotList, one))
    if found:
        chain.record(session, "do-not-list removed", None, by=str(by), at=at, marks=len(found))
    return len(found)


def total(session: Session) -> int:
    """How many marks there are; a person may have several."""
    return session.scalar(select(func.count()).select_from(DoNotList)) or 0


def _there(session: Session, hashes: set[str]) -> set[str]:
    return set(session.scalars(select(DoNotList.hash).where(DoNotList.hash.in_(hashes))))


def _hashes(words: Words, by: Actor, key: bytes) -> set[str]:
    by.must_be(Role.ADMIN)
    if bool(words.name) != bool(words.postcode):
        missing = "postcode" if words.name else "name"
        raise Invalid({missing: [said("Name and postcode go together.")]})
    if not words.email and not words.name:
        raise Invalid({"email": [said("Give an e-mail address, or a name and postcode.")]})
    place = Practice(locality="", region="", country="", postcode=words.postcode)
    draft = Draft(name=words.name, practices=(place,), email=words.email)
    marks = tombstones.remembered(draft)
    if not marks:
        raise Invalid({"name": [said("A name needs a letter or a digit.")]})
    return {tombstones.hashed(key, mark) for mark in marks}
