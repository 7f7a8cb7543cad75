"""A listing's own page for the staff: what is there, what is written, who may do what."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.models import AuditEvent, OutgoingMail, Report, ReportKind, ReportState, Role, State
from directory.usecases.mailing import outbox
from directory.usecases.practitioners import writing
from directory.usecases.visitors import tallies
from tests import factories, stories
from tests.factories import NOW
from tests.sign_ins import mails_to, sign_in_admin, words

OWNER = "maria@practice.example"


@pytest.fixture
def maria(runtime):
    """The number of a listing that somebody keeps."""
    with runtime.transaction() as session:
        owner = factories.account(session, OWNER)
        return factories.listing(session, name="Maria Lopez", owner_id=owner.id).id


@pytest.fixture
def nobodys(runtime):
    with runtime.transaction() as session:
        return factories.listing(session, name="Nobody Keeps", import_key="id:7").id


@pytest.fixture
def reviewer(client):
    return sign_in_admin(client, role=Role.REVIEWER)


def test_all_that_there_is_about_a_listing_stands_on_its_page(client, runtime, maria, reviewer):
    with runtime.transaction() as session:
        outbox.send(session, "approved", OWNER, event="a", at=NOW, listing_id=maria)
        report = {"kind": ReportKind.MOVED, "state": ReportState.OPEN, "made_at": NOW}
        session.add(Report(listing_id=maria, words="Gone.", **report))
        tallies.add(session, {(maria, "found"): 41, (maria, "opened"): 7}, NOW.date())
        factories.listing(session, name="Maria Lopez", slug="maria-again")

    page = words(client.get(f"/admin/listings/{maria}"))

    for told in (
        *("Maria Lopez", f"kept by {OWNER}", "12 Invented Street", "Moved, Nov 2, 2026"),
        *("Their listing is public", "41", "7", "May be the same person"),
    ):
        assert told in page


@pytest.mark.parametrize("state", [one for one in State if one is not State.ERASED])
def test_a_listing_has_its_page_in_every_state(client, runtime, maria, reviewer, state):
    with runtime.transaction() as session:
        session.get(writing.Listing, maria).state = state

    assert client.get(f"/admin/listings/{maria}").status_code == 200


def test_one_that_was_never_sent_in_has_a_page_and_says_nothing_of_what_is_written(
    client, runtime, reviewer
):
    with runtime.transaction() as session:
        by = factories.actor(factories.account(session, OWNER))
        mine = writing.begin(session, by=by, at=NOW)
        writing.working_copy(session, mine, NOW).content = factories.draft(name="Still Secret")
        number = mine.id

    answer = client.get(f"/admin/listings/{number}")

    assert "Still Secret" not in answer.text
    assert "Nothing was sent in yet." in words(answer)


def test_an_erased_listing_has_no_page(client, runtime, maria, reviewer):
    with runtime.transaction() as session:
        session.get(writing.Listing, maria).state = State.ERASED

    assert client.get(f"/admin/listings/{maria}").status_code == 404


def test_no_mail_shows_what_opens_a_door_nor_whose_mailbox_a_reporter_has(
    client, runtime, maria, reviewer
):
    with runtime.transaction() as session:
        about = {"at": NOW, "listing_id": maria}
        outbox.send(session, "claim-code", OWNER, event="b", code="1234 5678", **about)
        outbox.send(
            session, "report-answered", "reporter@home.example", event="c", answer="x", **about
        )
        outbox.send(session, "listing-hidden", OWNER, event="d", reason="A concern.", **about)
        for row in session.scalars(select(OutgoingMail)):
            row.dead_at, row.error = NOW, f"The mail server answered 550: no {row.recipient} here"

    answer = client.get(f"/admin/listings/{maria}")

    assert "1234 5678" not in answer.text
    assert "reporter@home.example" not in answer.text
    assert "A concern." in words(answer)
    assert f"550: no {OWNER} here" in words(answer)


def test_a_note_stands_there_once_and_only_its_writer_takes_it_back(
    app, client, runtime, maria, reviewer
):
    for _ in range(2):
        sent = client.post(f"/admin/listings/{maria}/notes", data={"words": "Called on Monday."})
        assert sent.status_code == 303
    other = app.test_client()
    sign_in_admin(other)

    assert words(client.get(f"/admin/listings/{maria}")).count("Called on Monday.") == 2  # + label
    assert other.post("/admin/listings/notes/1/remove").status_code == 404
    assert client.post("/admin/listings/notes/1/remove").status_code == 303
    assert "Called on Monday." not in words(client.get(f"/admin/listings/{maria}"))
    with runtime.reading() as session:
        trail = session.execute(select(AuditEvent.action, AuditEvent.detail)).all()
    assert [action for action, _ in trail] == ["note written", "note taken back"]
    assert "Called" not in str(trail)


@pytest.mark.parametrize("typed", ["", " \n ", "x" * 2001])
def test_a_note_without_words_or_with_too_many_is_kept_in_its_box(client, maria, reviewer, typed):
    answer = client.post(f"/admin/listings/{maria}/notes", data={"words": typed})

    assert answer.status_code == 422
    assert typed.strip() in answer.text
    assert "Error:" in answer.text


def test_a_message_goes_to_the_owner_once_and_its_words_stay_among_the_notes(
    client, runtime, maria, reviewer
):
    form = {"subject": "Your  training", "message": "Which course was it?"}
    for _ in range(2):
        assert client.post(f"/admin/listings/{maria}/message", data=form).status_code == 303

    (mail,) = mails_to(runtime, OWNER)
    assert (mail.kind, mail.values["subject"]) == ("message", "Your training")
    assert mail.values["words"] == "Which course was it?"
    with runtime.transaction() as session:
        session.get(OutgoingMail, mail.id).values = {}
    assert "Which course was it?" in words(client.get(f"/admin/listings/{maria}"))
    assert client.post("/admin/listings/notes/1/remove").status_code == 404


def test_ready_made_words_stand_in_the_boxes_to_be_changed(client, maria, reviewer):
    page = client.get(f"/admin/listings/{maria}?canned=twice").text

    assert 'value="You seem to be listed twice"' in page
    assert "There are two listings that may both be yours." in page
    assert client.get(f"/admin/listings/{maria}?canned=made-up").status_code == 200


def test_nobody_is_written_to_who_is_not_there_to_get_it(client, runtime, maria, nobodys, reviewer):
    with runtime.transaction() as session:
        session.get(factories.Account, 1).active = False

    for number in (maria, nobodys):
        page = client.get(f"/admin/listings/{number}").text
        form = {"subject": "Hello", "message": "Are you there?"}
        assert "Send the message" not in page
        assert client.post(f"/admin/listings/{number}/message", data=form).status_code == 409
    with runtime.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []


def test_nobody_gets_more_than_five_messages_a_day(client, runtime, maria, reviewer):
    for number in range(6):
        form = {"subject": f"Number {number}", "message": "Words."}
        last = client.post(f"/admin/listings/{maria}/message", data=form)

    assert last.status_code == 409
    assert "Number 5" in last.text
    runtime.clock = lambda: NOW + timedelta(days=1, seconds=1)
    assert client.post(f"/admin/listings/{maria}/message", data=form).status_code == 303


def test_nobody_is_asked_or_promised_a_mail_who_is_not_there(client, runtime, reviewer):
    told = {}
    with runtime.transaction() as session:
        owner = factories.account(session, OWNER)
        for name, whose in (("Kept Somehow", owner.id), ("Nobody Keeps", None)):
            told[stories.edited(session, name, owner_id=whose, about="New.").id] = bool(whose)

    for number, heard in told.items():
        page = words(client.get(f"/admin/review/{number}"))
        assert ("Ask for changes" in page, "They get one mail" in page) == (heard, heard)
        assert ("reads this in one mail" in words(client.get(f"/admin/hide/{number}"))) is heard
