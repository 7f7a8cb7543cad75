"""What people send by a form, each sent for one effect however often it arrives."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from itsdangerous import URLSafeSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    AuditEvent,
    Claim,
    Delegate,
    Listing,
    Report,
    Revision,
    WorkingCopy,
)
from directory.usecases.practitioners import consenting, writing
from tests import factories, stories
from tests.factories import NOW
from tests.faults.sites.served import KEY, House, Person


@dataclass(frozen=True)
class Deed:
    """A form that somebody sends, and how many effects it had so far: 0, and then 1 for ever."""

    who: Person
    path: str
    form: dict[str, Any]
    effects: Callable[[Session], int]
    hands: int = 20  # as many as may send it at once without being held back as a robot


def _number(query: Any) -> Callable[[Session], int]:
    return lambda session: session.scalar(query) or 0


def _events(listing_id: int, action: str) -> Callable[[Session], int]:
    mine = AuditEvent.listing_id == listing_id, AuditEvent.action == action
    return _number(select(func.count()).select_from(AuditEvent).where(*mine))


def _rows(model: Any, *where: Any) -> Callable[[Session], int]:
    return _number(select(func.count()).select_from(model).where(*where))


def _live(here: House) -> tuple[Person, int, str]:
    """Somebody with a public listing of their own."""
    who, slug = here.somebody(), f"one-{next(here.numbers)}"

    def make(session: Session) -> int:
        on = here.app.extensions["stillpoint"].today() - timedelta(days=60)
        return factories.listing(session, on=on, slug=slug, owner_id=who.actor.account_id).id

    return who, here.write(make), slug


def _written(here: House) -> tuple[Person, int, int]:
    """Somebody who has written all that a listing needs, and the version of it."""
    who = here.somebody()

    def make(session: Session) -> tuple[int, int]:
        made = stories.written(session, who.actor)
        now = writing.current(session, made.id, by=who.actor, at=NOW)
        return made.id, now.version

    return who, *here.write(make)


def begin(here: House) -> Deed:
    """Begin a listing."""
    who = here.somebody()
    mine = Listing.owner_id == who.actor.account_id
    return Deed(who, "/my/listing", {}, _rows(Listing, mine))


def save(here: House) -> Deed:
    """Save a page of the editor."""
    who, number, _ = _written(here)
    version = select(WorkingCopy.version).where(WorkingCopy.listing_id == number)
    before = here.read(_number(version))
    seen = here.read(lambda s: writing.current(s, number, by=who.actor, at=NOW).seen("you"))
    form = {"name": "Rowan Twice", "suffix": "", "seen": seen}
    path = f"/my/listing/{number}/edit/you"
    return Deed(who, path, form, lambda session: _number(version)(session) - before)


def place(here: House) -> Deed:
    """Add a place."""
    who, number, _ = _written(here)

    def more(session: Session) -> int:
        return len(session.get_one(WorkingCopy, number).content.practices) - 1

    form = {"country": "US", "locality": "Denver", "region": "Colorado", "postcode": "80202"}
    return Deed(who, f"/my/listing/{number}/edit/places/new", form, more)


def send(here: House) -> Deed:
    """Send a listing in."""
    who, number, version = _written(here)
    form = {"version": version, "agree": list(consenting.GROUPS)}
    sent = _rows(Revision, Revision.listing_id == number)
    return Deed(who, f"/my/listing/{number}/check", form, sent)


def approve(here: House) -> Deed:
    """Approve what was sent in."""
    who, number, _ = _written(here)

    def pending(session: Session) -> int:
        listing = session.get_one(Listing, number)
        stories.send(session, listing, who.actor)
        return int(listing.pending_id)

    form = {"revision_id": here.write(pending)}
    return Deed(here.admin(), f"/admin/review/{number}/approve", form, _events(number, "approved"))


def confirm(here: House) -> Deed:
    """Say that all is still right."""
    who, number, _ = _live(here)
    return Deed(who, f"/my/listing/{number}/confirm", {}, _events(number, "confirmed"))


def pause(here: House) -> Deed:
    """Take one's listing out of sight."""
    who, number, _ = _live(here)
    return Deed(who, f"/my/listing/{number}/pause", {}, _events(number, "paused"))


def report(here: House) -> Deed:
    """Say that something is wrong with a listing."""
    _, number, slug = _live(here)
    made = URLSafeSerializer(KEY, salt="report form").dumps([slug, int(time.time()) - 60])
    form = {"form": made, "kind": "wrong", "words": "The bell is broken; please knock."}
    mine = Report.listing_id == number
    return Deed(here.stranger(), f"/practitioners/{slug}/report", form, _rows(Report, mine), 3)


def invite(here: House) -> Deed:
    """Invite a helper."""
    who, number, _ = _live(here)
    form = {"email": f"friend-{number}@helper.example"}
    mine = Delegate.listing_id == number
    return Deed(who, f"/my/listing/{number}/helpers", form, _rows(Delegate, mine))


def claim(here: House) -> Deed:
    """Ask to keep a listing."""
    slug = f"unkept-{next(here.numbers)}"
    number = here.write(lambda session: factories.listing(session, slug=slug).id)
    asked = _rows(Claim, Claim.listing_id == number)
    return Deed(here.somebody(), f"/claim/{slug}/ask", {"words": "It is my own practice."}, asked)


def sign_up(here: House) -> Deed:
    """Make an account."""
    email = f"new-{next(here.numbers)}@home.example"
    mine = func.lower(Account.email) == email
    return Deed(here.visitor(), "/account/sign-up", {"email": email}, _rows(Account, mine), 4)


DEEDS: dict[str, Callable[[House], Deed]] = {
    "begin": begin,
    "save": save,
    "place": place,
    "send": send,
    "approve": approve,
    "confirm": confirm,
    "pause": pause,
    "report": report,
    "invite": invite,
    "claim": claim,
    "sign up": sign_up,
}
