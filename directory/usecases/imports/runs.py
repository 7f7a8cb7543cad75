"""Imports as runs: carried out in parts, each row's outcome kept, and the whole of it undoable.

A run's rows are done in the order of the file, some hundreds in one transaction together with
the record of what became of each. Whoever goes on with a run that was broken off therefore goes
on after its last recorded line, and nothing is done twice or by halves.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, NotFound
from directory.models import (
    Actor,
    Claim,
    ClaimState,
    ImportedRow,
    ImportRun,
    Listing,
    Role,
    State,
    Stood,
)
from directory.places import Gazetteer
from directory.usecases.audit import chain
from directory.usecases.imports import intake
from directory.usecases.imports.rows import ImportReport, Outcome, Row
from directory.usecases.listings import changes, loading, waiting

# Rows in one transaction: a kill loses no more, and other writers wait no longer.
BATCH = 300
PER_PAGE = 100
PREVIEWED = 100
LONGEST_NOTE = 500
LONGEST_FILENAME = 200
# What became of a written row when its run was undone.
TAKEN_BACK = "taken back"
LEFT = "left"
# Numbers that a run's `totals` hold beside those of outcomes: how many rows its file has,
# whether what it brings is public at once, and the number of the account that undoes it.
ROWS, AT_ONCE, UNDONE_BY = "rows", "at once", "undone by"
# Who starts a run that no account asked for.
COMMAND_LINE = "command line"
_WRITTEN = (Outcome.CREATED.value, Outcome.UPDATED.value, Outcome.DRAFT.value)


@dataclass(frozen=True, slots=True)
class Run:
    """An import as it stands: `done` of `rows` are recorded, and `totals` counts outcomes."""

    id: int
    filename: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    undoing: bool
    at_once: bool
    columns: Mapping[str, str]
    rows: int
    done: int
    totals: Mapping[str, int]

    @property
    def busy(self) -> bool:
        """Whether somebody looking at it should look again in a moment."""
        return self.finished_at is None or (self.undoing and self.undone_at is None)


def begin(
    session: Session,
    filename: str,
    *,
    columns: Mapping[str, str],
    rows: int,
    approve: bool,
    by: str,
    at: datetime,
) -> int:
    """Write down that an import begins, and give its number; `take_part` does it."""
    run = ImportRun(
        filename=filename[-LONGEST_FILENAME:],
        started_by=by,
        started_at=at,
        columns=dict(columns),
        totals={ROWS: rows, AT_ONCE: int(approve)},
    )
    session.add(run)
    session.flush()
    return run.id


def say_begun(session: Session, run_id: int, *, by: Actor, at: datetime) -> None:
    """Write down who asked for a run from the site."""
    by.must_be(Role.ADMIN)
    chain.record(session, "import begun", None, by=str(by), at=at, run=run_id)


def foresee(
    session: Session,
    rows: Sequence[Row],
    *,
    gazetteer: Gazetteer,
    approve: bool,
    at: datetime,
    key: bytes,
) -> ImportReport:
    """What an import of these rows would do, decided as it would be; writes nothing."""
    reports = [
        report
        for start in range(0, len(rows), BATCH)
        for report in intake.take_rows(
            session,
            rows[start : start + BATCH],
            gazetteer=gazetteer,
            approve=approve,
            by="",
            at=at,
            key=key,
            dry=True,
        ).report.rows
    ]
    return ImportReport(tuple(reports))


def take_part(
    session: Session,
    run_id: int,
    rows: Sequence[Row],
    *,
    gazetteer: Gazetteer,
    at: datetime,
    key: bytes,
) -> ImportReport | None:
    """Do the next rows of a run, and record each; None when all are done and it is finished.

    `rows` are the whole file's, repeats settled. Several may call it at once: each row is
    done once.
    """
    run = _locked(session, run_id)
    if run.finished_at is not None:
        return None
    last = session.scalar(select(func.max(ImportedRow.line)).where(ImportedRow.run_id == run_id))
    start = bisect_right([row.line for row in rows], last or 0)
    part = rows[start : start + BATCH]
    if not part:
        run.finished_at = at
        return None
    done = intake.take_rows(
        session,
        part,
        gazetteer=gazetteer,
        approve=bool(run.totals.get(AT_ONCE)),
        by=run.started_by,
        at=at,
        key=key,
    )
    waiting.enqueue_many(session, [one.listing for one in done.written])
    _record(session, run_id, done)
    _add(run, Counter(row.outcome.value for row in done.report.rows))
    return done.report


def end_left(session: Session, *, at: datetime) -> int:
    """End the runs of commands that are at work no more; says how many. Only for whoever knows
    that no command imports now."""
    left = session.scalars(_left().with_for_update(key_share=True)).all()
    for run in left:
        run.finished_at = at
    return len(left)


def may_be_left(session: Session) -> bool:
    """Whether the run of a command is not finished: it goes on, or its process died."""
    return session.scalar(_left().limit(1)) is not None


def _left() -> Select[ImportRun]:
    mine = ImportRun.started_by == COMMAND_LINE, ImportRun.finished_at.is_(None)
    return select(ImportRun).where(*mine).order_by(ImportRun.id)


def give_up(session: Session, run_id: int, *, at: datetime) -> None:
    """End a run that cannot go on, for its file is gone."""
    run = _locked(session, run_id)
    run.finished_at = run.finished_at or at


def ask_to_undo(session: Session, run_id: int, *, by: Actor, at: datetime) -> None:
    """Ask for all of a run to be taken back; `undo_part` does it. Asked twice, it is one wish.

    Raises Conflict while the run goes on.
    """
    by.must_be(Role.ADMIN)
    run = _locked(session, run_id)
    if run.finished_at is None and run.started_by.startswith("account"):
        raise Conflict("This import is still going on. Undo it when it has finished.")
    if UNDONE_BY in run.totals:
        return
    run.finished_at = run.finished_at or at
    run.totals = {**run.totals, UNDONE_BY: by.account_id}
    chain.record(session, "import undone", None, by=str(by), at=at, run=run_id)


def startable(session: Session, run_ids: Sequence[int]) -> list[int]:
    """Those of the runs that are there for the worker to do or to tidy away, oldest first."""
    wanted = select(ImportRun.id).where(
        ImportRun.id.in_(run_ids), ImportRun.started_by.startswith("account ")
    )
    return list(session.scalars(wanted.order_by(ImportRun.id)))


def to_undo(session: Session) -> list[int]:
    """The runs that are to be taken back."""
    asked = ImportRun.totals[UNDONE_BY].as_integer().is_not(None)
    wanted = select(ImportRun.id).where(ImportRun.undone_at.is_(None), asked)
    return list(session.scalars(wanted.order_by(ImportRun.id)))


def undo_part(session: Session, run_id: int, *, at: datetime) -> bool:
    """Take back some of a run's rows; whether there is more to do.

    New listings lose what they say and so are not public; changed ones go back to how they
    stood. Whatever somebody claimed or changed since is left, and its row says so.
    """
    run = _locked(session, run_id)
    if run.undone_at is not None:
        return False
    rows = session.scalars(
        select(ImportedRow).where(*_written(run_id)).order_by(ImportedRow.listing_id).limit(BATCH)
    ).all()
    if not rows:
        run.undone_at = at
        return False
    loading.locked_many(session, [row.listing_id for row in rows])
    by = f"account {run.totals[UNDONE_BY]}"
    outcomes = Counter[str]()
    for row in rows:
        why = _undo(session, row, by=by, at=at)
        row.outcome = LEFT if why else TAKEN_BACK
        row.notes = [*row.notes, why] if why else row.notes
        outcomes[row.outcome] += 1
    _add(run, outcomes)
    return True


def runs(session: Session, *, page: int = 1) -> tuple[Run, ...]:
    """Imports, the newest first, a page of them."""
    wanted = select(ImportRun).order_by(ImportRun.id.desc())
    found = session.scalars(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return tuple(map(_run, found))


def run(session: Session, run_id: int) -> Run:
    """One import; raises NotFound."""
    found = session.get(ImportRun, run_id)
    if found is None:
        raise NotFound("There is no such import.")
    return _run(found)


def rows_of(
    session: Session, run_id: int, *, outcome: str = "", after: int = 0, most: int = PER_PAGE
) -> Sequence[ImportedRow]:
    """What became of a run's rows, by line, from after that line on; of one outcome if it says so."""
    wanted = select(ImportedRow).where(ImportedRow.run_id == run_id, ImportedRow.line > after)
    if outcome:
        wanted = wanted.where(ImportedRow.outcome == outcome)
    return session.scalars(wanted.order_by(ImportedRow.line).limit(most)).all()


def counted(session: Session, run_id: int) -> Mapping[str, int]:
    """How many of a run's rows have each outcome now."""
    found = session.execute(
        select(ImportedRow.outcome, func.count())
        .where(ImportedRow.run_id == run_id)
        .group_by(ImportedRow.outcome)
    )
    return {row[0]: row[1] for row in found}


def _locked(session: Session, run_id: int) -> ImportRun:
    found = session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def _add(run: ImportRun, numbers: Counter[str]) -> None:
    run.totals = {**run.totals, **(Counter(run.totals) + numbers), AT_ONCE: run.totals[AT_ONCE]}


def _record(session: Session, run_id: int, done: intake.Intake) -> None:
    written = {one.row.line: one for one in done.written}
    for report in done.report.rows:
        one = written.get(report.line)
        session.add(
            ImportedRow(
                run_id=run_id,
                line=report.line,
                outcome=report.outcome.value,
                name=report.name[:LONGEST_FILENAME],
                notes=[note[:LONGEST_NOTE] for note in report.notes],
                listing_id=one.listing.id if one else None,
                before=_before(one) if one else {},
            )
        )


def _before(one: intake.Written) -> dict[str, object]:
    """How the listing stood, {} of it when it is new, and what the import made of it."""
    listing = one.listing
    made = listing.live_id if one.public else listing.pending_id
    return {**one.before, "left": [listing.live_id, listing.pending_id], "made": made}


def _written(run_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ImportedRow.run_id == run_id,
        ImportedRow.listing_id.is_not(None),
        ImportedRow.outcome.in_(_WRITTEN),
    )


def _undo(session: Session, row: ImportedRow, *, by: str, at: datetime) -> str:
    """Take back what the row did; or why it is left as it is."""
    listing = session.get(Listing, row.listing_id)
    if listing is None:
        return "its listing is gone"
    if why := _touched(session, listing, row):
        return why
    was_live = listing.live
    listing.go_back(_stood(listing, row), on=at.date())
    waiting.enqueue_many(session, [listing])
    tell = changes.noted if listing.live is was_live else changes.public_changed
    tell(session, listing, "import taken back", by=by, at=at, line=row.line)
    return ""


def _touched(session: Session, listing: Listing, row: ImportedRow) -> str:
    """Why a listing must be left alone: somebody did something with it since; "" if nobody did."""
    if listing.state not in (State.DRAFT, State.LIVE):
        return f"left: this listing is {listing.state.value} now"
    asked = select(Claim.id).where(
        Claim.listing_id == listing.id, Claim.state.in_((ClaimState.ASKED, ClaimState.GRANTED))
    )
    if listing.owner_id is not None or session.scalar(asked.limit(1)):
        return "left: its practitioner has claimed it since"
    live, pending = row.before["left"]
    made = row.before["made"]
    # As it was left; or what the import proposed was approved, or refused, as it was.
    as_left = ((live, pending), (made, None), (live, None))
    if (listing.live_id, listing.pending_id) not in as_left:
        return "left: it was changed since"
    if _confirmed_since(listing, row):
        return "left: it was confirmed since"
    return ""


def _confirmed_since(listing: Listing, row: ImportedRow) -> bool:
    """Whether somebody said that all is right on a later day than what is public was decided."""
    if listing.live is None:
        return False
    before = row.before.get("confirmed_on")
    known = [date.fromisoformat(before)] if before else []
    decided = [listing.live.decided_on] if listing.live.decided_on else []
    return listing.confirmed_on > max((*known, *decided), default=date.max)


def _stood(listing: Listing, row: ImportedRow) -> Stood:
    """How the listing stood before its row; a new one had nothing to say."""
    if "confirmed_on" in row.before:
        return Stood.from_json(row.before)
    return Stood(None, None, State.DRAFT, listing.confirmed_on, listing.accepting_stated_on)


def _run(found: ImportRun) -> Run:
    own = (ROWS, AT_ONCE, UNDONE_BY)
    totals = {name: number for name, number in found.totals.items() if name not in own}
    done = sum(number for name, number in totals.items() if name not in (TAKEN_BACK, LEFT))
    return Run(
        id=found.id,
        filename=found.filename,
        started_by=found.started_by,
        started_at=found.started_at,
        finished_at=found.finished_at,
        undone_at=found.undone_at,
        undoing=UNDONE_BY in found.totals,
        at_once=bool(found.totals.get(AT_ONCE)),
        columns=found.columns,
        rows=found.totals.get(ROWS, 0),
        done=done,
        totals=totals,
    )
