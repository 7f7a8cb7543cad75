"""How a listing stands, in words for whoever keeps it: where it is, what is next, what was."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Actor, AuditEvent, Delegate, Draft, Listing, Revision, State
from directory.policies import Policies, Policy
from directory.said import Said, said
from directory.usecases.listings import fields, loading
from directory.usecases.listings.fields import FIELDS, NOTHING_YET, PAGE_NAMES, PAGES, page_of
from directory.usecases.practitioners import writing
from directory.usecases.practitioners.writing import Writing

DECISIONS = ("approved", "sent back", "rejected")
# After one of these, what an admin once asked for is settled.
SETTLING = (*DECISIONS, "submitted", "withdrawn", "started over")
DECISIONS_COUNTED = 50
# Fewer say nothing about the next one.
DECISIONS_LEAST = 5
EVENTS_SHOWN = 30
# More fields than these say "the listing".
FIELDS_NAMED = 5


class Stands(enum.Enum):
    """Where a listing is, as its keeper understands it. TOO_OLD: unconfirmed for a year."""

    DRAFT = "draft"
    WAITING = "waiting"
    ASKED = "asked"
    REFUSED = "refused"
    LIVE = "live"
    PAUSED = "paused"
    HIDDEN = "hidden"
    TOO_OLD = "too old"


class Progress(enum.Enum):
    """How far a page is. STUCK: something was typed there that could not be used yet."""

    DONE = "done"
    TO_DO = "to do"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the editor: how far it is, and what it does for being found."""

    page: str
    name: Said
    progress: Progress
    needed: bool
    effect: Said


@dataclass(frozen=True, slots=True)
class Note:
    """An admin's words about a field; `page` holds it, "" when they are about everything."""

    field: Said
    words: str
    page: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: who did it, in a role's words; a few fields are named."""

    at: datetime
    who: Said
    what: Said
    fields: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """All that the home of a listing shows.

    `waits_since` is there while a revision waits for an admin, whatever else holds. `notes`
    are what an admin asked for last, `mended` says that something was changed since then.
    `unsent` names the fields that nobody but the keeper has seen. `hidden_for` is why an
    admin took it out of sight. `owned`: the reader is the
    owner, not a helper.
    """

    listing_id: int
    slug: str
    stands: Stands
    public: bool
    name: str
    version: int
    waits_since: datetime | None
    notes: tuple[Note, ...]
    mended: bool
    unsent: tuple[Said, ...]
    steps: tuple[Step, ...]
    confirmed_on: date
    owned: bool
    has_live: bool
    untouched: bool
    hidden_for: str = ""

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.progress is Progress.DONE for step in self.steps)

    @property
    def ready(self) -> bool:
        """Whether it could be sent in: every needed step is done, and none is stuck."""
        return all(
            step.progress is Progress.DONE or (not step.needed and step.progress is Progress.TO_DO)
            for step in self.steps
        )


def of(session: Session, listing_id: int, policies: Policies, *, by: Actor, at: datetime) -> Status:
    """How one of one's own listings stands; raises NotFound for anybody else's."""
    written = writing.current(session, listing_id, by=by, at=at)
    listing, content = written.listing, written.content
    verdict, revision = _last_word(session, listing)
    asked = revision is not None and listing.pending is None
    stands = _stands(listing, verdict if asked else "", at.date())
    return Status(
        listing_id=listing.id,
        slug=listing.slug,
        stands=stands,
        public=listing.live is not None and listing.shown(at.date()),
        name=content.title,
        version=written.version,
        waits_since=listing.pending.created_at if listing.pending else None,
        notes=_notes(revision.notes) if revision and asked else (),
        mended=asked and revision is not None and revision.content != content,
        unsent=tuple(FIELDS[name] for name in writing.unsent(listing, content)),
        steps=steps(written, policies),
        confirmed_on=listing.confirmed_on,
        owned=listing.owner_id == by.account_id,
        has_live=listing.live is not None,
        untouched=content == NOTHING_YET and not written.typed,
        hidden_for=listing.hidden_for or "",
    )


def _stands(listing: Listing, verdict: str, today: date) -> Stands:
    """The state that matters most to its keeper."""
    if listing.state is State.HIDDEN:
        return Stands.HIDDEN
    if listing.state is State.PAUSED:
        return Stands.PAUSED
    if listing.state is State.LIVE:
        return Stands.LIVE if listing.shown(today) else Stands.TOO_OLD
    if listing.pending is not None:
        return Stands.WAITING
    return {"sent back": Stands.ASKED, "rejected": Stands.REFUSED}.get(verdict, Stands.DRAFT)


def _last_word(session: Session, listing: Listing) -> tuple[str, Revision | None]:
    """What the admins said last, if nothing has settled it since, and of which revision."""
    event = session.scalar(
        select(AuditEvent)
        .where(AuditEvent.listing_id == listing.id, AuditEvent.action.in_(SETTLING))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    if event is None or event.action not in ("sent back", "rejected"):
        return "", None
    return event.action, session.get(Revision, event.detail.get("revision"))


def _notes(notes: Mapping[str, str]) -> tuple[Note, ...]:
    return tuple(
        Note(FIELDS[name], words, page_of(name)) for name, words in notes.items() if name in FIELDS
    )


def usual_wait(session: Session) -> timedelta | None:
    """How long admins took lately: the median of their last 50 decisions; None when too few."""
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_(DECISIONS), AuditEvent.actor.like("account %"))
        .order_by(AuditEvent.id.desc())
        .limit(DECISIONS_COUNTED)
    )
    waits = [event.detail["waited"] for event in events if "waited" in event.detail]
    return timedelta(seconds=median(waits)) if len(waits) >= DECISIONS_LEAST else None


def steps(written: Writing, policies: Policies) -> tuple[Step, ...]:
    """The pages of the editor, each with its effect on being found."""
    content = written.content
    quiet = policies.strictest(one.country for one in content.practices) is Policy.NO_CONDITIONS
    return tuple(
        Step(
            page=page,
            name=PAGE_NAMES[page],
            progress=_progress(written, page),
            needed=page in NEEDED,
            effect=WITHOUT_CONDITIONS if quiet and page == "people" else EFFECTS[page],
        )
        for page in PAGES
    )


def _progress(written: Writing, page: str) -> Progress:
    if page in fields.pages_of(written.typed) or (page == "places" and _nowhere(written.content)):
        return Progress.STUCK
    return Progress.DONE if _says(written.content, page) else Progress.TO_DO


def _nowhere(content: Draft) -> bool:
    return bool(content.practices) and not content.placed


def _says(content: Draft, page: str) -> bool:
    """Whether the page holds what it is there for."""
    told = {name for name in PAGES[page] if getattr(content, name) not in (None, "", (), False)}
    if content.accepting is False and page == "times":
        return True
    wanted = NEEDED.get(page, PAGES[page])
    return bool(told.intersection(wanted))


# Any one of these fields must be said before a listing can be sent in.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "you": ("name",),
    "work": ("professions",),
    "places": ("practices",),
    "contact": ("phone", "email", "website"),
}

# Taken from the ranking rule (/about/ranking) and from what the filters do; no invented numbers.
EFFECTS: Mapping[str, Said] = {
    "you": said("People who know your name find you by it: a word in the name counts most."),
    "work": said(
        "People who look for a profession find only listings that name it. Training is shown on"
        " your card, and people can narrow by it."
    ),
    "people": said(
        "People who search for a condition find only listings that name it. They can narrow by"
        " ages and languages, too."
    ),
    "places": said(
        "People who name a place find you when you are near, and nearer comes first. If you visit"
        " homes, they find you wherever you travel to."
    ),
    "contact": said("It does not change your place in the results; it is how people reach you."),
    "times": said(
        "Who asks for somebody with room for new clients finds only listings that say so. Hours"
        " and fees do not change your place in the results."
    ),
    "photo": said(
        "People like to see who they will meet; it does not change your place in the results."
    ),
    "words": said(
        "Words in your text can be searched. They count less than your name, professions and place."
    ),
}
WITHOUT_CONDITIONS = said(
    "In a country you work in, conditions may not be named: yours are neither shown nor searched"
    " there. People can narrow by ages and languages."
)

EVENTS: Mapping[str, Said] = {
    "begun": said("Listing begun"),
    "imported": said("Listing brought in from a list of practitioners"),
    "submitted": said("Sent in to be read"),
    "withdrawn": said("Taken back before it was decided"),
    "approved": said("Read and approved"),
    "decision undone": said("The decision was taken back"),
    "sent back": said("Changes asked for"),
    "rejected": said("Not accepted for publication"),
    "published at once": said("Changed, and public at once"),
    "confirmed": said("Confirmed that all is still right"),
    "hidden for age": said("Out of sight: not confirmed for a year"),
    "paused": said("Paused"),
    "resumed": said("Shown again"),
    "started over": said("Unsent changes thrown away"),
    "agreed": said("Agreed to publication"),
    "consent withdrawn": said("Leave to publish taken back"),
    "claimed": said("Claimed by its practitioner"),
    "hidden": said("Taken out of sight"),
    "paused to ask": said("Paused, to ask you whether it is still right"),
    "credential checked": said("A credential was checked"),
    "check ended": said("The check of a credential ended"),
    "merged": said("Joined with another listing of yours"),
    "unhidden": said("Put back in sight"),
    "opened for owner": said("Opened by an admin, to change it for its owner"),
    "edits for owner thrown away": said("What an admin wrote for its owner was thrown away"),
    "handed over": said("Somebody was invited to keep it"),
    "written to": said("A message to its owner"),
}
YOU = said("You")
OWNER = said("The owner")
HELPER = said("A helper")
BY_MAIL = said("From the listed e-mail address")
DIRECTORY = said("The directory")


def timeline(session: Session, listing_id: int, *, by: Actor) -> tuple[Event, ...]:
    """What happened to a listing, newest first; people appear as roles, never by address."""
    listing = loading.mine(session, listing_id, by=by)
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.listing_id == listing.id, AuditEvent.action.in_(EVENTS))
        .order_by(AuditEvent.id.desc())
        .limit(EVENTS_SHOWN)
    )
    helpers = session.scalars(select(Delegate.account_id).where(Delegate.listing_id == listing.id))
    roles = {f"account {account_id}": HELPER for account_id in helpers if account_id}
    roles |= {f"account {listing.owner_id}": OWNER, "the listed address": BY_MAIL, str(by): YOU}
    return tuple(_event(event, roles) for event in events)


def _event(event: AuditEvent, roles: Mapping[str, Said]) -> Event:
    # Whoever decides does so for the directory, even about a listing of their own.
    who = DIRECTORY if event.action in DECISIONS else roles.get(event.actor, DIRECTORY)
    named: Sequence[str] = event.detail.get("fields", ())
    fields = tuple(FIELDS[name] for name in named if name in FIELDS)
    named_ones = fields if len(fields) <= FIELDS_NAMED else ()
    return Event(event.at, who, EVENTS[event.action], named_ones)
