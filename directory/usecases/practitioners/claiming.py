"""Claiming: somebody shows that a listing without an owner is theirs.

A code goes to the address that the listing shows; where that does not do, an admin decides.
Every step locks the listing first, so that of two claimants at once one wins.
"""

import enum
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid, NotFound
from directory.models import Account, Actor, Claim, ClaimState, Listing, Role
from directory.said import Said, said
from directory.usecases.audit import chain
from directory.usecases.listings import loading
from directory.usecases.mailing import outbox

DIGITS = 8
CODE_HOLDS_FOR = timedelta(minutes=30)
MOST_TRIES = 5
MOST_CODES_A_DAY = 3
# However many accounts ask: nobody's mailbox is filled through us.
MOST_CODES_A_DAY_IN_ALL = 12
# A second press of the button is not a second wish.
SAME_PRESS = timedelta(minutes=1)
LONGEST_WORDS = 1000
DAY = timedelta(days=1)


class Step(enum.Enum):
    """What a claimant can do next."""

    TAKEN = "taken"
    MINE = "mine"
    ASKED = "asked"
    ENTER_CODE = "enter code"
    SEND_CODE = "send code"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing as a claimant sees it. `address` is where a code goes, masked, "" for nowhere."""

    listing_id: int
    slug: str
    title: str
    address: str
    step: Step


def offer(session: Session, slug: str, *, by: Actor, at: datetime) -> Offer:
    """What somebody can do about this listing; NotFound when the public cannot see it."""
    listing = loading.shown(session, slug, on=at.date())
    content = listing.public
    return Offer(
        listing.id,
        listing.slug,
        content.title,
        masked(content.email),
        _step(session, listing, by, at),
    )


def masked(address: str) -> str:
    """Enough of an address for its owner to know it: "r…@practice.example"."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}" if at else ""


def send_code(session: Session, slug: str, *, listing_url: str, by: Actor, at: datetime) -> None:
    """Send a code to the listed address.

    Conflict when there is none, when somebody owns the listing, or after too many codes.
    """
    listing = _free(session, slug, by, at)
    address = listing.public.email
    if not address:
        raise Conflict("This listing shows no e-mail address that a code could go to.")
    sent = _codes_since(session, listing, at - DAY)
    mine = [claim for claim in sent if claim.account_id == by.account_id]
    if any(claim.made_at > at - SAME_PRESS and _open(claim, at) for claim in mine):
        return
    if len(mine) >= MOST_CODES_A_DAY or len(sent) >= MOST_CODES_A_DAY_IN_ALL:
        raise Conflict("No more codes can be sent today. Ask us, or try again tomorrow.")
    for claim in mine:
        claim.code = None  # only the newest opens anything
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    claim = _begin(session, listing, ClaimState.CODE_SENT, by, at)
    claim.code = _digest(code)
    session.flush()
    chain.record(session, "claim begun", listing.id, by=str(by), at=at, claim=claim.id)
    outbox.send(
        session,
        "claim-code",
        address,
        event=f"claim-code:{claim.id}",
        at=at,
        account_id=by.account_id,
        listing_id=listing.id,
        code=f"{code[:4]} {code[4:]}",
        listing_url=listing_url,
    )


def enter_code(
    session: Session, slug: str, code: str, *, my_listing_url: str, by: Actor, at: datetime
) -> Said | None:
    """Give the listing to whoever knows the code; None when that is done.

    Else it says what was wrong, and the try counts: the caller must commit.
    """
    listing = _free(session, slug, by, at)
    if listing.owner_id == by.account_id:
        return None
    claim = _newest_code(session, listing, by)
    if claim is None or not _open(claim, at):
        return said("This code does not work any more. Have a new one sent.")
    claim.tries += 1
    typed = "".join(char for char in code if char.isdigit())
    if not hmac.compare_digest(claim.code or "", _digest(typed)):
        left = MOST_TRIES - claim.tries
        if left <= 0:
            return said("That is not the code, and it does not work any more. Have a new one sent.")
        return said("That is not the code. Tries left: %(left)s.", left=left)
    give(session, listing, claim, my_listing_url=my_listing_url, by=by, at=at)
    return None


def ask(
    session: Session,
    slug: str,
    words: str,
    *,
    admins: str,
    listing_url: str,
    by: Actor,
    at: datetime,
) -> None:
    """Put the claim before the admins, with words to them; they hear of it by mail.

    Asked again while it waits, nothing more happens.
    """
    listing = _free(session, slug, by, at)
    words = words.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise Invalid(
            {"words": [said("Tell us in up to %(most)s characters.", most=LONGEST_WORDS)]}
        )
    if _asked(session, listing, by):
        return
    claim = _begin(session, listing, ClaimState.ASKED, by, at)
    claim.words = words
    session.flush()
    chain.record(session, "claim asked", listing.id, by=str(by), at=at, claim=claim.id)
    outbox.send(
        session,
        "claim-asked",
        admins,
        event=f"claim-asked:{claim.id}",
        at=at,
        account_id=by.account_id,
        listing_id=listing.id,
        words=words,
        claim=str(claim.id),
        listing_url=listing_url,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim that waits for an admin: who asks, when they confirmed that address, in what words."""

    claim_id: int
    email: str
    confirmed_at: datetime | None
    words: str
    made_at: datetime
    title: str
    town: str
    slug: str
    taken: bool


def asked(session: Session, *, by: Actor) -> Sequence[Asked]:
    """The claims that an admin is to decide, oldest first."""
    by.must_be(Role.ADMIN)
    rows = session.execute(
        select(Claim, Account, Listing)
        .join(Account, Account.id == Claim.account_id)
        .join(Listing, Listing.id == Claim.listing_id)
        .where(Claim.state == ClaimState.ASKED)
        .order_by(Claim.id)
    )
    return [_described(claim, account, listing) for claim, account, listing in rows]


def _described(claim: Claim, account: Account, listing: Listing) -> Asked:
    content = listing.live.content if listing.live else None
    return Asked(
        claim_id=claim.id,
        email=account.email,
        confirmed_at=account.confirmed_at,
        words=claim.words,
        made_at=claim.made_at,
        title=content.title if content else listing.slug,
        town=content.town if content else "",
        slug=listing.slug,
        taken=listing.owner_id is not None,
    )


def decide(
    session: Session,
    claim_id: int,
    granted: bool,
    words: str = "",
    *,
    my_listing_url: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """An admin grants or refuses what was asked; `words` tell the claimant why.

    Conflict when it was decided before, or the listing has an owner by now.
    """
    claim, listing = _judged(session, claim_id, by)
    if claim.state is not ClaimState.ASKED:
        raise Conflict("This claim was decided already.")
    if not granted:
        _refuse(session, claim, words, by=by, at=at)
        return
    if listing.owner_id is not None:
        raise Conflict("This listing has an owner by now.")
    give(session, listing, claim, my_listing_url=my_listing_url, by=by, at=at)


def _free(session: Session, slug: str, by: Actor, at: datetime) -> Listing:
    """The listing, locked, when nobody else owns it."""
    listing = loading.shown(session, slug, on=at.date(), lock=True)
    if listing.owner_id not in (None, by.account_id):
        raise Conflict("Somebody keeps this listing already.")
    return listing


def _judged(session: Session, claim_id: int, by: Actor) -> tuple[Claim, Listing]:
    """A claim that an admin looks at, with its listing, which is locked."""
    claim = session.get(Claim, claim_id) if by.role is Role.ADMIN else None
    if claim is None:
        raise NotFound("There is no such claim.")
    listing = loading.locked(session, claim.listing_id)
    claim = session.get(Claim, claim_id, populate_existing=True)
    if claim is None or claim.listing_id != listing.id:
        raise NotFound("There is no such claim any more.")
    return claim, listing


def _step(session: Session, listing: Listing, by: Actor, at: datetime) -> Step:
    if listing.owner_id is not None:
        return Step.MINE if listing.owner_id == by.account_id else Step.TAKEN
    if _asked(session, listing, by):
        return Step.ASKED
    claim = _newest_code(session, listing, by)
    if claim is not None and _open(claim, at):
        return Step.ENTER_CODE
    return Step.SEND_CODE if listing.live and listing.live.content.email else Step.ASK


def _begin(session: Session, listing: Listing, state: ClaimState, by: Actor, at: datetime) -> Claim:
    claim = Claim(
        listing_id=listing.id, account_id=by.account_id, state=state, tries=0, words="", made_at=at
    )
    session.add(claim)
    return claim


def _codes_since(session: Session, listing: Listing, since: datetime) -> Sequence[Claim]:
    """Every claim that had a code sent since then, whatever became of it."""
    return session.scalars(
        select(Claim)
        .where(
            Claim.listing_id == listing.id,
            Claim.state == ClaimState.CODE_SENT,
            Claim.made_at > since,
        )
        .order_by(Claim.id)
    ).all()


def _newest_code(session: Session, listing: Listing, by: Actor) -> Claim | None:
    return session.scalar(
        select(Claim)
        .where(
            Claim.listing_id == listing.id,
            Claim.account_id == by.account_id,
            Claim.state == ClaimState.CODE_SENT,
        )
        .order_by(Claim.id.desc())
        .limit(1)
    )


def _asked(session: Session, listing: Listing, by: Actor) -> bool:
    return bool(
        session.scalar(
            select(func.count()).where(
                Claim.listing_id == listing.id,
                Claim.account_id == by.account_id,
                Claim.state == ClaimState.ASKED,
            )
        )
    )


def _open(claim: Claim, at: datetime) -> bool:
    """Whether its code may still be entered."""
    fresh = claim.made_at > at - CODE_HOLDS_FOR
    return claim.code is not None and fresh and claim.tries < MOST_TRIES


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def give(
    session: Session,
    listing: Listing,
    claim: Claim,
    *,
    my_listing_url: str,
    by: Actor,
    at: datetime,
) -> None:
    """One owner from now on; everybody else who asked is told that it was not to be."""
    listing.owner_id = claim.account_id
    claim.state, claim.decided_at, claim.code = ClaimState.GRANTED, at, None
    waiting = session.scalars(
        select(Claim).where(
            Claim.listing_id == listing.id,
            Claim.id != claim.id,
            Claim.state.in_((ClaimState.ASKED, ClaimState.CODE_SENT)),
        )
    )
    for other in waiting.all():
        if other.state is ClaimState.ASKED and other.account_id != claim.account_id:
            _refuse(session, other, "", by=by, at=at)
        else:
            other.state, other.decided_at, other.code = ClaimState.REFUSED, at, None
    chain.record(session, "claimed", listing.id, by=str(by), at=at, claim=claim.id)
    _write(session, "claim-granted", claim, at, my_listing_url=my_listing_url)


def _refuse(session: Session, claim: Claim, words: str, *, by: Actor, at: datetime) -> None:
    claim.state, claim.decided_at = ClaimState.REFUSED, at
    chain.record(session, "claim refused", claim.listing_id, by=str(by), at=at, claim=claim.id)
    _write(session, "claim-refused", claim, at, words=words.strip())


def _write(session: Session, kind: str, claim: Claim, at: datetime, **values: str) -> None:
    account = session.get_one(Account, claim.account_id)
    outbox.send(
        session,
        kind,
        account.email,
        event=f"{kind}:{claim.id}",
        at=at,
        account_id=account.id,
        listing_id=claim.listing_id,
        after=timedelta(),
        **values,
    )
