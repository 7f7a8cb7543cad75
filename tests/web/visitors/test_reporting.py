"""Reporting a listing: anybody can, without a cookie; robots and floods are held back."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from directory.models import Listing, Report, ReportKind, State
from tests import factories
from tests.sign_ins import solved, words

PAGE = "/practitioners/rowan-testerly/report"


@pytest.fixture
def listing(runtime):
    with runtime.transaction() as session:
        made = factories.listing(session)
        made.owner_id = factories.account(session, "owner@secret.example").id


@pytest.fixture
def later(runtime):
    """Lets time go by."""

    def go(**how):
        now = runtime.clock() + timedelta(**how)
        runtime.clock = lambda: now

    return go


def fields(page) -> dict[str, str]:
    form = BeautifulSoup(page.text, "html.parser").find("form", class_="edit-form")
    return {box["name"]: box.get("value", "") for box in form.find_all("input", type="hidden")}


def send(client, later, **said):
    """Open the form, take a person's time, and send it."""
    given = fields(client.get(PAGE)) | {"kind": "wrong"}
    later(seconds=5)
    return client.post(PAGE, data=given | said)


def kept(runtime) -> list[Report]:
    with runtime.reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def test_a_report_needs_no_account_no_cookie_and_no_script(client, runtime, listing, later):
    page = client.get(PAGE)
    answer = send(client, later, words="The number is old.", reply_to="v@home.example")

    assert (answer.status_code, answer.location) == (303, "/practitioners/rowan-testerly/reported")
    thanks = client.get(answer.location)
    for got in (page, answer, thanks):
        assert "Set-Cookie" not in got.headers
        assert "secret.example" not in got.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    (report,) = kept(runtime)
    assert (report.kind, report.words, report.reply_to) == (
        *(ReportKind.WRONG, "The number is old."),
        "v@home.example",
    )


def test_what_was_typed_is_still_there_after_a_mistake(client, runtime, listing, later):
    answer = send(client, later, kind="", words="<b>Old</b> number", reply_to="nobody")

    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.title.text.startswith("Error:")
    assert page.find(id="words").text.strip() == "<b>Old</b> number"
    assert page.find(id="reply_to")["value"] == "nobody"
    assert {a["href"] for a in page.select("[role=alert] a")} == {"#kind", "#reply_to"}
    assert kept(runtime) == []


def test_whoever_was_too_quick_hears_of_every_mistake_at_once(client, runtime, listing):
    given = fields(client.get(PAGE)) | {"kind": "", "reply_to": "nobody", "words": "x" * 5000}

    answer = client.post(PAGE, data=given)

    page = BeautifulSoup(answer.text, "html.parser")
    told = [a["href"] for a in page.select("[role=alert] a")]
    assert sorted(told) == ["#form", "#kind", "#reply_to", "#words"]
    assert kept(runtime) == []


def test_a_form_sent_too_quickly_too_late_or_for_another_listing_can_be_sent_again(
    client, runtime, listing, later
):
    given = fields(client.get(PAGE)) | {"kind": "closed"}
    assert client.post(PAGE, data=given).status_code == 422
    later(hours=3)
    late = client.post(PAGE, data=given)
    assert late.status_code == 422
    forged = client.post(PAGE, data=given | {"form": "forged"})
    assert forged.status_code == 422
    trap = client.post(PAGE, data=fields(late) | {"kind": "closed", "website": "https://spam"})
    assert "leave this box empty" in words(trap)

    again = client.post(PAGE, data=fields(late) | {"kind": "closed"})

    assert again.status_code == 303
    assert len(kept(runtime)) == 1


def test_without_a_proof_there_is_a_slow_lane_and_with_one_a_wider(client, listing, later):
    lanes = [send(client, later, words=str(number)).status_code for number in range(6)]
    proof = solved(client.get("/account/proof").json)
    proved = send(client, later, proof=proof)

    assert lanes == [303] * 5 + [429]
    assert proved.status_code == 303


def test_one_address_cannot_say_closed_three_times(client, runtime, listing, later):
    for _ in range(3):
        assert send(client, later, kind="closed").status_code == 303
    assert len(kept(runtime)) == 1

    for number in (1, 2):
        elsewhere = {"REMOTE_ADDR": f"192.0.2.{number}"}
        given = fields(client.get(PAGE)) | {"kind": "closed"}
        later(seconds=5)
        client.post(PAGE, data=given, environ_base=elsewhere)

    with runtime.reading() as session:
        (state,) = session.scalars(select(Listing.state))
    assert state is State.PAUSED
    assert client.get(PAGE).status_code == 404
    assert client.get("/practitioners/rowan-testerly/reported").status_code == 200


def test_a_form_from_another_site_is_refused(client, listing, later):
    given = fields(client.get(PAGE)) | {"kind": "closed"}
    later(seconds=5)

    foreign = client.post(PAGE, data=given, headers={"Sec-Fetch-Site": "cross-site"})

    assert foreign.status_code == 403
