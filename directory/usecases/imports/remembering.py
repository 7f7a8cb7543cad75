"""How a roster like this one was read before, so that nobody says next year what they said this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import ImportRun

LOOKED_AT = 200
# So many of a file's columns were in the earlier one, too.
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Remembered:
    """Which of ours each column was in an earlier import, by its name there."""

    columns: Mapping[str, str]
    filename: str
    at: datetime


def remembered(session: Session, named: Sequence[str]) -> Remembered | None:
    """The earlier import whose file had most of these columns; of several the last."""
    latest = select(ImportRun).order_by(ImportRun.id.desc()).limit(LOOKED_AT)
    best, shared = None, 0
    for run in session.scalars(latest):
        same = len(run.columns.keys() & set(named))
        if same > shared and any(run.columns.values()):
            best, shared = run, same
    if best is None or shared < ALIKE * len(named):
        return None
    return Remembered(best.columns, best.filename, best.started_at)
