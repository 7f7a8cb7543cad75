"""My listing: its pages, as the browser of whoever keeps it gets them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from directory.models import (
    AuditEvent,
    Closure,
    Draft,
    IndexChange,
    Listing,
    Opening,
    OutgoingMail,
    Revision,
    Role,
    State,
    WorkingCopy,
)
from directory.usecases.moderation import deciding
from directory.usecases.practitioners import consenting, writing
from tests import factories
from tests.sign_ins import sign_in

PAGES = ("", "/check", "/preview", "/preview?view=card", "/preview?view=phone", "/start-over")
POSTS = ("/check", "/withdraw", "/pause", "/resume", "/confirm", "/start-over")
HIDDEN_HOME = replace(factories.BOULDER, hide_address=True)


@pytest.fixture
def owner(runtime, client):
    """Somebody who is signed in on `client`."""
    with runtime.transaction() as session:
        account = factories.account(session)
        session.flush()
        session.expunge(account)
    sign_in(client, account)
    return factories.actor(account)


@pytest.fixture
def begun(runtime, owner):
    """Makes a listing of the owner's with this content written and not sent in; says its address."""

    def begin(content=None, typed=None):
        with runtime.transaction() as session:
            listing = writing.begin(session, by=owner, at=factories.NOW)
            copy = session.get(WorkingCopy, listing.id)
            copy.content = content or factories.draft()
            copy.typed = typed or {}
            return f"/my/listing/{listing.id}"

    return begin


@pytest.fixture
def live(runtime, owner):
    """Makes a live listing of the owner's, with leave for everything; says its address."""

    def make(**changes):
        with runtime.transaction() as session:
            listing = factories.listing(session, owner_id=owner.account_id, **changes)
            consenting.give(session, listing.id, consenting.GROUPS, by=owner, at=factories.NOW)
            return f"/my/listing/{listing.id}"

    return make


def see(client, url, *, status=200):
    response = client.get(url)
    assert response.status_code == status, response.text[:500]
    return BeautifulSoup(response.text, "html.parser")


def words(page):
    return " ".join(page.get_text(" ").split())


def form(page, action):
    """The values that a form would send as it stands."""
    found = page.select_one(f'form[action="{action}"]')
    boxes = [one for one in found.select("input[name]") if one.get("type") != "checkbox"]
    return {one["name"]: one["value"] for one in boxes}


def send_in(client, home):
    page = see(client, f"{home}/check")
    ticks = [one["value"] for one in page.select("input[name=agree]")]
    return client.post(f"{home}/check", data=form(page, f"{home}/check") | {"agree": ticks})


def decide(runtime, home, verb, *notes):
    number = int(home.rsplit("/", 1)[1])
    with runtime.transaction() as session:
        made = factories.account(session, email="admin@x.example", role=Role.ADMIN)
        waits = session.get(Listing, number).pending_id
        getattr(deciding, verb)(
            session,
            number,
            waits,
            *notes,
            by=factories.actor(made),
            at=factories.NOW,
            listing_url=f"https://x.example{home}",
        )


def state(runtime):
    """Everything that a request could have changed."""
    with runtime.reading() as session:
        tables = (AuditEvent, Revision, IndexChange, OutgoingMail, Listing, WorkingCopy)
        counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        rows = session.execute(
            select(Listing.state, Listing.live_id, Listing.pending_id, Listing.confirmed_on)
        )
        return counts, [tuple(row) for row in rows]


def test_whoever_is_not_signed_in_is_asked_to(client):
    for url in ("/my/listing", "/my/listing/1", "/my/listing/1/check", "/my/listing/1/preview"):
        response = client.get(url)

        assert response.status_code in (302, 303)
        assert "/account/sign-in" in response.location


def test_without_a_listing_the_way_to_one_is_shown_and_pressing_twice_makes_one(
    client, owner, runtime
):
    page = see(client, "/my/listing")

    first, second = client.post("/my/listing"), client.post("/my/listing")

    assert "about ten minutes" in page.h1.get_text()
    assert page.select_one('a[href="/search"]')
    assert first.status_code == 303
    assert first.location == second.location
    home = see(client, first.location)
    assert "Begin: Who you are" in words(home)
    assert client.get("/my/listing").location == first.location
    assert see(client, f"{first.location}/preview").select_one("#name").get_text() == "Your name"


def test_several_listings_are_listed_with_their_states(client, live, begun):
    live()
    begun(factories.draft(name="Second Example"))

    page = see(client, "/my/listing")

    found = [words(one) for one in page.select(".my-listings li")]
    assert re.match(r"Rowan Testerly, LMT Public", found[0])
    assert re.match(r"Second Example, LMT Not sent in yet · [0-9] of 8 steps done", found[1])


def test_what_others_keep_is_not_there(client, owner, runtime):
    with runtime.transaction() as session:
        other = factories.account(session, email="other@x.example")
        number = factories.listing(session, owner_id=other.id).id
    before = state(runtime)

    for path in PAGES:
        see(client, f"/my/listing/{number}{path}", status=404)
        see(client, f"/my/listing/{number + 1}{path}", status=404)
    for path in POSTS:
        sent = {"version": "1", "agree": list(consenting.GROUPS)}
        assert client.post(f"/my/listing/{number}{path}", data=sent).status_code == 404

    assert state(runtime) == before


def test_looking_changes_nothing_and_is_kept_by_no_cache(client, live, runtime):
    home = live()
    before = state(runtime)

    for path in PAGES:
        response = client.get(home + path)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
    for path in POSTS:
        assert client.get(home + path).status_code in (200, 404, 405)

    assert state(runtime) == before


def test_from_answers_to_sent_with_every_tick_asked_for(client, begun, runtime):
    home = begun()

    sent = send_in(client, home)
    page = see(client, sent.location)

    assert (sent.status_code, sent.location) == (303, f"{home}?sent=1")
    assert "What happens now" in words(page.select_one(".sent"))
    assert "Waiting to be read" in words(page.select_one(".stands"))
    assert "You" in words(page.select_one(".timeline"))
    assert "rowan@" not in words(page.select_one(".timeline"))
    with runtime.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
    assert mail.kind == "submitted"
    assert mail.values["listing_url"] == runtime.config.base_url + home


def test_sending_twice_and_the_back_button_have_one_effect(client, begun, runtime):
    home = begun()
    page = see(client, f"{home}/check")
    values = form(page, f"{home}/check") | {"agree": list(consenting.GROUPS)}

    first = client.post(f"{home}/check", data=values)
    once = state(runtime)
    second = client.post(f"{home}/check", data=values)

    assert (first.location, second.location) == (f"{home}?sent=1", f"{home}?sent=1")
    assert state(runtime) == once
    assert "You sent exactly this" in words(see(client, f"{home}/check"))


def test_missing_ticks_are_asked_for_and_the_others_kept(client, begun, runtime):
    home = begun()
    page = see(client, f"{home}/check")
    values = form(page, f"{home}/check") | {"agree": ["identity", "work"]}
    before = state(runtime)

    response = client.post(f"{home}/check", data=values)
    page = BeautifulSoup(response.text, "html.parser")

    assert response.status_code == 422
    assert page.title.get_text().startswith("Error:")
    links = [one["href"] for one in page.select("[role=alert][data-focus] a")]
    assert links == ["#agree-places", "#agree-contact", "#agree-words"]
    assert all(page.select_one(link) for link in links)
    ticked = [one["value"] for one in page.select("input[name=agree][checked]")]
    assert ticked == ["identity", "work"]
    assert state(runtime) == before


def test_what_lacks_is_said_beside_its_part(client, begun):
    home = begun(Draft(name="", practices=()), typed={"places/new": {"postcode": ["???"]}})

    response = client.post(f"{home}/check", data={"version": "1"})
    page = BeautifulSoup(response.text, "html.parser")

    assert response.status_code == 422
    links = {one["href"] for one in page.select("[role=alert] a")}
    assert links == {"#part-you", "#part-work", "#part-places", "#part-contact"}
    assert all(page.select_one(link) for link in links)
    assert "Say your name." in words(page.select_one("#part-you"))
    assert "could not be used" in words(page.select_one("#part-places"))


def test_forms_that_are_not_ours_are_refused(client, begun, runtime):
    home = begun()
    before = state(runtime)

    for wrong in ({"version": "x"}, {"version": "0"}, {}, {"version": "1", "agree": "everything"}):
        assert client.post(f"{home}/check", data=wrong).status_code == 422

    assert state(runtime) == before


def test_changed_in_another_window_it_is_shown_anew_and_not_sent(client, begun, owner, runtime):
    home = begun()
    values = form(see(client, f"{home}/check"), f"{home}/check")
    number = int(home.rsplit("/", 1)[1])
    with runtime.transaction() as session:
        now = writing.current(session, number, by=owner, at=factories.NOW)
        fresh = {"name": "Rowan Otherwise", "suffix": ""}
        writing.save(
            session, number, "you", fresh, seen=now.seen("you"), by=owner, at=factories.NOW
        )

    response = client.post(f"{home}/check", data=values | {"agree": list(consenting.GROUPS)})
    page = BeautifulSoup(response.text, "html.parser")

    assert response.status_code == 409
    assert "changed since" in words(page.select_one("[role=alert]"))
    assert "Rowan Otherwise" in words(page.select_one("#part-you"))
    assert len(page.select("input[name=agree][checked]")) == 5
    again = form(page, f"{home}/check") | {"agree": list(consenting.GROUPS)}
    assert client.post(f"{home}/check", data=again).status_code == 303


def test_nobody_can_send_what_is_not_theirs_to_decide(client, begun, runtime):
    home = begun()
    values = form(see(client, f"{home}/check"), f"{home}/check")
    forged = {"role": "admin", "state": "live", "status": "live", "owner_id": "99"}
    forged |= {"approved_at": "2026-01-01", "live_id": "1", "confirmed_on": "2030-01-01"}

    client.post(f"{home}/check", data=values | {"agree": list(consenting.GROUPS)} | forged)
    client.post(f"{home}/confirm", data=forged)

    with runtime.reading() as session:
        listing = session.scalars(select(Listing)).one()
    assert (listing.state, listing.live_id) == (State.DRAFT, None)
    assert listing.owner_id != 99
    assert listing.confirmed_on == factories.TODAY


def test_without_its_token_no_form_does_anything(client, live, runtime):
    home = live()
    before = state(runtime)
    client.environ_base.pop("HTTP_X_CSRFTOKEN")

    answers = [client.post(home + path, data={"version": "1"}).status_code for path in POSTS]

    assert 303 not in answers
    assert state(runtime) == before


def test_promises_hidden_streets_and_duplicates_are_pointed_out(client, begun, runtime):
    with runtime.transaction() as session:
        factories.listing(session, import_key="roster:1")
    home = begun(
        factories.draft(
            about="I cure colic.",
            practices=(HIDDEN_HOME,),
            hours=(Opening(0, "09:00", "12:00"),),
            closures=(Closure("2026-12-24", "2027-01-02", "Holidays"),),
        )
    )

    page = see(client, f"{home}/check")

    assert "Monday: 9:00" in words(page.select_one("#part-times"))
    assert "(Holidays)" in words(page.select_one("#part-times"))
    told = page.select_one("#part-words .note")
    assert "cure" in words(told)
    assert "12 Invented Street" in words(page.select_one("#part-places"))
    assert "Kept to yourself" in words(page.select_one("#part-places"))
    assert page.select_one('a[href="/claim/rowan-testerly"]')
    assert "12 Invented Street" not in words(see(client, f"{home}/preview"))


def test_of_a_live_listing_it_says_what_is_public_at_once_and_what_waits(
    client, live, owner, runtime
):
    home = live()
    number = int(home.rsplit("/", 1)[1])
    with runtime.transaction() as session:
        copy = writing.working_copy(session, session.get(Listing, number), factories.NOW)
        copy.content = replace(copy.content, phone="+1 303 555 0142", name="Rowan Changed")

    page = see(client, f"{home}/check")
    sent = send_in(client, home)

    assert "Public at once: Telephone." in words(page)
    assert "Read by a person first: Name." in words(page)
    home_page = words(see(client, sent.location))
    assert "A change waits to be read." in home_page
    public = words(see(client, "/practitioners/rowan-testerly"))
    assert "+1 303 555 0142" in public
    assert "Rowan Changed" not in public


def test_an_admins_words_stand_against_their_field_and_one_click_sends_again(
    client, begun, owner, runtime
):
    home = begun()
    send_in(client, home)
    decide(runtime, home, "send_back", {"about": "Say less <b>of that</b>.", "whole": "Nice!"})

    asked = see(client, home)
    with runtime.transaction() as session:
        copy = session.scalars(select(WorkingCopy)).one()
        copy.content, copy.version = replace(copy.content, about="Less."), copy.version + 1
    mended = see(client, home)
    again = client.post(f"{home}/check", data=form(mended, f"{home}/check"))

    quote = asked.select_one(".asked blockquote")
    assert quote.get_text() == "Say less <b>of that</b>."
    assert asked.select_one(f'.asked a[href="{home}/edit/words"]')
    assert asked.select_one(".acts .main")["href"] == f"{home}/edit/words"
    assert mended.select_one(".acts button.main").get_text() == "Send again"
    assert again.location == f"{home}?sent=1"
    timeline = words(see(client, home).select_one(".timeline"))
    assert "Changes asked for (About you, Your listing)" in timeline
    assert "The directory" in timeline


def test_taking_back_pausing_and_showing_again_say_so(client, live, begun, runtime):
    home = begun(factories.draft(name="Second Example"))
    send_in(client, home)
    other = live()

    told = {
        path: (client.post(at + path).location, client.post(at + path).location)
        for at, path in (
            (home, "/withdraw"),
            (other, "/pause"),
            (other, "/resume"),
            (other, "/confirm"),
        )
    }

    assert told["/withdraw"] == (f"{home}?done=withdrawn", f"{home}?done=settled")
    assert told["/pause"] == (f"{other}?done=paused",) * 2
    assert told["/resume"] == (f"{other}?done=resumed",) * 2
    assert told["/confirm"] == (f"{other}?done=confirmed",) * 2
    assert "Everything you wrote is still here" in words(see(client, f"{home}?done=withdrawn"))


def test_a_paused_a_hidden_and_an_aged_listing_say_why_nobody_sees_them(client, live, runtime):
    home = live()
    said = {}

    for name, changes in (
        ("paused", {"state": State.PAUSED}),
        ("hidden", {"state": State.HIDDEN}),
        (
            "too old",
            {"state": State.LIVE, "confirmed_on": factories.TODAY - timedelta(days=365)},
        ),
    ):
        with runtime.transaction() as session:
            listing = session.scalars(select(Listing)).one()
            for key, value in changes.items():
                setattr(listing, key, value)
        said[name] = see(client, home)

    assert "Nobody can find it" in words(said["paused"].select_one(".stands"))
    assert said["paused"].select_one(".acts button.main").get_text() == "Show it again"
    assert "only an admin can put it back" in words(said["hidden"].select_one(".stands"))
    assert not said["hidden"].select_one('form[action$="/resume"]')
    assert said["too old"].select_one(".acts button.main").get_text() == "All is still right"


def test_unsent_changes_are_thrown_away_only_after_asking(client, live, runtime):
    home = live()
    number = int(home.rsplit("/", 1)[1])
    with runtime.transaction() as session:
        copy = writing.working_copy(session, session.get(Listing, number), factories.NOW)
        copy.content = replace(copy.content, name="Rowan Changed")

    asked = words(see(client, f"{home}/start-over"))
    client.post(f"{home}/start-over")

    assert "Name. What you wrote there is gone for good." in asked
    assert "nothing unsent" in words(see(client, f"{home}/start-over"))


@pytest.mark.parametrize("view", ["page", "card", "phone", "nonsense"])
def test_the_preview_is_the_public_page_and_says_that_it_is_none(client, begun, view):
    home = begun(factories.draft(about="**Bold** <script>alert(1)</script>", phone="555"))

    page = see(client, f"{home}/preview?view={view}")

    frame = page.select_one(".preview-frame")
    assert "Rowan Testerly" in words(frame)
    assert "Preview: not what the public sees" in words(page)
    assert not frame.select("script")
    identities = [one["id"] for one in page.select("[id]")]
    assert len(identities) == len(set(identities))
