"""Erasure: what is somebody's goes for good, and keyed hashes alone remember that it went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.db import afterwards, fold
from directory.errors import NotFound
from directory.mail import Files
from directory.models import (
    Account,
    Actor,
    DoNotList,
    Listing,
    Photo,
    Role,
    Slug,
    State,
    Tombstone,
)
from directory.photos import Album
from directory.said import Said
from directory.usecases.accounts import ownership, roles, vouched
from directory.usecases.accounts.ownership import TABLES, Whose
from directory.usecases.audit import chain
from directory.usecases.listings import changes, loading, tombstones
from directory.usecases.mailing import copies, outbox


def at_stake(
    session: Session, listing_id: int | None = None, *, by: Actor
) -> Sequence[tuple[Said, int]]:
    """What would be gone, in words and numbers: with a listing, or with the whole account."""
    if listing_id is not None:
        listing = loading.mine(session, listing_id, by=by, as_owner=True)
        return ownership.counts(session, Whose(None, "", (listing.id,)))
    return ownership.counts(session, ownership.whose(session, _account(session, by)))


def erase_listing(
    session: Session,
    listing_id: int,
    *,
    never_again: bool = True,
    by: Actor,
    at: datetime,
    key: bytes,
    album: Album,
    letters: Files | None = None,
) -> None:
    """Erase a listing with all that belongs to it; only its owner can.

    With `never_again` no import lists its practitioner any more, as far as somebody vouched for
    who that is (see `vouched`). The files of photos and of
    `letters` (None when mail leaves otherwise) go once the transaction is committed.
    """
    # The account first: whoever asks twice at once is told the second time that it is gone.
    owner = _account(session, by)
    listing = loading.mine(session, listing_id, by=by, as_owner=True, lock=True)
    mine = Whose(None, "", (listing.id,))
    files = _Files(album, letters)
    _erase(session, mine, [listing], owner, never_again, by=by, at=at, key=key, files=files)
    outbox.send(
        session,
        "listing-erased",
        owner.email,
        event=f"listing-erased:{listing.id}",
        at=at,
        account_id=owner.id,
    )


def erase_account(
    session: Session,
    *,
    never_again: bool = True,
    by: Actor,
    at: datetime,
    key: bytes,
    album: Album,
    letters: Files | None = None,
) -> None:
    """Erase an account with its listings, and end its sessions everywhere, at once.

    What is left of it is a number without a person, so that the audit trail names nobody
    else by it. One last mail, which belongs to nobody, says that it is done. Files go as by
    `erase_listing`. Raises Conflict for the last admin.
    """
    roles.keep_an_admin(session, by.account_id)
    account = _account(session, by)
    address = account.email
    listings = _locked(session, account)
    numbers = tuple(listing.id for listing in listings)
    mine = Whose(account.id, ownership.proved_address(account), numbers)
    files = _Files(album, letters)
    _erase(session, mine, listings, account, never_again, by=by, at=at, key=key, files=files)
    _blank_account(account, at)
    session.flush()
    chain.record(session, "account erased", None, by=str(by), at=at)
    event = f"account-erased:{account.id}"
    outbox.send(session, "account-erased", address, event=event, at=at)


def erase_again(
    session: Session,
    listing_ids: Collection[int],
    account_ids: Collection[int],
    *,
    by: str,
    at: datetime,
    key: bytes,
    album: Album,
) -> None:
    """Erase what was erased once and a backup brought back: no owner asks, and no mail is sent.

    Who is not to be listed again is the caller's to remember.
    """
    for listing in session.scalars(select(Listing).where(Listing.id.in_(listing_ids))):
        if vouched.of(session, listing).was_public:
            _bury(session, listing, key, at)
        _blank_listing(listing, at)
        changes.public_changed(session, listing, "erased", by=by, at=at)
        session.flush()
        mine = Whose(None, "", (listing.id,))
        _Files(album, None).remove(session, mine, key)
        _clear(session, mine)
    for account in session.scalars(select(Account).where(Account.id.in_(account_ids))):
        mine = Whose(account.id, ownership.proved_address(account), ())
        _blank_account(account, at)
        session.flush()
        chain.record(session, "account erased", None, by=by, at=at)
        _clear(session, mine)


def _account(session: Session, by: Actor) -> Account:
    # Whoever writes to a listing of its need not wait for us, as we may for them.
    account = session.get(Account, by.account_id, with_for_update=loading.OURS_ALONE)
    if account is None or not account.active:
        raise NotFound("There is no such account.")
    return account


def _locked(session: Session, account: Account) -> Sequence[Listing]:
    """The listings that it owns, as they are now and ours alone: one that somebody else erased,
    merged or got meanwhile is not among them."""
    owned = select(Listing).where(Listing.owner_id == account.id).order_by(Listing.id)
    fresh = owned.with_for_update(key_share=True)
    fresh = fresh.execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def _erase(
    session: Session,
    mine: Whose,
    listings: Sequence[Listing],
    owner: Account,
    never_again: bool,
    *,
    by: Actor,
    at: datetime,
    key: bytes,
    files: "_Files",
) -> None:
    """For listings that are locked."""
    proved = ownership.proved_address(owner)
    marks = {tombstones.email_mark(proved)} if proved else set[str]()
    # The record is read for all of them before anything is added to it.
    for listing, known in [(one, vouched.of(session, one)) for one in listings]:
        marks |= known.marks
        if known.was_public:
            _bury(session, listing, key, at)
        _blank_listing(listing, at)
        changes.public_changed(session, listing, "erased", by=by, at=at)
    if never_again:
        for mark in sorted(marks):
            session.merge(DoNotList(hash=tombstones.hashed(key, mark), at=at))
    session.flush()
    files.remove(session, mine, key)
    engine = session.get_bind().engine
    afterwards(session, lambda: fold(engine))
    _clear(session, mine)


@dataclass(frozen=True, slots=True)
class _Files:
    """What lies outside of the database: portraits, and letters that left as files."""

    album: Album
    letters: Files | None

    def remove(self, session: Session, mine: Whose, key: bytes) -> None:
        """Delete, once all is committed, the files of what is there now."""
        of_mine = Photo.listing_id.in_(mine.listings)
        pictures = session.scalars(select(Photo.id).where(of_mine)).all()
        afterwards(session, lambda: self.album.remove(*pictures))
        copies.remove(session, self.letters, ownership.MAILS.rows(mine), key=key)


def _clear(session: Session, mine: Whose) -> None:
    """Delete, by the registry, every row but those that stay blank."""
    for owned in TABLES:
        for column, which in owned.forgets.items():
            session.execute(update(owned.table).where(which(mine)).values({column: None}))
        if not owned.blanked:
            session.execute(delete(owned.table).where(owned.rows(mine)))
    session.expire_all()


def _bury(session: Session, listing: Listing, key: bytes, at: datetime) -> None:
    former = session.scalars(select(Slug.slug).where(Slug.listing_id == listing.id))
    for slug in (listing.slug, *former):
        session.merge(Tombstone(slug_hash=tombstones.tomb(key, slug), at=at))


def _blank_listing(listing: Listing, at: datetime) -> None:
    listing.state = State.ERASED
    listing.slug = f"erased-{listing.id}"
    listing.live = listing.pending = None
    listing.owner_id = listing.import_key = listing.accepting_stated_on = None
    listing.hidden_for = None
    listing.is_demo = False
    listing.confirmed_on, listing.created_at = at.date(), at


def _blank_account(account: Account, at: datetime) -> None:
    # No address has no "@": nobody signs in with it, or signs up for it.
    account.email = f"erased-{account.id}"
    account.role, account.active = Role.PRACTITIONER, False
    account.created_at, account.confirmed_at = at, None
    account.password = account.tf_primary_method = account.tf_totp_secret = None
    account.tf_last_counter = account.mf_recovery_codes = account.tf_paused_until = None
    account.tf_failures = 0
    account.fs_uniquifier, account.fs_webauthn_user_handle = uuid4().hex, None
