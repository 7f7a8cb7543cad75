"""Listings and their revisions: what is public, what waits, what was."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Dialect, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from directory.db import Base, Moment
from directory.errors import Conflict
from directory.freshness import ACCEPTING_HOLDS_FOR, SHOWN_FOR
from directory.models.draft import Draft, Practice


class State(enum.Enum):
    """Where a listing stands. Only a LIVE one is ever shown."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    HIDDEN = "hidden"
    ERASED = "erased"


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

    live: Mapped["Revision | None"] = relationship(foreign_keys=live_id, post_update=True)
    pending: Mapped["Revision | None"] = relationship(foreign_keys=pending_id, post_update=True)
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="listing", foreign_keys="Revision.listing_id", order_by="Revision.id"
    )

    def propose(self, draft: Draft, *, at: datetime) -> "Revision":
        """Put a draft before the admins, in place of the one that waited."""
        if self.state is State.ERASED:
            raise Conflict("This listing was erased.")
        revision = Revision(listing=self, content=draft, created_at=at)
        revision.places = [
            PracticePlace.of(position, practice)
            for position, practice in enumerate(draft.practices)
        ]
        self.pending = revision
        return revision

    def approve(self, revision: "Revision", *, on: date) -> None:
        """Make the pending revision public, if it is still the one that was read."""
        if revision is not self.pending:
            raise Conflict("This revision was replaced while you were reading it.")
        if not revision.content.placed:
            raise Conflict("A listing needs a place on the map before it can be public.")
        self.live, self.pending = revision, None
        self.state = State.LIVE
        self.confirmed_on = on
        self.accepting_stated_on = on if revision.content.accepting is not None else None

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
    """One version of a listing's content; never changed once written."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    content: Mapped[Draft] = mapped_column(DraftColumn)
    created_at: Mapped[datetime] = mapped_column(Moment)

    listing: Mapped[Listing] = relationship(back_populates="revisions", foreign_keys=listing_id)
    places: Mapped[list["PracticePlace"]] = relationship(
        order_by="PracticePlace.position", cascade="all, delete-orphan"
    )


class PracticePlace(Base):
    """Where a revision's practice lies, for questions that SQL answers (browse by place)."""

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

    @classmethod
    def of(cls, position: int, practice: Practice) -> "PracticePlace":
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
        )


class Slug(Base):
    """An address a listing once had: it leads to the new one, or says that all is gone."""

    __tablename__ = "slug"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
