"""Who can sign in, how, and where they are signed in now."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Computed, Enum, ForeignKey, LargeBinary, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment
from directory.errors import NotFound


class Role(enum.Enum):
    """What an account may do; each role may do all that the ones before it may."""

    PRACTITIONER = "practitioner"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a signed-in account. The audit trail knows it by number alone.

    `opened` is the listing that it opened to change it for whoever keeps it.
    """

    account_id: int
    role: Role = Role.PRACTITIONER
    email: str = ""
    opened: int | None = None

    def __str__(self) -> str:
        return f"account {self.account_id}"

    def may(self, role: Role) -> bool:
        """Whether it may do what that role may."""
        order = list(Role)
        return order.index(self.role) >= order.index(role)

    def edits(self, listing_id: int) -> bool:
        """Whether it is an admin who changes this listing for whoever keeps it."""
        return self.opened == listing_id and self.role is Role.ADMIN

    def must_be(self, role: Role) -> None:
        """Raise NotFound when it may not do what that role may: there is nothing here for it."""
        if not self.may(role):
            raise NotFound("There is nothing at this address.")


class Account(Base):
    """One person with an e-mail address.

    Names that begin with `fs_`, `mf_` and `tf_` are Flask-Security's, which reads this table;
    but `tf_failures`, the wrong codes in a row, and `tf_paused_until` are ours.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # Kept by the database: in the order of letters' numbers, so that an index knows how it begins.
    email_key: Mapped[str | None] = mapped_column(
        String(254).with_variant(String(254, collation="C"), "postgresql"),
        Computed("lower(email)", persisted=True),
        index=True,
        deferred=True,
    )
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=20, values_callable=lambda e: [r.value for r in e]),
        default=Role.PRACTITIONER,
    )
    created_at: Mapped[datetime] = mapped_column(Moment)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, index=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None]
    tf_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    tf_paused_until: Mapped[datetime | None] = mapped_column(Moment)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))


class Passkey(Base):
    """A key on somebody's device that signs in without a password (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(Moment)
    lastuse_datetime: Mapped[datetime] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))


class SignedIn(Base):
    """One browser that is signed in. Without its row, the browser's cookie opens nothing.

    `key` is the SHA-256 of what the cookie holds; `browser` says which one in plain words,
    such as "Firefox on Android".
    """

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
