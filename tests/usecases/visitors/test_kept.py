"""What was made of listings is kept, and never shown once SQL says otherwise."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, update

from directory.models import Condition, CredentialCheck, Listing, Revision, State
from directory.usecases.visitors import profiles, searching
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Kept
from tests.factories import NOW, TODAY


@pytest.fixture
def first(indexed) -> int:
    """A listing whose profile is at hand."""
    with indexed.reading() as session:
        number = session.query(Listing.id).order_by(Listing.id).limit(1).scalar()
    assert seen(indexed, number).name
    return number


def seen(runtime, number):
    with runtime.reading() as session:
        return profiles.live_profiles(session, runtime.finder(), [number]).get(number)


def change(runtime, number, **values):
    with runtime.transaction() as session:
        session.execute(update(Listing).where(Listing.id == number).values(**values))


def test_what_is_at_hand_is_not_read_again(indexed, first):
    asked = []
    event.listen(indexed.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    assert seen(indexed, first) is seen(indexed, first)
    assert not [text for text in asked if "revision.content" in text]


@pytest.mark.parametrize("state", [state for state in State if state is not State.LIVE])
def test_who_is_not_live_any_more_is_gone_at_once(indexed, first, state):
    change(indexed, first, state=state)

    assert seen(indexed, first) is None


def test_who_was_confirmed_too_long_ago_is_gone_at_once(indexed, first):
    change(indexed, first, confirmed_on=TODAY - timedelta(days=365))

    assert seen(indexed, first) is None


def test_a_new_address_day_and_owner_are_seen_at_once(indexed, first):
    change(indexed, first, slug="another-slug", confirmed_on=TODAY - timedelta(days=7))

    found = seen(indexed, first)

    assert (found.slug, found.confirmed_on) == ("another-slug", TODAY - timedelta(days=7))


def test_another_version_is_seen_at_once(indexed, first):
    with indexed.transaction() as session:
        listing = session.get_one(Listing, first)
        content = replace(listing.live.content, about="Words of another day.")
        listing.live = Revision(listing_id=first, content=content, created_at=NOW)

    assert seen(indexed, first).about == "Words of another day."


def test_another_version_under_the_same_number_is_seen_too(indexed, first):
    """A database that was put in the place of ours may hold somebody else there."""
    with indexed.transaction() as session:
        live = session.get_one(Listing, first).live
        content, at = replace(live.content, about="Somebody else."), live.created_at
        session.execute(
            update(Revision)
            .where(Revision.id == live.id)
            .values(content=content, created_at=at + timedelta(seconds=1))
        )

    assert seen(indexed, first).about == "Somebody else."


def test_a_check_that_begins_or_ends_is_seen_at_once(indexed, first):
    slug = seen(indexed, first).credentials[0].slug
    with indexed.transaction() as session:
        session.add(
            CredentialCheck(
                listing_id=first,
                credential=slug,
                issuer="An Institute",
                method="roster",
                checked_on=TODAY,
                checked_by="admin@stillpoint.example",
                expires_on=TODAY + timedelta(days=90),
            )
        )
    badges = {badge.slug: badge.checked for badge in seen(indexed, first).credentials}
    with indexed.transaction() as session:
        session.execute(delete(CredentialCheck))

    assert badges[slug].issuer == "An Institute"
    assert {badge.checked for badge in seen(indexed, first).credentials} == {None}


def test_what_was_said_about_new_clients_lapses_with_the_days(indexed, first):
    with indexed.transaction() as session:
        listing = session.get_one(Listing, first)
        content = replace(listing.live.content, accepting=True)
        listing.live = Revision(listing_id=first, content=content, created_at=NOW)
        listing.accepting_stated_on = TODAY
    said = seen(indexed, first).accepting
    change(indexed, first, accepting_stated_on=TODAY - timedelta(days=90))

    assert (said, seen(indexed, first).accepting) == (True, None)


def test_terms_are_kept_while_they_stay_as_they_are(indexed, first, monkeypatch):
    before = indexed.finder().taxonomy
    monkeypatch.setattr("directory.edge.TAXONOMY_HOLDS_FOR", -1)
    same = indexed.finder().taxonomy
    with indexed.transaction() as session:
        session.execute(update(Condition).values(label="Another word"))

    assert same is before
    assert {term.label for term in seen(indexed, first).conditions} == {"Another word"}


def test_no_more_is_kept_than_there_is_room_for():
    kept = Kept(size=1000)
    for number in range(1000):
        kept.put(number, "x", 250)
    kept.put("huge", "x", 1001)

    assert [number for number in range(1000) if kept.get(number)] == [996, 997, 998, 999]
    assert kept.get("huge") is None


def test_an_answer_is_kept_though_the_profiles_in_it_were_let_go(indexed):
    finder = indexed.finder()
    with indexed.reading() as session:
        results = searching.find(session, finder, Criteria())
        profiles.keep(finder, ("here",), results, b"an answer")
        finder.kept._held.clear()
        kept = profiles.again(session, finder, ("here",))
        number = next(iter(results.people))
    change(indexed, number, state=State.PAUSED)
    with indexed.reading() as session:
        after = profiles.again(session, indexed.finder(), ("here",))

    assert kept.packed == b"an answer"
    assert after is None
