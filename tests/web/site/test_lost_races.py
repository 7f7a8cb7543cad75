"""Two requests that wait for each other: PostgreSQL ends one, and both are answered."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import request
from sqlalchemy.exc import OperationalError

from directory import edge
from directory.usecases.listings import loading
from tests import factories, sign_ins

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def cross(own_app) -> Callable[[str], list[object]]:
    """Have two requests lock two listings, each in its own order, the first time; what they get."""
    here = own_app.extensions["stillpoint"]
    with here.transaction() as session:
        ids = [factories.listing(session, slug=name).id for name in ("one", "two")]
    both_hold_one = Barrier(2)
    tried: list[int] = []

    @own_app.before_request
    def note_who_is_here() -> None:
        with here.transaction():
            pass

    @own_app.post("/cross/<int:first>")
    @edge.public
    def view(first: int) -> str:
        tried.append(first)
        sent = request.files["photo"].read().decode()
        if "before" in request.form:
            with here.transaction() as session:
                factories.account(session, f"{first}@home.example")
        with here.transaction() as session:
            loading.locked(session, ids[first])
            if tried.count(first) == 1:
                both_hold_one.wait(20)
            loading.locked(session, ids[1 - first])
        return sent

    def ask(first: int, more: dict[str, str]) -> object:
        client = own_app.test_client()
        sign_ins.carry_token(client)
        photo = {"photo": (io.BytesIO(b"what was sent"), "photo.jpg")}
        try:
            return client.post(f"/cross/{first}", data=photo | more).text
        except OperationalError as error:
            return type(error.orig).__name__

    def at_once(**more: str) -> list[object]:
        with ThreadPoolExecutor(2) as hands:
            return [*hands.map(ask, (0, 1), (more, more)), len(tried)]

    return at_once


def test_a_request_that_lost_a_race_is_answered_from_the_start_once_more(cross):
    assert cross() == ["what was sent", "what was sent", 3]


def test_a_request_of_which_something_is_committed_is_not_begun_anew(cross):
    *said, tried = cross(before="1")

    assert sorted(said) == ["DeadlockDetected", "what was sent"]
    assert tried == 2
