"""Whose data is where: the one registry of tables that export and erasure both go by.

Every table that points to an account or a listing is in TABLES, or in APART with the reason
why not; a test fails for one that is in neither, and for a column that nobody decided on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Table, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.db import Base
from directory.models import (
    Account,
    Claim,
    Consent,
    CredentialCheck,
    Delegate,
    Handle,
    Handover,
    ImportedRow,
    Listing,
    OutgoingMail,
    Passkey,
    Photo,
    PracticePlace,
    Report,
    ReviewLock,
    Revision,
    SignedIn,
    Slug,
    StaffCopy,
    StaffNote,
    Tally,
    Waiting,
    WorkingCopy,
)
from directory.said import Said, said


@dataclass(frozen=True, slots=True)
class Whose:
    """An account and the listings it owns, or only some listings (then `account_id` is None).

    `email` is there when it is proved to be theirs, see `proved_address`.
    """

    account_id: int | None
    email: str
    listings: tuple[int, ...]


Which = Callable[[Whose], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Owned:
    """One table with somebody's data.

    `shown` are the columns that an export holds, `kept_back` all others: secrets, and numbers
    that mean nothing outside. `rows` says which rows go when `Whose` is erased; `exported`
    which of them are the person's own to read (all, when it says nothing). A row that
    `forgets` is somebody else's too: it stays, without what names the person. A `blanked`
    table's row stays as an empty number, so that the audit trail still means the same one.
    """

    model: type[Base]
    label: Said
    rows: Which
    shown: tuple[str, ...]
    kept_back: tuple[str, ...] = ()
    exported: Which | None = None
    forgets: Mapping[str, Which] = field(default_factory=dict)
    blanked: bool = False

    @property
    def table(self) -> Table:
        return Base.metadata.tables[self.model.__tablename__]


def _of_account(column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> Which:
    def which(whose: Whose) -> ColumnElement[bool]:
        # Nobody's account has no number, and so no rows.
        return column == whose.account_id if whose.account_id is not None else false()

    return which


def _of_listings(column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> Which:
    return lambda whose: column.in_(whose.listings)


def _either(*ways: Which) -> Which:
    return lambda whose: or_(*(way(whose) for way in ways))


def _written_to(column: InstrumentedAttribute[str]) -> Which:
    return lambda whose: func.lower(column) == whose.email.lower() if whose.email else false()


# In the order in which rows can go: whoever points to another comes before it.
TABLES: tuple[Owned, ...] = (
    Owned(
        OutgoingMail,
        said("Mails we sent you"),
        rows=_either(
            _of_account(OutgoingMail.account_id),
            _of_listings(OutgoingMail.listing_id),
            _written_to(OutgoingMail.recipient),
        ),
        # What was written about a listing to somebody else is theirs.
        exported=_either(_of_account(OutgoingMail.account_id), _written_to(OutgoingMail.recipient)),
        shown=("kind", "created_at", "sent_at"),
        kept_back=(
            *("id", "event", "recipient", "values", "account_id", "listing_id"),
            *("due_at", "tries", "dead_at", "error"),
        ),
    ),
    Owned(
        Passkey,
        said("Passkeys"),
        rows=_of_account(Passkey.user_id),
        shown=(
            *("name", "usage", "device_type", "backup_state", "transports"),
            *("create_datetime", "lastuse_datetime"),
        ),
        kept_back=("id", "user_id", "credential_id", "public_key", "sign_count", "extensions"),
    ),
    Owned(
        SignedIn,
        said("Browsers that are signed in"),
        rows=_of_account(SignedIn.account_id),
        shown=("browser", "started_at", "seen_at"),
        kept_back=("id", "account_id", "key"),
    ),
    Owned(
        Claim,
        said("Requests to keep a listing"),
        rows=_either(_of_account(Claim.account_id), _of_listings(Claim.listing_id)),
        # What others told the admins about a listing is theirs.
        exported=_of_account(Claim.account_id),
        shown=("id", "listing_id", "state", "words", "made_at", "decided_at"),
        kept_back=("account_id", "code", "tries"),
    ),
    Owned(
        Delegate,
        said("Helpers and invitations"),
        rows=_either(
            _of_account(Delegate.account_id),
            _of_listings(Delegate.listing_id),
            _written_to(Delegate.email),
        ),
        shown=("listing_id", "email", "invited_at", "accepted_at"),
        kept_back=("id", "account_id", "token"),
    ),
    Owned(
        Handover,
        said("Invitations to keep a listing"),
        rows=_either(_of_listings(Handover.listing_id), _written_to(Handover.email)),
        # Who else was invited is theirs.
        exported=_written_to(Handover.email),
        shown=("listing_id", "email", "invited_at"),
        kept_back=("id", "token"),
    ),
    Owned(
        Consent,
        said("What you agreed to"),
        rows=_of_listings(Consent.listing_id),
        exported=_either(_of_account(Consent.account_id), _of_listings(Consent.listing_id)),
        forgets={"account_id": _of_account(Consent.account_id)},
        shown=("id", "listing_id", "group", "version", "given_at", "withdrawn_at"),
        kept_back=("account_id",),
    ),
    Owned(
        Report,
        said("Reports to us about a listing"),
        rows=_either(_of_listings(Report.listing_id), _written_to(Report.reply_to)),
        # What others told the admins about a listing is theirs.
        exported=_written_to(Report.reply_to),
        forgets={"taken_by": _of_account(Report.taken_by)},
        shown=("id", "kind", "words", "reply_to", "made_at", "state", "answer", "closed_at"),
        kept_back=("listing_id", "taken_by"),
    ),
    Owned(
        CredentialCheck,
        said("Checks of your credentials"),
        rows=_of_listings(CredentialCheck.listing_id),
        shown=(
            *("id", "listing_id", "credential", "issuer", "method"),
            *("checked_on", "expires_on", "ended_on"),
        ),
        kept_back=("checked_by",),
    ),
    Owned(
        StaffNote,
        said("What admins noted about your listing"),
        rows=_of_listings(StaffNote.listing_id),
        forgets={"account_id": _of_account(StaffNote.account_id)},
        shown=("id", "listing_id", "words", "is_sent", "made_at"),
        kept_back=("account_id",),
    ),
    Owned(
        ImportedRow,
        said("Lines of imported files about you"),
        rows=_of_listings(ImportedRow.listing_id),
        shown=("id", "listing_id", "line", "outcome", "name", "notes"),
        kept_back=("run_id", "before"),
    ),
    Owned(
        Waiting,
        said("Places in the queue of what waits to be read"),
        rows=_of_listings(Waiting.listing_id),
        shown=("listing_id", "revision_id", "since", "risk", "reasons"),
    ),
    Owned(
        ReviewLock,
        said("Listings being read by an admin"),
        rows=_either(_of_account(ReviewLock.account_id), _of_listings(ReviewLock.listing_id)),
        # Who reads it is the admin's.
        exported=_of_account(ReviewLock.account_id),
        shown=("listing_id", "until"),
        kept_back=("account_id",),
    ),
    Owned(
        Tally,
        said("Daily counts of views"),
        rows=_of_listings(Tally.listing_id),
        shown=("listing_id", "day", "what", "total"),
    ),
    Owned(
        Photo,
        said("Photos"),
        rows=_of_listings(Photo.listing_id),
        shown=("id", "listing_id", "width", "height", "made_at"),
    ),
    Owned(
        WorkingCopy,
        said("What you are writing"),
        rows=_of_listings(WorkingCopy.listing_id),
        shown=("listing_id", "content", "typed", "version", "saved_at"),
    ),
    Owned(
        StaffCopy,
        said("What admins are writing for you"),
        rows=_of_listings(StaffCopy.listing_id),
        forgets={"account_id": _of_account(StaffCopy.account_id)},
        shown=("listing_id", "content", "typed", "version", "saved_at"),
        kept_back=("account_id", "base_id"),
    ),
    Owned(
        Slug,
        said("Former addresses"),
        rows=_of_listings(Slug.listing_id),
        shown=("slug", "listing_id"),
    ),
    Owned(
        PracticePlace,
        said("Places of work, for every version"),
        rows=lambda whose: PracticePlace.revision_id.in_(
            select(Revision.id).where(Revision.listing_id.in_(whose.listings))
        ),
        shown=(
            *("revision_id", "position", "country", "region", "locality", "postcode"),
            *("lat", "lon", "precision", "shown"),
        ),
    ),
    Owned(
        Handle,
        said("By what our staff find each version"),
        rows=lambda whose: Handle.revision_id.in_(
            select(Revision.id).where(Revision.listing_id.in_(whose.listings))
        ),
        shown=("revision_id", "word"),
        kept_back=("kind",),
    ),
    Owned(
        Revision,
        said("Versions of your listing"),
        rows=_of_listings(Revision.listing_id),
        shown=("id", "listing_id", "content", "created_at", "decision", "decided_on", "notes"),
    ),
    Owned(
        Listing,
        said("Listings"),
        rows=_of_listings(Listing.id),
        shown=(
            *("id", "slug", "state", "live_id", "pending_id", "import_key", "is_demo"),
            *("confirmed_on", "accepting_stated_on", "created_at", "hidden_for"),
        ),
        kept_back=("owner_id",),
        blanked=True,
    ),
    Owned(
        Account,
        said("Your account"),
        rows=_of_account(Account.id),
        shown=(
            *("id", "email", "role", "created_at", "active", "confirmed_at"),
            "tf_primary_method",
        ),
        kept_back=(
            *(
                "email_key",
                "password",
                "fs_uniquifier",
                "fs_webauthn_user_handle",
                "tf_totp_secret",
            ),
            *("tf_last_counter", "mf_recovery_codes", "tf_failures", "tf_paused_until"),
        ),
        blanked=True,
    ),
)

MAILS = next(owned for owned in TABLES if owned.model is OutgoingMail)

# Tables that point to an account or listing, or hold a trace of one, and are left alone.
APART: Mapping[str, str] = {
    "audit_event": "says who did what by number alone; the number's row is blank by then",
    "index_change": "says by number which listings the index must look at again",
    "rule": "says by number which admin changed a rule of the house",
    "tombstone": "a keyed hash, kept so that the address goes on answering that it is gone",
    "do_not_list": "keyed hashes, kept because the person asked not to be listed again",
}


def whose(session: Session, account: Account) -> Whose:
    """An account with everything that goes with it."""
    owned = select(Listing.id).where(Listing.owner_id == account.id).order_by(Listing.id)
    return Whose(account.id, proved_address(account), tuple(session.scalars(owned)))


def proved_address(account: Account) -> str:
    """Its address, once that is proved to be theirs; "" until then, for anybody may sign up with
    somebody else's, and must neither read nor erase what was written to or by them."""
    return account.email if account.confirmed_at else ""


def counts(session: Session, of: Whose) -> Sequence[tuple[Said, int]]:
    """How much there is of each, in words; what there is none of is left out."""
    found = [
        (
            owned.label,
            session.scalar(select(func.count()).select_from(owned.table).where(owned.rows(of)))
            or 0,
        )
        for owned in reversed(TABLES)
    ]
    return [(label, number) for label, number in found if number]
