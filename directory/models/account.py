"""Who can sign in."""

import enum
from datetime import datetime

from sqlalchemy import Enum, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment


class Role(enum.Enum):
    """What an account may do; each role may do all that the ones before it may."""

    PRACTITIONER = "practitioner"
    ADMIN = "admin"


class Account(Base):
    """One person with an e-mail address."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=20, values_callable=lambda e: [r.value for r in e])
    )
    created_at: Mapped[datetime] = mapped_column(Moment)
