"""A second factor: guesses are counted by account, passkeys count, and nobody stays locked out."""

import re
import time
from datetime import timedelta

import pytest
from passlib.totp import TOTP
from sqlalchemy import select, update

from directory.models import Account, AuditEvent, Role
from directory.signin import guesses
from directory.usecases.accounts import roles
from tests import factories, sign_ins
from tests.databases import BOTH
from tests.security.strangers import MINE, THEIRS, Browser, account, command, passkey
from tests.sign_ins import known, mails_to, path_in, words

ROWAN = "rowan@practice.example"


class Phone:
    """An authenticator app, whose time goes on a step with each code."""

    def __init__(self, app, browser, monkeypatch):
        self.at = int(time.time())
        monkeypatch.setattr(TOTP, "now", staticmethod(lambda: self.at))
        page = browser.post("/account/second-factor", setup="authenticator")
        key = re.search(r'class="key">([^<]+)<', page.text)[1]
        url = re.search(r'action="(/account/second-factor/[^"]+)"', page.text)[1]
        self.totp = TOTP(key=key.replace("-", ""), format="base32")
        self.done = browser.post(url, code=self.code())

    def code(self):
        self.at += 60
        return self.totp.generate(self.at).token


@pytest.fixture
def owner(app, runtime):
    browser = Browser(app)
    sign_ins.sign_in(browser.client, known(runtime, ROWAN))
    return browser


@pytest.fixture
def phone(app, owner, monkeypatch):
    return Phone(app, owner, monkeypatch)


def guess(app, times, password=THEIRS):
    """Wrong codes, each from another address, signing in anew whenever that is asked for."""
    browser, looked_at = Browser(app), 0
    browser.sign_in(ROWAN, password)
    for number in range(times):
        browser.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number % 250 + 1}"
        answer = browser.post("/account/code", code="000000")
        if answer.status_code != 200:
            browser.sign_in(ROWAN, password)
            answer = browser.post("/account/code", code="000000")
        looked_at += "waits for" not in words(answer)
    return looked_at


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_wrong_codes_are_counted_by_account_from_however_many_addresses(app, phone, runtime):
    looked_at = guess(app, 120)

    assert looked_at == guesses.FREE
    assert account(app, ROWAN).tf_failures == guesses.FREE + 1
    assert [one.values.get("what") for one in mails_to(runtime, ROWAN)].count("codes-guessed") == 1


def test_the_tenth_wrong_code_ends_the_half_sign_in(app, phone):
    browser = Browser(app)
    browser.sign_in(ROWAN, THEIRS)
    answers = [browser.post("/account/code", code="000000") for _ in range(guesses.FREE)]
    browser.client.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    answers.append(browser.post("/account/code", code=phone.code()))

    assert "Please sign in once more" in words(answers[-2])
    assert answers[-1].location == "/account/sign-in"
    assert not browser.is_in()


def test_whoever_has_password_and_device_comes_in_right_after_ten_wrong_codes(app, phone):
    for _ in range(guesses.FREE):
        browser = Browser(app)
        browser.sign_in(ROWAN, THEIRS)
        browser.post("/account/code", code="000000")
    owner = Browser(app)
    owner.sign_in(ROWAN, THEIRS)

    answer = owner.post("/account/code", code=phone.code())

    assert answer.location == "/my/listing"
    assert account(app, ROWAN).tf_failures == 0


def test_a_new_password_by_mail_ends_the_pause_and_shuts_out_whoever_guessed(app, runtime, phone):
    guess(app, 40)
    owner = Browser(app)
    owner.post("/account/reset", email=ROWAN)
    owner.post(path_in(mails_to(runtime, ROWAN)[-1], "reset_link"), password=MINE)
    owner.sign_in(ROWAN, MINE)

    answer = owner.post("/account/code", code=phone.code())

    assert answer.location == "/my/listing"


def test_pauses_grow_to_an_hour_and_no_further():
    pauses = [guesses.pause_after(number) for number in range(8, 40)]

    assert pauses[:5] == [timedelta(minutes=n) for n in (0, 0, 0, 1, 2)]
    assert pauses[-1] == timedelta(hours=1)
    assert pauses == sorted(pauses)


def test_wrong_recovery_codes_are_counted_with_the_others(app, phone):
    browser = Browser(app)
    browser.sign_in(ROWAN, THEIRS)

    browser.post("/account/recovery-code", code="aaaa-bbbb-cccc")

    assert account(app, ROWAN).tf_failures == 1


def test_switching_it_on_ends_with_the_recovery_codes_to_save(app, owner, phone):
    page = owner.client.get(phone.done.location, follow_redirects=True)
    kept = owner.client.get("/account/recovery-codes.txt")

    codes = re.findall(r"<code>([^<]+)</code>", page.text)
    assert len(set(codes)) == 8
    assert [code for code in codes if code not in kept.text] == []
    assert kept.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert kept.headers["Cache-Control"] == "private, no-store"


def test_a_lost_phone_without_codes_finds_a_way_on(app, runtime, phone):
    browser = Browser(app)
    browser.sign_in(ROWAN, THEIRS)

    page = browser.client.get("/account/recovery-code")

    assert f"mailto:{runtime.config.contact_email}" in page.text


def offered(app, runtime, account_id):
    """The link of an admin's offer, and who made it."""
    admin = Browser(app)
    sign_ins.sign_in_admin(admin.client, account(app, "admin@association.example"))
    answer = admin.post(f"/admin/accounts/{account_id}/second-factor")
    mail = [one for one in mails_to(runtime, ROWAN) if one.kind == "factor-reset"][-1]
    return path_in(mail, "link"), answer


def test_an_admins_reset_needs_the_mail_and_the_password_and_is_audited_and_told(
    app, runtime, owner, phone
):
    link, _ = offered(app, runtime, account(app, ROWAN).id)
    before = account(app, ROWAN).tf_totp_secret
    stranger = Browser(app)
    opened = stranger.client.get(link)
    wrong = stranger.post(link, password="not the password")
    still = account(app, ROWAN).tf_totp_secret

    taken = stranger.post(link, password=THEIRS)
    again = stranger.post(link, password=THEIRS)

    assert (opened.status_code, wrong.status_code) == (200, 422)
    assert before == still
    assert taken.location == "/account/sign-in"
    assert again.status_code == 409
    left = account(app, ROWAN)
    assert (left.tf_totp_secret, left.mf_recovery_codes) == (None, None)
    assert not owner.is_in()
    assert mails_to(runtime, ROWAN)[-1].values["what"] == "second-factor-off"
    with runtime.reading() as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-2:] == ["second factor reset offered", "second factor forgotten"]


def test_a_newer_offer_a_forged_one_and_an_old_one_open_nothing(app, runtime, phone):
    first, _ = offered(app, runtime, account(app, ROWAN).id)
    second, _ = offered(app, runtime, account(app, ROWAN).id)
    browser = Browser(app)

    told = [browser.post(first, password=THEIRS), browser.post(f"{second}x", password=THEIRS)]
    runtime.clock = lambda: factories.NOW + timedelta(days=3)
    told.append(browser.post(second, password=THEIRS))

    assert [one.status_code for one in told] == [409, 404, 409]
    assert account(app, ROWAN).tf_totp_secret


def add_passkey(runtime, email):
    with runtime.transaction() as session:
        owner = session.scalar(select(Account).where(Account.email == email))
        session.add(passkey(owner.id, "My phone"))


def test_beside_a_password_a_passkey_is_asked_for(app, runtime):
    known(runtime, ROWAN)
    add_passkey(runtime, ROWAN)
    browser = Browser(app)

    led = browser.sign_in(ROWAN, THEIRS)
    page = browser.client.get(led, base_url="http://localhost")

    assert led == "/account/passkey"
    assert "Now show the passkey" in words(page)
    assert not browser.is_in()


def test_who_has_an_app_and_a_passkey_is_asked_for_either_on_one_page(app, runtime, phone):
    add_passkey(runtime, ROWAN)
    browser = Browser(app)

    led = browser.sign_in(ROWAN, THEIRS)
    page = browser.client.get(led, follow_redirects=True)
    done = browser.post("/account/code", code=phone.code())

    assert "data-passkey-sign-in" in page.text
    assert done.location == "/my/listing"


@pytest.mark.parametrize(
    ("base_url", "works"),
    [
        ("http://localhost", True),
        ("https://directory.example", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("http://[::1]:8000", False),
        ("http://directory.example", False),
    ],
)
def test_passkeys_are_offered_only_where_they_can_work(app, base_url, works):
    from directory.signin import factors

    with app.test_request_context(base_url=base_url):
        assert factors.passkeys_work() is works


def test_an_admin_who_never_chose_a_password_is_not_the_one_who_may_stay(app, engine, runtime):
    boss = known(runtime, "boss@association.example", role=Role.ADMIN)
    known(runtime, "invited@association.example", role=Role.ADMIN, password=None)

    with runtime.transaction() as session, pytest.raises(Exception, match="last admin"):
        roles.keep_an_admin(session, boss.id)


def test_the_last_admin_without_phone_and_codes_comes_back_by_the_terminal(app, phone):
    said = command(app, "create-admin", ROWAN, "--forget-second-factor")

    assert "its password is unchanged, its second factor forgotten" in said
    assert Browser(app).sign_in(ROWAN, THEIRS) == "/my/listing"


def test_a_disabled_account_is_not_let_back_in_by_any_link_from_before(app, runtime, phone):
    link, _ = offered(app, runtime, account(app, ROWAN).id)
    with runtime.transaction() as session:
        session.execute(update(Account).where(Account.email == ROWAN).values(active=False))

    assert Browser(app).post(link, password=THEIRS).status_code == 409


def test_a_wrong_code_while_setting_it_up_keeps_the_key_that_the_app_has(app, owner, monkeypatch):
    now = {"at": int(time.time())}
    monkeypatch.setattr(TOTP, "now", staticmethod(lambda: now["at"]))
    page = owner.post("/account/second-factor", setup="authenticator")
    key = re.search(r'class="key">([^<]+)<', page.text)[1]
    url = re.search(r'action="(/account/second-factor/[^"]+)"', page.text)[1]

    wrong = owner.post(url, code="000000")
    now["at"] += 60
    code = TOTP(key=key.replace("-", ""), format="base32").generate(now["at"]).token
    right = owner.post(
        re.search(r'action="(/account/second-factor/[^"]+)"', wrong.text)[1], code=code
    )

    assert key in wrong.text
    assert f"secret={key.replace('-', '')}" in page.text
    assert "This code is not right" in words(wrong)
    assert right.location == "/account/second-factor-done"


def test_a_recovery_code_in_the_box_for_six_digits_is_taken_too(app, owner, phone):
    page = owner.client.get("/account/recovery-codes?show_codes=1")
    code = re.findall(r"<code>([^<]+)</code>", page.text)[0]
    browser = Browser(app)
    browser.sign_in(ROWAN, THEIRS)

    answer = browser.post("/account/code", code=code.upper())
    again = Browser(app)
    again.sign_in(ROWAN, THEIRS)
    used = again.post("/account/code", code=code)

    assert answer.location == "/my/listing"
    assert used.status_code == 200
    assert "7 left" in words(browser.client.get("/account/"))
