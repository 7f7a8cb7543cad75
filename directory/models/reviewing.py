"""What admins work through: the queue, who reads what, checks of credentials, reports."""

import enum
from datetime import date, datetime

from sqlalchemy import JSON, Date, Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment


class Waiting(Base):
    """A revision in the admins' queue: since when, how risky it is, and why.

    It counts only while `revision_id` is the listing's pending one. `reasons` are the names
    of risks, such as "first" or "promises".
    """

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_risk_since", "risk", "since"),)

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    since: Mapped[datetime] = mapped_column(Moment)
    risk: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)


class ReviewLock(Base):
    """An admin who is reading a listing, so that no other starts on it, until some moment."""

    __tablename__ = "reading"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    until: Mapped[datetime] = mapped_column(Moment)


class CredentialCheck(Base):
    """Somebody checked a credential with whoever gave it; past `expires_on` it says nothing."""

    __tablename__ = "credential_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    credential: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(120))
    method: Mapped[str] = mapped_column(String(40))
    checked_by: Mapped[str] = mapped_column(String(254))
    checked_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)


class ReportKind(enum.Enum):
    """What somebody from the public says about a listing."""

    CLOSED = "closed"
    MOVED = "moved"
    WRONG = "wrong"
    CONCERN = "concern"


class ReportState(enum.Enum):
    """Where a report stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    DISMISSED = "dismissed"


class Report(Base):
    """A word from the public; `reply_to` is blanked once it was answered."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    kind: Mapped[ReportKind] = mapped_column(
        Enum(
            ReportKind, native_enum=False, length=20, values_callable=lambda e: [k.value for k in e]
        )
    )
    words: Mapped[str] = mapped_column(Text, default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[ReportState] = mapped_column(
        Enum(
            ReportState,
            native_enum=False,
            length=20,
            values_callable=lambda e: [s.value for s in e],
        ),
        index=True,
    )
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffNote(Base):
    """Words of an admin about a listing, for the other admins; or those that its owner got.

    Whoever is written about may read them: they are in the copy of their data.
    """

    __tablename__ = "staff_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    is_sent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
