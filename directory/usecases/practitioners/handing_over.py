"""Handing a listing that nobody keeps over to its practitioner: invited by an admin, by mail.

Whoever opens the link has the mailbox, as whoever knows a claim's code has the listed one; so
what follows is a claim that is granted. One invitation at a time, used once, for 30 days.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, NotFound
from directory.models import (
    Account,
    Actor,
    Claim,
    ClaimState,
    Handover,
    Listing,
    OutgoingMail,
    Role,
    State,
)
from directory.usecases.listings import changes, loading, tombstones
from directory.usecases.listings.fields import NOTHING_YET
from directory.usecases.mailing import outbox
from directory.usecases.practitioners import claiming, for_owners
from directory.usecases.practitioners.helping import SAME_PRESS, digest

KIND = "handed-over"
HOLDS_FOR = timedelta(days=30)
MOST_A_DAY = 3
HANDED_OVER = "handed over"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody is offered: to keep this listing."""

    listing_id: int
    title: str
    town: str
    expires_at: datetime


def invited(session: Session, listing: Listing, *, at: datetime) -> Handover | None:
    """The invitation that waits for an answer."""
    waits = select(Handover).where(
        Handover.listing_id == listing.id, Handover.invited_at > at - HOLDS_FOR
    )
    return session.scalar(waits.order_by(Handover.id.desc()).limit(1))


def invite(
    session: Session,
    listing_id: int,
    email: str,
    *,
    link_url: str,
    by: Actor,
    at: datetime,
    key: bytes,
) -> None:
    """Ask somebody to keep a listing; one that was asked before cannot any more.

    `link_url` is the address of invitations, without the token; `key` that of the do-not-list.
    Conflict when somebody keeps it, too many were asked that day, or whoever has the address
    asked not to be listed.
    """
    by.must_be(Role.ADMIN)
    listing = loading.locked(session, listing_id)
    if listing.owner_id is not None:
        raise Conflict("Somebody keeps this listing already.")
    before = invited(session, listing, at=at)
    again = before is not None and before.email.casefold() == email.casefold()
    if before is not None and again and before.invited_at > at - SAME_PRESS:
        return
    if _asked_lately(session, listing, at) >= MOST_A_DAY:
        raise Conflict("No more invitations can be sent today. Try again tomorrow.")
    if tombstones.unwanted(session, [replace(NOTHING_YET, email=email)], key=key):
        raise Conflict("Whoever has this address asked us not to be listed.")
    session.execute(delete(Handover).where(Handover.listing_id == listing.id))
    token = secrets.token_urlsafe(32)
    row = Handover(listing_id=listing.id, email=email, token=digest(token), invited_at=at)
    session.add(row)
    session.flush()
    changes.noted(session, listing, HANDED_OVER, by=by, at=at)
    outbox.send(
        session,
        KIND,
        email,
        event=f"{KIND}:{row.token}",
        at=at,
        listing_id=listing.id,
        name=listing.title if listing.newest else "",
        link=f"{link_url.rstrip('/')}/{token}",
    )


def take_back(session: Session, listing_id: int, *, by: Actor, at: datetime) -> None:
    """The link opens nothing any more; done twice, it has one effect."""
    by.must_be(Role.ADMIN)
    listing = loading.locked(session, listing_id)
    gone = delete(Handover).where(Handover.listing_id == listing.id).returning(Handover.id)
    if session.scalars(gone).all():
        changes.noted(session, listing, "handing over taken back", by=by, at=at)


def invitation(session: Session, token: str, *, at: datetime) -> Invitation:
    """What a link offers; NotFound when it is unknown, too old, taken back or used."""
    row = _row(session, token, at)
    listing = session.get_one(Listing, row.listing_id)
    content = listing.newest
    return Invitation(
        listing.id,
        listing.title if content else "",
        content.town if content else "",
        row.invited_at + HOLDS_FOR,
    )


def accept(session: Session, token: str, *, my_listing_url: str, by: Actor, at: datetime) -> int:
    """Keep the listing from now on, as the account that is signed in; says which it is.

    What was begun by hand is theirs to finish. Conflict when somebody else keeps it by now, or
    their own address is not confirmed.
    """
    listing = loading.locked(session, _row(session, token, at).listing_id)
    session.expire_all()
    row = _row(session, token, at)
    if row.listing_id != listing.id:
        raise Conflict("This listing was joined with another one just now. Try again.")
    if session.get_one(Account, by.account_id).confirmed_at is None:
        raise Conflict("Confirm your e-mail address first: the link is in our mail to you.")
    if listing.owner_id is not None:
        raise Conflict("Somebody keeps this listing already.")
    claim = Claim(
        listing_id=listing.id,
        account_id=by.account_id,
        state=ClaimState.ASKED,
        tries=0,
        words="",
        made_at=at,
    )
    session.add(claim)
    session.delete(row)
    session.flush()
    claiming.give(session, listing, claim, my_listing_url=my_listing_url, by=by, at=at)
    for_owners.hand_on(session, listing, at=at)
    return listing.id


def _row(session: Session, token: str, at: datetime) -> Handover:
    row = session.scalar(select(Handover).where(Handover.token == digest(token)))
    if row is None or row.invited_at <= at - HOLDS_FOR:
        raise NotFound("This invitation does not work any more.")
    if session.get_one(Listing, row.listing_id).state is State.ERASED:
        raise NotFound("This invitation does not work any more.")
    return row


def _asked_lately(session: Session, listing: Listing, at: datetime) -> int:
    sent = select(func.count()).where(
        OutgoingMail.listing_id == listing.id,
        OutgoingMail.kind == KIND,
        OutgoingMail.created_at > at - timedelta(days=1),
    )
    return session.scalar(sent) or 0
