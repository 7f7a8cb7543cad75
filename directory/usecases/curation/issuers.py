"""Many checks at once, by an issuer's own roster: the difference first, then what was seen of it.

The difference names people; the plan that is carried out holds numbers alone, so that it can
travel through a page.
"""

import enum
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, func, select, type_coerce
from sqlalchemy.orm import Session

from directory.errors import Invalid, NotFound
from directory.models import Account, Actor, CredentialCheck, Listing, Revision, Role, State
from directory.said import Said, said
from directory.usecases.curation import credentials
from directory.usecases.listings.duplicates import name_key

Begin = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Holder:
    """One line of a roster; with `errors` nothing else is to be relied on."""

    line: int
    name: str
    email: str = ""
    number: str = ""
    credential: str = ""
    expires_on: date = date.min
    errors: tuple[str, ...] = ()


class Fate(enum.Enum):
    """What a line means for us. BY_NAME: like CHECK, but only the name tells who it is."""

    CHECK = "check"
    BY_NAME = "by name"
    LAPSE = "lapse"
    UNCHANGED = "unchanged"
    UNSTATED = "unstated"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Found:
    """A line, or (line 0) a check that holds with us and is not in the roster.

    `check_id` is the check that would end.
    """

    line: int
    name: str
    fate: Fate
    credential: str = ""
    expires_on: date | None = None
    listing_id: int = 0
    check_id: int = 0
    notes: tuple[Said | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What a roster would change; `issuer` is whose it is."""

    issuer: str
    found: tuple[Found, ...]

    def of(self, fate: Fate) -> tuple[Found, ...]:
        """All that share a fate, in the order of the file."""
        return tuple(one for one in self.found if one.fate is fate)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: checks as (listing, credential, last day), and checks to end by number."""

    issuer: str
    to_check: tuple[tuple[int, str, date], ...]
    to_end: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """How many were checked and ended, and how many could not be: they changed meanwhile."""

    checked: int
    ended: int
    skipped: int


@dataclass(frozen=True, slots=True)
class _Known:
    listing_id: int
    title: str
    credentials: frozenset[str]


class _Book:
    """All listings with content, as a roster may name them: by address, number or name."""

    def __init__(self, session: Session) -> None:
        self.by_mark: dict[tuple[str, object], set[int]] = {}
        self.known: dict[int, _Known] = {}
        content: Any = type_coerce(Revision.content, JSON)
        rows = session.execute(
            select(
                Listing.id,
                Listing.import_key,
                func.lower(Account.email),
                content["name"].as_string(),
                func.lower(content["email"].as_string()),
                content["credentials"].as_json(),
            )
            .join(Revision, Revision.id == Listing.live_id)
            .outerjoin(Account, Account.id == Listing.owner_id)
            .where(Listing.state != State.ERASED, Listing.is_demo.is_(False))
        )
        for listing_id, import_key, owner, name, email, stated in rows:
            self.known[listing_id] = _Known(listing_id, name, frozenset(stated))
            for sort, mark in (
                ("@", owner),
                ("@", email),
                ("#", import_key),
                ("n", name_key(name)),
            ):
                if mark:
                    self.by_mark.setdefault((sort, mark), set()).add(listing_id)

    def find(self, holder: Holder) -> tuple[set[int], bool]:
        """Whom a line may mean, and whether only the name says so."""
        sure: set[int] = set()
        if holder.email:
            sure |= self.by_mark.get(("@", holder.email.lower()), set())
        if holder.number:
            sure |= self.by_mark.get(("#", f"id:{holder.number}"), set())
        if sure:
            return sure, False
        return self.by_mark.get(("n", name_key(holder.name)), set()), True


def compare(
    session: Session, holders: Sequence[Holder], issuer: str, *, by: Actor, on: date
) -> Difference:
    """What the roster would change; nothing is changed yet."""
    by.must_be(Role.ADMIN)
    if not issuer.strip() or len(issuer) > credentials.LONGEST_ISSUER:
        raise Invalid({"issuer": [said("Say whose roster it is.")]})
    book, holding = _Book(session), _holding(session, on)
    lines = [_fate(holder, book, holding, issuer, on) for holder in holders]
    named = {(one.listing_id, one.credential) for one in lines if one.listing_id}
    terms = {holder.credential for holder in holders if not holder.errors}
    missing = (
        Found(0, book.known[listing_id].title, Fate.LAPSE, credential, None, listing_id, check.id)
        for (listing_id, credential), check in holding.items()
        if check.issuer == issuer
        and credential in terms
        and (listing_id, credential) not in named
        and listing_id in book.known
    )
    return Difference(issuer, (*lines, *missing))


def plan(difference: Difference, *, by_name: bool, lapse: bool) -> Plan:
    """What to do of it: also those found by name alone, also ending what the roster lacks."""
    fates = (Fate.CHECK, Fate.BY_NAME) if by_name else (Fate.CHECK,)
    wanted = (one for fate in fates for one in difference.of(fate))
    to_check = tuple(
        (one.listing_id, one.credential, one.expires_on) for one in wanted if one.expires_on
    )
    ending = tuple(
        one.check_id for one in difference.of(Fate.LAPSE) if one.check_id and (lapse or one.line)
    )
    return Plan(difference.issuer, to_check, ending)


def apply(begin: Begin, wanted: Plan, *, by: Actor, at: datetime) -> Done:
    """Carry a plan out, each listing in a transaction of its own; the same again changes nothing."""
    by.must_be(Role.ADMIN)
    checked = ended = 0
    for listing_id, credential, expires_on in wanted.to_check:
        with suppress(Invalid, NotFound), begin() as session:
            credentials.record(
                session,
                listing_id,
                credential,
                issuer=wanted.issuer,
                method=credentials.BY_ROSTER,
                expires_on=expires_on,
                by=by,
                at=at,
            )
            checked += 1
    for check_id in wanted.to_end:
        with suppress(NotFound), begin() as session:
            credentials.end(session, check_id, by=by, at=at)
            ended += 1
    return Done(checked, ended, len(wanted.to_check) + len(wanted.to_end) - checked - ended)


Holding = dict[tuple[int, str], CredentialCheck]


def _holding(session: Session, on: date) -> Holding:
    row = CredentialCheck
    current = select(row).where(row.ended_on.is_(None), row.expires_on >= on).order_by(row.id)
    return {(one.listing_id, one.credential): one for one in session.scalars(current)}


def _fate(holder: Holder, book: _Book, holding: Holding, issuer: str, on: date) -> Found:
    def found(fate: Fate, listing_id: int = 0, check_id: int = 0, *notes: Said | str) -> Found:
        last = holder.expires_on if fate is not Fate.FAILED else None
        return Found(
            *(holder.line, holder.name, fate, holder.credential),
            *(last, listing_id, check_id, notes),
        )

    if holder.errors:
        return found(Fate.FAILED, 0, 0, *holder.errors)
    meant, by_name_alone = book.find(holder)
    stating = {one for one in meant if holder.credential in book.known[one].credentials}
    if len(stating) != 1:
        if stating:
            names = ", ".join(str(one) for one in sorted(stating))
            return found(Fate.AMBIGUOUS, 0, 0, said("Listings %(ids)s", ids=names))
        return found(Fate.UNSTATED, min(meant)) if meant else found(Fate.NOT_FOUND)
    (listing_id,) = stating
    notes = tuple(_doubts(holder, book.known[listing_id]))
    held = holding.get((listing_id, holder.credential))
    if holder.expires_on <= on:
        over = said("Past its last day")
        if held:
            return found(Fate.LAPSE, listing_id, held.id, over)
        return found(Fate.UNCHANGED, listing_id, 0, over)
    if held and (held.issuer, held.expires_on) == (issuer, holder.expires_on):
        return found(Fate.UNCHANGED, listing_id)
    doubtful = by_name_alone or bool(notes)
    return found(Fate.BY_NAME if doubtful else Fate.CHECK, listing_id, 0, *notes)


def _doubts(holder: Holder, known: _Known) -> Iterator[Said]:
    if not name_key(holder.name) & name_key(known.title):
        yield said("The listing has another name: %(name)s", name=known.title)
