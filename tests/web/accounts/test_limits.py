"""How often one may try: every limit holds for one address, and never for anybody else's."""

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from limits import RateLimitItem
from passlib.totp import TOTP
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

import directory
from directory.models import Account, Report
from directory.signin import limits, proofs
from tests import factories, sign_ins
from tests.sign_ins import known, mails_to, words

MINUTE, HOUR = 60, 3600
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.1"
ROWAN = "rowan@practice.example"
OTHER = "a lamp that nobody else has lit"
# POSTs per client address, and the seconds for which they count.
BY_ADDRESS = {
    "security.login": (100, 10 * MINUTE),
    "security.register": (30, HOUR),
    "security.forgot_password": (10, HOUR),
    "security.reset_password": (20, HOUR),
    "security.send_confirmation": (10, HOUR),
    "security.confirm_email": (30, HOUR),
    "security.change_email": (10, HOUR),
    "security.change_password": (20, HOUR),
    "security.verify": (20, 10 * MINUTE),
    "security.two_factor_token_validation": (30, 10 * MINUTE),
    "security.mf_recovery": (30, 10 * MINUTE),
    "security.wan_signin": (60, 10 * MINUTE),
    "security.wan_signin_response": (30, 10 * MINUTE),
}
# The other limits, each by the test below that holds it.
HELD: set[str] = set()


def holds(*names: str) -> Callable[..., object]:
    def mark(test: Callable[..., None]) -> Callable[..., None]:
        HELD.update(names)
        return test

    return mark


@pytest.fixture
def later(monkeypatch) -> Callable[[float], None]:
    """Let so many seconds go by, for whoever counts."""

    def later(seconds: float) -> None:
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return later


def client_of(app):
    client = app.test_client()
    sign_ins.carry_token(client)
    return client


def post(client, url, *, address=HERE, **fields):
    return client.post(url, data=fields, environ_overrides={"REMOTE_ADDR": address})


def url_of(app, endpoint: str) -> str:
    [rule] = [
        one
        for one in app.url_map.iter_rules()
        if one.endpoint == endpoint and "POST" in one.methods and not one.defaults
    ]
    made_up = dict.fromkeys(rule.arguments, "made-up")
    return app.url_map.bind("localhost").build(endpoint, made_up, method="POST")


def constants() -> Iterator[str]:
    """Every limit that any module of ours names."""
    for found in pkgutil.walk_packages(directory.__path__, "directory."):
        if found.name.startswith(("directory.signin", "directory.web", "directory.api")):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, RateLimitItem):
                    yield f"{found.name}.{name}"


def test_every_limit_has_a_test():
    assert limits.LIMITS.keys() == BY_ADDRESS.keys()
    assert set(constants()) == HELD


@pytest.mark.parametrize(("endpoint", "allowed"), BY_ADDRESS.items(), ids=BY_ADDRESS)
def test_one_address_posts_so_often_and_another_is_not_held_up(app, endpoint, allowed):
    client, url, (most, seconds) = client_of(app), url_of(app, endpoint), allowed

    # Each for another account, which has a limit of its own.
    told = [post(client, url, email=f"{number}@practice.example") for number in range(most + 1)]
    elsewhere = post(client, url, address=ELSEWHERE, email=ROWAN)

    assert [one.status_code for one in told].index(429) == most
    # Whole seconds, rounded up.
    assert seconds - MINUTE < int(told[-1].headers["Retry-After"]) <= seconds + 1
    assert elsewhere.status_code != 429


def test_whoever_only_looks_is_not_counted(app):
    client, url = client_of(app), url_of(app, "security.forgot_password")

    looks = {
        client.get(url, environ_overrides={"REMOTE_ADDR": HERE}).status_code for _ in range(12)
    }

    assert looks == {200}


def signs_in(client, email=ROWAN, *, address=HERE, password="wrong"):
    return post(client, "/account/sign-in", address=address, email=email, password=password)


@holds("directory.signin.limits.ONE_PAIR")
def test_one_address_tries_one_account_ten_times_in_a_quarter_of_an_hour(app, runtime, later):
    known(runtime)
    client = client_of(app)

    told = [signs_in(client).status_code for _ in range(11)]
    typed_otherwise = signs_in(client, f" {ROWAN.upper()}").status_code
    another = signs_in(client, "other@practice.example").status_code
    elsewhere = signs_in(client, address=ELSEWHERE).status_code
    later(14 * MINUTE)
    too_early = signs_in(client).status_code
    later(MINUTE + 1)
    in_time = signs_in(client).status_code

    assert told == [200] * 10 + [429]
    assert (typed_otherwise, another, elsewhere) == (429, 200, 200)
    assert (too_early, in_time) == (429, 200)


@holds("directory.signin.limits.WRONG_HERE")
@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/account/again", {"password": "wrong"}),
        ("/account/change-password", {"password": "wrong", "new_password": OTHER}),
        ("/account/erase", {"proof": "wrong", "sure": "1"}),
    ],
)
def test_ten_wrong_passwords_sign_that_browser_out_from_however_many_addresses(
    app, runtime, url, fields
):
    account = known(runtime)
    client, other = app.test_client(), app.test_client()
    sign_ins.sign_in(client, account)
    sign_ins.sign_in(other, account)
    if url.endswith("again"):
        sign_ins.sign_in(client, account, fresh=False)

    told = [post(client, url, address=f"203.0.113.{n}", **fields).status_code for n in range(11)]

    assert told[-1] == 303
    assert 303 not in told[:10]
    assert client.get("/account/").status_code == 303
    assert other.get("/account/").status_code == 200


@holds("directory.signin.limits.WRONG_WITH_LINK")
def test_a_link_to_forget_the_factor_takes_ten_passwords_an_hour(app, runtime):
    account = known(runtime, tf_primary_method="authenticator", tf_totp_secret="kept")
    admin, client = app.test_client(), client_of(app)
    sign_ins.sign_in_admin(admin)
    admin.post(f"/admin/accounts/{account.id}/second-factor")
    link = sign_ins.path_in(mails_to(runtime, ROWAN)[-1], "link")

    told = [
        post(client, link, address=f"203.0.113.{number}", password="wrong").status_code
        for number in range(11)
    ]

    assert told == [422] * 10 + [429]


@holds("directory.signin.limits.TOO_MANY", "directory.signin.limits.WARNED")
def test_a_besieged_account_is_open_to_its_own_browsers_and_by_mail_to_any(app, runtime, later):
    known(runtime)
    own, new = client_of(app), client_of(app)
    signs_in(own, password=factories.PASSWORD)
    sign_ins.carry_token(own)
    post(own, "/account/sign-out")
    with app.test_request_context("/account/sign-in", method="POST"):
        warned = [limits.count_failure(app, ROWAN) for _ in range(110)]
        with_proof = {"proof": sign_ins.solved(proofs.challenge())}
        again = {"proof": sign_ins.solved(proofs.challenge())}

    fields = {"email": ROWAN, "password": factories.PASSWORD}
    refused = post(new, "/account/sign-in", **fields, **with_proof)
    sign_ins.carry_token(own)
    welcome = post(own, "/account/sign-in", **fields, **again)
    post(new, "/account/reset", email=ROWAN)
    link = sign_ins.path_in(mails_to(runtime, ROWAN)[-1], "reset_link")
    post(new, link, password=OTHER)
    by_mail = signs_in(new, password=OTHER)

    assert warned.count(True) == 1
    assert "Too many wrong passwords" in words(refused)
    assert welcome.location == "/my/listing"
    assert by_mail.location == "/my/listing"


def test_an_owner_is_warned_of_many_wrong_passwords_once_a_day(app, runtime):
    known(runtime)
    with app.test_request_context("/account/sign-in", method="POST"):
        for _ in range(20):
            limits.count_failure(app, ROWAN)
        proved = [{"proof": sign_ins.solved(proofs.challenge())} for _ in range(2)]

    for number, proof in enumerate(proved):
        post(
            client_of(app),
            "/account/sign-in",
            address=f"203.0.113.{number}",
            email=ROWAN,
            password="wrong",
            **proof,
        )

    told = [mail.values.get("what") for mail in mails_to(runtime, ROWAN)]
    assert told == ["passwords-guessed"]


@holds("directory.signin.limits.WRONG_CODES_HERE")
def test_an_accounts_own_browser_does_not_wait_for_strangers_codes(app, runtime, monkeypatch):
    now, secret = int(time.time()), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with app.app_context():
        totp = app.extensions["security"].totp_factory
        kept = totp._totp(key=secret, format="base32").to_json(encrypt=True)
    account = known(runtime, tf_primary_method="authenticator", tf_totp_secret=kept)
    phone = TOTP(key=secret, format="base32")
    monkeypatch.setattr(TOTP, "now", staticmethod(lambda: now))
    own, stranger = client_of(app), client_of(app)

    def code(client, text):
        sign_ins.carry_token(client)
        signs_in(client, password=factories.PASSWORD, address=ELSEWHERE)
        sign_ins.carry_token(client)
        return post(client, "/account/code", code=text)

    first = code(own, phone.generate(now).token)
    sign_ins.carry_token(own)
    post(own, "/account/sign-out")
    with runtime.transaction() as session:
        session.execute(
            update(Account).values(tf_failures=11, tf_paused_until=runtime.clock() + timedelta(1))
        )
    now += 60
    strangers = code(stranger, phone.generate(now).token)
    owners = code(own, phone.generate(now).token)

    assert account.id
    assert (first.location, owners.location) == ("/my/listing", "/my/listing")
    assert "waits for" in words(strangers)


@holds("directory.signin.limits.SUSPICIOUS")
def test_an_account_at_which_twenty_failed_within_the_hour_asks_for_a_proof(app, runtime, later):
    known(runtime)

    def asked_for_a_proof(number: int) -> bool:
        answer = signs_in(client_of(app), address=f"203.0.113.{number}")
        return "prove that it is no robot" in words(answer)

    told = [asked_for_a_proof(number) for number in range(21)]
    later(HOUR + 1)
    an_hour_later = asked_for_a_proof(21)

    assert told == [False] * 20 + [True]
    assert not an_hour_later


@holds("directory.signin.limits.ONE_MAILBOX")
def test_a_mailbox_gets_five_mails_an_hour_whoever_asks(app, runtime, later):
    known(runtime)
    known(runtime, "other@practice.example")

    def forgot(number: int, email: str = ROWAN) -> None:
        post(client_of(app), "/account/reset", address=f"203.0.113.{number}", email=email)

    for number in range(7):
        forgot(number)
    within_the_hour = len(mails_to(runtime, ROWAN))
    forgot(7, "other@practice.example")
    later(HOUR + 1)
    forgot(8)

    assert within_the_hour == 5
    assert len(mails_to(runtime, "other@practice.example")) == 1
    assert len(mails_to(runtime, ROWAN)) == 6


@holds("directory.signin.limits.WITHOUT_PROOF")
def test_without_a_proof_one_address_makes_five_accounts_an_hour(app, runtime, later):
    client = client_of(app)

    def signs_up(name: str, **more: str) -> bool:
        sign_ins.carry_token(client)
        known_as = {"email": f"{name}@practice.example", "password": factories.PASSWORD}
        return post(client, "/account/sign-up", **known_as, **more).status_code == 302

    told = [signs_up(f"p{number}") for number in range(6)]
    elsewhere = signs_up("elsewhere", address=ELSEWHERE)
    with app.test_request_context():
        proof = sign_ins.solved(proofs.challenge())
    proved = signs_up("proved", proof=proof)
    later(HOUR + 1)
    in_time = signs_up("later")

    assert told == [True] * 5 + [False]
    assert (elsewhere, proved, in_time) == (True, True, True)


@holds("directory.signin.proofs.ONCE")
def test_a_proof_is_used_up_for_longer_than_it_holds(app, later):
    with app.test_request_context():
        proof = sign_ins.solved(proofs.challenge())

    def counts() -> bool:
        with app.test_request_context(method="POST", data={"proof": proof}):
            return proofs.is_given()

    first, again = counts(), counts()
    later(proofs.HOLDS.total_seconds())
    at_its_end = counts()
    later(MINUTE)
    after = counts()

    assert (first, again, at_its_end, after) == (True, False, False, False)


PAGE = "/practitioners/rowan-testerly/report"


@pytest.fixture
def reports(client, runtime) -> Callable[..., int]:
    """Report a listing from an address, as a person would: five seconds after the page opened."""
    with runtime.transaction() as session:
        factories.listing(session)

    def report(address: str = HERE, **said: str) -> int:
        shown = client.get(PAGE).text
        token = shown.partition('name="form" value="')[2].partition('"')[0]
        now = runtime.clock()
        runtime.clock = lambda: now + timedelta(seconds=5)
        given = {"form": token, "kind": "wrong", "words": "Nobody answers.", **said}
        return post(client, PAGE, address=address, **given).status_code

    return report


@holds("directory.web.visitors.reporting.SENT")
def test_one_address_sends_twenty_reports_an_hour_whatever_becomes_of_them(
    client, runtime, later, reports
):
    told = [reports(form="forged") for _ in range(21)]
    elsewhere = reports(ELSEWHERE, form="forged")
    later(HOUR + 1)
    in_time = reports(form="forged")

    assert told == [422] * 20 + [429]
    assert (elsewhere, in_time) == (422, 422)


@holds("directory.web.visitors.reporting.WITHOUT_PROOF")
def test_without_a_proof_one_address_reports_five_times_an_hour(reports, later):
    told = [reports(words=f"Wrong {number}.") for number in range(6)]
    elsewhere = reports(ELSEWHERE)
    later(HOUR + 1)
    in_time = reports()

    assert told == [303] * 5 + [429]
    assert (elsewhere, in_time) == (303, 303)


@holds("directory.web.visitors.reporting.SAME_AGAIN")
def test_one_address_says_once_a_day_that_a_practice_has_closed(runtime, reports, later):
    def kept() -> int:
        with runtime.reading() as session:
            return session.scalar(select(func.count()).select_from(Report)) or 0

    for _ in range(2):
        reports(kind="closed")
    once = kept()
    reports(kind="moved")
    reports(ELSEWHERE, kind="closed")
    others = kept()
    later(24 * HOUR + 1)
    reports(kind="closed")

    assert (once, others, kept()) == (1, 3, 4)


@holds("directory.web.practitioners.portraits.DRAWN")
def test_one_account_sends_twenty_photos_an_hour(app, runtime, later):
    def page_of(email: str) -> tuple[FlaskClient, str]:
        account = known(runtime, email)
        with runtime.transaction() as session:
            slug = email.partition("@")[0]
            listing_id = factories.listing(session, owner_id=account.id, slug=slug).id
        client = app.test_client()
        sign_ins.sign_in(client, account)
        return client, f"/my/listing/{listing_id}/edit/photo"

    def send(client: FlaskClient, page: str) -> TestResponse:
        return client.post(page, data={"photo": (BytesIO(b"no picture"), "me.jpg")})

    owner, other = page_of(ROWAN), page_of("other@practice.example")
    told = [send(*owner) for _ in range(21)]
    others = send(*other).status_code
    nothing = owner[0].post(owner[1]).status_code
    later(HOUR + 1)
    in_time = send(*owner).status_code

    assert [one.status_code for one in told] == [422] * 20 + [429]
    assert "You sent 20 photos within an hour. Try again in 60 minutes." in words(told[-1])
    assert HOUR - MINUTE < int(told[-1].headers["Retry-After"]) <= HOUR
    assert (others, nothing, in_time) == (422, 422, 422)
