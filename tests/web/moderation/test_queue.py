"""The queue and the page where an admin reads, over HTTP."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select

from directory.models import (
    Claim,
    ClaimState,
    Listing,
    OutgoingMail,
    Role,
    State,
)
from directory.usecases.listings import waiting
from tests import factories, stories
from tests.factories import DENVER, NOW
from tests.sign_ins import known, sign_in, sign_in_admin

QUEUE = "/admin/queue"


def fresh(session, name, **changes):
    """A new listing that nobody keeps, as a list of practitioners brings it."""
    made = Listing(
        slug="-".join(name.lower().split()),
        state=State.DRAFT,
        confirmed_on=NOW.date(),
        created_at=NOW,
        is_demo=False,
    )
    session.add(made)
    changes = {"email": f"{made.slug}@practice.example"} | changes
    return stories.proposed(session, made, factories.draft(name=name, **changes))


@pytest.fixture
def data(runtime):
    """Call it with a function of a session; ids of what it makes come back."""

    def make(work):
        with runtime.transaction() as session:
            made = work(session)
            session.flush()
            return made.id, made.pending_id

    return make


@pytest.fixture
def ada(client):
    sign_in_admin(client)
    return client


@pytest.fixture
def bea(app):
    client = app.test_client()
    sign_in_admin(client, role=Role.REVIEWER)
    return client


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def titles(answer):
    names = (one.get_text(strip=True) for one in soup(answer).select("[data-row] h2"))
    return [name.removesuffix(", LMT") for name in names]


def pending_id(runtime, listing_id):
    with runtime.reading() as session:
        return session.get(Listing, listing_id).pending_id


def kinds(runtime):
    with runtime.reading() as session:
        return session.scalars(select(OutgoingMail.kind)).all()


def approved(client, listing_id, revision_id):
    return client.post(f"/admin/review/{listing_id}/approve", data={"revision_id": revision_id})


def test_the_riskiest_comes_first_then_the_longest_wait_and_why_is_said(ada, data):
    data(lambda s: stories.edited(s, "Fir Younger", about="A new text.", at=NOW))
    data(lambda s: stories.edited(s, "Ash Older", about="A text.", at=NOW - timedelta(days=3)))
    data(lambda s: stories.edited(s, "Promising Wordsmith", about="I cure migraine."))

    page = ada.get(QUEUE)

    assert titles(page) == ["Promising Wordsmith", "Ash Older", "Fir Younger"]
    assert "words that promise" in soup(page).select_one("[data-row] .flag").get_text()
    assert "The longest for 3 days, half of them for " in page.text
    assert QUEUE in ada.get("/admin").text


def test_it_is_sifted_by_reason_country_kind_and_what_is_mine(ada, data):
    one, _ = data(lambda s: stories.edited(s, "Plain Edit", about="A new text."))
    data(lambda s: fresh(s, "Brand New", practices=(factories.LONDON,)))
    ada.post(f"/admin/queue/{one}/take")

    shown = {
        asked: titles(ada.get(f"{QUEUE}?{asked}"))
        for asked in ("reason=first", "country=US", "kind=first", "mine=1", "page=99")
    }

    assert shown["reason=first"] == shown["kind=first"] == ["Brand New"]
    assert shown["country=US"] == shown["mine=1"] == ["Plain Edit"]
    assert shown["page=99"] == ["Brand New", "Plain Edit"]
    assert ada.get(f"{QUEUE}?reason=nonsense").status_code == 422


def test_a_long_queue_takes_few_statements_and_shows_fifty(ada, runtime):
    with runtime.transaction() as session:
        for number in range(120):
            made = Listing(
                slug=f"many-{number}",
                state=State.DRAFT,
                confirmed_on=NOW.date(),
                created_at=NOW,
                is_demo=False,
            )
            session.add(made)
            made.propose(factories.draft(name=f"Many {number}"), at=NOW)
        session.flush()
        waiting.enqueue_many(session, session.scalars(select(Listing)).all())
    statements: list[str] = []
    event.listen(runtime.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    page = ada.get(QUEUE)

    assert len(titles(page)) == 50
    assert "Page 1 of 3" in page.text
    assert len([one for one in statements if one.startswith("SELECT")]) <= 14


def test_reading_shows_word_by_word_what_differs_and_what_to_look_at(ada, data):
    def work(session):
        factories.listing(session, name="Rowan Testerly", slug="twin", phone="+44 20 7946 0958")
        return stories.edited(
            session,
            "Rowan Testerly",
            about="A quiet room and healing sessions.",
            practices=(DENVER,),
            conditions=("migraine", "neck-pain"),
            phone="+44 20 7946 0958",
            website="http://bit.ly/abc",
        )

    listing_id, _ = data(work)

    page = soup(ada.get(ada.post(f"/admin/queue/{listing_id}/take").location))

    text = page.select_one("#field-about")
    assert text.select_one("del").get_text(strip=True) == "unhurried"
    assert text.select_one("ins mark").get_text() == "healing"
    assert page.select_one("#field-conditions .new").get_text() == "Added: Neck pain"
    assert "The pin moved by" in page.select_one("#field-practices").get_text()
    fields = [one["id"] for one in page.select("[data-difference]")]
    assert fields[0] == "field-about"
    assert fields.index("field-practices") < fields.index("field-conditions")
    concerns = page.select_one(".concerns").get_text(" ", strip=True)
    for words in ("“healing” promises", "another country", "short link", "Stated, not checked: 1"):
        assert words in concerns
    assert "The same telephone number" in page.text


def test_two_admins_do_not_read_the_same_one(ada, bea, data):
    listing_id, _ = data(lambda s: stories.edited(s, about="New words."))
    other, _ = data(lambda s: stories.edited(s, "Sage Mockridge", about="New words."))
    ada.post(f"/admin/queue/{listing_id}/take")

    told = bea.post(f"/admin/queue/{listing_id}/take", follow_redirects=True)
    next_one = bea.post(f"/admin/review/{listing_id}/next")
    anyway = bea.post(
        f"/admin/queue/{listing_id}/take", data={"anyway": "1"}, follow_redirects=True
    )

    assert "admin@association.example is reading this since" in told.text
    assert "field-about" not in told.text
    assert next_one.location.endswith(f"/admin/review/{other}")
    assert "field-about" in anyway.text
    assert (
        "reviewer@association.example is reading this"
        in ada.get(f"/admin/review/{listing_id}").text
    )


def test_looking_changes_nothing(ada, bea, data):
    listing_id, _ = data(lambda s: stories.edited(s, about="New words."))

    ada.get(f"/admin/review/{listing_id}")
    ada.get(QUEUE)

    assert "is reading" not in bea.get(f"/admin/review/{listing_id}").text


def test_of_two_who_decide_one_wins_and_the_other_is_told(ada, bea, data, runtime):
    listing_id, seen = data(lambda s: stories.edited(s, about="New words."))

    won = approved(ada, listing_id, seen)
    lost = bea.post(
        f"/admin/review/{listing_id}/reject", data={"revision_id": seen, "words1": "No."}
    )

    assert won.status_code == 303
    assert lost.status_code == 409
    assert "Nothing was changed" in lost.text


def test_who_presses_approve_twice_approves_once_and_goes_on_alike(ada, data):
    listing_id, seen = data(lambda s: stories.edited(s, about="New words."))

    first, again = (approved(ada, listing_id, seen) for _ in range(2))

    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["Location"] == first.headers["Location"]


def test_a_replaced_version_cannot_be_approved(ada, data, runtime):
    listing_id, seen = data(lambda s: stories.edited(s, about="New words."))
    _, newer = data(
        lambda s: stories.proposed(
            s, s.get(Listing, listing_id), factories.draft(about="Newer words.")
        )
    )

    answer = approved(ada, listing_id, seen)

    assert answer.status_code == 409
    assert pending_id(runtime, listing_id) == newer
    assert approved(ada, listing_id, newer).status_code == 303


def test_after_a_decision_comes_the_next_with_a_way_back(ada, data, runtime, config):
    owner = known(runtime)
    first, seen = data(lambda s: stories.edited(s, about="I heal.", at=NOW - timedelta(days=2)))
    other, _ = data(lambda s: stories.edited(s, "Sage Mockridge", about="New words."))
    with runtime.transaction() as session:
        session.get(Listing, first).owner_id = owner.id

    sent = ada.post(
        f"/admin/review/{first}/send-back",
        data={"revision_id": seen, "canned1": "promises", "field2": "name", "words2": "In full?"},
    )
    page = ada.get(sent.location)
    undone = ada.post(f"/admin/review/{first}/undo", data={"revision_id": seen})

    assert sent.location.startswith(f"/admin/review/{other}?")
    assert "Asked for changes: Rowan Testerly, LMT." in page.text
    assert soup(page).select_one("[data-undo] button").get_text() == "Undo"
    assert undone.location.startswith(f"/admin/review/{first}?")
    assert "Undone: Rowan Testerly, LMT waits again." in ada.get(undone.location).text
    assert pending_id(runtime, first) == seen
    assert kinds(runtime) == []


def test_without_words_nobody_is_refused(ada, data, runtime):
    listing_id, seen = data(lambda s: stories.edited(s, about="New words."))

    answer = ada.post(
        f"/admin/review/{listing_id}/reject", data={"revision_id": seen, "words2": "  "}
    )

    assert answer.status_code == 422
    assert soup(answer).title.get_text().startswith("Error:")
    assert soup(answer).select_one(".error-summary a")["href"] == "#notes"
    assert pending_id(runtime, listing_id) == seen


def test_whether_an_approved_one_is_found_is_asked_of_the_index(ada, data, indexed):
    listing_id, seen = data(lambda s: fresh(s, "Late Newcomer"))
    approved(ada, listing_id, seen)

    page = ada.get(f"/admin/review/{listing_id}/searchable")

    assert "On its way" in page.text
    assert "data-found" not in page.text
    assert "data-found" in ada.get("/admin/review/1/searchable").text


def test_many_at_once_after_a_look_at_what_would_happen(ada, bea, data, runtime):
    plain = data(lambda s: stories.edited(s, "Plain Edit", about="New words."))
    promising = data(lambda s: stories.edited(s, "Promising Wordsmith", about="I cure."))
    read = data(lambda s: stories.edited(s, "Being Read", about="New words."))
    replaced = data(lambda s: stories.edited(s, "Was Replaced", about="New words."))
    data(
        lambda s: stories.proposed(
            s, s.get(Listing, replaced[0]), factories.draft(name="Was Replaced")
        )
    )
    bea.post(f"/admin/queue/{read[0]}/take")
    picks = [f"{a}:{b}" for a, b in (plain, promising, read, replaced)]

    dry = ada.get("/admin/bulk", query_string={"pick": picks})
    nothing = pending_id(runtime, plain[0])
    done = ada.post("/admin/bulk", data={"pick": picks}, follow_redirects=True)

    left = " ".join(soup(dry).select_one("[aria-labelledby=left]").get_text(" ").split())
    assert "Promising Wordsmith, LMT : words that promise" in left
    assert "Being Read, LMT : reviewer@association.example is reading it" in left
    assert "Was Replaced, LMT : it was changed, decided or taken back" in left
    assert nothing == plain[1]
    assert "1 is approved" in done.text
    assert [bool(pending_id(runtime, one)) for one, _ in (plain, promising, read, replaced)] == [
        False,
        True,
        True,
        True,
    ]
    assert ada.get("/admin/bulk?pick=1:x").status_code == 422


def test_from_the_list_only_plain_ones_are_approved(ada, data, runtime):
    plain = data(lambda s: stories.edited(s, "Plain Edit", about="New words."))
    promising = data(lambda s: stories.edited(s, "Promising Wordsmith", about="I cure."))

    answers = [
        ada.post(f"/admin/queue/{one}/approve", data={"revision_id": seen}).status_code
        for one, seen in (plain, promising)
    ]

    assert answers == [303, 409]
    assert pending_id(runtime, plain[0]) is None


def test_whoever_may_not_is_told_that_there_is_nothing(client, app, data, runtime):
    listing_id, seen = data(lambda s: stories.edited(s, about="New words."))
    sign_in(client, known(runtime, "me@home.example"))
    paths = (QUEUE, f"/admin/review/{listing_id}", "/admin/bulk", "/admin/claims")

    answers = [client.get(path).status_code for path in paths]

    assert answers == [404] * 4
    assert approved(client, listing_id, seen).status_code == 404
    assert "/account/sign-in" in app.test_client().get(QUEUE).location


@pytest.mark.parametrize(("verdict", "owned"), [("grant", True), ("refuse", False)])
def test_claims_are_decided_by_an_admin(ada, bea, runtime, verdict, owned):
    who = known(runtime, "mine@home.example")
    with runtime.transaction() as session:
        listing = factories.listing(session)
        claim = Claim(
            listing_id=listing.id,
            account_id=who.id,
            state=ClaimState.ASKED,
            words="It is <me>.",
            made_at=NOW,
        )
        session.add(claim)
        session.flush()
        listing_id, claim_id = listing.id, claim.id

    page = ada.get("/admin/claims")
    answer = ada.post(f"/admin/claims/{claim_id}", data={"verdict": verdict, "words": "Sorry."})

    assert "It is &lt;me&gt;." in page.text
    assert "mine@home.example" in page.text
    assert soup(page).select_one(".admin-nav [href='/admin/claims'] .count")
    assert answer.status_code == 303
    assert bea.get("/admin/claims").status_code == 404
    with runtime.reading() as session:
        assert (session.get(Listing, listing_id).owner_id == who.id) is owned
