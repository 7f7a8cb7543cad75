"""Why a listing is paused: its keeper wanted it, or somebody asked whether it has closed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import AuditEvent, Listing, State

QUESTIONED = "paused to ask"
# By its keeper, for reasons of their own.
PAUSED = "paused"


def questioned(session: Session, listing: Listing) -> str:
    """Who paused it with a question that still stands; "" when it is not paused for one."""
    if listing.state is not State.PAUSED:
        return ""
    paused = select(AuditEvent.action, AuditEvent.actor).where(
        AuditEvent.listing_id == listing.id,
        AuditEvent.action.in_([QUESTIONED, PAUSED]),
    )
    last = session.execute(paused.order_by(AuditEvent.id.desc()).limit(1)).first()
    return last.actor if last and last.action == QUESTIONED else ""
