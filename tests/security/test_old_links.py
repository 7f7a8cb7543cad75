"""What was mailed or opened before something changed opens nothing after it."""

import pytest
from sqlalchemy import select

from directory.models import AuditEvent, Role
from tests import sign_ins
from tests.security.strangers import MINE, THEIRS, Browser, account
from tests.sign_ins import known, mails_to, path_in, words

OLD, NEW = "old@clinic.example", "new@clinic.example"


@pytest.fixture
def owner(app, runtime):
    browser = Browser(app)
    sign_ins.sign_in(browser.client, known(runtime, OLD))
    return browser


def move(owner, runtime, to=NEW):
    """Change the address, and press the button in the mail to the new one."""
    owner.post("/account/change-email", email=to)
    return owner.post(path_in(mails_to(runtime, to)[-1], "link"))


def test_after_another_address_a_reset_link_to_the_old_one_is_void(app, runtime, owner):
    owner.post("/account/reset", email=OLD)
    link = path_in(mails_to(runtime, OLD)[-1], "reset_link")
    move(owner, runtime)

    answer = Browser(app).post(link, password=MINE)

    assert answer.location == "/account/reset"
    assert Browser(app).sign_in(NEW, THEIRS) == "/my/listing"


def test_after_another_address_other_browsers_are_out_and_this_one_goes_on(app, runtime, owner):
    other = Browser(app)
    sign_ins.sign_in(other.client, account(app, OLD))

    move(owner, runtime)

    assert owner.is_in()
    assert not other.is_in()


@pytest.mark.parametrize("ended", ["moved", "sign-out", "disable", "uninvite", "role"])
def test_an_invitation_ends_with_whatever_an_admin_or_its_owner_does_after_it(
    app, runtime, owner, ended
):
    admin = Browser(app)
    sign_ins.sign_in_admin(admin.client)
    admin.post("/admin/accounts/invite", email=OLD, role="admin")
    link = path_in(mails_to(runtime, OLD)[-1], "link")
    page = f"/admin/accounts/{account(app, OLD).id}"
    before = words(admin.client.get(page))
    if ended == "moved":
        move(owner, runtime)
    else:
        admin.post(f"{page}/{ended}", role="practitioner")
    if ended == "disable":
        admin.post(f"{page}/enable")

    opened, pressed = owner.client.get(link), owner.post(link)

    assert "Invited by mail" in before
    assert "Invited by mail" not in words(admin.client.get(page))
    assert (opened.status_code, pressed.status_code) == (409, 409)
    assert (account(app, OLD) or account(app, NEW)).role is Role.PRACTITIONER


def test_an_offer_to_forget_the_factor_ends_with_another_address(app, runtime):
    mine = known(runtime, OLD, tf_primary_method="authenticator", tf_totp_secret="kept")
    owner, admin = Browser(app), Browser(app)
    sign_ins.sign_in(owner.client, mine)
    sign_ins.sign_in_admin(admin.client)
    admin.post(f"/admin/accounts/{mine.id}/second-factor")
    link = path_in(mails_to(runtime, OLD)[-1], "link")
    move(owner, runtime)

    assert Browser(app).post(link, password=THEIRS).status_code == 409
    assert account(app, NEW).tf_totp_secret == "kept"
    with runtime.reading() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
    assert "address changed" in actions


def test_of_two_wishes_for_another_address_the_last_one_holds(app, runtime, owner):
    owner.post("/account/change-email", email="new@clinic.exampel.example")
    slip = path_in(mails_to(runtime, "new@clinic.exampel.example")[-1], "link")
    owner.post("/account/change-email", email=NEW)
    waits = words(owner.client.get("/account/"))
    right = path_in(mails_to(runtime, NEW)[-1], "link")

    owner.post(slip)
    named = owner.client.get(right)
    owner.post(right)

    assert f"{NEW} waits for the press" in waits
    assert NEW in named.text
    assert account(app, NEW) is not None
    assert account(app, "new@clinic.exampel.example") is None


def test_ones_own_address_is_told_to_be_that(owner, runtime):
    answer = owner.post("/account/change-email", email=OLD.upper())

    assert "is the address of your account already" in words(answer)
    assert mails_to(runtime, OLD) == []


def test_another_role_asks_to_sign_in_anew(app, runtime, owner):
    admin = Browser(app)
    sign_ins.sign_in_admin(admin.client)

    admin.post(f"/admin/accounts/{account(app, OLD).id}/role", role="admin")

    assert not owner.is_in()


@pytest.mark.parametrize("page", ["reset", "confirm"])
@pytest.mark.parametrize("typed", ["", "notanaddress", "a@b", "-x@clinic.example"])
def test_what_no_mail_can_reach_is_told_and_no_link_is_promised(app, page, typed):
    answer = Browser(app).post(f"/account/{page}", email=typed)

    assert "is not an e-mail address" in words(answer)
    assert "on its way" not in words(answer)
