"""Listings and their revisions: what is public, what waits, what was."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Dialect, Enum, ForeignKey, Index, String, event, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from directory.db import Base, Moment
from directory.errors import Conflict, NotFound
from directory.freshness import ACCEPTING_HOLDS_FOR, SHOWN_FOR
from directory.models.draft import Draft, Practice
from directory.models.reviewing import Handle


class State(enum.Enum):
    """Where a listing stands. Only a LIVE one is ever shown."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    HIDDEN = "hidden"
    ERASED = "erased"


class Decision(enum.Enum):
    """What became of a revision. None yet: it waits."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Stood:
    """How a listing stood at some moment, by numbers and days, for going back to it."""

    live: int | None
    pending: int | None
    state: State
    confirmed_on: date
    accepting_stated_on: date | None
    live_decided_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal one."""
        stated, decided = self.accepting_stated_on, self.live_decided_on
        return {
            "live": self.live,
            "pending": self.pending,
            "state": self.state.value,
            "confirmed_on": self.confirmed_on.isoformat(),
            "accepting_stated_on": stated.isoformat() if stated else None,
            "live_decided_on": decided.isoformat() if decided else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Stood":
        """Rebuild it; what was stored before there was a state tells it by `live`."""
        usual = State.LIVE if stored["live"] else State.DRAFT
        return cls(
            live=stored["live"],
            pending=stored.get("pending"),
            state=State(stored["state"]) if "state" in stored else usual,
            confirmed_on=date.fromisoformat(stored["confirmed_on"]),
            accepting_stated_on=_day(stored["accepting_stated_on"]),
            live_decided_on=_day(stored.get("live_decided_on")),
        )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


class DraftColumn(TypeDecorator[Draft]):
    """A Draft as JSON, checked on the way in and on the way out."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Draft | None, dialect: Dialect) -> dict[str, Any] | None:
        return value.to_json() if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Draft | None:
        return Draft.from_json(value) if value else None


class Listing(Base):
    """One practitioner's public entry.

    The public sees `live`; `pending` waits for an admin. Each is one pointer, so a
    listing has at most one of each and approving can never publish something unseen.
    """

    __tablename__ = "listing"
    # Every page asks whether anybody is made up; where nobody is, the answer must not take a look
    # at everybody.
    __table_args__ = (
        Index(
            "ix_listing_made_up",
            "id",
            sqlite_where=text("is_demo = 1"),
            postgresql_where=text("is_demo"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[State] = mapped_column(
        Enum(State, native_enum=False, length=20, values_callable=lambda e: [s.value for s in e]),
        index=True,
    )
    live_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True))
    pending_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    import_key: Mapped[str | None] = mapped_column(String(300), unique=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date] = mapped_column(Date)
    accepting_stated_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Moment)
    hidden_for: Mapped[str | None] = mapped_column(String(400))

    live: Mapped["Revision | None"] = relationship(foreign_keys=live_id, post_update=True)
    pending: Mapped["Revision | None"] = relationship(foreign_keys=pending_id, post_update=True)
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="listing", foreign_keys="Revision.listing_id", order_by="Revision.id"
    )

    @property
    def public(self) -> Draft:
        """What was approved of it; raises NotFound while nothing is."""
        if self.live is None:
            raise NotFound("This listing is not public.")
        return self.live.content

    @property
    def newest(self) -> Draft | None:
        """What waits, or else what was approved; None while there is neither."""
        known = self.pending or self.live
        return known.content if known else None

    @property
    def title(self) -> str:
        """How it is called: as the public knows it, as it waits, or by its address."""
        known = self.live or self.pending
        return known.content.title if known else self.slug

    def propose(self, draft: Draft, *, at: datetime) -> "Revision":
        """Put a draft before the admins, in place of the one that waited."""
        if self.state is State.ERASED:
            raise Conflict("This listing was erased.")
        if self.pending is not None:
            self.pending.decide(Decision.REPLACED, on=at.date())
        self.pending = self._revision(draft, at=at)
        return self.pending

    def publish_at_once(self, draft: Draft, *, at: datetime, confirmed: bool = True) -> None:
        """Put a version before the public that no admin need read; what waits goes on waiting."""
        if self.live is None or self.state is State.HIDDEN:
            raise Conflict("Only a listing that was approved can be changed at once.")
        old, stated, last = self.live, self.accepting_stated_on, self.confirmed_on
        self.live.decide(Decision.REPLACED, on=at.date())
        self.live = self._revision(draft, at=at)
        self.live.decide(Decision.APPROVED, on=at.date())
        self.confirm(on=at.date())
        if not confirmed:
            self.confirmed_on = last
            if draft.accepting == old.content.accepting:
                self.accepting_stated_on = stated

    def approve(self, revision: "Revision", *, on: date) -> None:
        """Make the pending revision public, if it is still the one that was read."""
        self._must_wait(revision)
        if not revision.content.placed:
            raise Conflict("A listing needs a place on the map before it can be public.")
        if self.live is not None:
            self.live.decide(Decision.REPLACED, on=on)
        revision.decide(Decision.APPROVED, on=on)
        self.live, self.pending = revision, None
        # Who paused a listing, or hid it, decides when it is back.
        if self.state is State.DRAFT:
            self.state = State.LIVE
        self.confirm(on=on)

    def send_back(self, revision: "Revision", notes: Mapping[str, str], *, on: date) -> None:
        """Ask the practitioner for changes: what to change, by field; what is live stays."""
        self._must_wait(revision)
        revision.decide(Decision.RETURNED, on=on)
        revision.notes = dict(notes)
        self.pending = None

    def reject(self, revision: "Revision", notes: Mapping[str, str], *, on: date) -> None:
        """Refuse it, and say why; what is live stays."""
        self._must_wait(revision)
        revision.decide(Decision.REJECTED, on=on)
        revision.notes = dict(notes)
        self.pending = None

    def hide(self, reason: str) -> None:
        """Take it out of sight because of a concern, until an admin shows it again."""
        if self.state is State.ERASED:
            raise Conflict("This listing was erased.")
        self.state, self.hidden_for = State.HIDDEN, reason

    def unhide(self) -> None:
        """Show it again, if there is anything to show."""
        if self.state is not State.HIDDEN:
            raise Conflict("This listing is not hidden.")
        self.state = State.DRAFT if self.live is None else State.LIVE
        self.hidden_for = None

    def withdraw(self, *, on: date) -> None:
        """Take back what waits."""
        if self.pending is None:
            raise Conflict("Nothing waits to be read any more.")
        self.pending.decide(Decision.WITHDRAWN, on=on)
        self.pending = None

    def confirm(self, *, on: date) -> None:
        """Somebody who knows says that everything is still right."""
        self.confirmed_on = on
        stated = self.live is not None and self.live.content.accepting is not None
        self.accepting_stated_on = on if stated else None

    def pause(self) -> None:
        """Take it out of sight until the practitioner is back."""
        if self.state is not State.LIVE:
            raise Conflict("Only a listing that is public can be paused.")
        self.state = State.PAUSED

    def resume(self, *, on: date) -> None:
        """Show it again; whoever does so says that it is right."""
        if self.state is not State.PAUSED:
            raise Conflict("This listing is not paused.")
        self.state = State.LIVE
        self.confirm(on=on)

    def end_question(self) -> None:
        """Show it again because nobody could answer; nobody says that it is right."""
        if self.state is not State.PAUSED:
            raise Conflict("This listing is not paused.")
        self.state = State.LIVE

    def unpublish(self) -> None:
        """Take it down: consent is withdrawn. Only a new approval brings it back."""
        if self.live is None:
            raise Conflict("This listing is not public.")
        self.live = None
        if self.state is not State.HIDDEN:
            self.state = State.DRAFT

    def stood(self) -> Stood:
        """How it stands now, to be kept by whoever is about to change it."""
        return Stood(
            live=self.live.id if self.live else None,
            pending=self.pending.id if self.pending else None,
            state=self.state,
            confirmed_on=self.confirmed_on,
            accepting_stated_on=self.accepting_stated_on,
            live_decided_on=self.live.decided_on if self.live else None,
        )

    def go_back(self, stood: Stood, *, on: date) -> None:
        """Stand again as it stood; a version that came since is withdrawn."""
        versions = {revision.id: revision for revision in self.revisions}
        for revision in (self.live, self.pending):
            if revision is not None and revision.id not in (stood.live, stood.pending):
                revision.decide(Decision.WITHDRAWN, on=on)
        self.live = versions.get(stood.live) if stood.live else None
        if self.live is not None and self.live.decision is not Decision.APPROVED:
            self.live.decide(Decision.APPROVED, on=stood.live_decided_on or on)
        self.pending = versions.get(stood.pending) if stood.pending else None
        if self.pending is not None:
            self.pending.reopen()
        self.state, self.confirmed_on = stood.state, stood.confirmed_on
        self.accepting_stated_on = stood.accepting_stated_on

    def _revision(self, draft: Draft, *, at: datetime) -> "Revision":
        revision = Revision(listing=self, content=draft, created_at=at)
        revision.places = PracticePlace.all_of(draft)
        return revision

    def _must_wait(self, revision: "Revision") -> None:
        if revision is not self.pending:
            raise Conflict("This revision was replaced while you were reading it.")

    def shown(self, on: date) -> bool:
        """Whether the public may see it on that day: live, and confirmed within a year."""
        return self.state is State.LIVE and self.confirmed_on > on - SHOWN_FOR

    def accepting(self, on: date) -> bool | None:
        """What holds about new clients that day; after 90 days nothing does."""
        stated = self.accepting_stated_on
        if self.live is None or stated is None or stated <= on - ACCEPTING_HOLDS_FOR:
            return None
        return self.live.content.accepting


class Revision(Base):
    """One version of a listing's content, never changed once written, and what became of it.

    `notes` are the admin's words by field, when it was sent back.
    """

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    content: Mapped[Draft] = mapped_column(DraftColumn)
    created_at: Mapped[datetime] = mapped_column(Moment)
    decision: Mapped[Decision | None] = mapped_column(
        Enum(Decision, native_enum=False, length=20, values_callable=lambda e: [d.value for d in e])
    )
    decided_on: Mapped[date | None] = mapped_column(Date)
    notes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    listing: Mapped[Listing] = relationship(back_populates="revisions", foreign_keys=listing_id)
    places: Mapped[list["PracticePlace"]] = relationship(
        order_by="PracticePlace.position", cascade="all, delete-orphan"
    )

    def decide(self, decision: Decision, *, on: date) -> None:
        """Write down what became of it, once."""
        self.decision, self.decided_on = decision, on

    def reopen(self) -> None:
        """Let it wait again, as if nothing had been decided."""
        self.decision, self.decided_on, self.notes = None, None, {}


@event.listens_for(Revision, "after_insert")
def _write_handles(_: object, connection: Any, revision: Revision) -> None:
    Handle.write(connection, revision.id, revision.content)


class WorkingCopy(Base):
    """What a practitioner is writing: not proposed yet, seen by nobody else.

    `typed` keeps, by page, what was typed and could not be used, field by field, so that
    it is there to be mended on whatever device. `version` grows with every save; who saves
    on top of an older one is told.
    """

    __tablename__ = "working_copy"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    content: Mapped[Draft] = mapped_column(DraftColumn)
    typed: Mapped[dict[str, dict[str, list[str]]]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Moment)


class PracticePlace(Base):
    """Where a revision's practice lies, for questions that SQL answers (browse by place).

    It is not `shown` to the public when nobody can come there.
    """

    __tablename__ = "practice_place"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    region: Mapped[str] = mapped_column(String(80))
    locality: Mapped[str] = mapped_column(String(120))
    postcode: Mapped[str] = mapped_column(String(20))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    precision: Mapped[str] = mapped_column(String(10))
    shown: Mapped[bool] = mapped_column(default=True, server_default=true())

    @classmethod
    def all_of(cls, draft: Draft) -> "list[PracticePlace]":
        """The rows for the practices of a draft."""
        shown = not draft.online_only
        return [cls.of(at, practice, shown=shown) for at, practice in enumerate(draft.practices)]

    @classmethod
    def of(cls, position: int, practice: Practice, *, shown: bool = True) -> "PracticePlace":
        """The row for one practice of a draft."""
        return cls(
            position=position,
            country=practice.country,
            region=practice.region,
            locality=practice.locality,
            postcode=practice.postcode,
            lat=practice.lat,
            lon=practice.lon,
            precision=practice.precision,
            shown=shown,
        )
