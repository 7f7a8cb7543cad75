"""All that may be done to one listing, to be done at the same moment.

Each round begins at a listing of its own that is public, kept, helped with, and has an edit that
waits. As at the edge, a lost race is tried again; how many were lost is counted all the same.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from directory.db import reading, repeated, writing
from directory.errors import DirectoryError
from directory.models import (
    Account,
    Actor,
    Claim,
    ClaimState,
    Decision,
    Kind,
    Listing,
    ReportKind,
    Revision,
)
from directory.photos import Album, Kept
from directory.usecases.accounts import erasing
from directory.usecases.audit import chain
from directory.usecases.curation import credentials, hiding, merging, reports, stale, term_uses
from directory.usecases.curation.one_listing import notes
from directory.usecases.imports import intake
from directory.usecases.imports.rows import Row
from directory.usecases.listings import waiting
from directory.usecases.moderation import deciding, review_locks
from directory.usecases.practitioners import (
    claiming,
    confirmation_mail,
    confirming,
    consenting,
    for_owners,
    handing_over,
    helping,
    portraits,
    submitting,
)
from directory.usecases.practitioners import (
    writing as drafts,
)
from directory.usecases.practitioners.confirmation_mail import Question
from tests import factories, races
from tests.factories import NOW

KEY = "only-for-tests-only-for-tests"
LATER = NOW + timedelta(days=200)
SITE = {"base_url": "https://directory.example", "key": KEY}
# Who changes what waits; a version must never be left undecided that waits nowhere.
OF_VERSIONS = (
    "send",
    "send for owner",
    "withdraw",
    "approve",
    "send back",
    "reject",
    "undo",
    "erase",
    "confirm",
    "tap",
)
URL = {"listing_url": "https://directory.example/my/listing/1"}


@dataclass
class Scene:
    """One listing with all that may happen to it."""

    listing: int
    slug: str
    pending: int
    other: int
    claim: int
    report: int
    letter: str
    owner: Actor
    ada: Actor
    stranger: Actor
    album: Album
    gazetteer: object


def edit(session: Session, at: Scene, name: str) -> None:
    now = drafts.current(session, at.listing, by=at.owner, at=LATER)
    said = {"name": name, "suffix": ""}
    drafts.save(session, at.listing, "you", said, seen=now.seen("you"), by=at.owner, at=LATER)


def send(session: Session, at: Scene) -> None:
    edit(session, at, "Rowan Sent")
    version = drafts.current(session, at.listing, by=at.owner, at=LATER).version
    submitting.submit(
        session,
        at.listing,
        version=version,
        agreed=consenting.GROUPS,
        by=at.owner,
        at=LATER,
        **URL,
    )


def for_owner(session: Session, at: Scene) -> None:
    for_owners.begin(session, at.listing, by=at.ada, at=LATER)
    by = replace(at.ada, opened=at.listing)
    now = drafts.current(session, at.listing, by=by, at=LATER)
    said = {"name": "Rowan Changed", "suffix": ""}
    drafts.save(session, at.listing, "you", said, seen=now.seen("you"), by=by, at=LATER)
    version = drafts.current(session, at.listing, by=by, at=LATER).version
    submitting.submit(session, at.listing, version=version, agreed=(), by=by, at=LATER, **URL)


def hand_over(session: Session, at: Scene) -> None:
    how = {"link_url": "https://x.example", "by": at.ada, "at": LATER, "key": KEY.encode()}
    handing_over.invite(session, at.other, "new@home.example", **how)


def portray(session: Session, at: Scene) -> None:
    kept = Kept(f"{Random().getrandbits(120):030x}", 400, 400)
    portraits.portray(session, at.listing, kept, by=at.owner, at=LATER)


def take_rows(session: Session, at: Scene) -> None:
    row = Row(2, "Rowan", str(at.other), factories.draft(about="From a roster."))
    how = {"gazetteer": at.gazetteer, "approve": True, "by": "command line", "at": LATER}
    intake.take_rows(session, [row], **how)


def erase(session: Session, at: Scene, *, account: bool = False) -> None:
    how = {"by": at.owner, "at": LATER, "key": KEY.encode(), "album": at.album}
    if account:
        erasing.erase_account(session, **how)
    else:
        erasing.erase_listing(session, at.listing, **how)


def check(session: Session, at: Scene) -> None:
    until = LATER.date() + timedelta(days=300)
    how = {"issuer": "The register", "method": "register", "expires_on": until}
    credentials.record(session, at.listing, "cst-t", by=at.ada, at=LATER, **how)


def decide(verb: Callable[..., object], *said: object) -> Callable[[Session, Scene], object]:
    return lambda session, at: verb(
        session, at.listing, at.pending, *said, by=at.ada, at=LATER, **URL
    )


VERBS: dict[str, Callable[[Session, Scene], object]] = {
    "edit": lambda session, at: edit(session, at, "Rowan Edited"),
    "photo": portray,
    "send": send,
    "send for owner": for_owner,
    "hand over": hand_over,
    "note": lambda s, at: notes.add(s, at.listing, "Called.", by=at.ada, at=LATER),
    "withdraw": lambda s, at: drafts.withdraw(s, at.listing, by=at.owner, at=LATER),
    "confirm": lambda s, at: confirming.confirm(
        s, at.listing, by=at.owner, at=LATER, accepting=False
    ),
    "pause": lambda s, at: drafts.pause(s, at.listing, by=at.owner, at=LATER),
    "no consent": lambda s, at: consenting.withdraw(s, at.listing, "words", by=at.owner, at=LATER),
    "invite": lambda s, at: helping.invite(
        s, at.listing, "new@helper.example", helping_url="https://x.example", by=at.owner, at=LATER
    ),
    "approve": decide(deciding.approve),
    "send back": decide(deciding.send_back, {"about": "Say more."}),
    "reject": decide(deciding.reject, {"about": "Not here."}),
    "undo": lambda s, at: deciding.undo(s, at.listing, at.pending, by=at.ada, at=LATER),
    "replace a term": lambda s, at: term_uses.rewrite(
        s, Kind.CONDITION, "migraine", "headache", by="command line", at=LATER
    ),
    "tap": lambda s, at: confirming.answer(
        s, at.letter, confirming.Tap.NOT_TAKING, key=KEY, at=LATER
    ),
    "read": lambda s, at: review_locks.take(s, at.listing, by=at.ada, at=LATER, anyway=True),
    "queue": lambda s, at: waiting.catch_up(s, at=LATER),
    "merge": lambda s, at: merging.merge(s, at.listing, at.other, by=at.ada, at=LATER),
    "merge away": lambda s, at: merging.merge(s, at.other, at.listing, by=at.ada, at=LATER),
    "hide": lambda s, at: hiding.hide(
        s, at.listing, "A concern.", by=at.ada, at=LATER, my_listing_url=URL["listing_url"]
    ),
    "check": check,
    "report": lambda s, at: reports.report(
        s, at.slug, ReportKind.CLOSED, words="Gone.", at=LATER, **SITE
    ),
    "close report": lambda s, at: reports.close(s, at.report, by=at.ada, at=LATER),
    "ask": lambda s, at: stale.ask(s, at.listing, by=at.ada, at=LATER, **SITE),
    "remind": lambda s, at: confirming.remind(s, at=LATER, **SITE),
    "grant": lambda s, at: claiming.decide(s, at.claim, True, by=at.ada, at=LATER),
    "import": take_rows,
    "erase": erase,
    "erase account": lambda s, at: erase(s, at, account=True),
}


def letter(listing: Listing, owner: Account) -> str:
    """What the link in its keeper's mail says."""
    mailbox = confirmation_mail.digest(owner.email, key=KEY)
    question = Question(listing.id, listing.confirmed_on, owner.id, mailbox)
    return confirmation_mail.sign(question, key=KEY, at=LATER)


def scenes(engine: Engine, gazetteer: object, folder: Path) -> Callable[[int], Scene]:
    """Call it for one more of them."""
    album = Album(folder)
    with writing(engine) as session:
        ada = factories.actor(factories.admin(session))
        stranger = factories.actor(factories.account(session, "stranger@home.example"))

    def make(number: int) -> Scene:
        with writing(engine) as session:
            owner = factories.actor(factories.account(session, f"{number}@home.example"))
            here = factories.listing(session, slug=f"one-{number}", owner_id=owner.account_id)
            other = factories.listing(session, slug=f"other-{number}")
            other.import_key = f"id:{other.id}"
            consenting.give(session, here.id, consenting.GROUPS, by=owner, at=NOW)
            here.propose(replace(here.public, fees="40"), at=NOW)
            waiting.enqueue(session, here, at=NOW)
            drafts.working_copy(session, here, NOW)
            claim = Claim(listing_id=other.id, account_id=stranger.account_id, words="Mine.")
            claim.state, claim.made_at, claim.tries = ClaimState.ASKED, NOW, 0
            session.add(claim)
            said = reports.report(
                session, here.slug, ReportKind.CLOSED, words="Shut.", at=NOW, **SITE
            )
            session.flush()
            return Scene(
                here.id,
                here.slug,
                here.pending_id,
                other.id,
                claim.id,
                said.id,
                letter(here, session.get_one(Account, owner.account_id)),
                owner,
                ada,
                stranger,
                album,
                gazetteer,
            )

    return make


@contextmanager
def lost_races(engine: Engine) -> Iterator[Counter[str]]:
    """How often PostgreSQL ended a transaction for another one's sake, by SQLSTATE."""
    seen = Counter[str]()

    def note(context: Any) -> None:
        state = getattr(context.original_exception, "sqlstate", "")
        if state in ("40001", "40P01", "23505"):
            seen[state] += 1

    event.listen(engine, "handle_error", note)
    yield seen
    event.remove(engine, "handle_error", note)


def at_once(engine: Engine, at: Scene, names: Sequence[str], pool: ThreadPoolExecutor) -> None:
    """These at the same moment; whatever is no word of ours goes up."""
    start = Barrier(len(names))

    def act(name: str) -> None:
        def once() -> None:
            with writing(engine) as session:
                VERBS[name](session, at)

        start.wait(20)
        with suppress(DirectoryError):  # told in our words that something happened before
            repeated(once)

    for told in [pool.submit(act, name) for name in names]:
        told.result(60)


def broken(engine, at: Scene | None = None) -> list[str]:
    """What must never be, whatever happened, anywhere or in that scene: versions that hang in the
    air."""
    rows = select(Revision, Listing).join(Listing, Listing.id == Revision.listing_id)
    if at is not None:
        rows = rows.where(Listing.id.in_((at.listing, at.other)))
    with reading(engine) as session:
        faults = [] if at else list(chain.verify(session).problems)
        for revision, listing in session.execute(rows):
            if revision.decision is None and listing.pending_id != revision.id:
                faults.append(f"version {revision.id} is undecided and waits nowhere")
            approved = revision.decision is Decision.APPROVED
            if approved and listing.live_id not in (None, revision.id):
                faults.append(f"version {revision.id} is approved beside the live one")
    return faults


def one_during_the_other(engine, at: Scene, first: str, second: str, pool) -> bool:
    """The second begins when the first is done and not committed; whether it waited for it."""

    def act() -> None:
        with suppress(DirectoryError), writing(engine) as session:
            VERBS[second](session, at)

    waited = False
    with suppress(DirectoryError), writing(engine) as session:
        VERBS[first](session, at)
        session.flush()
        told = pool.submit(act)
        waited = races.waits(engine, told)
    if waited:
        told.result(races.PATIENCE)
    return waited


def waits_now(engine, at: Scene) -> int:
    """The version that somebody reads now, or has just decided about."""
    with reading(engine) as session:
        return session.get_one(Listing, at.listing).pending_id or at.pending
