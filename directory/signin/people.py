"""Accounts and passkeys as Flask-Security wants them: the same tables, mapped a second time."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy.orm import relationship

from directory.db import Base
from directory.models import Account, Passkey, Role


class SignIn(Base, UserMixin):
    """An account as somebody who signs in. What it may do stands in `role`, one of our own."""

    __table__ = Account.__table__
    if TYPE_CHECKING:
        role: Role
        tf_failures: int
        tf_paused_until: datetime | None
    webauthn = relationship(
        "PasskeyInUse", cascade="all, delete-orphan", order_by=Passkey.__table__.c.id
    )


class PasskeyInUse(Base, WebAuthnMixin):
    """A passkey as Flask-Security reads and writes it."""

    __table__ = Passkey.__table__


class NoRole(RoleMixin):
    """Stands where Flask-Security wants a class of roles."""
