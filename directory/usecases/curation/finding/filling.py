"""What listings are found by, for versions that have none of it: of before there was any, or
written by older code beside a newer one."""

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from directory.models import Handle, Revision

AT_ONCE = 500


def fill(session: Session, *, below: int | None = None) -> int | None:
    """Fill some, the newest first, of those below a number; gives the number to go on below,
    None when all are filled. Safe to repeat."""
    bare = ~exists().where(Handle.revision_id == Revision.id)
    wanted = select(Revision).where(bare).order_by(Revision.id.desc()).limit(AT_ONCE)
    if below is not None:
        wanted = wanted.where(Revision.id < below)
    # What is being erased is left to go.
    wanted = wanted.with_for_update(of=Revision, skip_locked=True, key_share=True)
    found = session.scalars(wanted).all()
    rows = [row for revision in found for row in Handle.rows(revision.id, revision.content)]
    if rows:
        session.execute(insert(Handle), rows)
    return found[-1].id if len(found) == AT_ONCE else None


def filled(session: Session) -> bool:
    """Whether the oldest version that there is has been filled, as the last of all."""
    oldest = session.scalar(select(func.min(Revision.id)))
    if oldest is None:
        return True
    return bool(session.scalar(select(exists().where(Handle.revision_id == oldest))))
