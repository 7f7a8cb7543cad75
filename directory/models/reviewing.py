"""What admins work through: the queue, who reads what, checks of credentials, reports; and by what
they find a listing."""

import enum
from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import JSON, Connection, Date, Enum, ForeignKey, Index, String, Text, insert
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment
from directory.models.draft import Draft
from directory.places.names import word_keys

# Written with and without the prefixes of a country and a trunk line, numbers end alike.
PHONE_END = 9


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


class Handle(Base):
    """Something by which the staff find a version of a listing, as it is compared.

    `word` is a folded word of the name, the practice or the place; an e-mail address; a website's
    host and path; or `telephone_handle` of the number. `kind` is one of the constants here, the
    surest first.
    """

    __tablename__ = "handle"
    __table_args__ = (Index("ix_handle_word", "word", "kind", "revision_id"),)
    NAME, REACH, PRACTICE, PLACE = range(4)

    # PostgreSQL must order words as SQLite does, or no index knows how one begins.
    WORD = String(254).with_variant(String(254, collation="C"), "postgresql")

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    kind: Mapped[int]

    @classmethod
    def rows(cls, revision_id: int, draft: Draft) -> list[dict[str, object]]:
        """The rows for a version that says this, at least one."""
        found: dict[str, int] = {}
        for kind, word in _handles(draft):
            found.setdefault(word[:254], kind)
        return [
            {"revision_id": revision_id, "word": word, "kind": kind} for word, kind in found.items()
        ]

    @classmethod
    def write(cls, connection: Connection, revision_id: int, draft: Draft) -> None:
        """Write them as rows, not as objects: an import writes a hundred thousand."""
        connection.execute(
            insert(cls.metadata.tables[cls.__tablename__]), cls.rows(revision_id, draft)
        )


def telephone_handle(number: str) -> str:
    """A number by its last digits, backwards: so one that is known in part is a beginning, too."""
    digits = "".join(char for char in number if char.isdecimal())
    return f"tel:{digits[::-1][:PHONE_END]}" if digits else ""


def website_handle(address: str) -> str:
    """Host and path of a website, however it was typed; "" for what is none."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}".casefold()


def _handles(draft: Draft) -> Iterator[tuple[int, str]]:
    names = word_keys(draft.name) or ("",)
    yield from ((Handle.NAME, word) for word in names)
    reach = draft.email.casefold(), website_handle(draft.website), telephone_handle(draft.phone)
    yield from ((Handle.REACH, word) for word in reach if word)
    for practice in draft.practices:
        yield from ((Handle.PRACTICE, word) for word in word_keys(practice.name))
        where = f"{practice.locality} {practice.region}"
        postcode = "".join(word_keys(practice.postcode))
        yield from ((Handle.PLACE, word) for word in (*word_keys(where), postcode) if word)


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
