"""Finding anything: by whatever is known of it, in all states, and for whom."""

import dataclasses
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, exists, func, select

from directory.errors import NotFound
from directory.models import (
    Decision,
    Handle,
    ImportedRow,
    ImportRun,
    Report,
    ReportKind,
    ReportState,
    Revision,
    Role,
    Slug,
    State,
)
from directory.places.names import word_keys
from directory.usecases.curation.finding import filling, listings, others, typed
from directory.usecases.practitioners import writing
from tests import factories, stories
from tests.factories import BOULDER, LONDON, MUNICH, NOW

MARIA = {
    "name": "María López-Núñez",
    "slug": "maria-lopez",
    "email": "Maria.Lopez@clinic.example",
    "phone": "+1 303-555-0142",
    "website": "https://www.stillwater.example/maria/",
    "practices": (BOULDER,),
    "import_key": "id:42",
}


@pytest.fixture
def admin(session):
    return factories.actor(factories.admin(session))


@pytest.fixture
def reviewer(session):
    return factories.actor(factories.admin(session, "r@association.example", role=Role.REVIEWER))


@pytest.fixture
def maria(session):
    factories.listing(session, name="Jürgen Müller", practices=(MUNICH,), email="j@m.example")
    factories.listing(session, name="Mario Lotz", practices=(LONDON,), email="mario@x.example")
    return factories.listing(session, **MARIA)


def found(session, text, by, page=1):
    page = listings.find(session, typed.read(text), page=page, by=by)
    return [one.listing_id for one in page.listings]


KNOWN = (
    *("maria lopez", "LOPEZ, María", "mar lop", "lopez-n", "nunez", "  maria   lopez  ", "maria l"),
    *("lopez boulder", "lopez colorado", "maria stillwater rooms", "80302 maria"),
    *("maria.lopez@clinic.example", "MARIA.LOPEZ@", "mailto:maria.lopez@clinic.example"),
    *("+1 303-555-0142", "303 555 0142", "(303) 555-0142", "555-0142", "0142", "tel:3035550142"),
    *("stillwater.example", "https://stillwater.example/maria", "www.stillwater.example/maria/"),
    *("maria-lopez", "https://directory.example/practitioners/maria-lopez", "id:42"),
    "directory.example/practitioners/maria-lopez.vcf",
)


def test_a_listing_is_found_by_whatever_is_known_of_it(session, maria, admin):
    assert [text for text in KNOWN if found(session, text, admin) != [maria.id]] == []


def test_it_is_found_by_its_number_and_by_the_address_of_a_page_about_it(session, maria, admin):
    ways = (
        *(f"{maria.id}", f"#{maria.id}", f"No. {maria.id}"),
        *(f"/admin/review/{maria.id}", f"https://x.example/admin/listings/{maria.id}?a=1"),
        f"x.example/my/listing/{maria.id}/edit/you",
    )

    assert [way for way in ways if found(session, way, admin) != [maria.id]] == []


def test_however_a_name_is_spelled(session, maria, admin):
    ways, first = ("müller", "mueller", "MULLER", "jurgen mull", "Juergen"), maria.id - 2

    assert [way for way in ways if found(session, way, admin) != [first]] == []


def test_what_fits_nothing_finds_nothing(session, maria, admin):
    texts = ("", "   ", "nobody", "maria london", "lope lond", "ma", "/", "@", "0", "9" * 30, ".")

    assert [text for text in texts if found(session, text, admin) != []] == []


def test_it_is_found_in_every_state(session, maria, admin):
    states, told = (State.LIVE, State.PAUSED, State.HIDDEN, State.DRAFT), []
    for state in states:
        maria.state = state
        session.flush()
        [one] = listings.find(session, typed.read("maria lopez"), by=admin).listings
        told.append((one.state, one.title))

    assert told == [(state, "María López-Núñez, LMT") for state in states]


def test_what_waits_is_found_by_what_is_new_and_by_what_is_public(session, maria, admin):
    new = dataclasses.replace(maria.public, name="Maria Smith", practices=(LONDON,))
    stories.proposed(session, maria, new)

    assert found(session, "maria smith london", admin) == [maria.id]
    assert found(session, "maria lopez boulder", admin) == [maria.id]
    assert found(session, "smith boulder", admin) == []


def test_what_was_said_before_finds_no_longer(session, maria, admin):
    maria.publish_at_once(dataclasses.replace(maria.public, name="Maria Smith"), at=NOW)
    session.flush()

    assert found(session, "lopez", admin) == []
    assert found(session, "maria smith", admin) == [maria.id]


def test_what_was_sent_back_is_found_by_all_it_said(session, admin):
    listing = stories.edited(session, "Hazel Waiting")
    listing.live.decide(Decision.WITHDRAWN, on=NOW.date())
    listing.live = None
    listing.send_back(listing.pending, {"name": "Whose?"}, on=NOW.date())
    session.flush()

    assert found(session, "hazel waiting", admin) == [listing.id]


def test_what_somebody_is_still_writing_is_theirs_alone(session, admin):
    owner = factories.actor(factories.account(session, "hazel@home.example"))
    listing = writing.begin(session, by=owner, at=NOW)
    stories.write(session, listing.id, owner, name="Hazel Unsent", suffix="", practitioner="")
    session.flush()

    assert found(session, "hazel unsent", admin) == []
    assert found(session, str(listing.id), admin) == [listing.id]


def test_an_address_it_had_leads_to_it(session, maria, admin):
    session.add(Slug(slug="maria-smith", listing_id=maria.id))
    session.flush()

    assert found(session, "/practitioners/maria-smith", admin) == [maria.id]


def test_whoever_is_called_so_comes_before_a_place_of_that_name(session, admin):
    town = dataclasses.replace(LONDON, locality="Lake")
    there = factories.listing(session, name="Ann One", practices=(town,))
    longer = factories.listing(session, name="Ann Lakeside", slug="two")
    called = factories.listing(session, name="Ann Lake", slug="three")

    assert found(session, "lake", admin) == [called.id, longer.id, there.id]


def test_pages_hold_everybody_once(session, admin, monkeypatch):
    monkeypatch.setattr(listings, "SHOWN", 3)
    made = [factories.listing(session, name="Ann Lake", slug=f"ann-{n}").id for n in range(7)]

    pages = [found(session, "ann lake", admin, page) for page in (1, 2, 3, 4)]

    assert [one for page in pages for one in page] == made
    assert [len(page) for page in pages] == [3, 3, 1, 0]


def test_where_too_many_fit_the_page_says_so(session, admin, monkeypatch):
    monkeypatch.setattr(listings, "MOST", 3)
    for number in range(4):
        factories.listing(session, name="Ann Lake", slug=f"ann-{number}")

    assert listings.find(session, typed.read("ann"), by=admin).too_many
    assert not listings.find(session, typed.read("ann-1"), by=admin).too_many


@pytest.fixture
def about_maria(session, maria):
    """Her account, what was said about her, and what brought her."""
    keeper = factories.account(session, "keeper@home.example")
    maria.owner_id = keeper.id
    report = Report(
        listing_id=maria.id,
        kind=ReportKind.MOVED,
        reply_to="neighbour@home.example",
        made_at=NOW,
        state=ReportState.OPEN,
    )
    run = ImportRun(filename="Roster 2026 Colorado.csv", started_by="x", started_at=NOW, totals={})
    session.add_all([report, run])
    session.flush()
    session.add(ImportedRow(run_id=run.id, line=2, outcome="created", listing_id=maria.id))
    session.flush()
    return keeper.id, report.id, run.id


def around(session, text, by):
    """Numbers of accounts, reports and imports that are found."""
    asked = typed.read(text)
    there = listings.find(session, asked, by=by).listings
    ids, keepers = (
        [one.listing_id for one in there],
        [one.owner_id for one in there if one.owner_id],
    )
    return (
        [one.account_id for one in others.accounts(session, asked, keepers, by=by)],
        [one.report_id for one in others.reports(session, asked, ids, by=by)],
        [one.run_id for one in others.imports(session, asked, ids, by=by)],
    )


def test_with_a_listing_come_its_keeper_its_reports_and_its_imports(session, about_maria, admin):
    keeper, report, run = about_maria

    assert around(session, "maria lopez", admin) == ([keeper], [report], [run])


def test_the_others_are_found_by_what_is_known_of_them(session, about_maria, admin):
    keeper, report, run = about_maria

    assert around(session, "KEEPER@home", admin)[0] == [keeper]
    assert around(session, "keep", admin)[0] == [keeper]
    assert around(session, f"/admin/accounts/{keeper}", admin) == ([keeper], [], [])
    assert around(session, f"/admin/reports/{report}", admin) == ([], [report], [])
    assert around(session, f"/admin/imports/{run}/rows.csv", admin) == ([], [], [run])
    assert around(session, "neighbour@home.example", admin)[1] == [report]
    assert around(session, "neighbour@home", admin)[1] == []
    assert around(session, "2026 colo", admin)[2] == [run]


def test_a_reviewer_finds_no_account_no_import_and_nobody_who_reported(
    session, about_maria, reviewer
):
    _, report, _ = about_maria

    assert around(session, "maria lopez", reviewer) == ([], [report], [])
    assert around(session, "keeper@home.example", reviewer) == ([], [], [])
    assert around(session, "neighbour@home.example", reviewer) == ([], [], [])


def test_nobody_else_finds_anything(session, maria):
    by = factories.actor(factories.account(session, "p@practice.example"))

    with pytest.raises(NotFound):
        listings.find(session, typed.read("maria"), by=by)
    with pytest.raises(NotFound):
        others.reports(session, typed.read("1"), by=by)


def test_an_erased_account_is_found_by_nothing(session, admin):
    gone = factories.account(session, "erased-7")

    assert around(session, "erased", admin)[0] == []
    assert around(session, str(gone.id), admin)[0] == []


@given(st.text(max_size=300) | st.text(string.printable, max_size=40))
def test_any_text_can_be_read(text):
    asked = typed.read(text)

    assert all(word.low < word.high or not word.high for word in asked.words)
    assert asked.number is None or 0 < asked.number <= typed.MOST_ID


@given(st.text(min_size=1, max_size=20), st.text(max_size=5))
def test_a_text_lies_within_its_own_beginning(start, rest):
    if not (keys := word_keys(start)):
        return
    wanted = typed.beginning(keys[0])

    assert wanted.low.encode() <= (keys[0] + rest).encode("utf-8", "replace") < wanted.high.encode()


def test_signs_mean_nothing_to_the_database(session, about_maria, admin):
    signs = ("100%", "a_b", "%%%", "___", "' OR 1=1 --", "\\", '"')

    told = {text: around(session, text, admin) for text in signs}

    assert told == dict.fromkeys(signs, ([], [], []))


def test_versions_of_before_are_filled_the_newest_first(session, maria, admin, monkeypatch):
    monkeypatch.setattr(filling, "AT_ONCE", 2)
    session.execute(delete(Handle))
    session.expire_all()
    session.flush()
    assert found(session, "maria lopez", admin) == []

    below = filling.fill(session)
    session.flush()
    early = found(session, "maria lopez", admin), filling.filled(session)
    assert below is not None
    assert filling.fill(session, below=below) is None
    session.flush()

    assert early == ([maria.id], False)
    assert filling.filled(session)
    bare = select(func.count(Revision.id)).where(~exists().where(Handle.revision_id == Revision.id))
    assert session.scalar(bare) == 0


def test_what_says_nothing_is_filled_as_well():
    said = Handle.rows(7, factories.draft(name="·", email="", practices=()))

    assert said == [{"revision_id": 7, "word": "", "kind": Handle.NAME}]
