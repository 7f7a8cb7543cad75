"""Changing a listing for its owner, and making one by hand, as pages: who may, and for how long."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from directory.models import Account, Listing, Role, StaffCopy
from directory.usecases.practitioners import consenting, writing
from tests import factories, sign_ins
from tests.factories import NOW
from tests.sign_ins import mails_to, sign_in_admin, words

OWNER = "maria@practice.example"


@pytest.fixture
def maria(runtime):
    with runtime.transaction() as session:
        owner = factories.account(session, OWNER)
        made = factories.listing(session, name="Maria Lopez", owner_id=owner.id)
        consenting.give(
            session, made.id, consenting.GROUPS, by=factories.actor(owner), at=factories.NOW
        )
        return made.id


@pytest.fixture
def admin(client):
    return sign_in_admin(client)


def boxes(page):
    """What the form of a page would send as it stands."""
    form = BeautifulSoup(page.text, "html.parser").select_one("main form[data-autosave]")
    kinds = "input[name]:not([type=radio]):not([type=checkbox]), input[checked]"
    return {one["name"]: one.get("value", "") for one in form.select(kinds)}


def change_phone(client, listing_id):
    home = f"/my/listing/{listing_id}"
    form = boxes(client.get(f"{home}/edit/contact")) | {"phone": "+1 303 555 0100"}
    assert client.post(f"{home}/edit/contact", data=form).status_code == 303
    version = BeautifulSoup(client.get(f"{home}/check").text, "html.parser")
    return {"version": version.find("input", {"name": "version"})["value"]}


def test_an_admin_changes_a_telephone_number_and_the_owner_is_told(client, runtime, maria, admin):
    begun = client.post(f"/admin/listings/{maria}/edit", follow_redirects=True)
    assert "You change this listing for whoever keeps it" in words(begun)
    form = change_phone(client, maria)
    check = words(client.get(f"/my/listing/{maria}/check"))

    sent = client.post(f"/my/listing/{maria}/check", data=form)

    assert sent.location == f"/admin/listings/{maria}"
    assert "May we make this public?" not in check
    assert "gets one mail that says what was changed" in check
    (mail,) = mails_to(runtime, OWNER)
    assert (mail.kind, mail.values["fields"]) == ("edited-for-you", "Telephone")
    assert "for its owner" in words(client.get(f"/admin/listings/{maria}"))
    assert client.get(f"/my/listing/{maria}/edit/contact").status_code == 404


def test_nothing_is_opened_without_a_word_and_by_nobody_else(app, client, runtime, maria, admin):
    other = app.test_client()
    sign_in_admin(other, sign_ins.known(runtime, "second@association.example", role=Role.ADMIN))

    assert client.get(f"/my/listing/{maria}/edit/contact").status_code == 404
    client.post(f"/admin/listings/{maria}/edit")
    assert client.get(f"/my/listing/{maria}/edit/contact").status_code == 200
    assert other.get(f"/my/listing/{maria}/edit/contact").status_code == 404


@pytest.mark.parametrize("path", ["helpers", "consent", "erase", "found"])
def test_what_is_its_owners_alone_stays_so(client, maria, admin, path):
    client.post(f"/admin/listings/{maria}/edit")

    assert client.get(f"/my/listing/{maria}/{path}").status_code == 404


def stop(client, runtime, number):
    client.post(f"/admin/listings/{number}/edit/stop")


def wait(client, runtime, number):
    runtime.clock = lambda: NOW + timedelta(hours=2, seconds=1)


def demote(client, runtime, number):
    with runtime.transaction() as session:
        for account in session.query(Account).filter(Account.role == Role.ADMIN):
            account.role = Role.REVIEWER


def lose_the_factor(client, runtime, number):
    with runtime.transaction() as session:
        for account in session.query(Account).filter(Account.role == Role.ADMIN):
            account.tf_primary_method = None


def change_places(client, runtime, number):
    known = sign_ins.known(runtime, "third@association.example", role=Role.ADMIN)
    with runtime.transaction() as session:
        session.get(Account, known.id).tf_primary_method = "authenticator"
    sign_ins.sign_in(client, known)


@pytest.mark.parametrize("end", [stop, wait, demote, lose_the_factor, change_places])
def test_it_ends_with_a_button_with_time_and_with_the_right_to_it(
    client, runtime, maria, admin, end
):
    client.post(f"/admin/listings/{maria}/edit")
    assert client.get(f"/my/listing/{maria}/check").status_code == 200

    end(client, runtime, maria)

    assert client.get(f"/my/listing/{maria}/check").status_code == 404


def test_a_listing_is_made_by_hand_in_the_same_editor(client, runtime, admin):
    made = client.post("/admin/listings/new")
    home = made.location
    number = int(home.rpartition("/")[2])
    form = boxes(client.get(f"{home}/edit/you")) | {"name": "Maria Lopez"}
    client.post(f"{home}/edit/you", data=form)
    client.post(f"/admin/listings/{number}/edit/stop")

    page = words(client.get("/admin/listings/new"))

    assert "Maria Lopez" in page
    with runtime.reading() as session:
        listing = session.get(Listing, number)
        assert (listing.owner_id, listing.live_id) == (None, None)
    assert "is still being written" in words(client.get(f"/admin/listings/{number}"))
    assert client.post(f"/admin/listings/{number}/edit").location == home
    thrown = client.post(f"/admin/listings/{number}/edit/throw-away")
    assert thrown.location == "/admin/listings/new"
    assert client.get(f"/admin/listings/{number}").status_code == 404


def test_without_a_keeper_nobody_is_asked_for_leave(client, runtime, admin):
    home = client.post("/admin/listings/new").location
    with runtime.transaction() as session:
        copy = session.get(StaffCopy, int(home.rpartition("/")[2]))
        copy.content = factories.draft(name="Maria Lopez")

    page = client.get(f"{home}/check")
    form = {"version": BeautifulSoup(page.text, "html.parser").find(attrs={"name": "version"})}
    sent = client.post(f"{home}/check", data={"version": form["version"]["value"]})

    assert "May we make this public?" not in words(page)
    assert sent.status_code == 303
    assert "A version waits to be read" in words(client.get(sent.location))


def test_sent_twice_it_is_told_of_once(client, runtime, maria, admin):
    client.post(f"/admin/listings/{maria}/edit")
    form = change_phone(client, maria)
    with client.session_transaction() as cookie:
        opened = cookie["opened"]
    client.post(f"/my/listing/{maria}/check", data=form)
    with client.session_transaction() as cookie:
        cookie["opened"] = opened

    again = client.post(f"/my/listing/{maria}/check", data=form)

    assert again.status_code == 409
    assert len(mails_to(runtime, OWNER)) == 1


def test_an_admins_own_listing_is_no_one_elses_to_open(client, runtime, admin):
    with runtime.transaction() as session:
        number = factories.listing(session, owner_id=admin.id).id

    answer = client.post(f"/admin/listings/{number}/edit")

    assert answer.status_code == 409
    assert "change it as your own" in words(answer)


def test_what_the_owner_writes_is_never_on_the_page(client, runtime, maria, admin):
    with runtime.transaction() as session:
        listing = session.get(Listing, maria)
        content = factories.draft(name="Maria Lopez", about="Secret for now.")
        writing.working_copy(session, listing, NOW).content = content

    page = client.get(f"/admin/listings/{maria}")
    editor = client.post(f"/admin/listings/{maria}/edit", follow_redirects=True)

    assert "Whoever keeps it is writing" in words(page)
    assert "Secret for now." not in page.text + editor.text
    assert "Secret for now." not in client.get(f"/my/listing/{maria}/edit/words").text
