"""One listing as an admin reads it: what differs, what to look at closer, and what was before."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Conflict
from directory.models import (
    Account,
    Actor,
    AuditEvent,
    Draft,
    Listing,
    Revision,
    Role,
)
from directory.promises import lint
from directory.said import Said, said
from directory.usecases.audit import trail
from directory.usecases.listings import duplicates, loading, risks
from directory.usecases.listings.duplicates import Likely
from directory.usecases.listings.fields import FIELDS, WHOLE
from directory.usecases.moderation import differences, queue, review_locks
from directory.usecases.moderation.differences import Difference
from directory.usecases.moderation.queue import Row
from directory.usecases.practitioners import consenting
from directory.usecases.practitioners.consenting import GROUPS
from directory.usecases.practitioners.status import EVENTS
from directory.usecases.visitors import profiles
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.results import Profile

EVENTS_SHOWN = 20
SHORTENERS = frozenset(
    {"bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "cutt.ly", "rb.gy", "tiny.cc"}
)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at closer, about a field. A `stop` makes approving impossible."""

    field: str
    words: Said
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Twin:
    """A public listing that may be the same person's, with what it says."""

    likely: Likely
    content: Draft


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened. `who` is an address, or a role's words; `notes` by field."""

    at: datetime
    who: str | Said
    what: str | Said
    notes: tuple[tuple[Said, str], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """All that the page shows of a listing that waits.

    `profile` is what the public would see. `owner` is the address of whoever keeps it, "" when
    nobody does; `heard` says that a mail reaches them.
    """

    row: Row
    slug: str
    content: Draft
    public: bool
    owner: str
    heard: bool
    differences: tuple[Difference, ...]
    concerns: tuple[Concern, ...]
    twins: tuple[Twin, ...]
    past: tuple[Past, ...]
    profile: Profile

    @property
    def stopped(self) -> bool:
        """Whether it cannot be approved as it is."""
        return any(one.stop for one in self.concerns)


def review(session: Session, listing_id: int, finder: Finder, *, by: Actor, at: datetime) -> Review:
    """What waits of this listing; NotFound when there is no such listing, Conflict when
    nothing of it waits any more."""
    by.must_be(Role.REVIEWER)
    listing, content = _waiting(session, listing_id)
    row = queue.rows(session, [listing_id], by=by, at=at).get(listing_id)
    owner = loading.owner(session, listing)
    live = listing.live.content if listing.live else None
    checks = profiles.checks_of(session, [listing.id], at.date()).get(listing.id, {})
    profile = profiles.profile_with(
        listing, content, finder, accepting=content.accepting, checks=checks
    )
    return Review(
        row=row or _without_entry(session, listing, content, by=by, at=at),
        slug=listing.slug,
        content=content,
        public=listing.shown(at.date()),
        owner=owner.email if owner else "",
        heard=loading.is_heard(session, listing),
        differences=differences.between(live, content),
        concerns=tuple(_concerns(session, listing, content, owner, checks)),
        twins=_twins(session, listing, content, at.date()),
        past=_past(session, listing),
        profile=replace(profile, confirmed_on=at.date()),
    )


def obstacles(session: Session, row: Row, *, by: Actor, at: datetime) -> tuple[Said, ...]:
    """Why something that waits may not be approved without being read; () when it may be.

    It asks afresh: an entry's reasons are of the day on which it came.
    """
    by.must_be(Role.REVIEWER)
    listing, content = _waiting(session, row.listing_id)
    fresh = risks.reasons(session, listing, content, on=at.date())
    names = [name for name in risks.RISKS if name in fresh or name in row.reasons]
    found = [risks.RISKS[name].label for name in risks.flags(names)]
    if row.reader and not row.reader.mine:
        found.append(said("%(who)s is reading it", who=row.reader.email))
    return (*found, *(one.words for one in _stops(session, listing, content)))


def _waiting(session: Session, listing_id: int) -> tuple[Listing, Draft]:
    listing = loading.seen(session, listing_id)
    if listing.pending is None:
        raise Conflict("This was decided or taken back by now.")
    return listing, listing.pending.content


def _without_entry(
    session: Session, listing: Listing, content: Draft, *, by: Actor, at: datetime
) -> Row:
    """What waits and is not in the queue yet, as it will be there."""
    live, pending = listing.live, listing.pending
    return Row(
        listing_id=listing.id,
        revision_id=pending.id if pending else 0,
        title=content.title,
        professions=content.professions,
        town=content.town,
        since=pending.created_at if pending else at,
        reasons=risks.reasons(session, listing, content, on=at.date()),
        first=live is None,
        changed=(),
        reader=review_locks.reader(session, listing.id, by=by, at=at),
    )


def _concerns(
    session: Session,
    listing: Listing,
    content: Draft,
    owner: Account | None,
    checked: Collection[str],
) -> Iterator[Concern]:
    yield from _stops(session, listing, content)
    for name, text in content.words.items():
        for flag in lint(text):
            words = said(
                "“%(words)s” promises what nobody can. It could say “%(rewrite)s”.",
                words=flag.words,
                rewrite=flag.rewrite,
            )
            yield Concern(name, words)
    if owner is not None and owner.confirmed_at is None:
        yield Concern(WHOLE, said("Whoever wrote it has not confirmed their e-mail address."))
    unchecked = len(set(content.credentials).difference(checked))
    if unchecked:
        yield Concern("credentials", said("Stated, not checked: %(num)s.", num=unchecked))
    for field, look in LOOKS.items():
        yield from (Concern(field, words) for words in look(content))


def _stops(session: Session, listing: Listing, content: Draft) -> Iterator[Concern]:
    """What must be settled before it can be public at all."""
    if not content.placed:
        yield Concern("practices", said("a place is not on the map yet"), stop=True)
    if listing.owner_id is not None:
        missing = consenting.missing(session, listing.id, content)
        if missing:
            what = ", ".join(str(GROUPS[name].label) for name in missing)
            yield Concern(WHOLE, said("no leave to publish: %(what)s", what=what), stop=True)


def _phone(content: Draft) -> Iterator[Said]:
    countries = [practice.country for practice in content.practices]
    if not content.phone or not countries:
        return
    try:
        number = phonenumbers.parse(content.phone, countries[0])
    except phonenumbers.NumberParseException:
        yield said("This does not read as a telephone number.")
        return
    if not phonenumbers.is_valid_number(number):
        yield said("Nobody can have this number.")
        return
    country = phonenumbers.region_code_for_number(number)
    if country not in countries:
        yield said("The number is of another country: %(country)s.", country=country or "?")


def _website(content: Draft) -> Iterator[Said]:
    if not content.website:
        return
    parts = urlsplit(content.website)
    host = (parts.hostname or "").removeprefix("www.")
    if _is_address(host):
        yield said("The website is a bare address of a computer.")
    if "xn--" in host or not host.isascii():
        yield said("The website's name has letters that may be mistaken for others.")
    if host in SHORTENERS:
        yield said("The website is a short link; nobody sees where it leads.")
    if parts.username or parts.port:
        yield said("The website's address has unusual parts.")
    if parts.scheme == "http":
        yield said("The website is not encrypted (http).")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _places(content: Draft) -> Iterator[Said]:
    for practice in content.practices:
        if practice.precision == "locality":
            yield said("Known only to the town: %(town)s.", town=practice.locality)


LOOKS: Mapping[str, Callable[[Draft], Iterator[Said]]] = {
    "phone": _phone,
    "website": _website,
    "practices": _places,
}


def _twins(session: Session, listing: Listing, content: Draft, on: date) -> tuple[Twin, ...]:
    likely = duplicates.likely(session, content, besides=listing.id, on=on)
    there = select(Listing).where(Listing.id.in_([one.listing_id for one in likely]))
    says = {one.id: one.live.content for one in session.scalars(there) if one.live}
    return tuple(Twin(one, says[one.listing_id]) for one in likely)


def _past(session: Session, listing: Listing) -> tuple[Past, ...]:
    events = trail.of_listing(session, listing.id, most=EVENTS_SHOWN)
    names = _names(session, listing, events)
    wanted = [event.detail.get("revision") for event in events]
    revisions = select(Revision).where(Revision.listing_id == listing.id, Revision.id.in_(wanted))
    notes = {one.id: one.notes for one in session.scalars(revisions)}
    return tuple(
        Past(
            at=event.at,
            who=names.get(event.actor, event.actor),
            what=EVENTS.get(event.action, event.action),
            notes=_noted(event, notes.get(event.detail.get("revision", 0)) or {}),
        )
        for event in events
    )


def _noted(event: AuditEvent, notes: Mapping[str, str]) -> tuple[tuple[Said, str], ...]:
    told = event.action in ("sent back", "rejected")
    return tuple((FIELDS[name], words) for name, words in notes.items() if told and name in FIELDS)


def _names(
    session: Session, listing: Listing, events: Sequence[AuditEvent]
) -> dict[str, str | Said]:
    """Who is behind the numbers that the audit trail knows."""
    return trail.addresses(session, events) | {f"account {listing.owner_id}": said("The owner")}
