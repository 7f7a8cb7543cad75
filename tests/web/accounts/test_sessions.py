"""The cookie and its row: who is signed in, where, how long; forms from elsewhere."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.app import create_app
from directory.models import Account, SignedIn
from directory.signin import browsers
from tests import factories, sign_ins
from tests.sign_ins import known, words

ROWAN = "rowan@practice.example"


def is_in(client):
    return client.get("/account/").status_code == 200


def signed_in_rows(runtime):
    with runtime.reading() as session:
        return session.scalars(select(SignedIn)).all()


def real_sign_in(client):
    sign_ins.carry_token(client)
    return client.post("/account/sign-in", data={"email": ROWAN, "password": factories.PASSWORD})


def test_a_cookie_from_before_signing_in_is_worth_nothing_after(app, client, runtime):
    known(runtime)
    client.get("/account/sign-in")
    sign_ins.carry_token(client)
    planted = client.get_cookie("session").value

    real_sign_in(client)

    thief = app.test_client()
    thief.set_cookie("session", planted)
    assert is_in(client)
    assert not is_in(thief)
    with client.session_transaction() as mine, thief.session_transaction() as theirs:
        assert mine.get("csrf_token") != theirs["csrf_token"]


def test_a_second_sign_in_gets_a_key_of_its_own(client, runtime):
    known(runtime)
    keys = []
    for _ in range(2):
        real_sign_in(client)
        with client.session_transaction() as cookie:
            keys.append(cookie["key"])
        sign_ins.carry_token(client)
        client.post("/account/sign-out")

    assert keys[0] != keys[1]
    assert all(len(key) == 43 for key in keys)


def test_after_signing_out_the_old_cookie_is_dead(app, client, runtime):
    known(runtime)
    real_sign_in(client)
    stolen = client.get_cookie("session").value
    sign_ins.carry_token(client)

    answer = client.post("/account/sign-out")

    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert answer.location == "/account/signed-out"
    assert signed_in_rows(runtime) == []
    assert not is_in(thief)


def test_a_disabled_account_is_out_at_the_next_request(client, runtime):
    owner = known(runtime)
    sign_ins.sign_in(client, owner)
    before = is_in(client)

    with runtime.transaction() as session:
        session.get(Account, owner.id).active = False

    assert (before, is_in(client)) == (True, False)


@pytest.mark.parametrize(
    ("days", "seen_days_ago", "stays"), [(13, 13, True), (15, 15, False), (61, 1, False)]
)
def test_a_sign_in_ends_when_it_idles_and_when_it_is_old(
    client, runtime, days, seen_days_ago, stays
):
    row = sign_ins.sign_in(client, known(runtime))
    with runtime.transaction() as session:
        row = session.get(SignedIn, row.id)
        row.started_at = factories.NOW - timedelta(days=days)
        row.seen_at = factories.NOW - timedelta(days=seen_days_ago)

    assert is_in(client) is stays


def test_the_day_of_the_last_visit_is_kept_once_a_day(client, runtime):
    sign_ins.sign_in(client, known(runtime))
    for hours in (1, 30, 31):
        runtime.clock = lambda hours=hours: factories.NOW + timedelta(hours=hours)
        client.get("/account/")

    assert signed_in_rows(runtime)[0].seen_at == factories.NOW + timedelta(hours=30)


def test_one_browser_is_signed_out_from_another(app, client, runtime):
    owner, stranger = known(runtime), known(runtime, "other@practice.example")
    elsewhere, theirs = app.test_client(), app.test_client()
    sign_ins.sign_in(client, owner)
    row = sign_ins.sign_in(elsewhere, owner)
    their_row = sign_ins.sign_in(theirs, stranger)

    listed = words(client.get("/account/"))
    for number in (row.id, their_row.id):
        client.post(f"/account/browsers/{number}")

    assert listed.count("Firefox on Linux") >= 2
    assert "this one" in listed
    assert (is_in(client), is_in(elsewhere), is_in(theirs)) == (True, False, True)


def test_signing_out_everywhere_ends_every_sign_in(app, client, runtime):
    owner = known(runtime)
    elsewhere = app.test_client()
    sign_ins.sign_in(client, owner)
    sign_ins.sign_in(elsewhere, owner)

    answer = client.post("/account/everywhere")

    assert answer.location == "/account/signed-out"
    assert (is_in(client), is_in(elsewhere)) == (False, False)
    assert signed_in_rows(runtime) == []


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
            "Firefox on Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_plain_words(said, name):
    assert browsers.name(said) == name


def test_public_pages_set_no_cookie_and_do_not_look_at_one(client, runtime):
    sign_ins.sign_in(client, known(runtime))

    answers = [client.get(url) for url in ("/", "/search", "/about/privacy", "/nothing")]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * 4
    assert not any("Cookie" in answer.headers.get("Vary", "") for answer in answers)


def test_account_pages_are_kept_by_no_cache(client, runtime):
    sign_ins.sign_in(client, known(runtime))
    pages = ("", "change-email", "passkeys", "sign-up", "nothing", "confirm/x")

    assert {client.get(f"/account/{page}").headers["Cache-Control"] for page in pages} == {
        "private, no-store"
    }


def test_over_https_the_cookie_is_bound_to_the_host(config):
    from dataclasses import replace

    app = create_app(replace(config, base_url="https://site.example"))
    answer = app.test_client().get("/account/sign-in", base_url="https://site.example")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(word in cookie for word in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"))
    assert "Domain" not in cookie


# A signed link in a mail, or a signed form for anybody: there is no session to forge one for.
SIGNED = re.compile(r"/still-right/|/practitioners/[^/]+/report$")
# They change nothing, and nobody reads a cookie.
SEARCHES = {"/search", "/api/v1/practitioners"}
# Of these, the one that pages of others may ask, too (CORS).
FOR_ALL = "/api/v1/practitioners"


def unsafe(app):
    """An address for every route that takes POST, PUT, PATCH or DELETE."""

    def example(converter):
        return next(iter(getattr(converter, "items", ["1"])))

    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
                given = {name: example(one) for name, one in rule._converters.items()}
                yield method, app.url_map.bind("localhost").build(rule.endpoint, given, method)


def test_every_form_without_a_token_or_from_elsewhere_is_refused(app, client, runtime):
    sign_ins.sign_in(client, known(runtime))
    token = client.environ_base.pop("HTTP_X_CSRFTOKEN")
    routes = list(unsafe(app))
    forged = {"X-CSRFToken": token, "Origin": "https://evil.example"}
    crossed = {"X-CSRFToken": token, "Origin": "null", "Sec-Fetch-Site": "cross-site"}

    refused = {
        (method, url, str(headers)): client.open(url, method=method, headers=headers).status_code
        for method, url in routes
        for headers in ({}, {"HX-Request": "true"}, forged, crossed)
        if "Origin" in headers or not (SIGNED.match(url) or url in SEARCHES)
        if url != FOR_ALL
    }

    assert len(routes) > 20
    assert {key: status for key, status in refused.items() if status not in (400, 403)} == {}
    assert {key[1] for key, status in refused.items() if status == 400} <= SEARCHES


def test_what_pages_of_others_may_ask_reads_no_cookie_and_gives_none(app, client, indexed):
    sent = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    asked = {"json": {"q": "osteopath"}, "headers": sent}
    stranger = app.test_client().post(FOR_ALL, **asked)
    sign_ins.sign_in(client, known(indexed))
    somebody = client.post(FOR_ALL, **asked)

    assert somebody.json["results"] == stranger.json["results"]
    assert "Set-Cookie" not in somebody.headers
    assert "Access-Control-Allow-Credentials" not in somebody.headers


def test_a_refused_form_says_what_to_do(client):
    answer = client.post("/account/sign-in", data={"email": ROWAN, "password": "x"})

    assert answer.status_code == 403
    assert "open too long" in words(answer)
    assert "Nothing was changed" in words(answer)
