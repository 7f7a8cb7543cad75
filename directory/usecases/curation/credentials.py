"""Checks of credentials: somebody of ours asked whoever gave one, and for how long that holds.

A check speaks only of a credential that the listing itself states. Nobody has to end one:
past its last day it says nothing any more (see `profiles.checks_of`). The index knows of none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Invalid, NotFound
from directory.models import Actor, Credential, CredentialCheck, Listing, Role
from directory.said import Said, said
from directory.usecases.audit import chain
from directory.usecases.listings import loading

LONGEST_ISSUER = 120
LONGEST_HOLDS = timedelta(days=366 * 5)
USUALLY_HOLDS = timedelta(days=365)
BY_ROSTER = "roster"
METHODS: Mapping[str, Said] = {
    "register": said("Looked up in the issuer’s public register"),
    "issuer": said("The issuer told us"),
    "certificate": said("Saw the certificate"),
    BY_ROSTER: said("The issuer’s roster"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A credential as one listing states it; `checks` newest first, `holds` the one that shows."""

    slug: str
    label: str
    issuer: str
    checks: tuple[CredentialCheck, ...]
    holds: CredentialCheck | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A listing with its credentials, for whoever checks them."""

    listing_id: int
    slug: str
    title: str
    stated: tuple[Stated, ...]


def of_listing(session: Session, listing_id: int, *, by: Actor, on: date) -> Checked:
    """What a listing states, and what was checked of it so far."""
    by.must_be(Role.REVIEWER)
    listing = _listing(session, listing_id)
    content = (listing.live or listing.pending or listing.revisions[-1]).content
    rows = session.scalars(
        select(CredentialCheck)
        .where(CredentialCheck.listing_id == listing.id)
        .order_by(CredentialCheck.checked_on.desc(), CredentialCheck.id.desc())
    ).all()
    terms = session.scalars(select(Credential).where(Credential.slug.in_(_stated(listing))))
    stated = (_of_term(term, rows, on) for term in terms)
    ordered = tuple(sorted(stated, key=lambda one: one.label))
    return Checked(listing.id, listing.slug, content.title, ordered)


def record(
    session: Session,
    listing_id: int,
    credential: str,
    *,
    issuer: str,
    method: str,
    expires_on: date,
    by: Actor,
    at: datetime,
) -> CredentialCheck:
    """Write down a check made today; it takes the place of what held before.

    The same again on the same day changes nothing. Raises Invalid for a credential that the
    listing does not state, and for a last day that is past or too far off.
    """
    by.must_be(Role.REVIEWER)
    listing = _listing(session, listing_id, lock=True)
    _refuse_wrong(listing, credential, issuer, method, expires_on, at.date())
    before = _current(session, listing.id, credential, at.date())
    said_now = (issuer, method, expires_on, at.date())
    for one in before:
        if (one.issuer, one.method, one.expires_on, one.checked_on) == said_now:
            return one
        one.ended_on = at.date()
    made = CredentialCheck(
        listing_id=listing.id,
        credential=credential,
        issuer=issuer,
        method=method,
        checked_by=str(by),
        checked_on=at.date(),
        expires_on=expires_on,
    )
    session.add(made)
    session.flush()
    chain.record(
        session,
        "credential checked",
        listing.id,
        by=str(by),
        at=at,
        check=made.id,
        credential=credential,
        until=expires_on.isoformat(),
    )
    return made


def end(session: Session, check_id: int, *, by: Actor, at: datetime) -> int:
    """A check holds no longer, from now on; ended twice, it ended once. Says of which listing."""
    by.must_be(Role.REVIEWER)
    check = session.get(CredentialCheck, check_id)
    if check is not None:
        loading.locked_many(session, [check.listing_id])
        check = session.get(CredentialCheck, check_id, populate_existing=True)
    if check is None:
        raise NotFound("There is no such check.")
    if check.ended_on is None:
        check.ended_on = at.date()
        chain.record(
            session,
            "check ended",
            check.listing_id,
            by=str(by),
            at=at,
            check=check.id,
            credential=check.credential,
        )
    return check.listing_id


def _of_term(term: Credential, rows: Sequence[CredentialCheck], on: date) -> Stated:
    mine = tuple(row for row in rows if row.credential == term.slug)
    holding = (row for row in mine if row.ended_on is None and row.expires_on >= on)
    return Stated(term.slug, term.label, term.issuer, mine, next(holding, None))


def _listing(session: Session, listing_id: int, *, lock: bool = False) -> Listing:
    take = loading.locked if lock else loading.seen
    listing = take(session, listing_id)
    if not listing.revisions:
        raise NotFound("This listing states nothing yet.")
    return listing


def _stated(listing: Listing) -> set[str]:
    versions = [revision for revision in (listing.live, listing.pending) if revision]
    return {slug for revision in versions for slug in revision.content.credentials}


def _current(
    session: Session, listing_id: int, credential: str, on: date
) -> Sequence[CredentialCheck]:
    row = CredentialCheck
    return session.scalars(
        select(row).where(
            row.listing_id == listing_id,
            row.credential == credential,
            row.ended_on.is_(None),
            row.expires_on >= on,
        )
    ).all()


def _refuse_wrong(
    listing: Listing, credential: str, issuer: str, method: str, expires_on: date, today: date
) -> None:
    wrong: dict[str, list[Said]] = {}
    if credential not in _stated(listing):
        wrong["credential"] = [said("The listing does not state this credential.")]
    if not issuer.strip() or len(issuer) > LONGEST_ISSUER:
        wrong["issuer"] = [said("Say with whom, in at most %(most)s letters.", most=LONGEST_ISSUER)]
    if method not in METHODS:
        wrong["method"] = [said("Say how it was checked.")]
    if not today < expires_on <= today + LONGEST_HOLDS:
        wrong["expires_on"] = [said("The last day must lie ahead, and within five years.")]
    if wrong:
        raise Invalid(wrong)
