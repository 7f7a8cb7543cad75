"""What the public may see of a listing: the claims policy and freshness already applied."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, select
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
from directory.usecases.visitors.finder import Finder, Key, Written
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.results import Badge, Check, Profile, Results, Term

# Bytes that a profile takes, with what pages make of it.
BESIDE_TEXTS, EACH_LETTER = 16_000, 5
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
    updated_at: datetime | None = None,
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
        updated_at=updated_at,
    )


# What is true of a listing today, and what was checked of it. Made once: making a statement takes
# longer than SQLite takes to answer it. Of columns of tables alone: what the ORM would look for in
# them takes as long again.
_listing, _revision, _check = Listing.__table__, Revision.__table__, CredentialCheck.__table__
_STANDING = (
    *(_listing.c.id, _listing.c.slug, _listing.c.owner_id, _listing.c.is_demo),
    *(_listing.c.confirmed_on, _listing.c.accepting_stated_on),
    *(_revision.c.id.label("revision"), _revision.c.created_at),
)
_HOLDS = and_(_check.c.expires_on >= bindparam("on"), _check.c.ended_on.is_(None))
_CHECKED = (_check.c.credential, _check.c.issuer, _check.c.checked_on)
_NEWEST_LAST = (_check.c.checked_on, _check.c.id)  # the newest has the last word
_PUBLIC = (
    select(*_STANDING, *_CHECKED)
    .join_from(_listing, _revision, _listing.c.live_id == _revision.c.id)
    .outerjoin(_check, and_(_check.c.listing_id == _listing.c.id, _HOLDS))
    .where(_listing.c.state == State.LIVE, _listing.c.confirmed_on > bindparam("since"))
    .order_by(*_NEWEST_LAST)
)
# Asked of always as many, some of them twice: a list of any length is written into the statement
# anew each time.
AT_ONCE = 20
_SOME = _PUBLIC.where(
    _listing.c.id.in_([bindparam(f"id{i}", type_=Integer) for i in range(AT_ONCE)])
)
_AT = _PUBLIC.where(_listing.c.slug == bindparam("slug"))
_CONTENTS = select(_revision.c.id, _revision.c.content).where(
    _revision.c.id.in_(bindparam("revisions", expanding=True))
)

Standing = tuple[Any, dict[str, Check]]


def live_profiles(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Profile]:
    """The profiles of those of the listings that the public may see, by id.

    One SELECT says today's truth for every one of them; a second reads what those say whose
    profile is not at hand. A revision never changes, so what was made of one is kept.
    """
    return _profiles(session, finder, _some(session, finder, ids))


def again(session: Session, finder: Finder, key: Key) -> Written | None:
    """The answer that is kept under this key, while SQL says of everybody whom the index found
    what it said when that was written down.

    The key holds all else that the answer depends on: what was asked, and `Finder.state`.
    """
    kept: Written | None = finder.kept.get(key)
    if kept is None:
        return None
    around = _around(finder)
    shown = {
        row.id: hash(_made_of(row, checks, around))
        for row, checks in _some(session, finder, list(kept.people))
    }
    return kept if kept.people == {one: shown.get(one) for one in kept.people} else None


def keep(finder: Finder, key: Key, results: Results, packed: bytes, *beside: str) -> Written:
    """Keep an answer to these results under this key, for `again`."""
    people = {number: one.made_of if one else None for number, one in results.people.items()}
    written = Written(people, packed, beside)
    finder.kept.put(key, written, written.size)
    return written


def live_profile_at(session: Session, finder: Finder, slug: str) -> Profile | None:
    """The profile at this address, when the public may see it; read as `live_profiles` does."""
    found = _profiles(session, finder, _standing(session, finder, _AT, slug=slug))
    return next(iter(found.values()), None)


def live_names(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Named]:
    """What those of the listings are called that the public may see, by id: one SELECT says who."""
    rows = [row for row, _ in _some(session, finder, ids)]
    keys = {row: ("called", row.revision, row.created_at) for row in rows}
    found = {row: finder.kept.get(key) for row, key in keys.items()}
    contents = _contents(session, [row.revision for row, named in found.items() if not named])
    for row, named in found.items():
        if named is None and row.revision in contents:
            draft = contents[row.revision]
            title = f"{draft.name}, {draft.suffix}" if draft.suffix else draft.name
            found[row] = title, draft.shown_practices[0].town
            finder.kept.put(keys[row], found[row])
    return {row.id: Named(row.slug, *named) for row, named in found.items() if named}


def _some(session: Session, finder: Finder, ids: Sequence[int]) -> list[Standing]:
    found: list[Standing] = []
    for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        numbers = {f"id{i}": some[min(i, len(some) - 1)] for i in range(AT_ONCE)}
        found += _standing(session, finder, _SOME, **numbers)
    return found


def _standing(
    session: Session, finder: Finder, statement: Select[Any], **values: object
) -> list[Standing]:
    """A row of what stands, and the checks that hold by credential, for each that is public."""
    values |= {"since": finder.today - SHOWN_FOR, "on": finder.today}
    found: dict[int, Standing] = {}
    for row in session.connection().execute(statement, values):
        _, checks = found.setdefault(row.id, (row, {}))
        if row.credential is not None:
            checks[row.credential] = Check(row.issuer, row.checked_on)
    return list(found.values())


def _profiles(session: Session, finder: Finder, standing: Sequence[Standing]) -> dict[int, Profile]:
    around = _around(finder)
    found: dict[int, Profile] = {}
    missing: dict[int, tuple[Any, dict[str, Check], tuple[object, ...]]] = {}
    for row, checks in standing:
        key = _made_of(row, checks, around)
        kept = finder.kept.get(key)
        if kept is None:
            missing[row.revision] = row, checks, key
        else:
            found[row.id] = kept
    for revision, draft in _contents(session, list(missing)).items():
        row, checks, key = missing[revision]
        accepting = draft.accepting if _holds(row, finder.today) else None
        made = profile_with(
            row, draft, finder, accepting=accepting, checks=checks, updated_at=row.created_at
        )
        found[row.id] = made = replace(made, made_of=hash(key))
        texts = len(made.about) + len(made.first_visit) + len(made.background)
        finder.kept.put(key, made, BESIDE_TEXTS + EACH_LETTER * texts)
    return found


def _around(finder: Finder) -> tuple[Any, ...]:
    return finder.today, finder.taxonomy, tuple(finder.policies.by_country.items())


def _made_of(row: Any, checks: Checks, around: tuple[Any, ...]) -> tuple[Any, ...]:
    """All that a profile depends on."""
    today, *_ = around
    return (*row[: len(_STANDING)], _holds(row, today), *checks.items(), *around)


def _contents(session: Session, revisions: Sequence[int]) -> dict[int, Draft]:
    if not revisions:
        return {}
    return dict(session.connection().execute(_CONTENTS, {"revisions": revisions}).all())


def checks_of(session: Session, ids: Collection[int], on: date) -> dict[int, dict[str, Check]]:
    """The checks of credentials that hold on that day, by listing and credential: one SELECT."""
    held = (
        select(_check.c.listing_id, *_CHECKED)
        .where(_check.c.listing_id.in_(ids), _HOLDS)
        .order_by(*_NEWEST_LAST)
    )
    checks: dict[int, dict[str, Check]] = {}
    for listing_id, credential, issuer, day in session.execute(held, {"on": on}):
        checks.setdefault(listing_id, {})[credential] = Check(issuer, day)
    return checks


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
