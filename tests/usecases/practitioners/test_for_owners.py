"""Admins who write for whoever keeps a listing: apart from them, marked, told, never in their name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    AuditEvent,
    Consent,
    Delegate,
    Kind,
    Listing,
    OutgoingMail,
    Role,
    StaffCopy,
    State,
    WorkingCopy,
)
from directory.photos import Album, Kept
from directory.usecases.curation import term_uses
from directory.usecases.imports import do_not_list
from directory.usecases.imports.do_not_list import Words
from directory.usecases.practitioners import (
    consenting,
    for_owners,
    portraits,
    submitting,
    writing,
)
from tests import factories, stories
from tests.factories import NOW, TODAY

LATER = NOW + timedelta(hours=1)
PHONE = {"phone": "+1 303 555 0100"}


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session, "maria@practice.example"))


@pytest.fixture
def ada(session):
    return factories.actor(factories.admin(session))


@pytest.fixture
def maria(session, owner, ada) -> Listing:
    """Live, kept, agreed to; confirmed a month ago, when she took clients."""
    made = stories.live(session, owner, ada, name="Maria Lopez", accepting=True)
    made.confirmed_on = made.accepting_stated_on = TODAY - timedelta(days=30)
    session.flush()
    return made


def opened(session, listing, admin):
    """The admin as whoever opened it."""
    for_owners.begin(session, listing.id, by=admin, at=NOW)
    return replace(admin, opened=listing.id)


def send(session, listing, by):
    version = writing.current(session, listing.id, by=by, at=LATER).version
    done = submitting.submit(
        session, listing.id, version=version, agreed=(), listing_url="u", by=by, at=LATER
    )
    session.flush()
    return done


def trail(session, listing, verb):
    mine = select(AuditEvent).where(AuditEvent.listing_id == listing.id)
    return session.scalars(mine.where(AuditEvent.action == verb).order_by(AuditEvent.id)).all()


def mails(session, kind):
    return session.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind)).all()


def test_what_is_changed_for_the_owner_is_public_marked_and_told(session, maria, owner, ada):
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, **PHONE)

    send(session, maria, by)

    assert maria.public.phone == PHONE["phone"]
    assert [one.actor for one in trail(session, maria, for_owners.OPENED)] == [str(ada)]
    event = trail(session, maria, "published at once")[-1]
    assert (event.actor, event.detail["for_owner"]) == (str(ada), True)
    (mail,) = mails(session, for_owners.KIND)
    assert (mail.recipient, mail.values["fields"]) == (owner.email, "Telephone")
    assert mail.values["waits"] == ""


def test_an_admins_word_is_not_the_owners_that_all_is_right(session, maria, owner, ada):
    confirmed, stated = maria.confirmed_on, maria.accepting_stated_on
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, **PHONE)

    send(session, maria, by)

    assert (maria.confirmed_on, maria.accepting_stated_on) == (confirmed, stated)


def test_whether_clients_are_taken_counts_from_the_day_it_was_changed(session, maria, ada):
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, accepting=False)

    send(session, maria, by)

    assert maria.accepting(LATER.date()) is False
    assert maria.accepting_stated_on == LATER.date()


def test_what_needs_reading_waits_in_the_queue_and_the_mail_says_so(session, maria, ada):
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, name="Maria Lopez-Garcia")

    send(session, maria, by)

    assert maria.public.name == "Maria Lopez"
    assert maria.pending.content.name == "Maria Lopez-Garcia"
    assert mails(session, for_owners.KIND)[0].values["waits"] == "yes"
    assert mails(session, "submitted")[1:] == []


def test_admins_never_see_what_the_owner_is_writing_and_it_outlives_their_change(
    session, maria, owner, ada
):
    stories.write(session, maria.id, owner, about="Not for anybody yet.", phone="+1 303 555 0199")
    by = opened(session, maria, ada)
    seen = writing.current(session, maria.id, by=by, at=NOW).content
    stories.write(session, maria.id, by, fees="$80", **PHONE)

    send(session, maria, by)

    assert "Not for anybody yet." not in str(seen)
    theirs = writing.current(session, maria.id, by=owner, at=LATER).content
    assert (theirs.about, theirs.fees) == ("Not for anybody yet.", "$80")
    assert theirs.phone == "+1 303 555 0199"  # both changed it: the owner decides


def test_what_the_owner_sends_meanwhile_is_not_taken_back(session, maria, owner, ada):
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, fees="$80")
    stale = writing.current(session, maria.id, by=by, at=NOW).version
    stories.write(session, maria.id, owner, **PHONE)
    stories.send(session, maria, owner, at=LATER)
    session.flush()

    with pytest.raises(Conflict):
        submitting.submit(
            session, maria.id, version=stale, agreed=(), listing_url="u", by=by, at=LATER
        )
    send(session, maria, by)

    assert (maria.public.phone, maria.public.fees) == (PHONE["phone"], "$80")


def test_leave_to_publish_is_the_owners_alone_to_give(session, owner, ada):
    made = factories.listing(session, owner_id=owner.account_id)
    agreed = [name for name in consenting.GROUPS if name != "words"]
    consenting.give(session, made.id, agreed, by=owner, at=NOW)
    by = opened(session, made, ada)
    stories.write(session, made.id, by, about="New words.")
    given = session.scalar(select(func.count()).select_from(Consent))

    version = writing.current(session, made.id, by=by, at=NOW).version
    with pytest.raises(Invalid) as refused:
        submitting.submit(
            session,
            made.id,
            version=version,
            agreed=consenting.GROUPS,
            listing_url="u",
            by=by,
            at=NOW,
        )

    assert list(refused.value.fields) == ["agree-words"]
    assert session.scalar(select(func.count()).select_from(Consent)) == given


def test_nothing_that_was_changed_is_nothing_to_send(session, maria, ada):
    by = opened(session, maria, ada)

    with pytest.raises(Invalid):
        send(session, maria, by)

    assert mails(session, for_owners.KIND) == []


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.REVIEWER])
def test_nobody_but_an_admin_writes_for_others(session, maria, ada, role):
    opened(session, maria, ada)
    account = factories.account(session, "somebody@home.example", role=role)
    by = replace(factories.actor(account), opened=maria.id)

    for act in (
        lambda: for_owners.begin(session, maria.id, by=by, at=NOW),
        lambda: for_owners.begin_new(session, by=by, at=NOW),
        lambda: for_owners.throw_away(session, maria.id, by=by, at=NOW),
        lambda: writing.current(session, maria.id, by=by, at=NOW),
        lambda: send(session, maria, by),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_admin_who_opened_it_can_do_nothing_else_that_is_its_owners(session, maria, ada):
    by = opened(session, maria, ada)

    for act in (
        lambda: writing.pause(session, maria.id, by=by, at=NOW),
        lambda: writing.withdraw(session, maria.id, by=by, at=NOW),
        lambda: writing.start_over(session, maria.id, by=by, at=NOW),
        lambda: consenting.give(session, maria.id, ["words"], by=by, at=NOW),
        lambda: consenting.withdraw(session, maria.id, "words", by=by, at=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_listing_that_was_opened_opens_no_other(session, maria, ada):
    other = factories.listing(session, name="Sage Mockridge")
    by = opened(session, maria, ada)
    opened(session, other, ada)

    with pytest.raises(NotFound):
        writing.current(session, other.id, by=by, at=NOW)


@pytest.mark.parametrize("as_helper", [False, True])
def test_ones_own_listing_is_changed_as_ones_own(session, ada, as_helper):
    mine = factories.listing(session, owner_id=None if as_helper else ada.account_id)
    if as_helper:
        helping = {"email": ada.email, "account_id": ada.account_id, "token": "t"}
        session.add(Delegate(listing_id=mine.id, invited_at=NOW, accepted_at=NOW, **helping))
        session.flush()

    with pytest.raises(Conflict):
        for_owners.begin(session, mine.id, by=ada, at=NOW)


def test_a_listing_made_by_hand_is_nobodys_and_is_read_like_any_other(session, ada):
    made = for_owners.begin_new(session, by=ada, at=NOW)
    assert for_owners.begin_new(session, by=ada, at=NOW) is made
    by = replace(ada, opened=made.id)
    copy = session.get(StaffCopy, made.id)
    copy.content = factories.draft(name="Maria Lopez")
    session.flush()

    send(session, made, by)

    assert made.slug == "maria-lopez-boulder"
    assert (made.owner_id, made.live, made.pending.content.name) == (None, None, "Maria Lopez")
    assert for_owners.unfinished(session, by=ada) == []
    stories.decide(session, "approve", made, ada)
    assert made.shown(stories.A_DAY_LATER.date())
    assert session.scalars(select(OutgoingMail)).all() == []


def test_what_was_begun_by_hand_leaves_nothing_when_it_is_thrown_away(session, ada):
    made = for_owners.begin_new(session, by=ada, at=NOW)
    session.get(StaffCopy, made.id).content = factories.draft(name="Maria Lopez")
    session.flush()
    assert [one.name for one in for_owners.unfinished(session, by=ada)] == ["Maria Lopez, LMT"]

    left = for_owners.throw_away(session, made.id, by=ada, at=NOW)

    assert left is False
    assert made.state is State.ERASED
    assert session.scalars(select(StaffCopy)).all() == []


def test_what_was_written_for_an_owner_can_be_thrown_away_and_the_listing_stays(
    session, maria, ada
):
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, **PHONE)

    for _ in range(2):
        assert for_owners.throw_away(session, maria.id, by=ada, at=NOW) is True

    assert maria.state is State.LIVE
    with pytest.raises(Conflict):
        writing.current(session, maria.id, by=by, at=NOW)


def test_a_term_that_becomes_another_does_so_in_what_is_written_for_somebody(session, maria, ada):
    by = opened(session, maria, ada)
    stories.write(session, maria.id, by, conditions=("colic",))
    term_uses.rewrite(session, Kind.CONDITION, "colic", "migraine", by="x", at=NOW)

    assert writing.current(session, maria.id, by=by, at=NOW).content.conditions == ("migraine",)


def test_a_version_is_not_what_the_owner_has_when_they_never_wrote(session, owner, ada):
    made = factories.listing(session, owner_id=owner.account_id)
    consenting.give(session, made.id, consenting.GROUPS, by=owner, at=NOW)
    by = opened(session, made, ada)
    stories.write(session, made.id, by, **PHONE)

    send(session, made, by)

    assert session.get(WorkingCopy, made.id) is None
    assert writing.current(session, made.id, by=owner, at=LATER).content.phone == PHONE["phone"]


def test_a_photo_for_the_owner_is_kept_while_it_waits_to_be_sent(session, maria, ada, tmp_path):
    by = opened(session, maria, ada)
    photo = portraits.portray(session, maria.id, Kept("a" * 30, 400, 400), by=by, at=NOW)

    gone = portraits.sweep(session, Album(tmp_path), NOW + timedelta(days=3))

    assert gone == 0
    assert session.get(StaffCopy, maria.id).content.photo == photo.id
    assert portraits.may_see(session, photo.id, by, on=TODAY)


def test_who_asked_not_to_be_listed_is_not_listed_by_hand(session, ada):
    key = b"only-for-tests-only-for-tests"
    content = factories.draft(name="Maria Lopez", email="maria@practice.example")
    do_not_list.add(session, Words(email=content.email), by=ada, at=NOW, key=key)
    made = for_owners.begin_new(session, by=ada, at=NOW)
    session.get(StaffCopy, made.id).content = content
    session.flush()
    by = replace(ada, opened=made.id)

    with pytest.raises(Invalid, match="asked us not to be listed"):
        submitting.submit(
            session, made.id, version=1, agreed=(), listing_url="u", by=by, at=NOW, key=key
        )
