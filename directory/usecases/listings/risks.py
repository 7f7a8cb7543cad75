"""What makes a proposed version worth a closer look, in names, words and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.models import Draft, Listing
from directory.promises import lint
from directory.said import Said, said
from directory.usecases.listings import duplicates

IDENTITY = ("name", "suffix", "credentials", "professions")
CONTACT = ("phone", "email", "website")


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason to look closer. A `flag` must be read: it is never approved by the many."""

    label: Said
    weight: int
    flag: bool = False


RISKS: Mapping[str, Risk] = {
    "promises": Risk(said("words that promise"), 8, flag=True),
    "alike": Risk(said("may be listed already"), 8, flag=True),
    "owner": Risk(said("new practitioner"), 6, flag=True),
    "identity": Risk(said("name, training or profession changed"), 5, flag=True),
    "place": Risk(said("place changed"), 4, flag=True),
    "first": Risk(said("first time"), 3, flag=True),
    "contact": Risk(said("contact changed"), 2),
    "imported": Risk(said("from a list"), 1),
}


def reasons(session: Session, listing: Listing, content: Draft, *, on: date) -> tuple[str, ...]:
    """The names of all risks of this content, in the order of RISKS."""
    found = {*plain_reasons(listing, content)}
    if new_owner(session, listing):
        found.add("owner")
    if duplicates.likely(session, content, besides=listing.id, on=on):
        found.add("alike")
    return tuple(name for name in RISKS if name in found)


def plain_reasons(listing: Listing, content: Draft) -> tuple[str, ...]:
    """The risks that can be told without asking the database."""
    found = {
        "promises": promising(content),
        "first": listing.live is None,
        "imported": listing.import_key is not None and listing.owner_id is None,
    }
    if listing.live is not None:
        live = listing.live.content
        found["identity"] = _differ(live, content, IDENTITY)
        found["place"] = live.practices != content.practices
        found["contact"] = _differ(live, content, CONTACT)
    return tuple(name for name in RISKS if found.get(name))


def promising(content: Draft) -> bool:
    """Whether any text promises what nobody can."""
    return any(lint(text) for text in content.words.values())


def new_owner(session: Session, listing: Listing) -> bool:
    """Whether nothing of whoever keeps it was ever approved and public."""
    if listing.owner_id is None or listing.live_id is not None:
        return False
    public = exists().where(Listing.owner_id == listing.owner_id, Listing.live_id.is_not(None))
    return not session.scalar(select(public))


def weight(names: tuple[str, ...]) -> int:
    """How risky all these are together."""
    return sum(RISKS[name].weight for name in names)


def flags(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Those for which it must be read."""
    return tuple(name for name in names if name in RISKS and RISKS[name].flag)


def _differ(before: Draft, after: Draft, names: tuple[str, ...]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)
