"""Own data in the browser: a copy, erasure in two steps, and what the public then sees."""

import json
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from directory import mail
from directory.models import Account, Consent, Delegate, Listing, OutgoingMail, SignedIn, State
from tests import factories
from tests.factories import NOW, PASSWORD
from tests.sign_ins import sign_in, words
from tests.sites import rebuild_index

SLUG = "rowan-testerly"


@pytest.fixture
def owner(runtime) -> Account:
    """Somebody with a live listing, number 1."""
    with runtime.transaction() as session:
        made = factories.account(session)
        factories.listing(session, owner_id=made.id)
        session.expunge(made)
    return made


@pytest.fixture
def mine(client, owner):
    """The owner's browser."""
    sign_in(client, owner)
    return client


def listing_of(session) -> Listing:
    return session.scalars(select(Listing).order_by(Listing.id)).first()


def other(runtime, app, email="other@home.example"):
    """Somebody else's browser."""
    with runtime.transaction() as session:
        made = factories.account(session, email)
        session.expunge(made)
    browser = app.test_client()
    sign_in(browser, made)
    return browser


def title(response) -> str:
    return BeautifulSoup(response.text, "html.parser").title.get_text()


def begin(client, where, proof=PASSWORD, **ticks):
    return client.post(where, data={"proof": proof, "sure": "1", "never_again": "1"} | ticks)


def test_the_copy_is_a_file_that_no_cache_keeps(mine):
    response = mine.post("/account/export")

    assert mine.get("/account/export").status_code == 200
    assert response.mimetype == "application/json"
    assert "stillpoint-export-2026-11-02.json" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    assert json.loads(response.text)["tables"]["listing"][0]["slug"] == SLUG


def test_erasing_an_account_takes_two_steps_and_leaves_nothing(mine, owner, app, runtime):
    second = app.test_client()
    sign_in(second, owner)
    first = begin(mine, "/account/erase")
    last = mine.get(first.location)

    done = mine.post(first.location)

    assert (first.status_code, last.status_code, done.status_code) == (303, 200, 303)
    assert title(last).startswith("Erase your account: the last step")
    assert mine.get(done.location).status_code == 200
    for browser in (mine, second):
        assert "/account/sign-in" in browser.get("/account/").location
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignedIn)) == 0
        assert listing_of(session).state is State.ERASED
    rebuild_index(runtime.config)
    assert SLUG not in second.get("/sitemap.xml").text
    assert second.get("/api/v1/practitioners?q=rowan").json["total"] == 0
    files = [path for path in runtime.config.index_dir.rglob("*") if path.is_file()]
    assert not any(b"rowan" in path.read_bytes().lower() for path in files)


def test_the_address_of_an_erased_listing_says_that_it_is_gone(mine, owner, runtime):
    first = begin(mine, "/my/listing/1/erase")

    mine.post(first.location)

    assert mine.get(f"/practitioners/{SLUG}").status_code == 410
    assert mine.get(f"/practitioners/{SLUG}.vcf").status_code == 410
    assert mine.get(f"/api/v1/practitioners/{SLUG}").status_code == 410
    assert mine.get("/practitioners/nobody-at-all").status_code == 404


def test_pressing_the_last_button_twice_erases_once(mine, runtime):
    first = begin(mine, "/my/listing/1/erase")

    answers = [mine.post(first.location) for _ in range(2)]

    assert [answer.location for answer in answers] == ["/account/erased?what=listing"] * 2
    with runtime.reading() as session:
        kinds = session.scalars(select(OutgoingMail.kind)).all()
    assert kinds == ["listing-erased"]


def test_both_pages_say_whom_to_write_to_about_other_names(mine, runtime):
    first = begin(mine, "/my/listing/1/erase")
    last = mine.get(first.location)

    done = mine.get(mine.post(first.location).location)

    for page in (last, done):
        link = (
            BeautifulSoup(page.text, "html.parser")
            .find("main")
            .find("a", href=re.compile("mailto"))
        )
        assert link["href"] == f"mailto:{runtime.config.contact_email}"
    assert "approved to be public" in words(last)


def test_with_an_account_its_letters_go_that_left_as_files(mine, owner, runtime):
    with runtime.transaction() as session:
        sent = OutgoingMail(event="once", kind="approved", recipient=owner.email, created_at=NOW)
        session.add(sent)
        session.flush()
        name = mail.named(sent.id, "once")
    number, said = mail.message_id(runtime.config, name), ("Subject", "text", "html")
    letter = mail.Letter(owner.email, *said, number, ("Site", "hello@site.example"))
    mail.transport(runtime.config).deliver(letter, at=NOW)
    assert len(list((runtime.config.data_dir / "mail").iterdir())) == 1

    mine.post(begin(mine, "/account/erase").location)

    assert list((runtime.config.data_dir / "mail").iterdir()) == []


def test_a_first_step_that_is_not_meant_goes_nowhere(mine):
    for where in ("/account/erase", "/my/listing/1/erase"):
        for given, field in (({"proof": "wrong"}, "proof"), ({"proof": "", "sure": ""}, "sure")):
            response = begin(mine, where, **given)

            page = BeautifulSoup(response.text, "html.parser")
            assert response.status_code == 422
            assert page.title.get_text().startswith("Error:")
            assert page.find(role="alert").find("a", href=f"#{field}")
            assert page.find(id=field)["aria-describedby"] == f"{field}-error"


def test_without_a_password_the_address_is_typed(mine, runtime, owner):
    with runtime.transaction() as session:
        session.get(Account, owner.id).password = None

    wrong = begin(mine, "/account/erase", proof="somebody@else.example")
    right = begin(mine, "/account/erase", proof=" Rowan@Practice.example ")

    assert (wrong.status_code, right.status_code) == (422, 303)


def test_the_last_page_is_good_for_a_quarter_of_an_hour_and_for_one_thing(mine, runtime, app):
    link = begin(mine, "/my/listing/1/erase").location
    token = link.rpartition("/")[2]
    runtime.clock = lambda: NOW + timedelta(minutes=16)
    late = mine.post(link)
    runtime.clock = lambda: NOW

    answers = [mine.post(f"/account/erase/{token}"), mine.post("/my/listing/1/erase/forged")]

    assert [answer.status_code for answer in (late, *answers)] == [422, 422, 422]
    assert other(runtime, app).post(link).status_code == 404
    with runtime.reading() as session:
        assert listing_of(session).state is State.LIVE


def test_nobody_else_finds_the_pages_of_a_listing_or_can_do_what_is_the_owners(mine, runtime, app):
    stranger, anybody = other(runtime, app), app.test_client()
    pages = [f"/my/listing/1/{page}" for page in ("helpers", "consent", "erase")]
    deeds = [f"/my/listing/1/{deed}" for deed in ("helpers/1/end", "helpers/leave", "erase/x")]
    sent = {"group": "words", "email": "x@y.example", "proof": PASSWORD, "sure": "1"}

    assert [mine.get(page).status_code for page in pages] == [200] * 3
    assert [stranger.get(page).status_code for page in pages] == [404] * 3
    assert {stranger.post(url, data=sent).status_code for url in pages + deeds} == {404}
    for url in (*pages, "/account/export", "/account/erase", "/account/erase/x"):
        assert "/account/sign-in" in anybody.get(url).location


def test_an_invitation_is_accepted_by_pressing_a_button(mine, runtime, app):
    mine.post("/my/listing/1/helpers", data={"email": "friend@work.example"})
    with runtime.reading() as session:
        link = session.scalars(select(OutgoingMail)).one().values["link"]
    path = link.removeprefix(runtime.config.base_url)
    friend = other(runtime, app, "friend@home.example")
    assert "/account/sign-in" in app.test_client().get(path).location
    looked = friend.get(path)
    with runtime.reading() as session:
        before = session.scalars(select(Delegate)).one().accepted_at

    pressed = [friend.post(path) for _ in range(2)]

    assert (looked.status_code, before) == (200, None)
    assert [answer.location for answer in pressed] == ["/my/listing/1"] * 2
    assert "friend@home.example" in mine.get("/my/listing/1/helpers").text
    assert "Help no longer" in friend.get("/my/listing/1/helpers").text
    assert friend.get("/my/listing/1/erase").status_code == 404
    assert friend.post("/my/listing/1/helpers", data={"email": "x@y.example"}).status_code == 404
    assert other(runtime, app, "third@home.example").get(path).status_code == 404
    friend.post("/my/listing/1/helpers/leave")
    assert friend.get("/my/listing/1/helpers").status_code == 404


def test_an_invitation_to_no_address_is_refused(mine):
    for email in ("", "nobody", "rowan@practice.example"):
        response = mine.post("/my/listing/1/helpers", data={"email": email})

        assert response.status_code == 422
        assert title(response).startswith("Error:")


def test_taking_leave_back_takes_the_page_down(mine, runtime, owner):
    with runtime.transaction() as session:
        session.add(
            Consent(
                listing_id=1, account_id=owner.id, group="words", version="2026-11", given_at=NOW
            )
        )
    assert "November 2, 2026" in mine.get("/my/listing/1/consent").text
    assert mine.get(f"/practitioners/{SLUG}").status_code == 200

    pressed = [mine.post("/my/listing/1/consent", data={"group": "words"}) for _ in range(2)]

    assert [answer.status_code for answer in pressed] == [303, 303]
    assert "your listing is not public" in mine.get("/my/listing/1/consent").text
    assert mine.get(f"/practitioners/{SLUG}").status_code == 404
