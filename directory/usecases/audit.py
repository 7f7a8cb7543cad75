"""The record of what was done, by whom, when."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.models import AuditEvent


def record(
    session: Session,
    action: str,
    listing_id: int | None,
    *,
    by: str,
    at: datetime,
    **detail: Any,
) -> None:
    """Write down one change of state, in the transaction that makes it."""
    session.add(AuditEvent(at=at, actor=by, action=action, listing_id=listing_id, detail=detail))
