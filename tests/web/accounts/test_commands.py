"""Accounts made from a terminal."""

import pytest
from sqlalchemy import select

from directory.cli import accounts
from directory.models import Account, Listing, Role
from directory.signin import making
from tests import factories, sign_ins

ADMIN = "admin@association.example"


@pytest.fixture
def command(app):
    return app.test_cli_runner().invoke


def post(client, url, **fields):
    sign_ins.carry_token(client)
    return client.post(url, data=fields)


def test_an_admin_signs_in_with_the_password_from_standard_input(command, client, runtime):
    ended = command(
        args=["create-admin", ADMIN, "--password-stdin"], input=f"{factories.PASSWORD}\n"
    )

    answer = post(client, "/account/sign-in", email=ADMIN, password=factories.PASSWORD)
    assert ended.output == f"{ADMIN} is an admin.\n"
    assert answer.location == "/my/listing"
    with runtime.reading() as session:
        assert session.scalar(select(Account)).role is Role.ADMIN


def test_an_account_becomes_an_admin_by_a_link_that_works_once(command, client, runtime):
    sign_ins.known(runtime, ADMIN)

    ended = command(args=["create-admin", ADMIN.upper()])
    told, link = ended.output.split("Another password within the hour: http://127.0.0.1:8000")
    link = link.strip()
    chosen = post(client, link, password="a lamp that nobody else has lit")
    again = post(client, link, password="yet another unrelated phrase")

    assert f"{ADMIN} has an account already: it is an admin now" in told
    assert chosen.location == "/account/sign-in"
    assert again.location == "/account/reset"
    with runtime.reading() as session:
        assert session.scalar(select(Account)).role is Role.ADMIN


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [("nonsense", factories.PASSWORD, "not an e-mail"), (ADMIN, "password123", "first that get")],
)
def test_what_will_not_do_is_said_and_nothing_is_made(command, runtime, email, password, words):
    ended = command(args=["create-admin", email, "--password-stdin"], input=password)

    assert ended.exit_code == 1
    assert words in ended.output
    with runtime.reading() as session:
        assert session.scalar(select(Account)) is None


def test_a_demonstration_has_a_sign_in_that_owns_a_listing(app, client, runtime):
    with runtime.transaction() as session:
        factories.listing(session, is_demo=True)

    with app.app_context():
        lines = [accounts.demo_sign_ins(runtime) for _ in range(2)]

    answer = post(
        client, "/account/sign-in", email=making.DEMO_EMAIL, password=making.DEMO_PASSWORD
    )
    assert lines[0] == lines[1]
    assert making.DEMO_PASSWORD in " ".join(lines[0])
    assert answer.location == "/my/listing"
    with runtime.reading() as session:
        assert session.scalar(select(Listing)).owner_id == session.scalar(select(Account)).id


def test_a_site_without_demonstrations_has_no_such_sign_in(app, runtime):
    with runtime.transaction() as session:
        factories.listing(session)

    with app.app_context():
        assert accounts.demo_sign_ins(runtime) == ()
