"""A form whose token ran out: sent again with one press from our own page, never from elsewhere."""

import io

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from directory.models import Listing, SignedIn
from directory.usecases.practitioners import writing
from tests import factories, sign_ins
from tests.sign_ins import known, words

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = "\"><script>alert(1)</script>\r\nan ümlaut & {{7*7}}'"


def form_in(answer):
    return BeautifulSoup(answer.text, "html.parser").select_one("main form")


def fields(form):
    return [(box["name"], box.get("value", "")) for box in form.select("input[name]")]


@pytest.fixture
def rowan(runtime):
    return known(runtime)


@pytest.fixture
def home(runtime, client, rowan):
    """The address of Rowan's listing; Rowan is signed in, and no request carries a token."""
    with runtime.transaction() as session:
        number = factories.listing(session, owner_id=rowan.id).id
    sign_ins.sign_in(client, rowan)
    client.environ_base.pop("HTTP_X_CSRFTOKEN")
    return f"/my/listing/{number}"


def name_written(runtime, home, owner):
    with runtime.reading() as session:
        number = int(home.rsplit("/", 1)[1])
        now = writing.current(session, number, by=factories.actor(owner), at=factories.NOW)
        return now.content.name


def test_all_that_was_typed_stands_in_the_page_as_it_was(client, home):
    sent = {"name": TYPED, "days": ["1", "2", "2"], "empty": "", "csrf_token": "old"}
    address = f"{home}/edit/you?then=work&x=%22%3E"

    answer = client.post(address, data=sent, headers=OURS)
    form = form_in(answer)
    kept = dict(fields(form))

    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert form["action"] == address
    assert "<script>alert" not in answer.text
    assert fields(form)[1:] == [
        ("name", TYPED),
        ("days", "1"),
        ("days", "2"),
        ("days", "2"),
        ("empty", ""),
    ]
    assert kept["csrf_token"] not in ("", "old")


def test_signing_in_in_another_tab_and_pressing_saves_what_was_typed(runtime, client, home, rowan):
    page = BeautifulSoup(client.get(f"{home}/edit/you").text, "html.parser")
    boxes = dict(fields(page.select_one("main form"))) | {"name": "Rowan Othername"}
    client.delete_cookie("session")

    signed_out = client.post(f"{home}/edit/you", data=boxes, headers=OURS)
    link = BeautifulSoup(signed_out.text, "html.parser").select_one("main a[target=_blank]")
    sign_ins.sign_in(client, rowan)
    client.environ_base.pop("HTTP_X_CSRFTOKEN")
    with client.session_transaction() as cookie:
        cookie.pop("csrf_token")  # as at every sign-in
    form = form_in(signed_out)
    pressed = client.post(form["action"], data=dict(fields(form)), headers=OURS)
    before = name_written(runtime, home, rowan)
    form = form_in(pressed)
    again = client.post(form["action"], data=dict(fields(form)), headers=OURS)

    assert "You are signed out." in words(signed_out)
    assert link["href"] == "/account/sign-in"
    assert f"You are signed in as {rowan.email}. Press once more." in words(pressed)
    assert before != "Rowan Othername"
    assert again.status_code == 303
    assert name_written(runtime, home, rowan) == "Rowan Othername"


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_what_another_site_may_have_sent_is_never_offered_again(client, home, headers):
    answer = client.post(f"{home}/pause", data={"name": "planted words"}, headers=headers)

    assert answer.status_code == 403
    assert form_in(answer) is None
    assert "planted words" not in answer.text
    assert "csrf_token" not in answer.text


def test_passwords_never_come_back_and_are_asked_for_once_more(client, home):
    sent = {"password": "my old secret", "new_password": "my new secret", "other": "kept"}

    answer = client.post("/account/change-password", data=sent, headers=OURS)
    form = form_in(answer)

    assert "secret" not in answer.text
    assert [box["name"] for box in form.select("input[type=password]")] == [
        "password",
        "new_password",
    ]
    assert ("other", "kept") in fields(form)


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(client, home):
    sent = {"alt": "Me", "photo": (io.BytesIO(b"pixels"), "me.jpg")}

    answer = client.post(f"{home}/edit/photo", data=sent, headers=OURS)
    form = form_in(answer)

    assert "Choose the file again" in words(answer)
    assert form["enctype"] == "multipart/form-data"
    assert form.select_one("input[type=file]")["name"] == "photo"
    assert ("alt", "Me") in fields(form)


def test_signing_in_twice_goes_where_signing_in_leads(client, home):
    stale = {"email": "rowan@practice.example", "password": "x"}

    there = client.post("/account/sign-in?next=/account/", data=stale, headers=OURS)
    elsewhere = client.post("/account/sign-in?next=//evil.example", data=stale, headers=OURS)

    assert (there.status_code, there.location) == (303, "/account/")
    assert "evil" not in elsewhere.location


def test_a_page_for_anybody_asks_nobody_to_sign_in_first(client):
    answer = client.post("/account/reset", data={"email": "a@b.example"}, headers=OURS)

    assert "signed out" not in words(answer)
    assert ("email", "a@b.example") in fields(form_in(answer))


def test_nothing_is_done_before_the_press(runtime, client, home):
    for path in ("/pause", "/confirm", "/check"):
        assert client.post(home + path, data={"version": "1"}, headers=OURS).status_code == 403
    assert client.post("/account/everywhere", headers=OURS).status_code == 403

    with runtime.reading() as session:
        assert session.scalars(select(Listing)).one().state.value == "live"
        assert session.scalars(select(SignedIn)).one()


def test_the_pages_that_refuse_lead_on(client):
    refused = client.post("/account/sign-in", data={})
    sign_ins.carry_token(client)
    wrong = {"email": "rowan@practice.example", "password": "x"}
    tries = (client.post("/account/sign-in", data=wrong) for _ in range(100))
    held_up = next(answer for answer in tries if answer.status_code == 429)

    for answer in (refused, held_up):
        links = {a["href"] for a in BeautifulSoup(answer.text, "html.parser").select("main a")}
        assert {"/", "/account/sign-in"} <= links
    assert "/account/reset" in held_up.text


def test_more_than_a_mebibyte_is_not_sent_back_and_forth(client, home):
    # The one form that may be larger, for its file.
    answer = client.post(f"{home}/edit/photo", data={"alt": "x" * 1_100_000}, headers=OURS)

    assert (answer.status_code, form_in(answer)) == (403, None)
    assert len(answer.data) < 20_000
