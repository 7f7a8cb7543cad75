"""Mail to be sent: a row in the transaction of whatever it tells of."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models import OutgoingMail


def send(
    session: Session,
    kind: str,
    to: str,
    *,
    event: str,
    at: datetime,
    account_id: int | None = None,
    listing_id: int | None = None,
    after: timedelta = timedelta(),
    **values: str,
) -> None:
    """Queue one mail for one event; an event that was queued before is not queued again.

    `kind` names the templates `email/<kind>.txt` and `.html`, which are filled with `values`.
    It leaves no earlier than `after` from now; until then it can be taken back.
    The ids say whose it is: who erases an account or a listing erases its mail.
    """
    known = select(OutgoingMail.id).where(OutgoingMail.event == event)
    if session.scalar(known) is not None:
        return
    session.add(
        OutgoingMail(
            event=event,
            kind=kind,
            recipient=to,
            values=values,
            account_id=account_id,
            listing_id=listing_id,
            created_at=at,
            due_at=at + after,
        )
    )
    session.flush()


def take_back(session: Session, event: str) -> bool:
    """Drop an event's mail, as if it had never been written; False when it is under way."""
    mine = OutgoingMail.event == event
    unsent = OutgoingMail.sent_at.is_(None), OutgoingMail.tries == 0
    session.execute(delete(OutgoingMail).where(mine, *unsent))
    return session.scalar(select(OutgoingMail.id).where(mine)) is None
