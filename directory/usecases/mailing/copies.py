"""Letters that left as files: each is there as long as the mail it is a copy of, and a day."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from directory.db import afterwards
from directory.mail import Files, mark, named
from directory.models import OutgoingMail

# Time enough to read the last letter of an erased account, whose mail is forgotten at once.
UNKNOWN_KEPT_FOR = timedelta(days=1)


def remove(
    session: Session, letters: Files | None, which: ColumnElement[bool], *, key: bytes
) -> None:
    """Delete the files of these mails once the transaction is committed.

    To be called while the rows are there.
    """
    if letters is None:
        return
    marks = _marks(session, which, key)
    if marks:
        afterwards(session, lambda: letters.remove(marks))


def sweep(session: Session, letters: Files | None, *, at: datetime, key: bytes) -> int:
    """Delete files of mails that are forgotten by now. Says how many; for the hourly worker."""
    if letters is None:
        return 0
    return letters.sweep(_marks(session, true(), key), before=at - UNKNOWN_KEPT_FOR)


def _marks(session: Session, which: ColumnElement[bool], key: bytes) -> frozenset[str]:
    rows = session.execute(select(OutgoingMail.id, OutgoingMail.event).where(which))
    return frozenset(mark(key, named(mail_id, event)) for mail_id, event in rows)
