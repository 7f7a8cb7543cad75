"""Helpers: invited by mail, in at their own wish, out at once."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.errors import Conflict, Invalid, NotFound
from directory.models import AuditEvent, Delegate, OutgoingMail
from directory.usecases.listings import loading
from directory.usecases.practitioners import helping
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session))


@pytest.fixture
def friend(session):
    return factories.actor(factories.account(session, "friend@home.example"))


@pytest.fixture
def stranger(session):
    return factories.actor(factories.account(session, "stranger@home.example"))


@pytest.fixture
def listing(session, owner):
    return factories.listing(session, owner_id=owner.account_id)


def invite(session, listing, by, email="friend@work.example", at=NOW):
    helping.invite(
        session, listing.id, email, helping_url="https://x.example/helping/", by=by, at=at
    )
    mails = select(OutgoingMail).order_by(OutgoingMail.id.desc())
    return session.scalars(mails).first().values["link"].rpartition("/")[2]


def helps(session, listing, by) -> bool:
    return listing in loading.all_mine(session, by)


def test_who_accepts_helps_whatever_their_address(session, owner, friend, listing):
    token = invite(session, listing, owner)
    asked = helping.invitation(session, token, by=friend, at=NOW)

    for _ in range(2):
        assert helping.accept(session, token, by=friend, at=NOW) == listing.id

    assert asked.title == "Rowan Testerly, LMT"
    assert helps(session, listing, friend)
    (helper,) = helping.helpers(session, listing.id, by=owner, at=NOW)
    assert (helper.email, helper.account) == ("friend@work.example", "friend@home.example")
    done = session.scalars(select(AuditEvent.action)).all()
    assert done == ["helper invited", "helper accepted"]


def test_the_link_is_long_and_the_table_does_not_hold_it(session, owner, listing):
    token = invite(session, listing, owner)

    (row,) = session.scalars(select(Delegate))

    assert len(token) >= 43
    assert row.token == hashlib.sha256(token.encode()).hexdigest()


def test_a_link_works_for_one_person_and_for_two_weeks(session, owner, friend, stranger, listing):
    token = invite(session, listing, owner)
    with pytest.raises(NotFound):
        helping.invitation(session, token, by=friend, at=NOW + timedelta(days=14))
    helping.accept(session, token, by=friend, at=NOW)

    for wrong in (token, "", "x" * 43):
        with pytest.raises(NotFound):
            helping.accept(session, wrong, by=stranger, at=NOW)

    assert not helps(session, listing, stranger)


def test_a_helper_can_do_nothing_that_is_the_owners(session, owner, friend, listing):
    helping.accept(session, invite(session, listing, owner), by=friend, at=NOW)
    (row,) = session.scalars(select(Delegate))

    for step in (
        lambda: helping.helpers(session, listing.id, by=friend, at=NOW),
        lambda: invite(session, listing, friend, "third@home.example"),
        lambda: helping.revoke(session, listing.id, row.id, by=friend, at=NOW),
    ):
        with pytest.raises(NotFound):
            step()

    assert helping.owns(session, listing.id, by=owner)
    assert not helping.owns(session, listing.id, by=friend)


def test_revoking_ends_it_at_once_and_twice_is_once(session, owner, friend, listing):
    helping.accept(session, invite(session, listing, owner), by=friend, at=NOW)
    (row,) = session.scalars(select(Delegate))

    for _ in range(2):
        helping.revoke(session, listing.id, row.id, by=owner, at=NOW)

    assert not helps(session, listing, friend)
    revoked = select(AuditEvent).where(AuditEvent.action == "helper revoked")
    assert len(session.scalars(revoked).all()) == 1


def test_an_invitation_that_was_revoked_cannot_be_accepted(session, owner, friend, listing):
    token = invite(session, listing, owner)
    (row,) = session.scalars(select(Delegate))
    helping.revoke(session, listing.id, row.id, by=owner, at=NOW)

    with pytest.raises(NotFound):
        helping.accept(session, token, by=friend, at=NOW)


def test_a_helper_can_leave_and_nobody_else_can(session, owner, friend, stranger, listing):
    helping.accept(session, invite(session, listing, owner), by=friend, at=NOW)

    helping.leave(session, listing.id, by=friend, at=NOW)

    for who in (friend, stranger, owner):
        with pytest.raises(NotFound):
            helping.leave(session, listing.id, by=who, at=NOW)


def test_a_helper_of_one_listing_is_not_revoked_through_another(session, owner, friend, listing):
    helping.accept(session, invite(session, listing, owner), by=friend, at=NOW)
    mine = factories.listing(session, slug="mine", owner_id=friend.account_id)
    (row,) = session.scalars(select(Delegate))

    helping.revoke(session, mine.id, row.id, by=friend, at=NOW)

    assert helps(session, listing, friend)


def test_pressing_twice_invites_once_and_later_sends_a_new_link(session, owner, friend, listing):
    first = invite(session, listing, owner)
    invite(session, listing, owner)
    second = invite(session, listing, owner, "Friend@Work.example", at=LATER)

    assert len(session.scalars(select(Delegate)).all()) == 1
    assert len(session.scalars(select(OutgoingMail)).all()) == 2
    with pytest.raises(NotFound):
        helping.accept(session, first, by=friend, at=LATER)
    assert helping.accept(session, second, by=friend, at=LATER) == listing.id


def test_owners_need_no_invitation(session, owner, friend, listing):
    token = invite(session, listing, owner)

    with pytest.raises(Invalid):
        invite(session, listing, owner, owner.email.upper())
    with pytest.raises(Conflict):
        helping.accept(session, token, by=owner, at=NOW)


def test_who_helps_already_is_not_invited_again(session, owner, friend, listing):
    helping.accept(session, invite(session, listing, owner), by=friend, at=NOW)
    with pytest.raises(Invalid):
        invite(session, listing, owner, at=LATER)
    again = invite(session, listing, owner, "friend@other.example", at=LATER)

    assert helping.accept(session, again, by=friend, at=LATER) == listing.id

    assert len(helping.helpers(session, listing.id, by=owner, at=LATER)) == 1


def test_nobody_can_invite_the_whole_world(session, owner, listing):
    for number in range(helping.MOST_HELPERS):
        invite(session, listing, owner, f"{number}@home.example")

    with pytest.raises(Conflict):
        invite(session, listing, owner, "one@more.example")
    (first, *_) = session.scalars(select(Delegate))
    helping.revoke(session, listing.id, first.id, by=owner, at=NOW)
    with pytest.raises(Conflict):
        invite(session, listing, owner, "one@more.example")
