"""Chapter 8: what belongs to somebody is not there for anybody else."""

import pytest
from bs4 import BeautifulSoup

from directory.models import Account, Listing
from directory.usecases.practitioners import consenting, writing
from tests import factories, sign_ins, stories
from tests.house import test_guards as doors
from tests.security import crawl

# What a form needs before anybody looks at whose it is.
SAID = {"group": next(iter(consenting.GROUPS))}
# Everything that a form of the staff might say of a listing or an account.
MORE_THAN_ASKED = {
    "role": "admin",
    "active": "0",
    "status": "live",
    "state": "live",
    "owner_id": "1",
    "account_id": "1",
    "live_id": "1",
    "is_demo": "1",
    "slug": "taken-over",
    "confirmed_on": "2001-01-01",
    "approved_at": "2001-01-01",
    "import_key": "x",
}


@pytest.fixture
def theirs(runtime):
    """The number of a listing of somebody else: live, waiting and being written; and its keeper."""
    with runtime.transaction() as session:
        owner = factories.account(session, "owner@practice.example")
        made = factories.listing(session, owner_id=owner.id)
        by = factories.actor(owner)
        consenting.give(session, made.id, consenting.GROUPS, by=by, at=factories.NOW)
        stories.edited(session, "Hazel Waiting", owner_id=owner.id, about="New words.")
        writing.working_copy(session, made, factories.NOW)
        session.flush()
        session.expunge(owner)
        return made.id, owner


def about_a_listing(app, listing_id):
    """Every address, once per method, that only its keepers may use."""
    return [
        one
        for one in doors.routes(app, listing_id=listing_id)
        if one.guard == "signed in" and one.path.startswith(f"/my/listing/{listing_id}")
    ]


def test_of_the_listing_of_another_nothing_is_there_and_nothing_can_be_done(app, runtime, theirs):
    number, _ = theirs
    client = app.test_client()
    sign_ins.sign_in(client, sign_ins.known(runtime, "stranger@practice.example"))
    routes = about_a_listing(app, number)
    before = crawl.digest(runtime)

    told = {one: client.open(one.path, method=one.method, data=SAID).status_code for one in routes}

    assert len(told) > 25
    assert {one: status for one, status in told.items() if status != 404} == {}
    assert crawl.digest(runtime) == before


def test_its_keeper_finds_those_same_addresses(app, runtime, theirs):
    number, owner = theirs
    client = app.test_client()
    sign_ins.sign_in(client, owner)
    routes = [one for one in about_a_listing(app, number) if one.method == "GET"]

    told = {one.path: client.get(one.path).status_code for one in routes}

    nobodys = {path for path in told if "/places/99" in path or path.endswith("/made-up")}
    assert len(told) - len(nobodys) >= 12
    assert {path for path, status in told.items() if status == 404} <= nobodys


def test_what_a_form_says_beyond_its_boxes_changes_nothing(app, runtime, theirs):
    number, owner = theirs
    client = app.test_client()
    sign_ins.sign_in(client, owner)
    with runtime.reading() as session:
        before = [_ours(session, number), repr(session.get(Account, owner.id).role)]

    taken = {}
    for page in ("you", "contact", "times", "words"):
        path = f"/my/listing/{number}/edit/{page}"
        taken[page] = client.post(path, data=as_shown(client.get(path)) | MORE_THAN_ASKED)

    with runtime.reading() as session:
        after = [_ours(session, number), repr(session.get(Account, owner.id).role)]
    assert {page: answer.status_code for page, answer in taken.items()} == dict.fromkeys(taken, 303)
    assert after == before


def as_shown(page):
    """What the form of a page would send as it stands."""
    soup = BeautifulSoup(page.text, "html.parser")
    boxes = soup.select("form input[name]:not([type=checkbox]):not([type=radio])")
    texts = soup.select("form textarea[name]")
    ticked = soup.select("form input[checked]")
    return {
        **{one["name"]: one.get("value", "") for one in (*boxes, *ticked)},
        **{one["name"]: one.get_text() for one in texts},
    }


def _ours(session, number):
    listing = session.get(Listing, number)
    return {one.key: getattr(listing, one.key) for one in Listing.__table__.columns}
