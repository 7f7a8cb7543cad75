"""The desk: four places, what waits in each, and the box that finds anything, for each role."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from directory.models import (
    AuditEvent,
    ImportedRow,
    ImportRun,
    Report,
    ReportKind,
    ReportState,
    Role,
    State,
)
from directory.web import staff
from tests import factories, stories
from tests.factories import NOW
from tests.security import crawl
from tests.sign_ins import sign_in_admin, words

FIND = "/admin/find"


@pytest.fixture
def maria(runtime):
    """Her listing's number, her keeper's, and those of a report and of an import about her."""
    with runtime.transaction() as session:
        keeper = factories.account(session, "keeper@home.example")
        listing = factories.listing(
            session, name="Maria Lopez", slug="maria-lopez", owner_id=keeper.id
        )
        report = Report(
            listing_id=listing.id, kind=ReportKind.MOVED, made_at=NOW, state=ReportState.OPEN
        )
        run = ImportRun(filename="roster.csv", started_by="x", started_at=NOW, totals={})
        session.add_all([report, run])
        session.flush()
        session.add(ImportedRow(run_id=run.id, line=2, outcome="created", listing_id=listing.id))
        return listing.id, keeper.id, report.id, run.id


@pytest.fixture
def ada(client):
    return sign_in_admin(client)


@pytest.fixture
def bea(app):
    client = app.test_client()
    sign_in_admin(client, role=Role.REVIEWER)
    return client


def asked(client, text, **more):
    answer = client.get(FIND, query_string={"q": text, **more})
    return answer, BeautifulSoup(answer.text, "html.parser")


def at(client, path):
    return BeautifulSoup(client.get(path, follow_redirects=True).text, "html.parser")


def links(soup):
    return [one["href"] for one in soup.select(".found li > a")]


def test_each_kind_of_thing_is_found_with_what_it_is_and_its_state(client, ada, maria):
    listing, keeper, report, run = maria

    _, soup = asked(client, "maria lopez")

    assert [one.text for one in soup.select(".found h2")] == [
        *("Listings", "Accounts", "Reports", "Imports")
    ]
    assert links(soup) == [
        f"/admin/listings/{listing}",
        *(f"/admin/accounts/{keeper}", f"/admin/reports/{report}", f"/admin/imports/{run}"),
    ]
    badges = [one.text for one in soup.select(".found .badge")]
    assert badges == ["Public", "practitioner", "open", "Going on"]
    assert soup.select_one("#find")["value"] == "maria lopez"


def test_a_reviewer_is_told_of_no_account_and_no_import(bea, maria):
    _, soup = asked(bea, "maria lopez")
    _, mail = asked(bea, "keeper@home.example")
    _, pages = asked(bea, "acc")

    assert [one.text for one in soup.select(".found h2")] == ["Listings", "Reports"]
    assert links(mail) == links(pages) == []


def test_it_leads_to_where_a_listing_can_be_looked_at(client, ada, runtime):
    with runtime.transaction() as session:
        hidden = factories.listing(session, name="Hazel One", state=State.HIDDEN)
        waiting = stories.edited(session, "Hazel Two")
        ids = hidden.id, waiting.id

    _, soup = asked(client, "hazel")

    assert links(soup) == [f"/admin/listings/{number}" for number in ids]


def test_pages_of_the_desk_are_found_by_name(client, ada):
    _, soup = asked(client, "word")

    assert links(soup) == ["/admin/taxonomy", "/admin/unknown-words"]


def test_nothing_found_says_so_and_how_to_go_on(client, ada):
    answer, _ = asked(client, "nobody at all")

    assert answer.status_code == 200
    assert "Nothing fits." in words(answer)


def test_what_cannot_be_read_is_told_at_the_box(client, ada):
    told = {text: asked(client, text) for text in ("a" * 201, "a\x00b", "\u202e")}

    assert {text: answer.status_code for text, (answer, _) in told.items()} == dict.fromkeys(
        told, 422
    )
    assert all(soup.select_one(".error-summary a[href='#find']") for _, soup in told.values())
    assert client.get(FIND, query_string={"page": "x"}).status_code == 422


def test_looking_for_somebody_changes_nothing(client, ada, runtime, maria):
    before = crawl.digest(runtime)

    asked(client, "maria lopez")
    asked(client, "keeper@home.example")

    assert crawl.digest(runtime) == before
    with runtime.reading() as session:
        assert "lopez" not in str([one.detail for one in session.scalars(select(AuditEvent))])


def test_further_pages_are_led_to(client, ada, runtime):
    with runtime.transaction() as session:
        for number in range(21):
            factories.listing(session, name="Ann Lake", slug=f"ann-{number}")

    _, first = asked(client, "ann lake")
    _, second = asked(client, "ann lake", page=2)

    assert first.select_one("[rel=next]")["href"] == "/admin/find?q=ann+lake&page=2"
    assert (len(links(first)), len(links(second))) == (20, 1)
    assert second.select_one("[rel=prev]")


def test_the_box_stands_on_every_page_of_the_staff(client, ada, app):
    there = {rule.rule for rule in app.url_map.iter_rules()}
    paths = {page.path for place in staff.PLACES for page in place.pages}
    paths |= {"/admin", *(place.path for place in staff.PLACES)}

    seen = {path: at(client, path) for path in paths & there}

    assert len(seen) > 15
    for path, soup in seen.items():
        assert soup.select_one(f"form[role=search][action='{FIND}'] [name=q]"), path
        places = soup.select(".desk-places a")
        assert [one.text.split()[0] for one in places] == [
            "Queue",
            "Listings",
            "Reports",
            "Directory",
        ]
        current = [one for one in places if one.get("aria-current")]
        assert len(current) == (path != "/admin"), path


def test_every_page_lies_in_one_place(app):
    paths = [page.path for place in staff.PLACES for page in place.pages]

    assert len(set(paths)) == len(paths) > 15
    for path in (
        *paths,
        "/admin/review/7",
        "/admin/checks/7",
        "/admin/listings/7",
        "/admin/hide/7",
    ):
        assert sum(place.holds(path) for place in staff.PLACES) == 1, path


def test_the_desk_says_what_waits_in_each_place(client, ada, bea, runtime, maria):
    with runtime.transaction() as session:
        stories.edited(session, "Hazel Two")

    desk = at(client, "/admin")
    lesser = at(bea, "/admin")

    told = {one.h2.text: one.p.text for one in desk.select(".desk section")}
    assert told == {
        "Queue": "1 thing waits.",
        "Listings": "Nothing waits.",
        "Reports": "1 thing waits.",
        "Directory": "Nothing waits.",
    }
    assert desk.select_one(".desk [href='/admin/queue'] .count")
    assert [one["href"] for one in lesser.select(".desk li > a")] == [
        *("/admin/queue", "/admin/placing", "/admin/aging", "/admin/reports"),
        "/admin/unknown-words",
    ]
