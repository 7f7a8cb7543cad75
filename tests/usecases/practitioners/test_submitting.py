"""From written to public: the whole way of a listing, by use-cases, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.db import writing
from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    Actor,
    AuditEvent,
    Decision,
    IndexChange,
    OutgoingMail,
    Revision,
    Role,
    State,
    Waiting,
    WorkingCopy,
)
from directory.usecases.listings import fields as wordings
from directory.usecases.moderation import deciding
from directory.usecases.practitioners import consenting, submitting
from directory.usecases.practitioners import writing as practitioners
from tests import factories, stories
from tests.factories import NOW

DAY = timedelta(days=1)


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session))


@pytest.fixture
def admin(session):
    made = factories.account(session, email="admin@directory.example", role=Role.ADMIN)
    return factories.actor(made)


def told(session):
    session.flush()
    return session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)).all()


def index_changes(session):
    session.flush()
    return session.scalar(select(func.count()).select_from(IndexChange))


def verbs(session, listing):
    session.flush()
    events = select(AuditEvent.action).where(AuditEvent.listing_id == listing.id)
    return session.scalars(events.order_by(AuditEvent.id)).all()


def test_beginning_twice_makes_one_listing(session, owner):
    first = practitioners.begin(session, by=owner, at=NOW)

    again = practitioners.begin(session, by=owner, at=NOW)

    assert again is first
    assert first.slug.startswith("new-")


def test_the_first_time_it_waits_and_nothing_is_public(session, owner):
    listing = stories.written(session, owner)

    done = stories.send(session, listing, owner)

    assert done.at_once == ()
    assert {"name", "professions", "practices"} <= set(done.waiting)
    assert (listing.state, listing.live) == (State.DRAFT, None)
    assert listing.slug == "rowan-testerly-boulder"
    assert told(session) == ["submitted"]
    assert index_changes(session) == 0


def test_approving_makes_it_public_and_tells_the_owner_and_the_index(session, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)

    stories.decide(session, "approve", listing, admin)

    assert listing.state is State.LIVE
    assert listing.live.content.name == "Rowan Testerly"
    assert listing.confirmed_on == (NOW + DAY).date()
    assert told(session) == ["submitted", "approved"]
    assert index_changes(session) == 1
    assert verbs(session, listing)[-1] == "approved"


def test_a_risky_edit_waits_while_what_is_live_stays(session, owner, admin):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, name="Rowan Changed")

    done = stories.send(session, listing, owner, at=NOW + 2 * DAY)

    assert (done.at_once, done.waiting) == ((), ("name",))
    assert listing.live.content.name == "Rowan Testerly"
    assert listing.pending.content.name == "Rowan Changed"


def test_a_new_telephone_number_is_public_at_once_and_the_rest_keeps_its_place(
    session, owner, admin
):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, about="New words.")
    stories.send(session, listing, owner, at=NOW + 2 * DAY)
    stories.write(session, listing.id, owner, phone="+1 303 555 0142")

    done = stories.send(session, listing, owner, at=NOW + 3 * DAY)

    assert (done.at_once, done.waiting) == (("phone",), ("about",))
    assert listing.live.content.phone == "+1 303 555 0142"
    assert listing.live.content.about == factories.draft().about
    assert listing.pending.content.about == "New words."
    assert listing.pending.content.phone == "+1 303 555 0142"
    assert listing.pending.created_at == NOW + 2 * DAY
    assert told(session)[-2:] == ["submitted", "published-at-once"]
    assert verbs(session, listing).count("submitted") == 2


def test_fees_that_promise_wait_though_fees_are_low_risk(session, owner, admin):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, fees="I cure colic for 80.", phone="+1 303 555 0142")

    done = stories.send(session, listing, owner)

    assert (done.at_once, done.waiting) == (("phone",), ("fees",))


def test_nothing_of_an_unconfirmed_account_is_public_at_once(session, owner, admin):
    listing = stories.live(session, owner, admin)
    listing.owner_id = factories.account(session, email="new@x.example", confirmed_at=None).id
    new = Actor(listing.owner_id)
    stories.write(session, listing.id, new, phone="+1 303 555 0142")

    done = stories.send(session, listing, new)

    assert (done.at_once, done.waiting) == ((), ("phone",))


def test_sent_back_it_can_be_mended_and_sent_again(session, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)
    returned = listing.pending

    stories.decide(
        session, "send_back", listing, admin, {"about": "Please say no more than you can."}
    )
    session.flush()
    mail = session.scalar(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1))
    stories.write(session, listing.id, owner, about="Fewer words.")
    stories.send(session, listing, owner, at=NOW + 2 * DAY)

    assert returned.decision is Decision.RETURNED
    assert returned.notes == {"about": "Please say no more than you can."}
    assert (mail.kind, mail.recipient) == ("changes-asked", "rowan@practice.example")
    assert mail.values["notes"] == "About you: Please say no more than you can."
    assert listing.pending.content.about == "Fewer words."


def test_rejected_it_stays_out_of_sight_with_the_reason(session, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)
    refused = listing.pending

    stories.decide(session, "reject", listing, admin, {"whole": "This is no practitioner."})

    assert (refused.decision, listing.pending, listing.live) == (Decision.REJECTED, None, None)
    assert told(session)[-1] == "rejected"


def test_an_admin_says_what_to_change_of_a_field_that_there_is(session, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)

    for notes in ({}, {"about": " "}, {"owner_id": "x"}, {"about": "x" * 1001}):
        with pytest.raises(Invalid):
            stories.decide(session, "send_back", listing, admin, notes)

    assert listing.pending is not None


def test_taken_back_everything_is_still_there(session, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)
    waited = listing.pending

    practitioners.withdraw(session, listing.id, by=owner, at=NOW)

    now = practitioners.current(session, listing.id, by=owner, at=NOW)
    assert (waited.decision, listing.pending) == (Decision.WITHDRAWN, None)
    assert now.content == factories.draft()
    with pytest.raises(Conflict):
        deciding.approve(session, listing.id, waited.id, by=admin, at=NOW, listing_url=stories.URL)


def test_what_is_as_it_was_again_waits_no_more(session, owner, admin):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, name="Rowan Changed")
    stories.send(session, listing, owner)
    stories.write(session, listing.id, owner, name="Rowan Testerly")

    done = stories.send(session, listing, owner)

    assert (done.at_once, done.waiting, listing.pending) == ((), (), None)


def test_pausing_and_resuming_has_one_effect_each(session, owner, admin):
    listing = stories.live(session, owner, admin)
    before = index_changes(session)

    for step in (practitioners.pause, practitioners.pause):
        step(session, listing.id, by=owner, at=NOW)
    paused = listing.state
    for step in (practitioners.resume, practitioners.resume):
        step(session, listing.id, by=owner, at=NOW + 9 * DAY)

    assert (paused, listing.state) == (State.PAUSED, State.LIVE)
    assert listing.confirmed_on == (NOW + 9 * DAY).date()
    assert verbs(session, listing)[-2:] == ["paused", "resumed"]
    assert index_changes(session) == before + 2


@pytest.mark.parametrize("state", [State.PAUSED, State.HIDDEN])
def test_approval_brings_nobody_back_who_was_paused_or_hidden(session, owner, admin, state):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, name="Rowan Changed")
    stories.send(session, listing, owner)
    listing.state = state
    before = index_changes(session)

    stories.decide(session, "approve", listing, admin)

    assert listing.state is state
    assert listing.live.content.name == "Rowan Changed"
    assert index_changes(session) == before


def test_of_a_hidden_listing_nothing_is_public_at_once(session, owner, admin):
    listing = stories.live(session, owner, admin)
    listing.state = State.HIDDEN
    stories.write(session, listing.id, owner, phone="+1 303 555 0142")

    done = stories.send(session, listing, owner)

    assert (done.at_once, done.waiting) == ((), ("phone",))
    assert listing.live.content.phone == ""


def test_sent_twice_it_has_one_effect(session, owner, admin):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, name="Rowan Changed", phone="+1 303 555 0142")
    version = practitioners.current(session, listing.id, by=owner, at=NOW).version
    known = {"version": version, "agreed": (), "listing_url": stories.URL, "by": owner, "at": NOW}

    submitting.submit(session, listing.id, **known)
    first = (verbs(session, listing), told(session), index_changes(session), listing.pending.id)
    submitting.submit(session, listing.id, **known)

    assert first == (
        verbs(session, listing),
        told(session),
        index_changes(session),
        listing.pending.id,
    )


def test_what_was_changed_since_it_was_read_is_not_sent(session, owner):
    listing = stories.written(session, owner)
    seen = practitioners.current(session, listing.id, by=owner, at=NOW).version
    stories.write(session, listing.id, owner, name="Rowan Changed")

    with pytest.raises(Conflict):
        submitting.submit(
            session,
            listing.id,
            version=seen,
            agreed=consenting.GROUPS,
            listing_url=stories.URL,
            by=owner,
            at=NOW,
        )

    assert listing.pending is None


def test_what_lacks_is_named_all_at_once(session, owner):
    listing = practitioners.begin(session, by=owner, at=NOW)
    stories.write(session, listing.id, owner, name="Rowan Testerly")
    unfinished = {"phone": ["555 what?"]}
    practitioners.keep_typed(session, listing.id, "contact", unfinished, by=owner, at=NOW)

    with pytest.raises(Invalid) as refused:
        stories.send(session, listing, owner, agreed=())

    expected = {"professions", "practices", "phone", "contact", "agree-identity"}
    assert set(refused.value.fields) == expected


def test_without_leave_nothing_is_sent_and_nothing_approved(session, owner, admin):
    listing = stories.written(session, owner)
    with pytest.raises(Invalid) as refused:
        stories.send(session, listing, owner, agreed=["identity", "work", "places", "words"])
    # Brought in from a list, then claimed: it waits, and nobody agreed to anything.
    listing.propose(factories.draft(), at=NOW)
    for consent in session.scalars(select(consenting.Consent)):
        session.delete(consent)
    session.flush()

    assert list(refused.value.fields) == ["agree-contact"]
    with pytest.raises(Conflict):
        stories.decide(session, "approve", listing, admin)
    assert listing.live is None


def test_leave_given_for_what_waits_already_lets_an_admin_approve_it(session, owner, admin):
    listing = practitioners.begin(session, by=owner, at=NOW)
    session.delete(session.get(WorkingCopy, listing.id))
    waits = listing.propose(factories.draft(), at=NOW)
    session.flush()

    stories.send(session, listing, owner, at=NOW + DAY)
    stories.decide(session, "approve", listing, admin)

    assert listing.live is waits


def test_nobody_decides_or_sends_for_another(session, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)
    other = factories.actor(factories.account(session, email="other@x.example"))
    version = practitioners.current(session, listing.id, by=owner, at=NOW).version

    for who in (owner, other):
        with pytest.raises(NotFound):
            stories.decide(session, "approve", listing, who)
        with pytest.raises(NotFound):
            stories.decide(session, "send_back", listing, who, {"about": "no"})
    with pytest.raises(NotFound):
        submitting.submit(
            session,
            listing.id,
            version=version,
            agreed=(),
            listing_url=stories.URL,
            by=other,
            at=NOW,
        )
    for step in (practitioners.withdraw, practitioners.pause, practitioners.start_over):
        with pytest.raises(NotFound):
            step(session, listing.id, by=other, at=NOW)

    assert listing.pending is not None


def test_starting_over_gives_back_what_is_public(session, owner, admin):
    listing = stories.live(session, owner, admin)
    stories.write(session, listing.id, owner, name="Rowan Changed", phone="1")

    practitioners.start_over(session, listing.id, by=owner, at=NOW)

    now = practitioners.current(session, listing.id, by=owner, at=NOW)
    assert now.content == listing.live.content
    assert practitioners.unsent(listing, now.content) == ()


def test_of_twenty_approvals_at_the_same_time_one_counts(session, engine, owner, admin):
    listing = stories.written(session, owner)
    stories.send(session, listing, owner)
    session.commit()
    listing_id, revision_id = listing.id, listing.pending.id
    session.commit()

    def approve(_):
        with suppress(Conflict), writing(engine) as mine:
            deciding.approve(
                mine, listing_id, revision_id, by=admin, at=NOW, listing_url=stories.URL
            )

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(approve, range(20)))

    session.expire_all()
    assert listing.state is State.LIVE
    assert told(session).count("approved") == 1
    assert verbs(session, listing).count("approved") == 1
    assert index_changes(session) == 1


def test_of_eight_sendings_at_the_same_time_one_counts(session, engine, owner):
    listing = stories.written(session, owner)
    version = practitioners.current(session, listing.id, by=owner, at=NOW).version
    listing_id = listing.id
    session.commit()

    def submit(_):
        with writing(engine) as mine:
            submitting.submit(
                mine,
                listing_id,
                version=version,
                agreed=consenting.GROUPS,
                listing_url=stories.URL,
                by=owner,
                at=NOW,
            )

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(submit, range(8)))

    session.expire_all()
    assert told(session) == ["submitted"]
    assert verbs(session, listing) == ["begun", "agreed", "submitted"]
    assert session.scalar(select(func.count()).select_from(Revision)) == 1


def test_what_nobody_can_find_or_reach_is_lacking_something():
    nowhere = replace(factories.BOULDER, lat=None, lon=None, precision="")

    assert submitting.lacking(wordings.NOTHING_YET).keys() == {
        "name",
        "professions",
        "practices",
        "phone",
    }
    assert set(submitting.lacking(factories.draft(practices=(nowhere,)))) == {"practices"}
    assert submitting.lacking(factories.draft()) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_sent_in_stands_in_the_queue(session, owner, admin, database_url):
    listing = stories.written(session, owner)

    stories.send(session, listing, owner)

    session.flush()
    assert session.get(Waiting, listing.id).revision_id == listing.pending.id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_whoever_sends_what_is_public_as_it_is_confirms_it(
    session, owner, admin, database_url
):
    listing = stories.live(session, owner, admin)
    approved_on, before = listing.confirmed_on, index_changes(session)
    stories.write(session, listing.id, owner, name="Rowan Changed")
    stories.send(session, listing, owner, at=NOW + 5 * DAY)
    after_a_change = listing.confirmed_on
    stories.write(session, listing.id, owner, name="Rowan Testerly")

    for days in (6, 6, 7):
        stories.send(session, listing, owner, at=NOW + days * DAY)

    assert after_a_change == approved_on
    assert listing.confirmed_on == (NOW + 7 * DAY).date()
    assert index_changes(session) == before + 2
    assert verbs(session, listing)[-3:] == ["confirmed", "withdrawn", "confirmed"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_public_at_once_leaves_the_address_alone(session, owner, admin, database_url):
    listing = stories.live(session, owner, admin, name="New Testerly")
    stories.write(session, listing.id, owner, phone="+1 303 555 0142")

    stories.send(session, listing, owner, at=NOW + 2 * DAY)

    assert listing.slug == "new-testerly-boulder"


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"name": ""}, {"name"}),
        ({"professions": ()}, {"professions"}),
        ({"practices": ()}, {"practices"}),
        ({"email": ""}, {"phone"}),
        ({"email": "", "phone": "1"}, set()),
        ({"email": "", "website": "https://rowan.example"}, set()),
    ],
)
def test_each_thing_that_lacks_is_named_by_itself(changes, lacks):
    assert submitting.lacking(factories.draft(**changes)).keys() == lacks
