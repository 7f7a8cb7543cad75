"""Accounts, reports and imports by anything that is known of them.

What is about a listing that was found is found with it: its keeper, what was reported about it,
the imports that brought it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Actor,
    ImportedRow,
    ImportRun,
    Listing,
    Report,
    ReportKind,
    ReportState,
    Role,
)
from directory.usecases.curation.finding.typed import Typed, beginning

MOST = 10
# With fewer letters, too many addresses begin.
FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """Somebody who can sign in, or may not any more."""

    account_id: int
    email: str
    role: Role
    active: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class FoundReport:
    """What somebody said about a listing."""

    report_id: int
    kind: ReportKind
    state: ReportState
    title: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class FoundImport:
    """One file that was read in."""

    run_id: int
    filename: str
    started_at: datetime
    finished: bool
    undone: bool


def accounts(
    session: Session, asked: Typed, keepers: Sequence[int] = (), *, by: Actor
) -> Sequence[FoundAccount]:
    """Those with this number, or whose address begins so, and the keepers of what was
    found; one more than MOST when there are more. For admins: others are told of none."""
    if not by.may(Role.ADMIN):
        return ()
    ways: list[ColumnElement[bool]] = [Account.id.in_(keepers)] if keepers else []
    if number := asked.number_of("account"):
        ways.append(Account.id == number)
    if letters := _letters(asked):
        begins = beginning(letters)
        ways.append(Account.email_key.between(begins.low, begins.high))
    if not ways:
        return ()
    # Each by its own index, and of many so few. Of an erased one a number is left, without "@".
    ids = {one for way in ways for one in session.scalars(_some(way))}
    wanted = select(Account).where(Account.id.in_(ids), Account.email.contains("@"))
    found = session.scalars(wanted.order_by(Account.email).limit(MOST + 1))
    return [
        FoundAccount(one.id, one.email, one.role, one.active, one.confirmed_at is not None)
        for one in found
    ]


def _some(way: ColumnElement[bool]) -> Select[int]:
    return select(Account.id).where(way).limit(MOST + 1)


def _letters(asked: Typed) -> str:
    """How an address may begin; "" when it is no beginning of one."""
    fits = " " not in asked.text and "/" not in asked.text and len(asked.text) >= FEWEST_LETTERS
    return asked.email or (asked.text.lower() if fits else "")


def reports(
    session: Session, asked: Typed, listings: Sequence[int] = (), *, by: Actor
) -> Sequence[FoundReport]:
    """Those with this number or about these listings, open ones first; for admins also those of
    whoever is reached at exactly this address. One more than MOST when there are more."""
    by.must_be(Role.REVIEWER)
    ways: list[ColumnElement[bool]] = [Report.listing_id.in_(listings)] if listings else []
    if number := asked.number_of("report"):
        ways.append(Report.id == number)
    if asked.email and by.may(Role.ADMIN):
        ways.append(Report.reply_to == asked.email)
    if not ways:
        return ()
    rows = session.execute(
        select(Report, Listing)
        .join(Listing, Listing.id == Report.listing_id)
        .where(or_(*ways))
        .order_by(Report.closed_at.is_not(None), Report.id.desc())
        .limit(MOST + 1)
    )
    return [
        FoundReport(one.id, one.kind, one.state, listing.title, one.made_at)
        for one, listing in rows
    ]


def imports(
    session: Session, asked: Typed, listings: Sequence[int] = (), *, by: Actor
) -> Sequence[FoundImport]:
    """Those with this number, this in the name of the file, or that brought these listings, the
    newest first; one more than MOST when there are more. For admins: others are told of none."""
    if not by.may(Role.ADMIN):
        return ()
    ways: list[ColumnElement[bool]] = []
    if number := asked.number_of("import"):
        ways.append(ImportRun.id == number)
    if asked.text and not asked.row and not asked.email:
        ways.append(ImportRun.filename.icontains(asked.text, autoescape=True))
    if listings:
        brought = select(ImportedRow.run_id).where(ImportedRow.listing_id.in_(listings))
        ways.append(ImportRun.id.in_(brought))
    if not ways:
        return ()
    found = session.scalars(
        select(ImportRun).where(or_(*ways)).order_by(ImportRun.id.desc()).limit(MOST + 1)
    )
    return [
        FoundImport(
            one.id, one.filename, one.started_at, one.finished_at is not None, bool(one.undone_at)
        )
        for one in found
    ]
