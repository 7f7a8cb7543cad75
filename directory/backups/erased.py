"""Who is erased stays erased, also when a backup from before is restored.

What the database that is restored into knows of erasures is read first, and done again in what
the backup brought back. Where both have a common past, the numbers of erased rows say it all;
elsewhere what a listing was known by does, as keyed hashes.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, AuditEvent, DoNotList, Listing, Slug, State, Tombstone
from directory.photos import Album
from directory.usecases.accounts import erasing
from directory.usecases.listings import tombstones

BY = "restore"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a database knows of erasures; hashes are made with `key`, `begins` is its past."""

    key: bytes
    begins: str
    tombs: dict[str, datetime]
    unwanted: dict[str, datetime]
    listings: frozenset[int]
    accounts: frozenset[int]


def remember(session: Session, key: bytes) -> Remembered:
    """All that this database, which has the newest form, knows of erasures."""
    blank = select(Account.id, Account.email).where(Account.email.like("erased-%"))
    first = select(AuditEvent.hash).order_by(AuditEvent.id).limit(1)
    return Remembered(
        key,
        session.scalar(first) or "",
        {one.slug_hash: one.at for one in session.scalars(select(Tombstone))},
        {one.hash: one.at for one in session.scalars(select(DoNotList))},
        frozenset(session.scalars(select(Listing.id).where(Listing.state == State.ERASED))),
        frozenset(
            number for number, email in session.execute(blank) if email == f"erased-{number}"
        ),
    )


def erase(
    session: Session, known: Remembered, *, begins: str, at: datetime, key: bytes, album: Album
) -> tuple[int, int]:
    """Do erasures again; how many listings and accounts went that were back.

    `begins` and `key` are those of what was restored; files of photos go from `album` once the
    session is committed.
    """
    if known.begins and known.begins == begins:
        accounts = _accounts(session, known.accounts)
        listings = _listings(session, known.listings)
    else:
        listings, accounts = list(_by_what_it_was(session, known)), []
    erasing.erase_again(session, listings, accounts, by=BY, at=at, key=key, album=album)
    for hash_, since in known.tombs.items():
        session.merge(Tombstone(slug_hash=hash_, at=since))
    for hash_, since in known.unwanted.items():
        session.merge(DoNotList(hash=hash_, at=since))
    session.flush()
    return len(listings), len(accounts)


def _listings(session: Session, numbers: Collection[int]) -> list[int]:
    back = select(Listing.id).where(Listing.id.in_(numbers), Listing.state != State.ERASED)
    return list(session.scalars(back.order_by(Listing.id)))


def _accounts(session: Session, numbers: Collection[int]) -> list[int]:
    back = select(Account.id).where(Account.id.in_(numbers), ~Account.email.like("erased-%"))
    return list(session.scalars(back.order_by(Account.id)))


def _by_what_it_was(session: Session, known: Remembered) -> Iterator[int]:
    """The listings at an address of an erased one, and those of whoever asked not to be listed
    since: who was on that list when the backup was taken and is listed in it wanted to be."""
    before = set(session.scalars(select(DoNotList.hash)))
    since = known.unwanted.keys() - before
    for listing in _all(session):
        former = session.scalars(select(Slug.slug).where(Slug.listing_id == listing.id))
        slugs = [listing.slug, *former]
        buried = {tombstones.tomb(known.key, slug) for slug in slugs} & known.tombs.keys()
        said = [one.content for one in (listing.live, listing.pending) if one]
        marks = {mark for draft in said for mark in tombstones.asked_for(draft)}
        if buried or {tombstones.hashed(known.key, mark) for mark in marks} & since:
            yield listing.id


def _all(session: Session) -> Iterator[Listing]:
    last = 0
    while True:
        some = select(Listing).where(Listing.id > last, Listing.state != State.ERASED)
        batch = session.scalars(some.order_by(Listing.id).limit(AT_ONCE)).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].id
        session.expunge_all()
