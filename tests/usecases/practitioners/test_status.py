"""How a listing stands: its steps, its state, what admins asked for, what happened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.models import Delegate, Draft, Role, WorkingCopy
from directory.policies import Policies
from directory.usecases.listings import fields as wordings
from directory.usecases.practitioners import status, writing
from directory.usecases.practitioners.status import Progress, Stands
from tests import factories, stories
from tests.factories import NOW

POLICIES = Policies()
HOUR = timedelta(hours=1)


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session))


@pytest.fixture
def admin(session):
    made = factories.account(session, email="admin@x.example", role=Role.ADMIN)
    return factories.actor(made)


def begun(session, owner, content=None, typed=None):
    listing = writing.begin(session, by=owner, at=NOW)
    copy = session.get(WorkingCopy, listing.id)
    copy.content = content or factories.draft()
    copy.typed = typed or {}
    session.flush()
    return listing


def stands(session, listing, owner, at=NOW):
    session.flush()
    return status.of(session, listing.id, POLICIES, by=owner, at=at)


def progress(it):
    return {step.page: step.progress.value for step in it.steps}


def test_of_an_empty_listing_everything_is_to_do(session, owner):
    listing = writing.begin(session, by=owner, at=NOW)

    it = stands(session, listing, owner)

    assert set(progress(it).values()) == {"to do"}
    assert [step.page for step in it.steps if step.needed] == ["you", "work", "places", "contact"]
    assert (it.stands, it.ready, it.untouched, it.done) == (Stands.DRAFT, False, True, 0)


def test_a_step_is_done_when_it_says_what_it_is_there_for(session, owner):
    nowhere = replace(factories.BOULDER, lat=None, lon=None, precision="")
    content = factories.draft(practices=(nowhere,), professions=(), accepting=False)
    listing = begun(session, owner, content, typed={"contact": {"phone": ["?"]}})

    it = stands(session, listing, owner)

    assert progress(it) == {
        "you": "done",
        "work": "to do",
        "people": "done",
        "places": "stuck",
        "contact": "stuck",
        "times": "done",
        "photo": "to do",
        "words": "done",
    }
    assert not it.ready


def test_a_half_typed_place_holds_up_the_page_of_places(session, owner):
    listing = begun(session, owner, typed={"places/new": {"postcode": ["?"]}})

    assert progress(stands(session, listing, owner))["places"] == "stuck"


def test_where_no_condition_may_be_named_no_step_promises_to_be_found_by_one(session, owner):
    listing = begun(session, owner, factories.draft(practices=(factories.LONDON,)))

    people = next(one for one in stands(session, listing, owner).steps if one.page == "people")

    assert people.effect is status.WITHOUT_CONDITIONS


def test_every_step_and_field_has_its_words():
    assert status.EFFECTS.keys() == status.PAGE_NAMES.keys() == wordings.PAGES.keys()
    fields = {name for names in wordings.PAGES.values() for name in names}
    assert fields | {"whole"} == status.FIELDS.keys()
    assert fields == {*Draft.__dataclass_fields__}


def test_the_state_follows_the_listing_all_the_way(session, owner, admin):
    listing = begun(session, owner)
    seen = [stands(session, listing, owner).stands]

    stories.send(session, listing, owner)
    seen.append(stands(session, listing, owner).stands)
    stories.decide(session, "send_back", listing, admin, {"about": "Less."}, at=NOW)
    asked = stands(session, listing, owner)
    copy = session.get(WorkingCopy, listing.id)
    copy.content, copy.version = replace(copy.content, about="Less."), copy.version + 1
    mended = stands(session, listing, owner)
    stories.send(session, listing, owner)
    seen += [asked.stands, stands(session, listing, owner).stands]
    stories.decide(session, "reject", listing, admin, {"whole": "No."}, at=NOW)
    seen.append(stands(session, listing, owner).stands)
    stories.send(session, listing, owner)
    stories.decide(session, "approve", listing, admin, at=NOW)
    seen.append(stands(session, listing, owner).stands)
    writing.pause(session, listing.id, by=owner, at=NOW)
    seen.append(stands(session, listing, owner).stands)
    writing.resume(session, listing.id, by=owner, at=NOW)
    seen.append(stands(session, listing, owner, at=NOW + timedelta(days=365)).stands)

    assert seen == [
        Stands.DRAFT,
        Stands.WAITING,
        Stands.ASKED,
        Stands.WAITING,
        Stands.REFUSED,
        Stands.LIVE,
        Stands.PAUSED,
        Stands.TOO_OLD,
    ]
    assert [(str(note.field), note.words, note.page) for note in asked.notes] == [
        ("About you", "Less.", "words")
    ]
    assert (asked.mended, mended.mended) == (False, True)
    assert stands(session, listing, owner).notes == ()


def test_what_was_asked_of_a_live_listing_stays_asked_after_a_change_of_telephone(
    session, owner, admin
):
    listing = begun(session, owner)
    stories.send(session, listing, owner)
    stories.decide(session, "approve", listing, admin, at=NOW)
    copy = session.get(WorkingCopy, listing.id)
    copy.content, copy.version = replace(copy.content, about="More."), copy.version + 1
    stories.send(session, listing, owner)
    stories.decide(session, "send_back", listing, admin, {"about": "Less."}, at=NOW)

    it = stands(session, listing, owner)
    writing.start_over(session, listing.id, by=owner, at=NOW)

    assert (it.stands, [note.words for note in it.notes]) == (Stands.LIVE, ["Less."])
    assert stands(session, listing, owner).notes == ()


def test_the_usual_wait_is_the_median_of_what_admins_decided(session, owner, admin):
    for hours in (1, 2, 3, 40):
        listing = begun(session, owner)
        stories.send(session, listing, owner)
        stories.decide(session, "approve", listing, admin, at=NOW + hours * HOUR)
    too_few = status.usual_wait(session)
    factories.listing(session)  # not decided by an admin
    listing = begun(session, owner)
    stories.send(session, listing, owner)
    stories.decide(session, "send_back", listing, admin, {"name": "?"}, at=NOW + 90 * HOUR)
    session.flush()

    assert too_few is None
    assert status.usual_wait(session) == 3 * HOUR


def test_the_timeline_names_roles_and_never_people(session, owner, admin):
    listing = begun(session, owner)
    helper = factories.account(session, email="helper@x.example")
    session.add(
        Delegate(
            listing_id=listing.id,
            email=helper.email,
            account_id=helper.id,
            token="t",
            invited_at=NOW,
            accepted_at=NOW,
        )
    )
    session.flush()
    stories.send(session, listing, factories.actor(helper))
    stories.decide(session, "send_back", listing, admin, {"about": "Less."}, at=NOW)
    session.flush()

    mine = status.timeline(session, listing.id, by=owner)
    theirs = status.timeline(session, listing.id, by=factories.actor(helper))

    assert [(str(one.who), str(one.what)) for one in mine] == [
        ("The directory", "Changes asked for"),
        ("A helper", "Sent in to be read"),
        ("A helper", "Agreed to publication"),
        ("You", "Listing begun"),
    ]
    assert [str(one.who) for one in theirs] == ["The directory", "You", "You", "The owner"]
    assert [str(field) for field in mine[0].fields] == ["About you"]


def test_a_step_is_never_done_by_saying_no_to_everything(session, owner):
    listing = begun(session, owner, factories.draft(sliding_scale=False, ages=(), languages=()))

    assert progress(stands(session, listing, owner))["times"] == Progress.TO_DO.value
