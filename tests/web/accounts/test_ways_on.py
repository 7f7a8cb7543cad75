"""From every page for whoever is signed in there is a way to the account, and out."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import render_template

from tests import sign_ins
from tests.sign_ins import known

BY_GUARD = {"signed in", "reviewer", "admin"}
ACCOUNT = "/account/"
# Those that anybody may see, and some that anybody may ask for in vain.
PUBLIC = ("/", "/search", "/about/privacy", "/shortlist", "/practitioners/x", "/nowhere")


def header_links(answer):
    page = BeautifulSoup(answer.text, "html.parser")
    return [a["href"] for a in page.select(".site-header a")]


def pages(app):
    """Addresses without a variable part, and who may open them."""
    for rule in app.url_map.iter_rules():
        guard = app.view_functions[rule.endpoint].guard
        if "GET" in rule.methods and not rule.arguments:
            yield rule.rule, guard


def test_every_page_for_somebody_leads_to_the_account_and_no_other_does(app, client, runtime):
    ada = sign_ins.sign_in_admin(client)

    found = {}
    for path, guard in pages(app):
        sign_ins.sign_in(client, ada)  # some of them end it
        answer = client.get(path)
        if answer.status_code == 200 and "site-header" in answer.text:
            found[path] = (guard in BY_GUARD, ACCOUNT in header_links(answer))

    assert sum(inside for inside, _ in found.values()) > 16
    assert {path: one for path, one in found.items() if one[0] != one[1]} == {}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_the_same_for_whoever_is_signed_in(app, runtime, path):
    somebody, nobody = app.test_client(), app.test_client()
    sign_ins.sign_in(somebody, known(runtime))

    answers = [one.get(path) for one in (somebody, nobody)]

    assert answers[0].data == answers[1].data
    assert "Set-Cookie" not in answers[0].headers
    assert "Cookie" not in answers[0].headers.get("Vary", "")


def test_the_account_page_signs_out(client, runtime):
    sign_ins.sign_in(client, known(runtime))

    page = BeautifulSoup(client.get(ACCOUNT).text, "html.parser")

    assert page.select_one("form[action='/account/sign-out'] button")


def test_password_managers_learn_whose_password_is_chosen(client, runtime):
    email = known(runtime).email
    sign_ins.carry_token(client)
    client.post("/account/reset", data={"email": email})
    (sent,) = sign_ins.mails_to(runtime, email)
    page = BeautifulSoup(client.get(sign_ins.path_in(sent, "reset_link")).text, "html.parser")

    name = page.select_one("form [autocomplete=username]")

    assert (name["value"], name.has_attr("readonly")) == (email, True)


@pytest.mark.parametrize("page", ["press", "invitation"])
def test_a_button_from_a_mail_says_which_address_it_is_about(app, page):
    about = {"heading": "H", "label": "L", "role": "R", "problem": ""}
    with app.test_request_context():
        named = render_template(f"accounts/{page}.html", address="<a@b.example>", **about)
        unnamed = render_template(f"accounts/{page}.html", **about)

    assert "&lt;a@b.example&gt;" in named
    assert "this address" not in unnamed


@pytest.mark.parametrize("page", ["sign-in", "sign-up", "reset", "confirm"])
def test_in_every_box_attributes_are_parted_by_a_blank(client, page):
    sign_ins.carry_token(client)

    answers = [client.get(f"/account/{page}")]
    answers += [client.post(f"/account/{page}", data={"email": typed}) for typed in ("", "nobody")]

    assert [re.findall(r'<[a-z][^>]*="[^"]*"[a-z][^>]*>', one.text) for one in answers] == [
        [],
        [],
        [],
    ]
