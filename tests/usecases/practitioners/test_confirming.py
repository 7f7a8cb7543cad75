"""The whole ladder under a fixed clock: 179 to 365 days, and the tap that ends it."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.errors import Conflict, NotFound
from directory.models import AuditEvent, IndexChange, OutgoingMail, State, WorkingCopy
from directory.usecases.curation import hiding
from directory.usecases.practitioners import confirmation_mail, confirming, writing
from directory.usecases.practitioners.confirmation_mail import Overdue, Void
from directory.usecases.practitioners.confirming import Tap
from tests import factories
from tests.factories import NOW

KEY = "only-for-tests-only-for-tests"


def after(days):
    return NOW + timedelta(days=days)


def remind(session, days):
    return confirming.remind(session, at=after(days), base_url="https://cst.example", key=KEY)


def mails(session):
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def kinds(session):
    return [mail.kind for mail in mails(session)]


def token(session):
    return mails(session)[-1].values["link"].rpartition("/")[2]


def asked(session, days):
    return confirming.asked(session, token(session), key=KEY, at=after(days))


def answer(session, given, days, link=""):
    confirming.answer(session, link or token(session), given, key=KEY, at=after(days))
    session.flush()


def deeds(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def changes(session):
    return session.query(IndexChange).count()


@pytest.fixture
def owner(session):
    return factories.account(session)


@pytest.fixture
def kept(session, owner):
    """A live listing that its owner confirmed at NOW."""
    return factories.listing(session, owner_id=owner.id)


def test_each_rung_of_the_ladder_is_mailed_once(session, kept):
    told = {}
    for days in (0, 82, 179, 180, 181, 269, 270, 349, 350, 364, 365, 366, 800):
        remind(session, days)
        remind(session, days)
        told[days] = kinds(session)
        told[days] = told[days][len(told.get("before", [])) :]
        told["before"] = kinds(session)

    assert {days: new for days, new in told.items() if new and days != "before"} == {
        180: ["still-right"],
        270: ["still-right-lower"],
        350: ["still-right-last"],
        365: ["hidden-for-age"],
    }
    assert {mail.recipient for mail in mails(session)} == {"rowan@practice.example"}
    assert {mail.listing_id for mail in mails(session)} == {kept.id}


@pytest.mark.parametrize(
    ("days", "kind"),
    [(200, "still-right"), (349, "still-right-lower"), (360, "still-right-last")],
)
def test_a_worker_that_was_away_sends_the_newest_rung_alone(session, kept, days, kind):
    remind(session, days)

    assert kinds(session) == [kind]


def test_the_mail_says_in_words_what_will_happen_when(session, kept):
    remind(session, 180)

    values = mails(session)[0].values
    assert values["name"] == "Rowan Testerly, LMT"
    assert values["confirmed_on"] == "November 2, 2026"
    assert (values["lower_on"], values["hidden_on"]) == ("July 30, 2027", "November 2, 2027")
    assert values["link"].startswith("https://cst.example/still-right/")


def test_a_listing_that_leaves_sight_for_its_age_is_noted_once(session, kept):
    for days in (365, 366, 400):
        remind(session, days)

    assert not kept.shown(after(365).date())
    assert deeds(session).count("hidden for age") == 1
    assert kinds(session) == ["hidden-for-age"]


def test_nobody_hears_the_same_twice_when_old_mail_was_thrown_away(session, kept):
    for days in (180, 240, 365, 900):
        remind(session, days)
        for mail in mails(session):
            session.delete(mail)
        session.flush()

    assert deeds(session) == ["reminded", "hidden for age"]


@pytest.mark.parametrize(
    "changes",
    [
        {"is_demo": True},
        {"state": State.PAUSED},
        {"state": State.HIDDEN},
        {},  # nobody keeps it, and it was not imported
        {"import_key": "roster 1", "email": ""},
    ],
)
def test_nobody_is_written_to_about(session, changes):
    factories.listing(session, **changes)

    assert remind(session, 200) == 0


def test_an_imported_listing_that_nobody_keeps_is_asked_about_at_its_own_address(session):
    factories.listing(session, import_key="roster 1", email="desk@clinic.example")

    remind(session, 180)

    assert [mail.recipient for mail in mails(session)] == ["desk@clinic.example"]


def test_an_account_that_was_closed_gets_no_mail(session, owner, kept):
    owner.active = False

    assert remind(session, 200) == 0


def test_what_was_said_of_new_clients_is_asked_again_after_83_days(session, owner):
    factories.listing(session, owner_id=owner.id, accepting=True)

    assert [remind(session, days) for days in (82, 83, 84, 120)] == [0, 1, 0, 0]
    assert kinds(session) == ["accepting-lapsed"]
    assert mails(session)[0].values["accepting_until"] == "January 31, 2027"


def test_many_listings_are_taken_in_batches(session, owner, monkeypatch):
    monkeypatch.setattr(confirming, "BATCH", 2)
    for number in range(5):
        factories.listing(session, slug=f"number-{number}", owner_id=owner.id)

    some = confirming.remind(session, at=after(180), base_url="", key=KEY, most=3)

    assert some == 2  # one batch
    assert remind(session, 180) == 2
    assert remind(session, 180) == 1
    assert remind(session, 180) == 0


def test_one_tap_confirms_and_begins_the_ladder_anew(session, kept):
    remind(session, 180)
    before = changes(session)

    answer(session, Tap.RIGHT, 181)
    remind(session, 360)

    assert kept.confirmed_on == after(181).date()
    assert changes(session) == before + 1
    assert kinds(session) == ["still-right"]
    assert asked(session, 182).answered


def test_tapping_twice_has_one_effect(session, kept):
    remind(session, 180)
    for days in (180, 181, 181, 182):
        answer(session, Tap.RIGHT, days)

    assert kept.confirmed_on == after(180).date()
    assert deeds(session).count("confirmed") == 1


def test_an_old_mail_s_link_is_overtaken_by_a_newer_answer(session, owner, kept):
    remind(session, 180)
    confirming.confirm(session, kept.id, by=factories.actor(owner), at=after(190))

    answer(session, Tap.PAUSE, 191)

    assert kept.state is State.LIVE
    assert asked(session, 191).answered


def test_one_tap_brings_back_what_was_too_old_to_be_shown(session, kept):
    remind(session, 365)
    assert not asked(session, 370).shown

    answer(session, Tap.RIGHT, 370)

    assert kept.shown(after(370).date())
    assert asked(session, 370).shown


def test_a_tap_says_that_there_is_no_room_and_keeps_all_else(session, owner):
    listing = factories.listing(session, owner_id=owner.id, accepting=True)
    remind(session, 83)

    answer(session, Tap.NOT_TAKING, 84)

    assert listing.live.content == factories.draft(accepting=False)
    assert listing.accepting(after(84).date()) is False
    assert listing.live.places[0].locality == "Boulder"


def test_what_waits_and_what_is_being_written_does_not_undo_the_answer(session, owner):
    listing = factories.listing(session, owner_id=owner.id, accepting=True)
    waits = listing.propose(factories.draft(name="Rowan Newname", accepting=True), at=after(1))
    session.add(
        WorkingCopy(listing_id=listing.id, content=waits.content, typed={}, saved_at=after(1))
    )
    remind(session, 83)

    answer(session, Tap.NOT_TAKING, 84)

    assert listing.pending.content == replace(waits.content, accepting=False)
    assert listing.pending.created_at == after(1)
    copy = session.get(WorkingCopy, listing.id)
    assert (copy.content.accepting, copy.version) == (False, 2)


def by_mail(session, owner, listing):
    answer(session, Tap.PAUSE, 181)


def by_page(session, owner, listing):
    writing.pause(session, listing.id, by=factories.actor(owner), at=after(181))


@pytest.mark.parametrize("pause", [by_mail, by_page])
def test_a_link_never_ends_a_pause_that_the_owner_made_on_purpose(session, owner, kept, pause):
    remind(session, 180)

    pause(session, owner, kept)
    paused = asked(session, 181)
    for given in Tap:  # a page that stood open
        answer(session, given, 182)

    assert (paused.paused, paused.on_purpose, paused.answered) == (True, True, False)
    assert (kept.state, kept.confirmed_on) == (State.PAUSED, NOW.date())
    assert deeds(session)[-1] == "paused"


def test_a_link_ends_a_pause_that_a_question_asked_once(session, owner, kept):
    how = {"by": "visitors' reports", "at": after(10), "base_url": "", "key": KEY}
    hiding.question(session, kept, **how)

    before = asked(session, 11)
    for given in (Tap.RESUME, Tap.PAUSE, Tap.RESUME):
        answer(session, given, 11)

    assert (before.paused, before.on_purpose) == (True, False)
    assert (kept.state, kept.confirmed_on) == (State.LIVE, after(11).date())
    assert deeds(session) == ["paused to ask", "resumed"]


def test_whoever_has_no_account_to_sign_in_to_takes_a_pause_back_by_the_same_mail(session):
    listing = factories.listing(session, import_key="roster 1")
    remind(session, 180)

    answer(session, Tap.PAUSE, 181)
    paused = asked(session, 181)
    answer(session, Tap.RESUME, 182)

    assert (paused.paused, paused.on_purpose) == (True, False)
    assert (listing.state, listing.confirmed_on) == (State.LIVE, after(182).date())


def another_address(session, owner, listing):
    owner.email = "new@owner.example"


def another_owner(session, owner, listing):
    listing.owner_id = factories.account(session, "new@owner.example").id


def another_owner_with_that_address(session, owner, listing):
    owner.email, address = "old@owner.example", owner.email
    session.flush()
    listing.owner_id = factories.account(session, address).id


def nobody(session, owner, listing):
    listing.owner_id, listing.import_key = None, "roster 1"


def disabled(session, owner, listing):
    owner.active = False


@pytest.mark.parametrize(
    "moved_on",
    [another_address, another_owner, another_owner_with_that_address, nobody, disabled],
)
def test_a_link_is_void_once_its_mailbox_is_not_the_owner_s(session, owner, kept, moved_on):
    remind(session, 180)
    moved_on(session, owner, kept)
    session.flush()

    with pytest.raises(Void):
        asked(session, 181)
    for given in Tap:
        with pytest.raises(Void):
            answer(session, given, 181)
    assert (kept.state, kept.confirmed_on) == (State.LIVE, NOW.date())


def test_the_same_address_in_other_letters_is_the_same_mailbox(session, owner, kept):
    remind(session, 180)
    owner.email = owner.email.title()
    session.flush()

    assert not asked(session, 181).answered


def test_a_link_tells_nobody_the_address_it_was_sent_to(session, owner, kept):
    remind(session, 180)
    body = token(session).split(".")[0]

    assert owner.email.encode() not in base64.urlsafe_b64decode(body + "==")
    assert confirmation_mail.digest(owner.email, key="another key") not in body


def test_a_link_works_for_sixty_days(session, kept):
    remind(session, 180)

    assert not asked(session, 240).answered
    with pytest.raises(Overdue) as late:
        asked(session, 241)
    with pytest.raises(Overdue):
        answer(session, Tap.RIGHT, 241)
    assert late.value.listing_id == kept.id


def test_only_what_we_signed_is_read(session, kept):
    remind(session, 180)
    question = confirmation_mail.Question(kept.id, kept.confirmed_on, kept.owner_id, "")
    elsewhere = confirmation_mail.sign(question, key="another key of sixteen", at=after(180))
    altered = token(session)[:-2] + "AA"

    for wrong in ("", "x", "x.y.z", elsewhere, altered, token(session) + "A"):
        with pytest.raises(NotFound):
            confirming.asked(session, wrong, key=KEY, at=after(180))


@pytest.mark.parametrize("state", [State.DRAFT, State.HIDDEN, State.ERASED])
def test_a_link_to_what_is_not_public_any_more_asks_nothing(session, kept, state):
    remind(session, 180)
    kept.state = state
    session.flush()

    with pytest.raises(NotFound):
        answer(session, Tap.RIGHT, 181)


def test_the_link_tells_no_hidden_address(session, owner):
    home = replace(factories.BOULDER, hide_address=True)
    factories.listing(session, owner_id=owner.id, practices=(home,))
    remind(session, 180)

    shown = asked(session, 180).content.practices[0]

    assert (shown.address, shown.postcode, shown.lat) == ("", "", 40.02)


def test_its_keeper_confirms_on_the_site_too(session, owner, kept):
    by = factories.actor(owner)

    confirming.confirm(session, kept.id, by=by, at=after(100))
    confirming.confirm(session, kept.id, by=by, at=after(100))
    confirming.confirm(session, kept.id, by=by, at=after(100), accepting=True)
    session.flush()

    assert kept.accepting(after(100).date()) is True
    assert deeds(session) == ["confirmed", "confirmed"]


def test_nobody_confirms_another_s_listing_nor_one_that_is_not_public(session, owner, kept):
    stranger = factories.account(session, "someone@else.example")

    with pytest.raises(NotFound):
        confirming.confirm(session, kept.id, by=factories.actor(stranger), at=after(1))
    kept.pause()
    session.flush()
    with pytest.raises(Conflict):
        confirming.confirm(session, kept.id, by=factories.actor(owner), at=after(1))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_back_again_is_said_by_those_who_paused_alone(session, kept, database_url):
    remind(session, 180)
    before = changes(session)

    answer(session, Tap.RESUME, 181)

    assert (kept.state, kept.confirmed_on) == (State.LIVE, NOW.date())
    assert changes(session) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pausing_twice_by_mail_is_pausing_once(session, kept, database_url):
    remind(session, 180)

    for _ in range(2):
        answer(session, Tap.PAUSE, 181)

    assert kept.state is State.PAUSED
    assert deeds(session).count("paused") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_link_to_what_was_taken_down_asks_nothing(session, kept, database_url):
    remind(session, 180)
    kept.live = None
    session.flush()

    with pytest.raises(NotFound):
        asked(session, 181)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_kept", [True, False])
def test_the_question_says_how_the_listing_stands(session, owner, is_kept, database_url):
    made = factories.listing(
        session, owner_id=owner.id if is_kept else None, import_key=None if is_kept else "roster 1"
    )
    remind(session, 180)

    found = asked(session, 181)

    assert (found.listing_id, found.slug) == (made.id, "rowan-testerly")
    assert (found.owned, found.shown, found.paused, found.answered) == (is_kept, True, False, False)
    assert (found.content, found.confirmed_on) == (factories.draft(), NOW.date())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_is_asked_about_what_is_new(session, owner, database_url):
    factories.listing(session, slug="new", owner_id=owner.id, on=after(179).date(), accepting=True)
    factories.listing(session, slug="silent", owner_id=owner.id, on=after(1).date())

    assert remind(session, 180) == 0
    assert deeds(session) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_as_before_confirms_and_another_one_is_a_new_version(
    session, owner, database_url
):
    listing = factories.listing(session, owner_id=owner.id, accepting=True)
    by, first = factories.actor(owner), listing.live

    confirming.confirm(session, listing.id, by=by, at=after(5), accepting=True)
    same = listing.live
    confirming.confirm(session, listing.id, by=by, at=after(5), accepting=False)

    assert same is first
    assert listing.live is not first
    assert (listing.confirmed_on, listing.accepting_stated_on) == (after(5).date(),) * 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_waits_and_says_the_same_already_is_left_alone(session, owner, database_url):
    listing = factories.listing(session, owner_id=owner.id, accepting=True)
    waits = listing.propose(factories.draft(name="Rowan Newname", accepting=False), at=after(1))
    session.add(
        WorkingCopy(listing_id=listing.id, content=waits.content, typed={}, saved_at=after(1))
    )
    remind(session, 83)

    answer(session, Tap.NOT_TAKING, 84)

    copy = session.get(WorkingCopy, listing.id)
    assert listing.pending is waits
    assert (copy.version, copy.saved_at) == (1, after(1))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_link_answers_for_its_own_listing_and_in_its_keeper_s_name(session, owner, database_url):
    first = factories.listing(session, slug="first", owner_id=owner.id, on=after(100).date())
    second = factories.listing(session, slug="second", import_key="roster 1")
    third = factories.listing(session, slug="third", owner_id=owner.id)
    remind(session, 180)
    links = {mail.listing_id: mail.values["link"].rpartition("/")[2] for mail in mails(session)}

    for made in (third, second):
        answer(session, Tap.RIGHT, 181, links[made.id])

    days = [made.confirmed_on for made in (first, second, third)]
    assert days == [after(100).date(), after(181).date(), after(181).date()]
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "confirmed"))
    assert {event.listing_id: event.actor for event in events} == {
        second.id: "the listed address",
        third.id: f"account {owner.id}",
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_is_asked_about_what_was_taken_down(session, kept, database_url):
    kept.live = None
    session.flush()

    assert remind(session, 200) == 0
    assert mails(session) == []
