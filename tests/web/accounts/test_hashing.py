"""Hashing takes long on purpose: nobody waits for the database meanwhile."""

from collections import defaultdict

import pytest
from flask import has_request_context, request
from sqlalchemy import Engine, event, select

from directory.cli import accounts
from directory.db import writing
from directory.models import Account, Role
from directory.signin import store
from directory.signin.people import SignIn
from tests import factories, sign_ins
from tests.databases import BOTH
from tests.sign_ins import known, mails_to, path_in, words

pytestmark = pytest.mark.parametrize("database_url", BOTH, indirect=True)
ROWAN, NEWCOMER, NOBODY = "rowan@practice.example", "new@practice.example", "no@practice.example"
OTHER = "a lamp that nobody else has lit"
WRITES = ("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def open_writers():
    """The connections on which a transaction has written, or keeps others from writing."""
    found = set()

    def begins(connection, _cursor, statement, *_):
        if statement.lstrip().upper().startswith(WRITES) or " FOR " in statement.upper():
            found.add(id(connection.connection.dbapi_connection))

    def ends(connection):
        found.discard(id(connection.connection.dbapi_connection))

    listened = (("before_cursor_execute", begins), ("commit", ends), ("rollback", ends))
    for name, hear in listened:
        event.listen(Engine, name, hear)
    yield found
    for name, hear in listened:
        event.remove(Engine, name, hear)


class Watched:
    """Flask-Security's hashes, and who could not write while they were made."""

    def __init__(self, context, open_writers):
        self.context, self.open_writers = context, open_writers
        self.seen, self.meanwhile = defaultdict(list), lambda: None

    def hash(self, *said, **how):
        self.note()
        return self.context.hash(*said, **how)

    def verify(self, *said):
        self.note()
        return self.context.verify(*said)

    def note(self):
        where = request.endpoint if has_request_context() else "a command"
        self.seen[where].append(len(self.open_writers))
        self.meanwhile()

    def __getattr__(self, name):
        return getattr(self.context, name)


@pytest.fixture
def hashes(app, open_writers):
    hashing = app.extensions["security"].pwd_context
    kept = hashing._context
    hashing._context = watched = Watched(kept, open_writers)
    yield watched
    hashing._context = kept


def post(client, url, **fields):
    sign_ins.carry_token(client)
    return client.post(url, data=fields)


def link_to(runtime, email, name):
    return path_in(mails_to(runtime, email)[-1], name)


def password_of(runtime, email=ROWAN):
    with runtime.reading() as session:
        return session.scalar(select(Account.password).where(Account.email == email))


def test_no_transaction_that_writes_is_open_while_any_page_hashes(app, runtime, hashes):
    rowan = known(runtime)
    known(runtime, "unproved@practice.example", confirmed_at=None)
    client, stranger = app.test_client(), app.test_client()

    for password in (factories.PASSWORD, "wrong", ""):
        for email in (ROWAN, NOBODY, "unproved@practice.example"):
            post(app.test_client(), "/account/sign-in", email=email, password=password)
    for email in (NEWCOMER, NEWCOMER, ROWAN):
        post(stranger, "/account/sign-up", email=email)
    pressed = post(stranger, link_to(runtime, NEWCOMER, "confirmation_link"))
    post(stranger, pressed.location, password=OTHER)
    for email in (ROWAN, NOBODY, "unproved@practice.example"):
        post(stranger, "/account/reset", email=email)
        post(stranger, "/account/confirm", email=email)
    reset = [mail for mail in mails_to(runtime, ROWAN) if "reset_link" in mail.values][-1]
    post(stranger, path_in(reset, "reset_link"), password=OTHER)
    sign_ins.sign_in(client, replaced(runtime, rowan))
    for old in ("wrong", OTHER):
        post(client, "/account/change-password", password=old, new_password=f"{OTHER} again")
    sign_ins.sign_in(client, replaced(runtime, rowan), fresh=False)
    for password in ("wrong", f"{OTHER} again"):
        post(client, "/account/again", password=password)
    for proof in ("wrong", f"{OTHER} again"):
        post(client, "/account/erase", proof=proof, sure="1")
    forgets_the_factor(app, runtime, stranger)
    with app.app_context():
        accounts.make_admin(runtime, "ada@association.example", OTHER, False)
        accounts.make_admin(runtime, "ada@association.example", OTHER, True)

    assert {where: seen for where, seen in hashes.seen.items() if any(seen)} == {}
    assert set(hashes.seen) == {
        "security.login",
        "security.register",
        "security.forgot_password",
        "security.reset_password",
        "security.change_password",
        "security.verify",
        "own_data.begin_account",
        "second_factor.take",
        "a command",
    }


def replaced(runtime, account):
    """The same account as it is now."""
    with runtime.reading() as session:
        found = session.get(Account, account.id)
        session.expunge(found)
    return found


def forgets_the_factor(app, runtime, client):
    admin = app.test_client()
    ada = sign_ins.sign_in_admin(admin)
    with runtime.transaction() as session:
        session.get(Account, ada.id).tf_primary_method = "authenticator"
        lost = factories.account(
            session, "lost@practice.example", tf_primary_method="authenticator"
        )
        session.flush()
        number = lost.id
    post(admin, f"/admin/accounts/{number}/second-factor")
    link = link_to(runtime, "lost@practice.example", "link")
    post(client, link, password="wrong")
    post(client, link, password=factories.PASSWORD)


def test_whoever_signs_in_while_the_password_changes_is_told_to_try_again(app, runtime, hashes):
    known(runtime)

    def change():
        hashes.meanwhile = lambda: None
        with writing(runtime.engine) as session:
            account = session.scalar(select(Account).where(Account.email == ROWAN))
            account.password, account.fs_uniquifier = "another", "another"

    hashes.meanwhile = change
    client = app.test_client()
    told = post(client, "/account/sign-in", email=ROWAN, password=factories.PASSWORD)

    assert told.status_code == 409
    assert "changed at this very moment" in words(told)
    assert client.get("/account/").status_code != 200
    assert password_of(runtime) == "another"


def test_whoever_is_erased_while_signing_in_is_told_to_try_again(app, runtime, hashes):
    known(runtime)

    def erase():
        hashes.meanwhile = lambda: None
        with writing(runtime.engine) as session:
            session.delete(session.scalar(select(Account).where(Account.email == ROWAN)))

    hashes.meanwhile = erase
    told = post(app.test_client(), "/account/sign-in", email=ROWAN, password=factories.PASSWORD)

    assert told.status_code == 409


@pytest.mark.parametrize("wrote", [True, False])
def test_what_was_written_already_stays_in_its_transaction(app, runtime, hashes, wrote):
    rowan = known(runtime)
    with app.test_request_context("/account/", method="POST"):
        session = store.session()
        account = session.get(SignIn, rowan.id)
        if wrote:
            account.role = Role.REVIEWER
            session.flush()
        app.extensions["security"].pwd_context.hash("whatever")
        role = account.role

    assert role is (Role.REVIEWER if wrote else Role.PRACTITIONER)
    assert [bool(seen) for [seen] in hashes.seen.values()] == [wrote]
