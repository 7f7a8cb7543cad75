"""Mail to be sent: a row in the transaction of whatever it tells of."""

from datetime import datetime

from sqlalchemy import select
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
    **values: str,
) -> None:
    """Queue one mail for one event; an event that was queued before is not queued again.

    `kind` names the templates `email/<kind>.txt` and `.html`, which are filled with `values`.
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
            due_at=at,
        )
    )
    session.flush()
