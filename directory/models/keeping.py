"""Who keeps a listing: claims, helpers, consent, and the rules that admins set."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment
from directory.models.draft import Draft
from directory.models.listing import DraftColumn


class ClaimState(enum.Enum):
    """How far a claim is. CODE_SENT: to the listed address. ASKED: an admin decides."""

    CODE_SENT = "code-sent"
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Claim(Base):
    """Somebody says that a listing without an owner is theirs.

    `code` is the SHA-256 of the code that was sent. `words` is what they told the admins.
    """

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(
        Enum(
            ClaimState, native_enum=False, length=20, values_callable=lambda e: [s.value for s in e]
        )
    )
    code: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Delegate(Base):
    """Somebody whom the owner invited to help; `account_id` is there once they accepted.

    `token` is the SHA-256 of what stands in the invitation.
    """

    __tablename__ = "delegate"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    invited_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)


class Consent(Base):
    """Leave to publish one group of fields, given to one wording of what that means."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    group: Mapped[str] = mapped_column("field_group", String(20))
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class Rule(Base):
    """A rule of the house that admins may change, such as which edits go live at once."""

    __tablename__ = "rule"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(254))


class StaffCopy(Base):
    """What admins are writing for whoever keeps a listing, apart from what that one writes.

    The columns are those of a WorkingCopy. `base_id` is the version that it began with.
    """

    __tablename__ = "staff_copy"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    content: Mapped[Draft] = mapped_column(DraftColumn)
    typed: Mapped[dict[str, dict[str, list[str]]]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Moment)


class Handover(Base):
    """Somebody was invited to keep a listing that nobody keeps.

    `token` is the SHA-256 of what stands in the invitation; the row goes when it was used.
    """

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    invited_at: Mapped[datetime] = mapped_column(Moment)
