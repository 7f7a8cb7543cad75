"""The page behind a mail's link, and the pages that say how a listing stands."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, text

from directory.db import Base
from directory.models import Account, Listing, OutgoingMail, State, Tally, WorkingCopy
from directory.usecases.mailing.delivery import Claimed
from directory.usecases.practitioners import confirming
from directory.web.formatting.letters import renderer
from tests import factories
from tests.factories import NOW
from tests.sign_ins import sign_in

A_PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def content(runtime):
    """Everything in the database."""
    with runtime.reading() as session:
        return {
            table.name: session.execute(select(table)).all()
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("gazetteer")
        }


def said(response):
    return " ".join(BeautifulSoup(response.text, "html.parser").main.get_text(" ").split())


@pytest.fixture
def mailed(runtime):
    """The path in a mail about a listing that was confirmed half a year ago; its id."""
    with runtime.transaction() as session:
        owner = factories.account(session)
        listing = factories.listing(
            session, on=NOW.date() - timedelta(days=180), owner_id=owner.id, accepting=True
        )
        confirming.remind(
            session,
            at=NOW,
            base_url=runtime.config.base_url,
            key=runtime.config.secret_key,
        )
        link = session.scalars(select(OutgoingMail)).one().values["link"]
        return link.removeprefix(runtime.config.base_url), listing.id


def listing(runtime, listing_id):
    with runtime.reading() as session:
        found = session.get(Listing, listing_id)
        return found.state, found.confirmed_on, found.accepting(NOW.date())


def test_opening_the_link_however_often_changes_nothing(runtime, client, mailed):
    path, _ = mailed
    before = content(runtime)

    for headers in ({}, A_PERSON, {"Sec-Purpose": "prefetch"}, {"User-Agent": "SafeLinks bot"}):
        response = client.get(path, headers=headers)
        client.head(path, headers=headers)
        assert response.status_code == 200

    assert content(runtime) == before
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response.headers
    assert "Rowan Testerly" in said(response)
    assert "12 Invented Street" in said(response)


def test_one_tap_without_signing_in_confirms(runtime, client, mailed):
    path, listing_id = mailed

    taps = [client.post(path, data={"answer": "right"}) for _ in range(2)]

    assert [tap.status_code for tap in taps] == [303, 303]
    assert listing(runtime, listing_id) == (State.LIVE, NOW.date(), True)
    assert "confirmed on November 2, 2026" in said(client.get(path))


@pytest.mark.parametrize(
    ("taps", "state", "accepting"),
    [
        (["not-taking"], State.LIVE, False),
        (["pause"], State.PAUSED, None),
    ],
)
def test_every_button_does_what_it_says(runtime, client, mailed, taps, state, accepting):
    path, listing_id = mailed

    for tap in taps:
        page = BeautifulSoup(client.get(path).text, "html.parser")
        offered = [button["value"] for button in page.find_all("button", attrs={"name": "answer"})]
        assert tap in offered
        client.post(path, data={"answer": tap})

    assert listing(runtime, listing_id)[0] is state
    assert listing(runtime, listing_id)[2] is accepting


@pytest.mark.parametrize("given", [{}, {"answer": "role"}, {"answer": ["right", "pause"]}])
def test_another_answer_than_those_offered_is_refused(runtime, client, mailed, given):
    path, _ = mailed
    before = content(runtime)

    assert client.post(path, data=given).status_code == 422
    assert content(runtime) == before


def test_a_broken_link_finds_nothing_and_a_late_one_offers_to_sign_in(runtime, client, mailed):
    path, listing_id = mailed
    assert client.get(path[:-3]).status_code == 404
    assert client.post("/still-right/nonsense", data={"answer": "right"}).status_code == 404
    runtime.clock = lambda: NOW + timedelta(days=61)

    late = client.get(path)

    assert late.status_code == client.post(path, data={"answer": "right"}).status_code == 410
    assert f"/my/listing/{listing_id}" in late.text
    assert "run out" in said(late)


def test_whoever_paused_on_purpose_is_asked_to_sign_in_to_show_it_again(client, mailed):
    path, listing_id = mailed
    client.post(path, data={"answer": "pause"})

    page = client.get(path)

    assert "You paused it yourself" in said(page)
    assert 'name="answer"' not in page.text
    assert f'href="/my/listing/{listing_id}"' in page.text


def test_a_link_to_an_older_address_is_void_in_plain_words(runtime, client, mailed):
    path, listing_id = mailed
    with runtime.transaction() as session:
        session.get(Account, session.get(Listing, listing_id).owner_id).email = "new@home.example"

    answers = [client.get(path), client.post(path, data={"answer": "pause"})]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "kept with another e-mail address by now" in said(answers[0])
    assert "new@home.example" not in answers[0].text
    assert listing(runtime, listing_id)[0] is State.LIVE


def test_another_site_s_form_is_refused_all_the_same(runtime, client, mailed):
    path, _ = mailed
    before = content(runtime)

    response = client.post(path, data={"answer": "pause"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code >= 400
    assert content(runtime) == before


def test_every_rung_has_its_letter(app, runtime, mailed):
    with runtime.transaction() as session:
        for days in (83, 270, 350, 365):
            session.get(Listing, mailed[1]).confirm(on=NOW.date() - timedelta(days=days))
            session.flush()
            config = runtime.config
            confirming.remind(session, at=NOW, base_url=config.base_url, key=config.secret_key)
        queued = [
            Claimed(mail.id, mail.event, mail.kind, mail.recipient, mail.values, 1)
            for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        ]

    with app.test_request_context():
        letters = [renderer(app)(mail) for mail in queued]

    assert [letter.subject for letter in letters] == [
        "Is your listing still right, Rowan Testerly, LMT?",
        "Do you take new clients, Rowan Testerly, LMT?",
        "Your listing now ranks lower, Rowan Testerly, LMT",
        "Your listing will be hidden on November 17, 2026, Rowan Testerly, LMT",
        "Your listing is hidden now, Rowan Testerly, LMT",
    ]
    for letter in letters:
        link = re.search(r"http\S+/still-right/\S+", letter.text).group()
        assert letter.html.count(f'href="{link}"') == 2
        assert "%(" not in letter.text + letter.html


def test_people_are_counted_and_machines_are_not(indexed, client):
    for headers in (
        A_PERSON,
        {"User-Agent": ""},
        {"User-Agent": "Googlebot/2.1"},
        A_PERSON | {"Sec-Purpose": "prefetch;prerender"},
    ):
        client.get("/practitioners/sage-mockridge", headers=headers)
        client.get("/search?q=Sage+Mockridge", headers=headers)
        client.get("/search?q=Sage+Mockridge&page=2", headers=headers)
    client.head("/practitioners/sage-mockridge", headers=A_PERSON)
    with indexed.reading() as session:
        before = session.scalars(select(Tally)).all()

    indexed.tallies.flush(indexed.transaction, indexed.today())

    with indexed.reading() as session:
        counted = {(one.what, one.total) for one in session.scalars(select(Tally))}
    assert before == []
    assert counted == {("opened", 1), ("found", 1)}


@pytest.fixture
def keeper(indexed, client):
    """Sage Mockridge signed in; the id of the listing."""
    with indexed.transaction() as session:
        account = factories.account(session)
        kept = session.scalar(select(Listing).where(Listing.slug == "sage-mockridge"))
        kept.owner_id = account.id
        session.add(Tally(listing_id=kept.id, day=NOW.date(), what="found", total=41))
        session.add(
            WorkingCopy(listing_id=kept.id, content=factories.draft(), typed={}, saved_at=NOW)
        )
        session.flush()
        session.expunge(account)
        listing_id = kept.id
    sign_in(client, account)
    return listing_id


def test_keepers_see_where_they_stand_and_how_often_they_were_found(client, keeper):
    found = client.get(f"/my/listing/{keeper}/found?q=chiropractor&near=Denver, CO")
    missed = client.get(f"/my/listing/{keeper}/found?q=osteopath&near=Portland, OR")
    wrong = client.get(f"/my/listing/{keeper}/found?near=Zzyzxqq")

    assert re.search(r"You are number \d of 2, on page 1", said(found))
    assert "found in 41 searches, opened 0 times" in said(found)
    assert "does not name this profession: Osteopath" in said(missed)
    assert "You are too far away: Denver lies" in said(missed)
    assert wrong.status_code == 422
    assert BeautifulSoup(wrong.text, "html.parser").title.text.startswith("Error:")


def test_keepers_are_shown_who_they_may_be_already(client, keeper):
    page = client.get(f"/my/listing/{keeper}/alike")

    links = [a["href"] for a in BeautifulSoup(page.text, "html.parser").find_all("a")]
    assert "/claim/rowan-testerly" in links
    assert "<html" not in page.text


def test_others_pages_are_not_there(indexed, client, keeper):
    with indexed.reading() as session:
        others = session.scalar(select(Listing.id).where(Listing.slug == "rowan-testerly"))

    for page in ("found", "alike"):
        assert client.get(f"/my/listing/{others}/{page}").status_code == 404
    client.delete_cookie("session")
    with indexed.transaction() as session:
        session.execute(text("DELETE FROM signed_in"))
    assert client.get(f"/my/listing/{keeper}/found").status_code in (302, 303, 401)
