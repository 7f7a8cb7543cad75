"""The do-not-list by hand: who wants no listing is remembered by keyed hashes alone.

What is hashed is what an import would know somebody by: see `tombstones.marks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from directory.errors import Invalid
from directory.models import (
    Actor,
    DoNotList,
    Draft,
    Listing,
    Practice,
    PracticePlace,
    Revision,
    Role,
    State,
)
from directory.said import said
from directory.usecases.audit import chain
from directory.usecases.listings import tombstones

# A postcode of a big town has some hundreds.
MOST_LOOKED_AT, MOST_TOLD = 2000, 20


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


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing of whoever is meant: it is public, or only paused, whatever imports do."""

    listing_id: int
    title: str
    towns: tuple[str, ...]


def listed(session: Session, words: Words, *, by: Actor) -> Sequence[Listed]:
    """Who of these words is listed now: the list keeps imports away, it takes nobody down."""
    meant = tombstones.remembered(_draft(words, by))
    rows = session.scalars(
        select(Listing)
        .join(Revision, Revision.id == Listing.live_id)
        .where(Listing.state.in_([State.LIVE, State.PAUSED]), _perhaps(words))
        .order_by(Listing.id)
        .options(contains_eager(Listing.live))
        .limit(MOST_LOOKED_AT)
    ).all()
    same = [one for one in rows if meant & tombstones.asked_for(one.public)]
    return [
        Listed(one.id, one.title, tuple(there.locality for there in one.public.practices))
        for one in same[:MOST_TOLD]
    ]


def _perhaps(words: Words) -> ColumnElement[bool]:
    """What the database can say of it, so that few need be read: somebody it leaves out is not
    meant."""
    ways: list[ColumnElement[bool]] = []
    if words.email:
        address = func.lower(func.trim(Revision.content["email"].as_string()))
        ways.append(address == words.email.strip().lower())
    if words.postcode:
        code = func.lower(PracticePlace.postcode)
        for gap in (" ", "-"):
            code = func.replace(code, gap, "")
        start = tombstones.plain_postcode(words.postcode).replace("-", "")
        there = select(PracticePlace.revision_id).where(code.startswith(start, autoescape=True))
        ways.append(Revision.id.in_(there))
    return or_(*ways)


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
    marks = tombstones.remembered(_draft(words, by))
    return {tombstones.hashed(key, mark) for mark in marks}


def _draft(words: Words, by: Actor) -> Draft:
    """Somebody of these words, as an import knows people; raises Invalid when they name nobody."""
    by.must_be(Role.ADMIN)
    if bool(words.name) != bool(words.postcode):
        missing = "postcode" if words.name else "name"
        raise Invalid({missing: [said("Name and postcode go together.")]})
    if not words.email and not words.name:
        raise Invalid({"email": [said("Give an e-mail address, or a name and postcode.")]})
    place = Practice(locality="", region="", country="", postcode=words.postcode)
    draft = Draft(name=words.name, practices=(place,), email=words.email)
    if not tombstones.remembered(draft):
        raise Invalid({"name": [said("A name needs a letter or a digit.")]})
    return draft
