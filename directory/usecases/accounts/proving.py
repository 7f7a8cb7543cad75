"""Proving an address: whoever reads its mail has the account, and nobody who came before.

Anybody can write an address into a form. Until its owner has shown that it is theirs, an account
is a note that somebody asked; what such a note may hold (a password, a second factor, a browser
that is signed in, links) goes with the proof. So no stranger can lie in wait in an account that
its owner takes over later: see Sudhodanan and Paverd, "Pre-hijacked accounts", USENIX Security
2022.
"""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from directory.models import Account, OutgoingMail, Passkey, SignedIn


def prove(session: Session, account_id: int, *, at: datetime) -> bool:
    """The address is its owner's from now on; False, and nothing changes, when it was before.

    The session forgets what it held of the account.
    """
    session.flush()
    unproved = Account.id == account_id, Account.confirmed_at.is_(None)
    known = session.execute(select(Account.password, Account.tf_totp_secret).where(*unproved))
    before = known.one_or_none()
    if before is None:
        return False
    proved = update(Account).where(*unproved).values(confirmed_at=at, password=None)
    session.execute(proved.execution_options(synchronize_session=False))
    session.expire_all()
    keys = forget_factors(session, account_id)
    if any(before) or keys:
        end_sessions(session, account_id)
    return True


def forget_factors(session: Session, account_id: int) -> bool:
    """No second factor, recovery code or passkey opens the account; whether there were passkeys."""
    _change(
        session,
        account_id,
        tf_primary_method=None,
        tf_totp_secret=None,
        tf_last_counter=None,
        mf_recovery_codes=None,
        tf_failures=0,
        tf_paused_until=None,
    )
    gone = session.execute(delete(Passkey).where(Passkey.user_id == account_id))
    session.expire_all()
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def end_sessions(session: Session, account_id: int) -> None:
    """No browser is signed in any more, and no link that was sent before opens anything."""
    _change(session, account_id, fs_uniquifier=uuid4().hex)
    session.execute(delete(SignedIn).where(SignedIn.account_id == account_id))
    session.expire_all()


def give_way(session: Session, email: str) -> None:
    """An account of this address goes when nobody ever proved it: its owner has another by now."""
    unproved = session.scalar(
        select(Account).where(
            func.lower(Account.email) == email.lower(), Account.confirmed_at.is_(None)
        )
    )
    if unproved is not None:
        session.execute(delete(OutgoingMail).where(OutgoingMail.account_id == unproved.id))
        session.delete(unproved)
        session.flush()


def _change(session: Session, account_id: int, **values: object) -> None:
    session.flush()
    changed = update(Account).where(Account.id == account_id).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))
