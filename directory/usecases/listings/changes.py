"""The one teller of what changed: the audit trail, the index, and whoever owns the listing."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from directory.models import Actor, IndexChange, Listing
from directory.usecases.audit import chain
from directory.usecases.listings import loading
from directory.usecases.mailing import outbox


class Teller(Protocol):
    """How a change of a listing is written down."""

    def __call__(
        self,
        session: Session,
        listing: Listing,
        verb: str,
        *,
        by: Actor | str,
        at: datetime,
        **detail: object,
    ) -> None: ...


def public_changed(
    session: Session,
    listing: Listing,
    verb: str,
    *,
    by: Actor | str,
    at: datetime,
    **detail: object,
) -> None:
    """Write down that the public face of a listing changed, and tell the index, once.

    To be called in the transaction that changes it, when the listing has its id.
    """
    chain.record(session, verb, listing.id, by=str(by), at=at, **detail)
    session.add(IndexChange(listing_id=listing.id, at=at))


def noted(
    session: Session,
    listing: Listing,
    verb: str,
    *,
    by: Actor | str,
    at: datetime,
    **detail: object,
) -> None:
    """Write down what was done with a listing where the public sees nothing of it."""
    chain.record(session, verb, listing.id, by=str(by), at=at, **detail)


def write_to_owner(
    session: Session,
    listing: Listing,
    kind: str,
    *,
    event: str,
    at: datetime,
    after: timedelta = timedelta(),
    **values: str,
) -> None:
    """Queue a mail to whoever owns a listing (see `outbox.send`); nobody, or a disabled account,
    is written to."""
    owner = loading.owner(session, listing)
    if owner is not None and owner.active:
        outbox.send(
            session,
            kind,
            owner.email,
            event=event,
            at=at,
            after=after,
            account_id=owner.id,
            listing_id=listing.id,
            **values,
        )
