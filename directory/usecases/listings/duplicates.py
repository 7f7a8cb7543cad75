"""Is this listing there already? Asked while somebody writes, so that they claim it instead.

The database does the looking, by what it can compare; only the few rows that may be the
same person are read in full. Nothing that is not public is ever named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import cos, radians
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import JSON, ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session, joinedload

from directory.freshness import SHOWN_FOR
from directory.models import (
    Actor,
    Draft,
    Listing,
    Practice,
    PracticePlace,
    Revision,
    StaffCopy,
    State,
    WorkingCopy,
)
from directory.places import Point, distance_km, fold
from directory.said import Said, said
from directory.usecases.listings import loading

NEAR_KM = 30.0
KM_PER_DEGREE = 111.2
MOST = 5
# Numbers are given with and without a country's and a trunk prefix: their ends must agree.
PHONE_END = 9
PHONE_LEAST = 7
PHONE_MARKS = " -.()/+\u00a0"
_SHORT = {
    "north": "n", "south": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln",
    "boulevard": "blvd", "court": "ct", "place": "pl", "square": "sq", "highway": "hwy",
    "parkway": "pkwy", "suite": "ste", "apartment": "apt", "floor": "fl", "building": "bldg",
    "strasse": "str", "saint": "st",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likely:
    """A public listing that may be the same person's; `claimable` when nobody keeps it yet."""

    listing_id: int
    slug: str
    name: str
    town: str
    reasons: tuple[Said, ...]
    claimable: bool


def alike(session: Session, listing_id: int, *, by: Actor, on: date) -> tuple[Likely, ...]:
    """Public listings like the one that somebody is writing; raises NotFound for others'."""
    listing = loading.mine(session, listing_id, by=by, for_owner=True)
    copy: StaffCopy | WorkingCopy | None = session.get(WorkingCopy, listing.id)
    if by.edits(listing.id):
        copy = session.get(StaffCopy, listing.id)
    content = copy.content if copy else listing.newest
    return likely(session, content, besides=listing.id, on=on) if content else ()


def likely(session: Session, draft: Draft, *, besides: int | None, on: date) -> tuple[Likely, ...]:
    """Public listings that may be this person's: same telephone, e-mail or website, or the same
    name (or part of it at the same address) nearby; most reasons first, at most five."""
    ids = {*_same_contact(session, draft, on), *_same_name(session, draft, on)} - {besides}
    found = session.scalars(
        select(Listing).options(joinedload(Listing.live)).where(Listing.id.in_(ids))
    )
    alike = [one for listing in found if (one := _compared(draft, listing)).reasons]
    return tuple(sorted(alike, key=lambda one: (-len(one.reasons), one.listing_id))[:MOST])


def phone_key(phone: str) -> str:
    """The digits that two ways to write a number share; "" when there are too few."""
    digits = "".join(char for char in phone if char.isdecimal())
    return digits[-PHONE_END:] if len(digits) >= PHONE_LEAST else ""


def website_key(website: str) -> str:
    """Host and path, however the address was typed."""
    parts = urlsplit(website.strip().casefold())
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


def address_key(address: str) -> str:
    """A street address with its usual words cut short: "300 West Main Street" is "300 W Main St."."""
    return " ".join(_SHORT.get(word, word) for word in fold(address).split())


def name_key(name: str) -> frozenset[str]:
    """The words of a name, in any order."""
    return frozenset(fold(name).split())


def _text(name: str) -> ColumnElement[str]:
    """A text of the live revision's content, by field; the database takes it out."""
    content: Any = type_coerce(Revision.content, JSON)
    return content[name].as_string()  # type: ignore[no-any-return]


def _public(on: date) -> ColumnElement[bool]:
    return and_(
        Listing.live_id == Revision.id,
        Listing.state == State.LIVE,
        Listing.confirmed_on > on - SHOWN_FOR,
    )


def _same_contact(session: Session, draft: Draft, on: date) -> Iterator[int]:
    same: list[ColumnElement[bool]] = []
    if phone := phone_key(draft.phone):
        digits = reduce(
            lambda text, mark: func.replace(text, mark, ""), PHONE_MARKS, _text("phone")
        )
        same.append(digits.like(f"%{phone}"))
    if draft.email:
        same.append(func.lower(_text("email")) == draft.email.strip().lower())
    if website := website_key(draft.website):
        ways = [
            f"{scheme}://{www}{website}{end}"
            for scheme in ("https", "http")
            for www in ("", "www.")
            for end in ("", "/")
        ]
        same.append(func.lower(_text("website")).in_(ways))
    if same:
        yield from session.scalars(select(Listing.id).where(_public(on), or_(*same)))


def _same_name(session: Session, draft: Draft, on: date) -> Iterator[int]:
    """Listings nearby that share a word of the name; the comparing is done afterwards."""
    mine = name_key(draft.name)
    near = [box for practice in draft.practices for box in _around(practice)]
    if not mine or not near:
        return
    rows = session.execute(
        select(Listing.id, _text("name"))
        .join(PracticePlace, PracticePlace.revision_id == Listing.live_id)
        .where(_public(on), or_(*near))
        .distinct()
    )
    for listing_id, name in rows:
        shared = mine & name_key(name)
        if any(len(word) > 1 for word in shared):
            yield listing_id


def _around(practice: Practice) -> Iterator[ColumnElement[bool]]:
    place = PracticePlace
    if practice.locality:
        yield and_(place.country == practice.country, place.locality == practice.locality)
    if practice.lat is not None and practice.lon is not None:
        high = NEAR_KM / KM_PER_DEGREE
        wide = min(high / max(cos(radians(practice.lat)), 0.01), 180.0)
        yield and_(
            place.lat.between(practice.lat - high, practice.lat + high),
            place.lon.between(practice.lon - wide, practice.lon + wide),
        )


def _compared(draft: Draft, listing: Listing) -> Likely:
    theirs = listing.public
    return Likely(
        listing_id=listing.id,
        slug=listing.slug,
        name=theirs.title,
        town=theirs.town,
        reasons=tuple(_reasons(draft, theirs)),
        claimable=listing.owner_id is None,
    )


def _reasons(mine: Draft, theirs: Draft) -> Iterator[Said]:
    if phone_key(mine.phone) and phone_key(mine.phone) == phone_key(theirs.phone):
        yield said("the same telephone number")
    if mine.email and mine.email.strip().casefold() == theirs.email.strip().casefold():
        yield said("the same e-mail address")
    if website_key(mine.website) and website_key(mine.website) == website_key(theirs.website):
        yield said("the same website")
    shared = name_key(mine.name) & name_key(theirs.name)
    pairs = [(a, b) for a in mine.practices for b in theirs.practices]
    if name_key(mine.name) == name_key(theirs.name) and any(_near(a, b) for a, b in pairs):
        yield said("the same name, nearby")
    if shared and any(_same_address(a, b) for a, b in pairs):
        yield said("the same address, and part of the name")


def _near(a: Practice, b: Practice) -> bool:
    if a.country == b.country and fold(a.locality) == fold(b.locality):
        return True
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    return distance_km(Point(a.lat, a.lon), Point(b.lat, b.lon)) < NEAR_KM


def _same_address(a: Practice, b: Practice) -> bool:
    # A hidden address stays hidden: that it is the same would give it away.
    if b.hide_address or not a.address:
        return False
    same = address_key(a.address) == address_key(b.address)
    return same and a.country == b.country and fold(a.locality) == fold(b.locality)
