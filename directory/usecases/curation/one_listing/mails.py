"""Mails about a listing, as far as they are kept: what about, when, and what became of them.

Once a mail has left, its words are forgotten: what links in it open, only its reader shall open.
So of those that wait, too, nothing is shown but what one of us wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, Delegate, Listing, OutgoingMail
from directory.said import Said, said
from directory.usecases.listings import loading

MAILS_SHOWN = 30
OWNER, HELPER = said("The owner"), said("A helper")
LISTED, SOMEBODY_ELSE = said("The listed address"), said("Somebody else")
# What the mails about a listing are about; their own subjects go when they leave.
ABOUT: Mapping[str, Said] = {
    "accepting-lapsed": said("Whether they take new clients"),
    "approved": said("Their listing is public"),
    "changes-asked": said("Changes asked for"),
    "claim-asked": said("To the admins: somebody asks to keep it"),
    "claim-code": said("A code for whoever claims it"),
    "claim-granted": said("Their claim was granted"),
    "claim-refused": said("Their claim was refused"),
    "edited-for-you": said("An admin changed something for them"),
    "handed-over": said("An invitation to keep it"),
    "helper-invited": said("An invitation to help with it"),
    "hidden-for-age": said("Out of sight: not confirmed for a year"),
    "listing-closed-question": said("Whether it has closed"),
    "listing-hidden": said("Their listing is hidden"),
    "message": said("A message from us"),
    "published-at-once": said("A change is public"),
    "rejected": said("Not accepted for publication"),
    "report-answered": said("An answer to whoever reported"),
    "still-right": said("Whether all is still right"),
    "still-right-last": said("Whether all is still right, for the last time"),
    "still-right-lower": said("Whether all is still right, once more"),
    "submitted": said("We have what they sent in"),
}
# Which of a mail's values one of us wrote, by kind.
OUR_WORDS: Mapping[str, str] = {
    "changes-asked": "notes",
    "rejected": "notes",
    "listing-hidden": "reason",
    "message": "words",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `left_at` and `died_at` say what became of it: without either, it waits.

    `to` is a role, for whoever reports or claims is nobody's business here, and `error` is only
    there when it is known whose mailbox it is about. `words` is what one of us wrote in it, ""
    once that is forgotten.
    """

    about: str | Said
    to: Said
    made_at: datetime
    left_at: datetime | None
    died_at: datetime | None
    error: str
    words: str


def mails(session: Session, listing: Listing) -> tuple[Mail, ...]:
    """The newest mails about a listing, whoever got them."""
    mine = select(OutgoingMail).where(OutgoingMail.listing_id == listing.id)
    rows = session.scalars(mine.order_by(OutgoingMail.id.desc()).limit(MAILS_SHOWN))
    known = _readers(session, listing)
    return tuple(_mail(row, known.get(row.recipient.casefold())) for row in rows)


def _mail(row: OutgoingMail, reader: Said | None) -> Mail:
    return Mail(
        about=row.values.get("subject", "") or ABOUT.get(row.kind, row.kind),
        to=reader or SOMEBODY_ELSE,
        made_at=row.created_at,
        left_at=row.sent_at,
        died_at=row.dead_at,
        error=row.error if reader else "",
        words=row.values.get(OUR_WORDS.get(row.kind, ""), ""),
    )


def _readers(session: Session, listing: Listing) -> Mapping[str, Said]:
    """Whose mailboxes are known here, the owner's before all others."""
    shown = listing.newest.email if listing.newest else ""
    helping = select(Delegate.email, Account.email)
    helping = helping.outerjoin(Account, Account.id == Delegate.account_id)
    rows = session.execute(helping.where(Delegate.listing_id == listing.id))
    owner = loading.owner(session, listing)
    found = {address: LISTED for address in (shown,) if address}
    found |= {address: HELPER for row in rows for address in row if address}
    found |= {owner.email: OWNER} if owner else {}
    return {address.casefold(): who for address, who in found.items()}
