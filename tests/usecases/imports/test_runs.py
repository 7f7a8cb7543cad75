"""Imports as runs: recorded row by row, broken off and taken up again, and undone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import reading, writing
from directory.errors import Conflict, NotFound
from directory.files.rosters import columns as names
from directory.files.rosters import reading as rosters
from directory.models import (
    Actor,
    AuditEvent,
    ImportedRow,
    IndexChange,
    Listing,
    Revision,
    Role,
    State,
    Taxonomy,
)
from directory.places import Gazetteer
from directory.usecases.imports import runs
from directory.usecases.imports.rows import settle_repeats
from tests import factories
from tests.factories import NOW

ADMIN = Actor(1, Role.ADMIN)
KEY = b"only for tests"
HEADER = "Member no;Full name;Profession;Town;State;Land;E-mail;Bio\n"


def file_of(rows: int, bad: int, *, about: str = "Quiet hands.") -> bytes:
    """A roster in somebody else's words, every so many rows without a name."""
    every = rows // bad if bad else rows + 1
    lines = [
        f"M{n};{'' if not n % every else f'Rowan Testerly {n}'};;Boulder;CO;US;p{n}@p.example;{about}"
        for n in range(1, rows + 1)
    ]
    return f"\ufeff{HEADER}{chr(10).join(lines)}\n".encode()


@pytest.fixture
def read(engine):
    def read(content: bytes):
        with reading(engine) as session:
            return settle_repeats(rosters.read(content, Taxonomy.load(session)).rows)

    return read


@pytest.fixture
def begin(engine):
    def begin(rows, *, approve=True) -> int:
        with writing(engine) as session:
            return runs.begin(
                session,
                "r.csv",
                columns={},
                rows=len(rows),
                approve=approve,
                by=str(ADMIN),
                at=NOW,
            )

    return begin


@pytest.fixture
def go_on(engine):
    gazetteer = Gazetteer(engine)

    def go_on(run_id, rows, *, parts=1000) -> None:
        for _ in range(parts):
            with writing(engine) as session:
                done = runs.take_part(session, run_id, rows, gazetteer=gazetteer, at=NOW, key=KEY)
            if done is None:
                return

    return go_on


@pytest.fixture
def undo(engine):
    def undo(run_id) -> None:
        with writing(engine) as session:
            runs.ask_to_undo(session, run_id, by=ADMIN, at=NOW)
        more = True
        while more:
            with writing(engine) as session:
                more = runs.undo_part(session, run_id, at=NOW + timedelta(days=1))

    return undo


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_columns_are_guessed_by_what_other_people_call_them(session):
    head = rosters.head(file_of(2, 0), Taxonomy.load(session))

    assert head.guessed == {
        "Member no": "external_id",
        "Full name": "name",
        "Profession": "professions",
        "Town": "locality",
        "State": "region",
        "Land": "country",
        "E-mail": "email",
        "Bio": "about",
    }
    assert head.rows == 2
    assert head.samples[1] == ("Rowan Testerly 1", "Rowan Testerly 2")


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(
    engine, session, read, begin, go_on, monkeypatch
):
    monkeypatch.setattr(runs, "BATCH", 100)
    rows = read(file_of(400, 20))
    run_id = begin(rows)

    go_on(run_id, rows, parts=1)
    with Session(engine.execution_options(writes=True)) as killed:  # never committed
        runs.take_part(killed, run_id, rows, gazetteer=Gazetteer(engine), at=NOW, key=KEY)
        killed.flush()
    half = runs.run(session, run_id).done, count(session, ImportedRow), count(session, Listing)
    session.rollback()
    go_on(run_id, rows)
    go_on(run_id, rows)  # finished already

    assert half == (100, 100, 95)
    found = runs.run(session, run_id)
    assert (found.done, found.rows) == (400, 400)
    assert found.finished_at == NOW
    assert runs.counted(session, run_id) == {"created": 380, "failed": 20}
    assert dict(found.totals) == {"created": 380, "failed": 20}
    assert count(session, Listing) == count(session, Revision) == 380
    assert count(session, IndexChange) == 380
    (bad, *_) = runs.rows_of(session, run_id, outcome="failed")
    assert bad.line == 21
    assert "name is needed" in bad.notes[0]


def test_what_a_dry_run_foresees_is_what_happens_and_writes_nothing(
    engine, session, read, begin, go_on
):
    rows = read(file_of(20, 4))

    report = runs.foresee(session, rows, gazetteer=Gazetteer(engine), approve=True, at=NOW, key=KEY)
    nothing = [count(session, table) for table in (Listing, Revision, ImportedRow, AuditEvent)]
    session.rollback()
    run_id = begin(rows)
    go_on(run_id, rows)

    assert nothing == [0, 0, 0, 0]
    foreseen = {outcome.value: number for outcome, number in report.totals.items()}
    assert runs.counted(session, run_id) == foreseen == {"created": 16, "failed": 4}


def test_undoing_takes_back_all_but_what_was_claimed_or_changed_since(
    engine, session, read, begin, go_on, undo
):
    old, new = read(file_of(3, 0)), read(file_of(6, 0, about="Other words."))
    first = begin(old)
    go_on(first, old)
    with writing(engine) as before:
        stood = {one.import_key: one.live_id for one in before.scalars(select(Listing))}
    second = begin(new)
    go_on(second, new)
    with writing(engine) as since:
        everybody = since.scalars(select(Listing).order_by(Listing.id)).all()
        everybody[0].owner_id = factories.account(since).id
        everybody[3].publish_at_once(factories.draft(name="Changed Since"), at=NOW)

    undo(second)
    undo(second)

    listings = session.scalars(select(Listing).order_by(Listing.id)).all()
    assert [one.state for one in listings] == [State.LIVE] * 4 + [State.DRAFT] * 2
    assert listings[0].live.content.about == "Other words."
    assert [one.live_id for one in listings[1:3]] == [stood["id:M2"], stood["id:M3"]]
    assert listings[3].live.content.name == "Changed Since"
    assert [(one.live_id, one.pending_id) for one in listings[4:]] == [(None, None)] * 2
    found = runs.run(session, second)
    assert found.undone_at
    assert runs.counted(session, second) == {"taken back": 4, "left": 2}
    reasons = [row.notes[-1] for row in runs.rows_of(session, second, outcome="left")]
    assert reasons == [
        "left: its practitioner has claimed it since",
        "left: it was changed since",
    ]
    taken = select(AuditEvent).where(AuditEvent.action == "import taken back")
    assert len(session.scalars(taken).all()) == 4
    told = select(IndexChange.listing_id).order_by(IndexChange.id.desc()).limit(4)
    assert set(session.scalars(told)) == {one.id for one in (*listings[1:3], *listings[4:])}


def test_what_was_taken_back_can_be_imported_again(engine, session, read, begin, go_on, undo):
    rows = read(file_of(2, 0))
    run_id = begin(rows, approve=False)
    go_on(run_id, rows)
    with writing(engine) as asking:
        runs.ask_to_undo(asking, run_id, by=ADMIN, at=NOW)
    asked = runs.to_undo(session)
    session.rollback()
    undo(run_id)

    again = begin(rows)
    go_on(again, rows)

    assert asked == [run_id]
    assert runs.to_undo(session) == []
    assert [one.state for one in session.scalars(select(Listing))] == [State.LIVE] * 2


def test_only_admins_undo_and_not_while_it_goes_on(session, read, begin):
    run_id = begin(read(file_of(1, 0)))
    reviewer = Actor(2, Role.REVIEWER)
    with pytest.raises(NotFound):
        runs.ask_to_undo(session, run_id, by=reviewer, at=NOW)
    with pytest.raises(Conflict):
        runs.ask_to_undo(session, run_id, by=ADMIN, at=NOW)


def test_a_column_with_our_own_name_is_meant_before_one_that_sounds_like_it():
    columns = ("Membership no.", "external_id", "home_visit_km", "Hide address", "Town", "city")

    assert names.guess(columns) == {
        "Membership no.": "",
        "external_id": "external_id",
        "home_visit_km": "home_visit_km",
        "Hide address": "hide_address",
        "Town": "locality",
        "city": "",
    }


@pytest.mark.parametrize("approve", [True, False])
def test_undoing_leaves_what_its_practitioner_confirmed_since(
    session, engine, read, begin, go_on, undo, approve
):
    old, new = read(file_of(1, 0)), read(file_of(1, 0, about="Other words."))
    first = begin(old)
    go_on(first, old)
    second = begin(new, approve=approve)
    go_on(second, new)
    a_week_later = (NOW + timedelta(days=7)).date()
    with writing(engine) as since:
        since.scalars(select(Listing)).one().confirm(on=a_week_later)

    undo(second)

    assert session.scalars(select(Listing)).one().confirmed_on == a_week_later
    (left,) = runs.rows_of(session, second, outcome="left")
    assert left.notes[-1] == "left: it was confirmed since"
