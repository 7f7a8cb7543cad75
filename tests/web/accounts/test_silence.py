"""Nothing tells whether an address has an account, and nobody is locked out by strangers."""

import base64
import json
import re

import pytest
from sqlalchemy import func, select

from directory.models import OutgoingMail
from directory.signin import proofs
from tests import factories, sign_ins
from tests.sign_ins import known, mails_to, words

ROWAN = "rowan@practice.example"
NOBODY = "nobody@practice.example"


def outline(answer, email):
    """All bytes of an answer but the address itself and the token of the form."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "E")
    headers = {name: value for name, value in answer.headers if name in ("Location", "Vary")}
    cookies = [one.split("=")[0] for one in answer.headers.getlist("Set-Cookie")]
    return answer.status_code, text, headers, cookies


def mails(runtime):
    with runtime.reading() as session:
        return session.scalar(select(func.count()).select_from(OutgoingMail))


def asked(app, runtime, url, email, password):
    """What a browser of its own is told, and how many mails that made."""
    client, before = app.test_client(), mails(runtime)
    client.get("/account/sign-in")
    sign_ins.carry_token(client)
    answer = client.post(url, data={"email": email, "password": password})
    seen = [outline(answer, email)]
    if answer.location:
        seen.append(outline(client.get(answer.location), email))
    return seen, mails(runtime) - before


@pytest.mark.parametrize("page", ["sign-in", "reset", "sign-up", "confirm"])
def test_known_and_unknown_addresses_get_the_same_bytes_and_the_same_work(app, runtime, page):
    known(runtime)
    known(runtime, "waits@practice.example", confirmed_at=None)
    known(runtime, "off@practice.example", active=False)
    password = "not the password, but a good one" if page == "sign-in" else factories.PASSWORD

    told, *others = (
        asked(app, runtime, f"/account/{page}", email, password)
        for email in (NOBODY, ROWAN, "waits@practice.example", "off@practice.example")
    )

    assert others == [told] * 3


def test_the_right_password_of_an_unconfirmed_or_disabled_account_says_no_more(app, runtime):
    known(runtime, confirmed_at=None)
    known(runtime, "off@practice.example", active=False)

    told = [
        asked(app, runtime, "/account/sign-in", email, factories.PASSWORD)
        for email in (ROWAN, "off@practice.example", NOBODY)
    ]

    assert told[0] == told[1] == told[2]


def test_who_signs_up_again_hears_of_it_by_mail(app, runtime):
    known(runtime)

    asked(app, runtime, "/account/sign-up", ROWAN, factories.PASSWORD)

    (mail,) = mails_to(runtime, ROWAN)
    assert mail.kind == "account-welcome-existing"
    assert "reset_link" in mail.values


def tries(app, count, email=ROWAN, password="wrong", client_address="203.0.113.7"):
    client = app.test_client()
    sign_ins.carry_token(client)
    fields = {"email": email, "password": password}
    return [
        client.post(
            "/account/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": client_address}
        )
        for _ in range(count)
    ]


def test_who_guesses_is_held_up_and_the_owner_is_not(app, runtime):
    known(runtime)

    guesses = tries(app, 11)
    owner = tries(app, 1, password=factories.PASSWORD, client_address="198.51.100.1")[0]

    assert [one.status_code for one in guesses] == [200] * 10 + [429]
    assert "Please wait" in words(guesses[-1])
    assert 0 < int(guesses[-1].headers["Retry-After"]) <= 900
    assert owner.location == "/my/listing"


def test_an_account_under_attack_asks_for_a_proof_and_not_for_patience(app, runtime):
    known(runtime)
    for number in range(3):
        tries(app, 7, client_address=f"203.0.113.{number}")
    client = app.test_client()
    sign_ins.carry_token(client)
    fields = {"email": ROWAN, "password": factories.PASSWORD}

    without = client.post("/account/sign-in", data=fields)
    with app.test_request_context():
        proof = sign_ins.solved(proofs.challenge())
    with_proof = client.post("/account/sign-in", data={**fields, "proof": proof})
    tries(app, 1, client_address="203.0.113.9")
    twice = app.test_client()
    sign_ins.carry_token(twice)
    again = twice.post("/account/sign-in", data={**fields, "proof": proof})

    assert "no robot" in words(without)
    assert "data-proof=" in without.text
    assert with_proof.location == "/my/listing"
    assert again.status_code == 200  # a proof counts once


def test_a_proof_counts_once_while_it_is_fresh_and_ours(app):
    def counts(proof):
        with app.test_request_context(method="POST", data={"proof": proof}):
            return proofs.is_given()

    with app.test_request_context():
        right, other = (sign_ins.solved(proofs.challenge()) for _ in range(2))
        challenge = proofs.challenge()
    forged = sign_ins.solved({**challenge, "signature": "0" * 64})
    salt = re.sub(r"expires=\d+", "expires=1", challenge["salt"])
    old = base64.b64encode(
        json.dumps({**json.loads(base64.b64decode(other)), "salt": salt}).encode()
    ).decode()

    assert [counts(one) for one in (right, right, forged, old, "x", "e30=", "")] == [
        True,
        *[False] * 6,
    ]


def test_sign_up_without_a_proof_is_a_slow_lane(app, runtime):
    client = app.test_client()
    sign_ins.carry_token(client)

    answers = [
        client.post(
            "/account/sign-up",
            data={"email": f"a{number}@practice.example", "password": factories.PASSWORD},
        )
        for number in range(6)
    ]

    assert [one.status_code for one in answers] == [302] * 5 + [200]
    assert "Too many accounts" in words(answers[-1])


def test_a_robot_that_fills_in_every_box_makes_no_account(app, runtime):
    client = app.test_client()
    sign_ins.carry_token(client)

    answer = client.post(
        "/account/sign-up",
        data={"email": NOBODY, "password": factories.PASSWORD, "website": "https://buy.example"},
    )

    assert "hidden box" in words(answer)
    assert mails_to(runtime, NOBODY) == []


def test_nobody_fills_a_mailbox_through_us(app, runtime):
    known(runtime)

    told = {str(asked(app, runtime, "/account/reset", ROWAN, "")[0]) for _ in range(8)}

    assert len(told) == 1
    assert len(mails_to(runtime, ROWAN)) == 5
