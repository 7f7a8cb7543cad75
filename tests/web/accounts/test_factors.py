"""The second factor: set up, asked for, used once; recovery codes; and passkeys' beginnings."""

import re
import time

import pytest
from passlib.totp import TOTP
from sqlalchemy import select

from directory.models import Account
from tests import factories, sign_ins
from tests.sign_ins import known, mails_to, path_in, words

ROWAN = "rowan@practice.example"
STEP = 30


@pytest.fixture
def clock(monkeypatch):
    """Authenticator time, which the test moves."""
    now = {"at": int(time.time())}
    monkeypatch.setattr(TOTP, "now", staticmethod(lambda: now["at"]))
    return now


def post(client, url, **fields):
    sign_ins.carry_token(client)
    return client.post(url, data=fields)


def sign_in(client, password=factories.PASSWORD):
    return post(client, "/account/sign-in", email=ROWAN, password=password)


def set_up(client, clock):
    """Switch the second factor on; return the authenticator app and what the page said."""
    page = post(client, "/account/second-factor", setup="authenticator")
    key = re.search(r'class="key">([^<]+)<', page.text)[1]
    url = re.search(r'action="(/account/second-factor/[^"]+)"', page.text)[1]
    phone = TOTP(key=key.replace("-", ""), format="base32")
    answer = post(client, url, code=phone.generate(clock["at"]).token)
    clock["at"] += 2 * STEP
    return phone, page, answer


def test_codes_are_asked_for_and_each_opens_once(app, client, runtime, clock):
    sign_ins.sign_in(client, known(runtime))
    phone, page, done = set_up(client, clock)
    other = app.test_client()

    first = sign_in(other)
    wrong = post(other, first.location, code="000000")
    code = phone.generate(clock["at"]).token
    right = post(other, first.location, code=f"{code[:3]} {code[3:]}")
    replayer = app.test_client()
    second = sign_in(replayer)
    replayed = post(replayer, second.location, code=code)
    clock["at"] += STEP
    newer = post(replayer, second.location, code=phone.generate(clock["at"]).token)

    assert "data:image/svg+xml" in page.text
    assert done.location == "/account/second-factor-done"
    assert first.location.startswith("/account/code")
    assert "This code is not right" in words(wrong)
    assert right.location == "/my/listing"
    assert "was used before" in words(replayed)
    assert newer.location == "/my/listing"
    assert mails_to(runtime, ROWAN)[0].values["what"] == "second-factor-on"


def test_without_the_code_nothing_opens(app, client, runtime, clock):
    sign_ins.sign_in(client, known(runtime))
    set_up(client, clock)
    other = app.test_client()

    sign_in(other)

    assert other.get("/account/").status_code == 303


def test_a_recovery_code_opens_once_however_it_is_typed(app, client, runtime, clock):
    sign_ins.sign_in(client, known(runtime))
    set_up(client, clock)
    codes = re.findall(r"<code>([^<]+)</code>", post(client, "/account/recovery-codes").text)
    answers = []
    for typed in (codes[0].upper().replace("-", " "), codes[0], codes[1]):
        other = app.test_client()
        sign_in(other)
        answers.append(post(other, "/account/recovery-code", code=typed))

    assert len(set(codes)) == 8
    assert [answer.location for answer in answers] == ["/my/listing", None, "/my/listing"]
    assert "6 left" in words(client.get("/account/"))
    with runtime.reading() as session:
        kept = session.scalar(select(Account)).mf_recovery_codes
    assert not set(codes) & set(kept)


def test_a_new_password_by_mail_does_not_get_past_the_second_factor(app, client, runtime, clock):
    sign_ins.sign_in(client, known(runtime))
    set_up(client, clock)
    other = app.test_client()
    post(other, "/account/reset", email=ROWAN)
    link = path_in(mails_to(runtime, ROWAN)[-1], "reset_link")

    post(other, link, password="a lamp that nobody else has lit")
    answer = sign_in(other, "a lamp that nobody else has lit")

    assert answer.location.startswith("/account/code")
    assert other.get("/account/").status_code == 303


def test_switching_it_off_needs_the_password_again_and_is_told(client, runtime, clock):
    owner = known(runtime)
    sign_ins.sign_in(client, owner)
    set_up(client, clock)
    sign_ins.sign_in(client, owner, fresh=False)

    stale = post(client, "/account/second-factor", setup="disable")
    post(client, "/account/again", password=factories.PASSWORD)
    done = post(client, "/account/second-factor", setup="disable")

    assert stale.location.startswith("/account/again")
    assert done.status_code == 302
    with runtime.reading() as session:
        left = session.scalar(select(Account))
    assert (left.tf_totp_secret, left.mf_recovery_codes) == (None, None)
    assert mails_to(runtime, ROWAN)[-1].values["what"] == "second-factor-off"


def test_a_passkey_built_into_the_device_is_welcome(client, runtime):
    sign_ins.sign_in(client, known(runtime))

    answer = client.post("/account/passkeys", json={"name": "My phone", "usage": "first"})

    wanted = answer.json["response"]["credential_options"]["authenticatorSelection"]
    assert wanted["userVerification"] == "required"
    assert wanted["residentKey"] == "required"
    assert "authenticatorAttachment" not in wanted


def test_a_passkey_that_nobody_has_is_refused_in_words(client):
    sign_ins.carry_token(client)
    state = client.post("/account/passkey", json={}).json["response"]["wan_state"]

    answer = client.post(f"/account/passkey/{state}", json={"credential": "{}"})

    assert answer.status_code == 400
    assert answer.json["response"]["errors"]
