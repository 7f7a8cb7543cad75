"""What the public may see of a listing: the claims policy and freshness already applied."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Integer, and_, bindparam, select
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


# What is true of a listing today, and what was checked of it. Made once: making a statement takes
# longer than SQLite takes to answer it.
_check = CredentialCheck
_STANDING = (
    *(Listing.id, Listing.slug, Listing.owner_id, Listing.is_demo),
    *(Listing.confirmed_on, Listing.accepting_stated_on),
    *(Revision.id.label("revision"), Revision.created_at),
)
_HOLDS = and_(_check.expires_on >= bindparam("on"), _check.ended_on.is_(None))
_LIVE = (
    select(*_STANDING, _check.credential, _check.issuer, _check.checked_on)
    .join(Revision, Listing.live_id == Revision.id)
    .outerjoin(_check, and_(_check.listing_id == Listing.id, _HOLDS))
    .where(Listing.state == State.LIVE, Listing.confirmed_on > bindparam("since"))
    .order_by(_check.checked_on, _check.id)  # the newest has the last word
)
# Asked of always as many, some of them twice: a list of any length is written into the statement
# anew each time.
AT_ONCE = 20
_SOME_LIVE = _LIVE.where(
    Listing.id.in_([bindparam(f"id{i}", type_=Integer) for i in range(AT_ONCE)])
)
_CONTENTS = select(Revision.id, Revision.content).where(
    Revision.id.in_(bindparam("revisions", expanding=True))
)


def live_profiles(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Profile]:
    """The profiles of those of the listings that the public may see, by id.

    One SELECT says today's truth for every one of them; a second reads what those say whose
    profile is not at hand. A revision never changes, so what was made of one is kept.
    """
    if not ids:
        return {}
    today, by_country = finder.today, tuple(finder.policies.by_country.items())
    around = (today, finder.taxonomy, by_country)
    found: dict[int, Profile] = {}
    missing: dict[int, tuple[Any, dict[str, Check], tuple[object, ...]]] = {}
    for row, checks in _standing(session, ids, today).values():
        # All that a profile depends on.
        key = (*row[: len(_STANDING)], _holds(row, today), *checks.items(), *around)
        kept = finder.kept.get(key)
        if kept is None:
            missing[row.revision] = row, checks, key
        else:
            found[row.id] = kept
    for revision, draft in _contents(session, list(missing)):
        row, checks, key = missing[revision]
        accepting = draft.accepting if _holds(row, today) else None
        made = profile_with(row, draft, finder, accepting=accepting, checks=checks)
        found[row.id] = made = replace(made, updated_at=row.created_at)
        finder.kept.put(key, made)
    return found


def _standing(
    session: Session, ids: Sequence[int], today: date
) -> dict[int, tuple[Any, dict[str, Check]]]:
    """A row of what stands, and the checks that hold by credential, for each that is public."""
    connection, found = session.connection(), dict[int, tuple[Any, dict[str, Check]]]()
    for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        numbers = {f"id{i}": some[min(i, len(some) - 1)] for i in range(AT_ONCE)}
        values = {**numbers, "since": today - SHOWN_FOR, "on": today}
        for row in connection.execute(_SOME_LIVE, values):
            _, checks = found.setdefault(row.id, (row, {}))
            if row.credential is not None:
                checks[row.credential] = Check(row.issuer, row.checked_on)
    return found


def checks_of(session: Session, ids: Collection[int], on: date) -> dict[int, dict[str, Check]]:
    """The checks of credentials that hold on that day, by listing and credential: one SELECT."""
    checks: dict[int, dict[str, Check]] = {}
    for listing_id, credential, issuer, day in session.execute(
        select(_check.listing_id, _check.credential, _check.issuer, _check.checked_on)
        .where(_check.listing_id.in_(ids), _HOLDS)
        .order_by(_check.checked_on, _check.id),
        {"on": on},
    ):
        checks.setdefault(listing_id, {})[credential] = Check(issuer, day)
    return checks


def _contents(session: Session, revisions: Sequence[int]) -> Sequence[Any]:
    if not revisions:
        return ()
    return session.connection().execute(_CONTENTS, {"revisions": revisions}).all()


def _holds(row: Any, today: date) -> bool:
    """Whether what was said about new clients holds still."""
    stated: date | None = row.accepting_stated_on
    return stated is not None and stated > today - ACCEPTING_HOLDS_FOR


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
