"""What the public may see of a listing: the claims policy and freshness already applied."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from directory.freshness import ACCEPTING_HOLDS_FOR, SHOWN_FOR
from directory.models import (
    ACCESS,
    AGES,
    PRACTITIONERS,
    TIMES,
    CredentialCheck,
    Draft,
    Listing,
    Practice,
    Revision,
    State,
    Taxonomy,
)
from directory.models.offers import country_names
from directory.policies import WELLBEING, Policy
from directory.search.vocabulary import sentences_without
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.results import Badge, Check, Profile, Term

# By the slug of a credential.
Checks = Mapping[str, Check]
UNCHECKED: Checks = {}
TermsBySlug = Mapping[str, Term]


class Named(NamedTuple):
    """Where a listing stands and how it is called: "Rowan Testerly, LMT" in "Boulder, Colorado, US"."""

    slug: str
    title: str
    town: str


@dataclass(frozen=True, slots=True)
class Known:
    """The terms that profiles name, by slug."""

    professions: TermsBySlug
    conditions: TermsBySlug


@lru_cache(maxsize=2)
def _known(taxonomy: Taxonomy) -> Known:
    return Known(_by_slug(labels(taxonomy.professions)), _by_slug(labels(taxonomy.conditions)))


def profile_with(
    listing: Any,
    draft: Draft,
    finder: Finder,
    *,
    accepting: bool | None,
    checks: Checks = UNCHECKED,
) -> Profile:
    """What the profile of a listing (or a row of its columns) is, or would be, with this content.

    Where no condition may be named, no text names one.
    """
    countries = [practice.country for practice in draft.practices]
    known = _known(finder.taxonomy)
    allowed = finder.policies.strictest(countries) is not Policy.NO_CONDITIONS
    said = str if allowed else _quiet(finder)
    return Profile(
        listing_id=listing.id,
        slug=listing.slug,
        name=draft.name,
        suffix=draft.suffix,
        professions=terms(draft.professions, known.professions),
        conditions=terms(draft.conditions if allowed else (), known.conditions),
        conditions_allowed=allowed,
        credentials=_badges(draft, finder, checks),
        languages=terms(draft.languages, _languages()),
        ages=terms(draft.ages, _AGES),
        access=terms(draft.access, _ACCESS),
        practices=tuple(_said_of(practice, said) for practice in draft.shown_practices),
        about=said(draft.about),
        first_visit=said(draft.first_visit),
        background=said(draft.background),
        photo=draft.photo,
        hours=draft.hours,
        closures=tuple(one for one in draft.closures if not one.over(finder.today)),
        fees=said(draft.fees),
        sliding_scale=draft.sliding_scale,
        free_talk=draft.free_talk,
        receipts=draft.receipts,
        price=draft.price,
        times=terms(draft.times, _TIMES),
        online=draft.online,
        online_only=draft.online_only,
        serves=terms(draft.countries_served, _countries()),
        practitioner=_PRACTITIONERS.get(draft.practitioner),
        phone=draft.phone,
        email=draft.email,
        website=draft.website,
        accepting=accepting,
        confirmed_on=listing.confirmed_on,
        is_demo=listing.is_demo,
        claimable=listing.owner_id is None and not listing.is_demo,
    )


# Made once: making a statement takes longer than SQLite takes to answer it. Of columns of tables
# alone: what the ORM would look for in them takes as long again.
_listing, _revision = Listing.__table__.c, Revision.__table__.c
_PUBLIC = (
    select(
        _listing.id,
        _listing.slug,
        _listing.owner_id,
        _listing.is_demo,
        _listing.confirmed_on,
        _listing.accepting_stated_on,
        _revision.id.label("revision"),
        _revision.created_at,
    )
    .join_from(Listing.__table__, Revision.__table__, _listing.live_id == _revision.id)
    .where(_listing.state == State.LIVE, _listing.confirmed_on > bindparam("since"))
)
_LIVE = _PUBLIC.where(_listing.id.in_(bindparam("ids", expanding=True)))
_LIVE_AT = _PUBLIC.where(_listing.slug == bindparam("slug"))
_CONTENTS = select(_revision.id, _revision.content).where(
    _revision.id.in_(bindparam("revisions", expanding=True))
)
_row = CredentialCheck.__table__.c
_CHECKED = (
    select(_row.listing_id, _row.credential, _row.issuer, _row.checked_on)
    .where(
        _row.listing_id.in_(bindparam("ids", expanding=True)),
        _row.expires_on >= bindparam("on"),
        _row.ended_on.is_(None),
    )
    .order_by(_row.checked_on, _row.id)  # the newest has the last word
)


def live_profiles(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Profile]:
    """The profiles of those of the listings that the public may see, by id.

    Two SELECTs say today's truth for every one of them; a third reads what those say whose
    profile is not at hand. A revision never changes, so what was made of one is kept.
    """
    return _profiles(session, finder, _live(session, finder, ids))


def live_profile_at(session: Session, finder: Finder, slug: str) -> Profile | None:
    """The profile at this address, when the public may see it; read as `live_profiles` does."""
    asked = {"slug": slug, "since": finder.today - SHOWN_FOR}
    rows = session.execute(_LIVE_AT, asked).all()
    return next(iter(_profiles(session, finder, rows).values()), None)


def live_names(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Named]:
    """What those of the listings are called that the public may see, by id: one SELECT says who."""
    rows = _live(session, finder, ids)
    found = {row: finder.kept.get(("called", row.revision)) for row in rows}
    contents = _contents(session, [row.revision for row, named in found.items() if not named])
    for row, named in found.items():
        if named is None and row.revision in contents:
            draft = contents[row.revision]
            title = f"{draft.name}, {draft.suffix}" if draft.suffix else draft.name
            found[row] = title, draft.shown_practices[0].town
            finder.kept.put(("called", row.revision), found[row])
    return {row.id: Named(row.slug, *named) for row, named in found.items() if named}


def _live(session: Session, finder: Finder, ids: Sequence[int]) -> Sequence[Any]:
    asked = {"ids": list(ids), "since": finder.today - SHOWN_FOR}
    return session.execute(_LIVE, asked).all() if ids else ()


def _contents(session: Session, revisions: Sequence[int]) -> dict[int, Draft]:
    asked = {"revisions": revisions}
    return dict(session.execute(_CONTENTS, asked).all()) if revisions else {}


def _profiles(session: Session, finder: Finder, rows: Sequence[Any]) -> dict[int, Profile]:
    checks = checks_of(session, [row.id for row in rows], finder.today)
    by_country = tuple(finder.policies.by_country.items())
    around = (finder.today, finder.taxonomy, by_country)  # all that a profile depends on, beside:
    keys = {
        row: (*row, _holds(row, finder.today), *checks.get(row.id, UNCHECKED).items(), *around)
        for row in rows
    }
    found = {row: finder.kept.get(key) for row, key in keys.items()}
    missing = [row.revision for row, profile in found.items() if profile is None]
    contents = _contents(session, missing)
    for row, profile in found.items():
        if profile is None and row.revision in contents:
            draft = contents[row.revision]
            accepting = draft.accepting if _holds(row, finder.today) else None
            held = checks.get(row.id, UNCHECKED)
            found[row] = made = profile_with(row, draft, finder, accepting=accepting, checks=held)
            finder.kept.put(keys[row], made)
    return {row.id: profile for row, profile in found.items() if profile is not None}


def _holds(row: Any, today: date) -> bool:
    """Whether what was said about new clients holds still."""
    stated: date | None = row.accepting_stated_on
    return stated is not None and stated > today - ACCEPTING_HOLDS_FOR


def checks_of(session: Session, ids: Collection[int], on: date) -> dict[int, dict[str, Check]]:
    """The checks of credentials that hold on that day, by listing and credential: one SELECT."""
    if not ids:
        return {}
    checks: dict[int, dict[str, Check]] = {}
    for listing_id, credential, issuer, day in session.execute(
        _CHECKED, {"ids": list(ids), "on": on}
    ):
        checks.setdefault(listing_id, {})[credential] = Check(issuer, day)
    return checks


def terms(slugs: Iterable[str], known: TermsBySlug) -> tuple[Term, ...]:
    """The terms of slugs, in the same order; slugs that are no terms any more are left out."""
    return tuple(known[slug] for slug in slugs if slug in known)


def labels(terms_by_slug: Mapping[str, object]) -> dict[str, str]:
    """Labels by slug."""
    return {slug: term.label for slug, term in terms_by_slug.items()}  # type: ignore[attr-defined]


def _by_slug(labels_by_slug: Mapping[str, str]) -> TermsBySlug:
    return {slug: Term(slug, label) for slug, label in labels_by_slug.items()}


_AGES, _ACCESS, _TIMES = _by_slug(AGES), _by_slug(ACCESS), _by_slug(TIMES)
_PRACTITIONERS = _by_slug(PRACTITIONERS)


@lru_cache(maxsize=1)
def _languages() -> TermsBySlug:
    return _by_slug(language_names())


@lru_cache(maxsize=1)
def _countries() -> TermsBySlug:
    return _by_slug(country_names())


def _said_of(practice: Practice, said: Callable[[str], str]) -> Practice:
    name = said(practice.name)
    return practice if name == practice.name else replace(practice, name=name)


def _quiet(finder: Finder) -> Callable[[str], str]:
    return partial(sentences_without, finder.vocabulary, "condition", WELLBEING)


def _badges(draft: Draft, finder: Finder, checks: Checks) -> tuple[Badge, ...]:
    known = [finder.taxonomy.credentials.get(slug) for slug in draft.credentials]
    badges = [
        Badge(c.slug, c.label, c.issuer, c.kind, c.rank, checks.get(c.slug)) for c in known if c
    ]
    return tuple(sorted(badges, key=lambda badge: (-badge.rank, badge.slug)))
