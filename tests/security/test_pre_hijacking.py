"""Nobody lies in wait in an account that its owner takes over later.

The kinds of Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022), each as
somebody would try it here. Their fifth (a provider that does not verify) has no door: nobody signs
in through others.
"""

import pytest
from sqlalchemy import func, select

from directory.models import Account, Role
from tests import factories, sign_ins
from tests.databases import BOTH
from tests.security.strangers import MINE, THEIRS, Browser, Trap, account
from tests.sign_ins import known, mails_to, path_in

OWNER = "owner@clinic.example"
STRANGER = "stranger@elsewhere.example"


@pytest.fixture
def stranger(app):
    return Browser(app)


@pytest.fixture
def owner(app):
    return Browser(app)


def confirm(browser, runtime, email=OWNER, password=MINE):
    """Press the button behind the newest link to confirm, and choose a password."""
    mail = [one for one in mails_to(runtime, email) if "confirmation_link" in one.values][-1]
    pressed = browser.post(path_in(mail, "confirmation_link"))
    return browser.post(pressed.location, password=password)


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_merged_account_a_password_that_a_stranger_typed_never_opens_it(runtime, stranger, owner):
    stranger.post("/account/sign-up", email=OWNER, password=THEIRS)
    owner.post("/account/sign-up", email=OWNER, password=MINE)

    confirm(owner, runtime)

    assert stranger.sign_in(OWNER, THEIRS) == ""
    assert owner.sign_in(OWNER, MINE) == "/my/listing"


def test_merged_account_an_invited_admin_does_not_inherit_a_strangers_password(
    app, runtime, stranger, owner
):
    Trap(app, OWNER)
    admin = Browser(app)
    sign_ins.sign_in_admin(admin.client)
    admin.post("/admin/accounts/invite", email=OWNER, role="admin")

    accepted = owner.post(path_in(mails_to(runtime, OWNER)[-1], "link"))
    owner.post(accepted.location, password=MINE)

    assert stranger.sign_in(OWNER, THEIRS) == ""
    assert owner.sign_in(OWNER, MINE) == "/my/listing"
    assert account(app, OWNER).role is Role.ADMIN
    assert account(app, OWNER).tf_totp_secret is None


def test_unexpired_session_a_browser_that_was_signed_in_is_out_after_the_proof(app, runtime, owner):
    trap = Trap(app, OWNER)
    owner.post("/account/confirm", email=OWNER)

    confirm(owner, runtime)

    assert not trap.browser.is_in()
    assert not trap.is_sprung()


def test_unexpired_session_a_new_password_by_mail_ends_every_other_browser(app, runtime, owner):
    theirs, mine = Browser(app), known(runtime, OWNER)
    sign_ins.sign_in(theirs.client, mine)
    owner.post("/account/reset", email=OWNER)

    owner.post(path_in(mails_to(runtime, OWNER)[-1], "reset_link"), password=MINE)

    assert not theirs.is_in()


def test_trojan_identifier_factor_codes_and_passkeys_go_with_the_proof(app, runtime, owner):
    trap = Trap(app, OWNER)
    owner.post("/account/reset", email=OWNER)

    confirm(owner, runtime)

    assert owner.sign_in(OWNER, MINE) == "/my/listing"
    assert not trap.is_sprung()


def test_trojan_identifier_an_address_is_not_hung_onto_a_strangers_account_by_its_owners_press(
    app, runtime, stranger, owner
):
    sign_ins.sign_in(stranger.client, known(runtime, STRANGER))
    stranger.post("/account/change-email", email=OWNER)
    link = path_in(mails_to(runtime, OWNER)[-1], "link")

    signed_out = owner.post(link)
    sign_ins.sign_in(owner.client, known(runtime, "owner@home.example"))
    signed_in = owner.post(link)

    assert signed_out.location.startswith("/account/sign-in")
    assert signed_in.location == "/account/"
    assert account(app, OWNER) is None


@pytest.mark.parametrize("recovery", ["reset", "change-password"])
def test_unexpired_email_change_a_link_from_before_a_new_password_is_void(
    app, runtime, stranger, owner, recovery
):
    mine = known(runtime, OWNER)
    sign_ins.sign_in(stranger.client, mine)
    stranger.post("/account/change-email", email=STRANGER)
    link = path_in(mails_to(runtime, STRANGER)[-1], "link")
    if recovery == "reset":
        owner.post("/account/reset", email=OWNER)
        owner.post(path_in(mails_to(runtime, OWNER)[-1], "reset_link"), password=MINE)
    else:
        sign_ins.sign_in(owner.client, mine)
        owner.post("/account/change-password", password=THEIRS, new_password=MINE)
    owner.sign_in(OWNER, MINE)

    stranger.post(link)
    owner.post(link)

    assert account(app, STRANGER) is None
    assert account(app, OWNER).id == mine.id


def test_nobody_keeps_an_address_from_its_owner_by_asking_for_it_first(app, runtime, owner):
    Trap(app, OWNER)
    mine = known(runtime, "old@clinic.example")
    sign_ins.sign_in(owner.client, mine)
    owner.post("/account/change-email", email=OWNER)

    owner.post(path_in(mails_to(runtime, OWNER)[-1], "link"))

    assert account(app, OWNER).id == mine.id
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_an_older_link_works_until_a_password_is_chosen_and_never_after(app, runtime, owner):
    owner.post("/account/sign-up", email=OWNER)
    link = path_in(mails_to(runtime, OWNER)[-1], "confirmation_link")
    first = owner.post(link)
    second = owner.post(link)

    owner.post(second.location, password=MINE)
    after = Browser(app).post(link)
    late = Browser(app).post(first.location, password=THEIRS)

    assert after.location == "/account/confirm"
    assert late.location == "/account/reset"
    assert owner.sign_in(OWNER, MINE) == "/my/listing"
    assert account(app, OWNER).confirmed_at == factories.NOW
