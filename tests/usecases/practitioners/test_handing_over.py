"""A listing that nobody keeps is handed over: by one mail, to whoever opens it, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.errors import Conflict, NotFound
from directory.models import AuditEvent, Claim, ClaimState, Handover, OutgoingMail, Role, StaffCopy
from directory.usecases.imports import do_not_list
from directory.usecases.imports.do_not_list import Words
from directory.usecases.practitioners import claiming, for_owners, handing_over, writing
from tests import factories, races
from tests.factories import NOW

KEY = b"only-for-tests-only-for-tests"
EMAIL = "maria@practice.example"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ada(session):
    return factories.actor(factories.admin(session))


@pytest.fixture
def maria(session):
    return factories.actor(factories.account(session, "maria@home.example"))


@pytest.fixture
def listing(session):
    return factories.listing(session, name="Maria Lopez", import_key="id:1")


def invite(session, listing, by, email=EMAIL, at=NOW):
    """The token of the mail that is sent then."""
    handing_over.invite(
        session, listing.id, email, link_url="https://x.example/", by=by, at=at, key=KEY
    )
    newest = select(OutgoingMail).where(OutgoingMail.kind == handing_over.KIND)
    mail = session.scalars(newest.order_by(OutgoingMail.id.desc())).first()
    return mail.values["link"].rpartition("/")[2]


def accept(session, token, by, at=NOW):
    return handing_over.accept(session, token, my_listing_url="u", by=by, at=at)


def test_whoever_opens_the_mail_keeps_the_listing_and_others_are_told(session, ada, maria, listing):
    other = factories.actor(factories.account(session, "other@home.example"))
    claiming.ask(
        session, listing.slug, "Mine.", admins="a@b.example", listing_url="u", by=other, at=NOW
    )
    token = invite(session, listing, ada)

    assert handing_over.invitation(session, token, at=NOW).title == "Maria Lopez, LMT"
    assert accept(session, token, maria) == listing.id

    assert listing.owner_id == maria.account_id
    states = session.execute(select(Claim.account_id, Claim.state).order_by(Claim.id)).all()
    assert states == [
        (other.account_id, ClaimState.REFUSED),
        (maria.account_id, ClaimState.GRANTED),
    ]
    told = session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)).all()
    assert told[-2:] == ["claim-refused", "claim-granted"]
    done = session.execute(select(AuditEvent.action, AuditEvent.actor).order_by(AuditEvent.id))
    assert {("handed over", str(ada)), ("claimed", str(maria))} <= set(map(tuple, done))


def test_a_link_works_once_for_thirty_days_until_it_is_taken_back_or_sent_anew(
    session, ada, maria, listing
):
    stranger = factories.actor(factories.account(session, "stranger@home.example"))
    first = invite(session, listing, ada)
    second = invite(session, listing, ada, at=LATER)
    too_late = NOW + handing_over.HOLDS_FOR + timedelta(minutes=6)

    for token, at in (("made-up", NOW), (first, LATER), (second, too_late)):
        with pytest.raises(NotFound):
            accept(session, token, maria, at)
    handing_over.take_back(session, listing.id, by=ada, at=LATER)
    with pytest.raises(NotFound):
        accept(session, second, maria, LATER)
    third = invite(session, listing, ada, at=LATER)
    accept(session, third, maria, LATER)
    with pytest.raises(NotFound):
        accept(session, third, stranger, LATER)


def test_pressed_twice_it_is_one_mail_and_three_a_day_are_enough(session, ada, listing):
    assert invite(session, listing, ada) == invite(session, listing, ada)
    for number in (1, 2):
        invite(session, listing, ada, f"{number}@home.example")

    with pytest.raises(Conflict):
        invite(session, listing, ada, "3@home.example")


def test_what_somebody_keeps_is_not_handed_over(session, ada, maria, listing):
    token = invite(session, listing, ada)
    listing.owner_id = ada.account_id
    session.flush()

    with pytest.raises(Conflict):
        accept(session, token, maria)
    with pytest.raises(Conflict):
        invite(session, listing, ada, at=LATER)


def test_who_asked_not_to_be_listed_is_not_written_to(session, ada, listing):
    do_not_list.add(session, Words(email=EMAIL), by=ada, at=NOW, key=KEY)

    with pytest.raises(Conflict):
        invite(session, listing, ada, EMAIL.upper())


def test_an_account_whose_address_is_not_proved_keeps_nothing(session, ada, listing):
    stranger = factories.account(session, "unproved@home.example", confirmed_at=None)
    token = invite(session, listing, ada)

    with pytest.raises(Conflict):
        accept(session, token, factories.actor(stranger))

    assert listing.owner_id is None


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.REVIEWER])
def test_nobody_but_an_admin_hands_over(session, listing, role):
    by = factories.actor(factories.account(session, "x@home.example", role=role))

    with pytest.raises(NotFound):
        invite(session, listing, by)
    with pytest.raises(NotFound):
        handing_over.take_back(session, listing.id, by=by, at=NOW)


def test_what_was_begun_by_hand_is_its_new_owners_to_finish(session, ada, maria):
    made = for_owners.begin_new(session, by=ada, at=NOW)
    session.get(StaffCopy, made.id).content = factories.draft(name="Maria Lopez")
    session.flush()

    accept(session, invite(session, made, ada), maria)

    assert writing.current(session, made.id, by=maria, at=NOW).content.name == "Maria Lopez"
    assert session.scalars(select(StaffCopy)).all() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_who_accept_at_once_one_keeps_it(engine, session, ada, listing):
    token = invite(session, listing, ada)
    both = [
        factories.actor(factories.account(session, f"{number}@home.example")) for number in (1, 2)
    ]
    session.commit()

    told = races.at_once(
        engine,
        *(lambda opened, by=by: accept(opened, token, by) for by in both),
    )

    assert sorted(told) in (["", "Conflict"], ["", "NotFound"])
    assert session.scalars(select(Handover)).all() == []
