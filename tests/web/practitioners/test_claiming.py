"""Claiming in the browser."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from directory.models import Account, Listing, OutgoingMail, State
from directory.usecases.mailing.delivery import Claimed
from directory.web.formatting.letters import renderer
from tests import factories
from tests.sign_ins import sign_in

HERE = "/claim/rowan-testerly"


@pytest.fixture
def me(runtime) -> Account:
    with runtime.transaction() as session:
        made = factories.account(session, "me@home.example")
        factories.listing(session)
        session.expunge(made)
    return made


@pytest.fixture
def mine(client, me):
    sign_in(client, me)
    return client


def mails(runtime) -> list[OutgoingMail]:
    with runtime.reading() as session:
        found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        session.expunge_all()
    return list(found)


def change(runtime, **changes):
    with runtime.transaction() as session:
        listing = session.scalars(select(Listing)).one()
        for name, value in changes.items():
            setattr(listing, name, value)


def heading(response) -> str:
    return BeautifulSoup(response.text, "html.parser").h1.get_text(strip=True)


def test_from_the_button_to_my_own_listing(mine, runtime, me):
    first = mine.get(HERE)
    sent = mine.post(f"{HERE}/code")
    wrong = mine.post(HERE, data={"code": "0"})
    code = mails(runtime)[0].values["code"]

    right = mine.post(HERE, data={"code": code})

    assert "r…@practice.example" in first.text
    assert "rowan@practice.example" not in first.text
    assert heading(mine.get(sent.location)) if sent.status_code == 303 else False
    assert wrong.status_code == 422
    assert "Tries left: 4" in wrong.text
    assert mine.get(right.location).location == "/my/listing/1"
    with runtime.reading() as session:
        assert session.get(Listing, 1).owner_id == me.id


def test_wrong_codes_count_although_they_are_refused(mine, runtime):
    mine.post(f"{HERE}/code")
    code = mails(runtime)[0].values["code"]

    answers = [mine.post(HERE, data={"code": "1"}).status_code for _ in range(5)]
    late = mine.post(HERE, data={"code": code})

    assert answers == [422] * 5
    assert late.status_code == 422
    with runtime.reading() as session:
        assert session.get(Listing, 1).owner_id is None


def test_asking_the_admins_instead(mine, runtime):
    assert heading(mine.get(f"{HERE}/ask")) == "Tell us that it is you"
    nothing = mine.post(f"{HERE}/ask", data={"words": " "})
    asked = [mine.post(f"{HERE}/ask", data={"words": "I moved."}) for _ in range(2)]

    assert nothing.status_code == 422
    assert [answer.status_code for answer in asked] == [303, 303]
    assert "We have your words" in mine.get(HERE).text
    assert [mail.kind for mail in mails(runtime)] == ["claim-asked"]


def test_a_listing_with_an_owner_says_so_plainly(mine, runtime):
    with runtime.transaction() as session:
        owner = factories.account(session, "owner@home.example").id
    change(runtime, owner_id=owner)

    answers = [mine.get(HERE), mine.post(f"{HERE}/code"), mine.post(HERE, data={"code": "1"})]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert runtime.config.contact_email in answers[0].text
    assert "owner@home.example" not in answers[0].text


def test_what_is_not_public_cannot_be_told_from_what_is_not_there(mine, runtime):
    change(runtime, state=State.HIDDEN)

    hidden, nothing = mine.get(HERE), mine.get("/claim/nobody-at-all")

    assert (hidden.status_code, nothing.status_code) == (404, 404)
    for path in (f"{HERE}/code", f"{HERE}/ask", HERE):
        assert mine.post(path, data={"code": "1", "words": "x"}).status_code == 404


def test_strangers_are_sent_to_sign_in(client, me):
    assert "/account/sign-in" in client.get(HERE).location


def test_the_fourth_code_of_a_day_is_refused_in_words(mine, runtime):
    for minutes in range(0, 8, 2):
        at = factories.NOW.replace(minute=minutes)
        runtime.clock = lambda at=at: at
        last = mine.post(f"{HERE}/code")

    assert last.status_code == 409
    assert "No more codes can be sent today" in last.text


def test_every_mail_can_be_made(app):
    link = "https://x.example/a"
    mails = (
        ("claim-code", {"code": "1234 5678", "listing_url": link}),
        ("claim-asked", {"claim": "3", "words": "<b>", "listing_url": link}),
        ("claim-granted", {"my_listing_url": link}),
        ("claim-refused", {"words": ""}),
        ("claim-refused", {"words": "Sorry."}),
        ("helper-invited", {"name": "Rowan", "link": link}),
        ("helper-invited", {"name": "", "link": link}),
        ("listing-erased", {}),
        ("account-erased", {}),
    )
    with app.test_request_context():
        made = [
            (values, renderer(app)(Claimed(1, f"{kind}:1", kind, "me@home.example", values, 1)))
            for kind, values in mails
        ]

    for values, letter in made:
        assert letter.subject
        assert "<b>" not in letter.html
        assert all(value in letter.subject + letter.text for value in values.values())
