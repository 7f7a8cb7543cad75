"""Listings for an export: those that a filter wants, as what one row each can say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, true
from sqlalchemy.orm import Session

from directory.models import Actor, Draft, Kind, Listing, PracticePlace, Revision, Role, State
from directory.usecases.audit import chain
from directory.usecases.curation import term_uses
from directory.usecases.listings.slugs import OURS

BATCH = 500
OF_A_ROSTER = "id:"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which listings; what says nothing asks for nothing. `owner` is "yes", "none" or ""."""

    state: str = ""
    country: str = ""
    profession: str = ""
    confirmed_before: date | None = None
    owner: str = ""


def count(session: Session, wanted: Filter) -> int:
    """How many listings that would be."""
    return session.scalar(_filtered(session, wanted, func.count(Listing.id))) or 0


def begin(session: Session, wanted: Filter, *, by: Actor, at: datetime) -> int:
    """Write down that somebody takes these out of the house; says how many they are."""
    by.must_be(Role.ADMIN)
    number = count(session, wanted)
    asked = {
        "state": wanted.state,
        "country": wanted.country,
        "profession": wanted.profession,
        "confirmed_before": str(wanted.confirmed_before or ""),
        "owner": wanted.owner,
    }
    given = {name: value for name, value in asked.items() if value}
    chain.record(session, "listings exported", None, by=str(by), at=at, listings=number, **given)
    return number


def stream(session: Session, wanted: Filter) -> Iterator[tuple[str, Draft]]:
    """Each one's id for importing it again, and its public content, or what waits when it has
    none; in the order of their making. Memory stays bounded."""
    last = 0
    while True:
        query = _filtered(
            session, wanted, Listing.id, Listing.import_key, Listing.slug, Revision.content
        )
        query = query.where(Listing.id > last).order_by(Listing.id).limit(BATCH)
        batch = session.execute(query).all()
        if not batch:
            return
        for _, import_key, slug, content in batch:
            yield external_id(import_key, slug), content
        last = batch[-1][0]


def external_id(import_key: str | None, slug: str) -> str:
    """The id of the roster it came from; of others one that leads back to the listing."""
    if import_key and import_key.startswith(OF_A_ROSTER):
        return import_key.removeprefix(OF_A_ROSTER)
    return f"{OURS}{slug}"


def _filtered(session: Session, wanted: Filter, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(Listing)
        .join(Revision, Revision.id == func.coalesce(Listing.live_id, Listing.pending_id))
        .where(Listing.state != State.ERASED)
    )
    if wanted.state:
        query = query.where(Listing.state == State(wanted.state))
    if wanted.country:
        here = exists().where(
            PracticePlace.revision_id == Revision.id, PracticePlace.country == wanted.country
        )
        query = query.where(here)
    if wanted.profession:
        held = term_uses.slugs_in(session, Revision.content, Kind.PROFESSION)
        query = query.join(held, true()).where(held.c.value == wanted.profession)
    if wanted.confirmed_before:
        query = query.where(Listing.confirmed_on < wanted.confirmed_before)
    if wanted.owner:
        kept = Listing.owner_id.is_not(None)
        query = query.where(kept if wanted.owner == "yes" else ~kept)
    return query
