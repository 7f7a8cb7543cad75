"""What the public may see of a listing: the claims policy and freshness already applied."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from directory.claims import WELLBEING, Policy
from directory.freshness import SHOWN_FOR
from directory.models import ACCESS, AGES, CredentialCheck, Draft, Listing, State
from directory.search.text import sentences_without
from directory.usecases.answers import Badge, Check, Face, Term
from directory.usecases.finder import Finder

# By the slug of a credential.
Checks = Mapping[str, Check]
UNCHECKED: Checks = {}


def face_of(listing: Listing, finder: Finder, checks: Checks = UNCHECKED) -> Face:
    """The public face of a live listing, with the checks that hold (see `checks_of`)."""
    draft = listing.live.content  # type: ignore[union-attr]
    accepting = listing.accepting(finder.today)
    return face_with(listing, draft, finder, accepting=accepting, checks=checks)


def face_with(
    listing: Listing,
    draft: Draft,
    finder: Finder,
    *,
    accepting: bool | None,
    checks: Checks = UNCHECKED,
) -> Face:
    """What the face of a listing is, or would be, with this content.

    Where no condition may be named, no text names one.
    """
    countries = [practice.country for practice in draft.practices]
    taxonomy = finder.taxonomy
    allowed = finder.policies.strictest(countries) is not Policy.NO_CONDITIONS
    said = str if allowed else _quiet(finder)
    return Face(
        listing_id=listing.id,
        slug=listing.slug,
        name=draft.name,
        suffix=draft.suffix,
        professions=terms(draft.professions, labels(taxonomy.professions)),
        conditions=terms(draft.conditions if allowed else (), labels(taxonomy.conditions)),
        conditions_allowed=allowed,
        credentials=_badges(draft, finder, checks),
        languages=terms(draft.languages, language_names()),
        ages=terms(draft.ages, AGES),
        access=terms(draft.access, ACCESS),
        practices=tuple(replace(p.public, name=said(p.name)) for p in draft.practices),
        about=said(draft.about),
        first_visit=said(draft.first_visit),
        background=said(draft.background),
        photo=draft.photo,
        hours=draft.hours,
        closures=tuple(one for one in draft.closures if not one.over(finder.today)),
        fees=said(draft.fees),
        sliding_scale=draft.sliding_scale,
        phone=draft.phone,
        email=draft.email,
        website=draft.website,
        accepting=accepting,
        confirmed_on=listing.confirmed_on,
        is_demo=listing.is_demo,
        claimable=listing.owner_id is None and not listing.is_demo,
    )


def live_listings(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Listing]:
    """Those of the listings that the public may see, by id: one SELECT."""
    found = session.scalars(
        select(Listing)
        .options(joinedload(Listing.live))
        .where(
            Listing.id.in_(ids),
            Listing.state == State.LIVE,
            Listing.confirmed_on > finder.today - SHOWN_FOR,
        )
    )
    return {listing.id: listing for listing in found}


def live_faces(session: Session, finder: Finder, ids: Sequence[int]) -> dict[int, Face]:
    """The faces of those of the listings that the public may see, by id: two SELECTs."""
    found = live_listings(session, finder, ids)
    checks = checks_of(session, found, finder.today)
    return {
        number: face_of(listing, finder, checks.get(number, UNCHECKED))
        for number, listing in found.items()
    }


def checks_of(session: Session, ids: Collection[int], on: date) -> dict[int, dict[str, Check]]:
    """The checks of credentials that hold on that day, by listing and credential: one SELECT."""
    if not ids:
        return {}
    row = CredentialCheck
    rows = session.execute(
        select(row.listing_id, row.credential, row.issuer, row.checked_on)
        .where(row.listing_id.in_(ids), row.expires_on >= on, row.ended_on.is_(None))
        .order_by(row.checked_on, row.id)  # the newest has the last word
    )
    checks: dict[int, dict[str, Check]] = {}
    for listing_id, credential, issuer, checked_on in rows:
        checks.setdefault(listing_id, {})[credential] = Check(issuer, checked_on)
    return checks


def terms(slugs: Iterable[str], labels: Mapping[str, str]) -> tuple[Term, ...]:
    """Slugs with their labels, in the same order; slugs that are no terms any more are left out."""
    return tuple(Term(slug, labels[slug]) for slug in slugs if slug in labels)


def labels(terms_by_slug: Mapping[str, object]) -> dict[str, str]:
    """Labels by slug."""
    return {slug: term.label for slug, term in terms_by_slug.items()}  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def language_names() -> Mapping[str, str]:
    """English names of the world's languages by ISO 639-1 code (Unicode CLDR, through Babel)."""
    names = Locale("en").languages
    return {code: name for code, name in names.items() if len(code) == 2}


def _quiet(finder: Finder) -> Callable[[str], str]:
    return partial(sentences_without, finder.vocabulary, "condition", WELLBEING)


def _badges(draft: Draft, finder: Finder, checks: Checks) -> tuple[Badge, ...]:
    known = [finder.taxonomy.credentials.get(slug) for slug in draft.credentials]
    badges = [
        Badge(c.slug, c.label, c.issuer, c.kind, c.rank, checks.get(c.slug)) for c in known if c
    ]
    return tuple(sorted(badges, key=lambda badge: (-badge.rank, badge.slug)))
