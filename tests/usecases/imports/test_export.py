"""Listings out as CSV and in again, whatever somebody wrote in them."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from directory.files.rosters import cells, reading, writing
from directory.models import Actor, AuditEvent, Listing, Revision, Role, State, Taxonomy
from directory.places import Gazetteer
from directory.schemas.draft import DraftSchema
from directory.usecases.imports import export, intake
from directory.usecases.imports.export import Filter
from tests import factories
from tests.factories import BOULDER, DENVER, MUNICH, NOW, TODAY

NOBODY = Taxonomy({}, {}, {}, {})
HOSTILE = st.sampled_from(["=1+1", "'=x", "''-", "@SUM(A1)", "-3", "+4 ok", "a|b", 'q"q', ";", "'"])
WRITTEN = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=30)
TEXT = st.one_of(HOSTILE, st.builds("{}{}".format, HOSTILE, WRITTEN), WRITTEN)


@given(TEXT)
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell):
    written = writing.escaped(cell)

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cells.unescaped(written) == cell


def usable(data: dict) -> bool:
    return not DraftSchema().validate(data)


DATA = st.fixed_dictionaries(
    {
        "name": TEXT.map(lambda text: f"Rowan {text}"),
        "suffix": TEXT,
        "about": TEXT,
        "fees": TEXT,
        "accepting": st.sampled_from(["yes", "no", ""]),
        "practices": st.lists(
            st.fixed_dictionaries(
                {
                    "country": st.just("US"),
                    "locality": TEXT.map(lambda text: f"B {text}"),
                    "name": TEXT,
                    "address": TEXT,
                    "lat": st.floats(-90, 90),
                    "lon": st.floats(-180, 180),
                    "home_visit_km": st.floats(0, 300),
                    "hide_address": st.booleans(),
                }
            ),
            min_size=1,
            max_size=1,
        ),
    }
).filter(usable)


@given(st.lists(DATA, min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_what_is_exported_is_read_again_as_it_was(people):
    drafts = [DraftSchema().load(data) for data in people]

    text = "".join(writing.written((f"id-{n}", draft) for n, draft in enumerate(drafts)))
    found = reading.read(text.encode(), NOBODY)

    assert [row.errors for row in found.rows] == [()] * len(drafts)
    assert [row.draft for row in found.rows] == drafts
    for line in csv.reader(io.StringIO(text)):
        assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_importing_an_export_changes_nothing(engine, session):
    made = [
        factories.listing(session, slug="one", about="=cmd|' /C calc'!A0", phone="+1 503-555-0101"),
        factories.listing(
            session, slug="two", practices=(DENVER, BOULDER), first_visit="Tea.", accepting=True
        ),
        factories.listing(session, slug="three", import_key="id:M-7", practices=(MUNICH,)),
        factories.listing(session, slug="kept", owner_id=factories.account(session).id),
    ]
    before = [(one.live_id, one.pending_id) for one in made]
    session.commit()

    text = "".join(writing.written(export.stream(session, Filter())))
    rows = reading.read(text.encode(), Taxonomy.load(session)).rows
    report = intake.take_rows(
        session, rows, gazetteer=Gazetteer(engine), approve=True, by="admin", at=NOW
    ).report

    assert [row.outcome.value for row in report.rows] == ["unchanged"] * 4
    now = session.scalars(select(Listing).order_by(Listing.id)).all()
    assert [(one.live_id, one.pending_id) for one in now] == before
    assert session.scalar(select(func.count()).select_from(Revision)) == 4


def test_an_update_keeps_what_a_roster_cannot_say(engine, session):
    factories.listing(session, slug="two", practices=(DENVER, BOULDER), first_visit="Tea.")
    session.flush()

    ((key, draft),) = export.stream(session, Filter())
    text = "".join(writing.written([(key, replace(draft, about="New words."))]))
    rows = reading.read(text.encode(), Taxonomy.load(session)).rows
    intake.take_rows(session, rows, gazetteer=Gazetteer(engine), approve=True, by="admin", at=NOW)

    live = session.scalars(select(Listing)).one().live.content
    assert (live.about, live.first_visit, len(live.practices)) == ("New words.", "Tea.", 2)


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        (Filter(), ["a", "b", "c"]),
        (Filter(state="hidden"), ["c"]),
        (Filter(country="DE"), ["b"]),
        (Filter(profession="osteopath"), ["b", "c"]),
        (Filter(confirmed_before=TODAY), ["c"]),
        (Filter(owner="yes"), ["a"]),
        (Filter(owner="none", profession="osteopath", country="US"), ["c"]),
    ],
)
def test_a_filter_takes_what_it_says(session, wanted, slugs):
    factories.listing(session, slug="a", owner_id=factories.account(session).id)
    factories.listing(session, slug="b", professions=("osteopath",), practices=(MUNICH,))
    factories.listing(
        session,
        slug="c",
        professions=("midwife", "osteopath"),
        state=State.HIDDEN,
        on=TODAY.replace(year=2025),
    )

    found = [key for key, _ in export.stream(session, wanted)]

    assert found == [f"stillpoint:{slug}" for slug in slugs]
    assert export.count(session, wanted) == len(slugs)


def test_who_takes_an_export_is_written_down(session):
    factories.listing(session)

    export.begin(session, Filter(country="US"), by=Actor(7, Role.ADMIN), at=NOW)

    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "listings exported")
    ).one()
    assert (event.actor, event.detail) == ("account 7", {"listings": 1, "country": "US"})
