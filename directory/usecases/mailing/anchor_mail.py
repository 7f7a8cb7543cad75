"""Where the audit chain ended, sent to somebody who keeps it elsewhere."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import OutgoingMail
from directory.usecases.audit import chain
from directory.usecases.mailing import outbox

KIND = "audit-anchor"
EVERY = timedelta(hours=1)


def send(session: Session, to: str, *, at: datetime) -> bool:
    """Queue a mail when the chain moved on since the last one, at most one an hour.

    Says whether it did.
    """
    here = chain.now(session)
    event = f"{KIND}:{here.length}:{here.hash}"
    last = session.execute(
        select(OutgoingMail.event, OutgoingMail.created_at)
        .where(OutgoingMail.kind == KIND)
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    ).first()
    if not here.length or (last and (last.event == event or last.created_at > at - EVERY)):
        return False
    outbox.send(session, KIND, to, event=event, at=at, anchor=f"{here.hash}:{here.length}")
    return True
