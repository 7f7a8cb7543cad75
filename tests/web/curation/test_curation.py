"""Admins' pages about trust: checks, rosters, reports, merging, hiding, aging, the do-not-list."""

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from directory.app import HERE as PACKAGE
from directory.models import (
    CredentialCheck,
    DoNotList,
    Listing,
    OutgoingMail,
    Report,
    ReportKind,
    ReportState,
    Role,
    Slug,
    State,
)
from tests import factories
from tests.factories import NOW, TODAY
from tests.sign_ins import sign_in_admin, words

HERE = "/practitioners/rowan-testerly"


@pytest.fixture
def listing(runtime):
    with runtime.transaction() as session:
        return factories.listing(session, on=TODAY - timedelta(days=200), import_key="id:1").id


@pytest.fixture
def admin(client):
    return sign_in_admin(client)


def now(runtime, listing_id) -> Listing:
    with runtime.reading() as session:
        return session.get_one(Listing, listing_id)


def test_a_check_written_down_stands_on_the_public_page_until_it_runs_out(
    client, runtime, listing, admin
):
    url = f"/admin/checks/{listing}"
    form = {"credential": "cst-t", "issuer": "Upledger Institute", "method": "register"}
    assert client.post(url, data=form | {"expires_on": "never"}).status_code == 422
    assert client.post(url, data=form | {"expires_on": "2027-01-31"}).status_code == 303

    label = runtime.taxonomy.credentials["cst-t"].label
    sentence = f"{label} checked with Upledger Institute on 2 November 2026"
    public = client.application.test_client()
    assert sentence in words(public.get(HERE))
    assert sentence in words(client.get(url))
    runtime.clock = lambda: NOW + timedelta(days=91)
    page = words(public.get(HERE))
    assert "checked with Upledger" not in page
    assert "We have not checked it" in page


def test_no_page_or_mail_calls_anybody_verified():
    texts = (PACKAGE.parent / "templates").rglob("*.*")

    assert [path.name for path in texts if "verified" in path.read_text().lower()] == []


def test_a_roster_is_looked_at_and_then_done_once(client, runtime, listing, admin):
    text = "name,email,credential,expires\nRowan Testerly,rowan@practice.example,cst-t,2027-01-31\n"
    sent = {"issuer": "Upledger Institute", "file": (io.BytesIO(text.encode()), "roster.csv")}
    assert client.post("/admin/checks/roster", data={"issuer": "Upledger"}).status_code == 422

    seen = client.post("/admin/checks/roster", data=sent)

    plan = BeautifulSoup(seen.text, "html.parser").find("input", {"name": "plan"})["value"]
    assert "Would be checked" in words(seen)
    with runtime.reading() as session:
        assert session.scalars(select(CredentialCheck)).all() == []
    done = client.post("/admin/checks/roster/apply", data={"plan": plan})
    client.post("/admin/checks/roster/apply", data={"plan": plan})
    assert "1 checked" in words(client.get(done.location))
    with runtime.reading() as session:
        assert len(session.scalars(select(CredentialCheck)).all()) == 1
    assert client.post("/admin/checks/roster/apply", data={"plan": plan + "x"}).status_code == 409


def test_a_report_is_taken_answered_and_closed_by_a_reviewer(client, runtime, listing):
    sign_in_admin(client, role=Role.REVIEWER)
    with runtime.transaction() as session:
        report = Report(
            listing_id=listing,
            kind=ReportKind.CLOSED,
            words="<b>Shut</b> since May",
            reply_to="v@home.example",
            made_at=NOW,
            state=ReportState.OPEN,
        )
        session.add(report)
        session.flush()
        url = f"/admin/reports/{report.id}"
    assert "<b>Shut</b> since May" in words(client.get("/admin/reports?kind=closed"))
    assert "Nothing is reported" in words(client.get("/admin/reports?kind=concern"))

    assert "Answer first" in words(client.post(f"{url}/close", data={"as": "done"}))
    assert client.post(f"{url}/take").status_code == 303
    assert client.post(f"{url}/pause").status_code == 303
    assert client.post(f"{url}/answer", data={"answer": ""}).status_code == 422
    assert client.post(f"{url}/answer", data={"answer": "Thank you."}).status_code == 303
    assert "We answered" in words(client.get(url))
    assert client.post(f"{url}/close", data={"as": "done"}).status_code == 303

    assert now(runtime, listing).state is State.PAUSED
    with runtime.reading() as session:
        sent = session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)).all()
    assert sent == ["listing-closed-question", "report-answered"]


def test_what_many_say_has_closed_stands_above_and_a_pause_that_asks_nobody_says_so(
    client, runtime, listing
):
    sign_in_admin(client, role=Role.REVIEWER)
    with runtime.transaction() as session:
        one = session.get(Listing, listing)
        one.owner_id = one.import_key = None
        said = {"kind": ReportKind.CLOSED, "state": ReportState.OPEN, "made_at": NOW}
        session.add_all(Report(listing_id=listing, **said) for _ in range(3))
    assert "3 reports say that it has closed" in words(client.get("/admin/reports"))

    paused = client.post("/admin/reports/1/pause")

    assert "nobody to ask" in words(client.get(paused.location))
    assert client.get(HERE).status_code == 404
    assert "we asked whether it is still right" in words(client.get(f"/admin/hide/{listing}"))
    assert client.post(f"/admin/show-again/{listing}").status_code == 303
    assert client.get(HERE).status_code == 200
    assert client.post(f"/admin/show-again/{listing}").status_code == 409


def test_hiding_asking_again_and_showing_again(client, runtime, listing, admin):
    assert "Rowan Testerly" in words(client.get("/admin/aging"))
    asked = client.post(f"/admin/aging/{listing}/ask")
    assert "on its way" in words(client.get(asked.location))
    url = f"/admin/hide/{listing}"
    assert client.post(url, data={"reason": ""}).status_code == 422
    assert client.post(url, data={"reason": "It has closed."}).status_code == 303
    assert client.get(HERE).status_code == 404
    assert "It has closed." in words(client.get(url))
    assert client.post(f"/admin/unhide/{listing}").status_code == 303
    assert client.get(HERE).status_code == 200


def test_merged_addresses_lead_on_for_good(client, runtime, listing, admin):
    with runtime.transaction() as session:
        other = factories.listing(session, slug="rowan-again", phone="+1 303-555-0101").id
        session.add(Slug(slug="rowan-once", listing_id=other))
    form = {"keep": HERE, "other": "rowan-again"}
    seen = client.get("/admin/merge", query_string=form)
    assert "+1 303-555-0101" in words(seen)
    assert client.get("/admin/merge?keep=nobody&other=rowan-again").status_code == 422

    merged = client.post("/admin/merge", data=form)

    assert "Merged." in words(client.get(merged.location))
    for slug in ("rowan-again", "rowan-once"):
        moved = client.get(f"/practitioners/{slug}")
        assert (moved.status_code, moved.location) == (301, HERE)
    assert client.post("/admin/merge", data=form).status_code == 422


def test_the_do_not_list_keeps_no_word_of_what_was_typed(client, runtime, admin):
    def press(wanted, **typed):
        return client.post("/admin/do-not-list", data=typed | {"wanted": wanted})

    assert "are not on the list" in words(press("look", email="a@home.example"))
    assert "on the list now" in words(press("add", email="A@home.example"))
    assert "They are on the list." in words(press("look", email="a@home.example"))
    with runtime.reading() as session:
        assert "home" not in session.scalars(select(DoNotList.hash)).one()
    assert "off the list" in words(press("remove", email="a@home.example"))
    assert press("add", name="Only Name").status_code == 422


def test_the_do_not_list_says_who_is_listed_all_the_same_and_offers_to_hide_them(
    client, runtime, listing, admin
):
    for wanted in ("look", "add"):
        sent = {"wanted": wanted, "name": "rowan testerly", "postcode": "80302"}
        page = client.post("/admin/do-not-list", data=sent)

        assert "Rowan Testerly, LMT, Boulder" in words(page)
        assert f'href="/admin/hide/{listing}"' in page.text
    assert now(runtime, listing).state is State.LIVE
