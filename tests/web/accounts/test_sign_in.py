"""Signing up, in and out; passwords; addresses."""

import time

import itsdangerous
import pytest
from sqlalchemy import select

from directory.models import Account, Role, SignedIn
from directory.signin import passwords, ways
from tests import factories, sign_ins
from tests.databases import BOTH
from tests.sign_ins import known, mails_to, path_in, words

ROWAN = "rowan@practice.example"
OTHER = "a lamp that nobody else has lit"


@pytest.fixture
def client(client):
    sign_ins.carry_token(client)
    return client


def post(client, url, **fields):
    """Send a form with a fresh token, as a page that was just opened would."""
    sign_ins.carry_token(client)
    return client.post(url, data=fields)


def sign_in(client, email=ROWAN, password=factories.PASSWORD, **more):
    return post(client, "/account/sign-in", email=email, password=password, **more)


def is_in(client):
    return client.get("/account/").status_code == 200


def account(runtime, email=ROWAN):
    with runtime.reading() as session:
        return session.scalar(select(Account).where(Account.email == email))


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
@pytest.mark.usefixtures("thorough_hashes")
def test_from_sign_up_by_the_link_in_the_mail_to_signed_in(client, runtime):
    signed_up = post(client, "/account/sign-up", email="Rowan@Practice.example")
    early = sign_in(client)
    link = path_in(mails_to(runtime, ROWAN)[0], "confirmation_link")
    scanned = client.get(link)
    after_scan = account(runtime).confirmed_at
    closed_the_tab = post(client, link)
    pressed = post(client, link)
    chosen = post(client, pressed.location, password=factories.PASSWORD)
    late = sign_in(client)
    used = post(client, link)

    assert signed_up.location == "/account/check-your-mail"
    assert "ask for a new one" in words(early)
    assert (scanned.status_code, after_scan) == (200, None)
    assert "/account/reset/" in closed_the_tab.location
    assert chosen.location == "/account/sign-in"
    assert account(runtime).confirmed_at == factories.NOW
    assert account(runtime).password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert used.location == "/account/confirm"
    assert late.location == "/my/listing"
    assert is_in(client)


def test_sign_up_takes_an_address_and_nothing_else(client, runtime):
    fields = {"role": "admin", "active": "0", "confirmed_at": "2020-01-01", "id": "77"}

    post(client, "/account/sign-up", email=ROWAN, password=factories.PASSWORD, **fields)

    made = account(runtime)
    assert (made.role, made.active, made.confirmed_at) == (Role.PRACTITIONER, True, None)
    assert made.id != 77
    assert made.password is None


@pytest.mark.parametrize(
    ("password", "advice"),
    [
        ("short", "at least 10 characters"),
        ("password123!", "among the first that get tried"),
        ("P4ssw0rd2026", "among the first that get tried"),
        ("rowan loves rivers", "Please leave your e-mail address"),
        ("stillpoint-2026", "Please leave your e-mail address"),
        ("aaaaaaaaaaaa", "repeats a character"),
        ("abcabcabcabc", "repeats a character"),
        ("qwertyuiopqwer", "repeats a character"),
        ("x" * 201, "at most 200 characters"),
    ],
)
def test_a_weak_password_is_refused_with_advice(password, advice):
    assert advice in passwords.problem(password, ROWAN, "Stillpoint")


@pytest.mark.parametrize("password", [OTHER, "z" * 60 + "ebra", "correct horse battery staple x"])
def test_long_and_unrelated_words_are_welcome(password):
    assert passwords.problem(password, ROWAN, "Stillpoint") is None


def test_a_common_password_is_refused_on_the_page_next_to_its_box(client, runtime):
    known(runtime)
    post(client, "/account/reset", email=ROWAN)

    answer = post(
        client, path_in(mails_to(runtime, ROWAN)[0], "reset_link"), password="sunshine1234"
    )

    assert "<title>Error:" in answer.text
    assert 'aria-describedby="password-hint password-error-1"' in answer.text
    assert "four words" in words(answer)
    assert account(runtime).password == factories.PASSWORD_HASH


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "///evil.example",
    "https:evil.example",
    "@evil.example",
    "http://localhost@evil.example/",
    "javascript:alert(1)",
    "\t//evil.example",
)


def test_signing_in_leads_nowhere_else(app, runtime):
    known(runtime)

    led = {wanted: sign_in(app.test_client(), next=wanted).location for wanted in ELSEWHERE}

    assert {wanted: place for wanted, place in led.items() if not ways.LOCAL.fullmatch(place)} == {}
    assert led["//evil.example"] == "/my/listing"


def test_who_wanted_a_page_gets_it_after_signing_in(client, runtime):
    known(runtime)

    refused = client.get("/account/change-password")
    answer = post(client, refused.location, email=ROWAN, password=factories.PASSWORD)

    assert "next=" in refused.location
    assert answer.location == "/account/change-password"


def test_a_reset_link_works_once_and_signs_everybody_out(app, client, runtime):
    owner = known(runtime)
    elsewhere = app.test_client()
    sign_ins.sign_in(elsewhere, owner)
    post(client, "/account/reset", email=ROWAN)
    link = path_in(mails_to(runtime, ROWAN)[0], "reset_link")

    opened = client.get(link)
    weak = post(client, link, password="password1234")
    done = post(client, link, password=OTHER)
    again = post(client, link, password="yet another unrelated phrase")

    assert opened.status_code == 200
    assert "among the first" in words(weak)
    assert done.location == "/account/sign-in"
    assert again.location == "/account/reset"
    assert not is_in(elsewhere)
    assert sign_in(client, password=OTHER).location == "/my/listing"
    assert [mail.kind for mail in mails_to(runtime, ROWAN)] == [
        "account-reset-instructions",
        "account-reset-notice",
    ]


def test_an_old_reset_link_opens_nothing(client, runtime, monkeypatch):
    known(runtime)
    post(client, "/account/reset", email=ROWAN)
    link = path_in(mails_to(runtime, ROWAN)[0], "reset_link")
    later = int(time.time()) + 3700
    monkeypatch.setattr(itsdangerous.TimestampSigner, "get_timestamp", lambda _: later)

    answer = client.get(link)

    assert answer.location == "/account/reset"


def test_a_forged_host_does_not_change_the_link_in_the_mail(client, runtime):
    known(runtime)
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    asked = {"email": ROWAN, "csrf_token": client.environ_base["HTTP_X_CSRFTOKEN"]}

    misled = client.post("/account/reset", data=asked, base_url="http://evil.example")
    told = client.post("/account/reset", data=asked, headers=forged)

    assert (misled.status_code, told.status_code) == (421, 200)
    [mail] = mails_to(runtime, ROWAN)
    assert mail.values["reset_link"].startswith(f"{runtime.config.base_url}/account/reset/")


def test_a_new_password_needs_the_old_one_and_signs_out_all_other_browsers(app, client, runtime):
    owner = known(runtime)
    elsewhere = app.test_client()
    sign_ins.sign_in(elsewhere, owner)
    sign_in(client)

    wrong = post(client, "/account/change-password", password="not it", new_password=OTHER)
    right = post(
        client, "/account/change-password", password=factories.PASSWORD, new_password=OTHER
    )

    assert "This is not your password" in words(wrong)
    assert right.location == "/account/"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert mails_to(runtime, ROWAN)[-1].kind == "account-change-notice"


def test_a_new_address_needs_the_password_again_and_both_addresses_are_told(client, runtime):
    owner = known(runtime)
    sign_ins.sign_in(client, owner, fresh=False)

    stale = client.get("/account/change-email")
    shown = post(client, stale.location, password=factories.PASSWORD)
    post(client, "/account/change-email", email="new@practice.example")
    link = path_in(mails_to(runtime, "new@practice.example")[0], "link")
    scanned, after_scan = client.get(link), account(runtime)
    pressed = post(client, link)

    assert stale.location.startswith("/account/again?next=")
    assert shown.location == "/account/change-email"
    assert (scanned.status_code, after_scan.id) == (200, owner.id)
    assert pressed.status_code == 302
    assert account(runtime, "new@practice.example").id == owner.id
    assert [mail.kind for mail in mails_to(runtime, ROWAN)] == [
        "account-security-changed",
        "account-address-changed",
    ]
    assert is_in(client)


def test_a_get_of_a_link_to_sign_out_or_erase_a_browser_changes_nothing(client, runtime):
    sign_ins.sign_in(client, known(runtime))

    answers = [client.get("/account/sign-out"), client.get("/account/everywhere")]

    assert [answer.status_code for answer in answers] == [405, 405]
    with runtime.reading() as session:
        assert len(session.scalars(select(SignedIn)).all()) == 1


@pytest.mark.parametrize(
    "typed", ["-oQ@e.example", '"a b"@e.example', "a@localhost", "a@[192.0.2.1]", "a..b@e.example"]
)
def test_what_we_could_not_write_to_is_no_address_to_sign_up_with(client, runtime, typed):
    answer = post(client, "/account/sign-up", email=typed)

    assert "This is not an e-mail address" in words(answer)
    with runtime.reading() as session:
        assert session.scalar(select(Account)) is None
