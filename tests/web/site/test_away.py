"""The database is away, slow or locked: one honest page, nothing typed is lost, no traceback."""

import logging
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from directory.db import Patience, make_engine
from tests import factories, sign_ins
from tests.sign_ins import known, words

pytestmark = pytest.mark.usefixtures("strict")
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
PAGES = ("/", "/search?q=neck", "/practitioners/rowan-testerly", "/account/sign-in", "/shortlist")


@pytest.fixture
def away(app, runtime, monkeypatch):
    """Take the database away, and give it back."""
    there = runtime.engine
    nothing = make_engine(NOWHERE, Patience(connect=1, lock=1, statement=1))

    def take() -> None:
        runtime.engine = nothing
        runtime._words = None

    def give() -> None:
        runtime.engine = there

    yield take, give
    nothing.dispose()


@pytest.fixture
def strict(app):
    """Errors are answered as in a running site, not raised."""
    app.testing = False
    yield
    app.testing = True


def test_no_page_fails_and_all_are_back_with_the_database(indexed, client, away, caplog):
    take, give = away
    take()
    with caplog.at_level(logging.ERROR):
        told = {page: client.get(page) for page in PAGES}
    give()
    back = {page: client.get(page).status_code for page in PAGES}

    assert {one.status_code for one in told.values()} <= {200, 503}
    gone = [one for one in told.values() if one.status_code == 503]
    assert gone
    assert all("We cannot reach our records" in one.text for one in gone)
    assert all(one.headers["Retry-After"] for one in gone)
    assert "Traceback" not in caplog.text
    assert not any(record.exc_info for record in caplog.records)
    assert set(back.values()) <= {200, 404}


def test_the_api_says_it_as_a_problem(indexed, client, away):
    take, _give = away
    take()

    told = client.get("/api/v1/practitioners?q=neck")

    assert told.status_code == 503
    assert told.content_type == "application/problem+json"
    assert told.headers["Retry-After"]


def test_the_process_lives_and_says_that_it_is_not_ready(client, away):
    take, _give = away
    take()

    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, "database" in ready.json["reasons"]) == (503, True)


def test_what_was_typed_stands_on_the_page_to_be_sent_again(app, client, runtime, away):
    take, give = away
    owner = known(runtime)
    with runtime.transaction() as session:
        number = factories.listing(session, owner_id=owner.id).id
    sign_ins.sign_in(client, owner)
    page, typed = f"/my/listing/{number}/edit/you", {"name": "Rowan O'Testerly", "suffix": "DC"}
    take()

    ours = client.post(page, data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    foreign = client.post(page, data=typed)
    give()

    assert ours.status_code == 503
    assert "Rowan O&#39;Testerly" in ours.text
    assert "Send it again" in words(ours)
    assert "Testerly" not in foreign.text


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_locked_table_holds_a_page_up_for_as_long_as_we_say(indexed, client, runtime):
    there = runtime.engine
    url = there.url.render_as_string(hide_password=False)
    runtime.engine = make_engine(url, Patience(connect=1, lock=0.3, statement=0.6))

    with there.connect() as other, other.begin():
        other.execute(text("LOCK TABLE listing IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()
        told = client.get("/practitioners/rowan-testerly")
        took = time.monotonic() - began
    after = client.get("/practitioners/rowan-testerly")
    runtime.engine.dispose()
    runtime.engine = there

    assert told.status_code == 503
    assert took < 5
    assert after.status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_edit_is_acknowledged_when_the_database_file_is_gone(app, client, runtime):
    owner = known(runtime)
    with runtime.transaction() as session:
        number = factories.listing(session, owner_id=owner.id).id
    sign_ins.sign_in(client, owner)
    path = Path(str(runtime.engine.url.database))
    kept = path.with_name("elsewhere.db")

    path.rename(kept)
    told = client.post(f"/my/listing/{number}/edit/you", data={"name": "Rowan", "suffix": "DC"})
    ready = client.get("/readyz")
    kept.rename(path)

    assert (told.status_code, ready.status_code) == (503, 503)
    assert "there is no such file" in ready.json["reasons"]["database"]
    assert ready.headers["Retry-After"]
    assert client.get("/readyz").json["reasons"].keys() == {"index"}
