"""Who may do what: given, taken, and never by oneself."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.db import reading, writing
from directory.errors import Conflict, NotFound
from directory.models import Account, Actor, AuditEvent, Role, SignedIn
from directory.photos import Album
from directory.usecases.accounts import erasing, roles
from directory.usecases.audit import chain
from tests import factories
from tests.factories import NOW


@pytest.fixture
def ada(engine):
    return made(engine, "ada@association.example", Role.ADMIN)


@pytest.fixture
def rowan(engine):
    return made(engine, "rowan@practice.example", Role.PRACTITIONER)


def made(engine, email, role):
    with writing(engine) as session:
        return factories.actor(factories.admin(session, email, role=role))


def do(engine, verb, *given, by, at=NOW):
    with writing(engine) as session:
        return verb(session, *given, by=by, at=at)


def account(engine, actor):
    with reading(engine) as session:
        return session.get(Account, actor.account_id)


def test_each_role_may_do_what_the_ones_before_it_may():
    may = {role: [other for other in Role if Actor(1, role).may(other)] for role in Role}

    assert may[Role.PRACTITIONER] == [Role.PRACTITIONER]
    assert may[Role.REVIEWER] == [Role.PRACTITIONER, Role.REVIEWER]
    assert may[Role.ADMIN] == list(Role)
    with pytest.raises(NotFound):
        Actor(1, Role.REVIEWER).must_be(Role.ADMIN)


def test_only_admins_change_roles_and_nobody_their_own(engine, ada, rowan):
    do(engine, roles.change_role, rowan.account_id, Role.REVIEWER, by=ada)

    with pytest.raises(Conflict, match="Nobody changes"):
        do(engine, roles.change_role, ada.account_id, Role.REVIEWER, by=ada)
    with pytest.raises(NotFound):
        do(
            engine,
            roles.change_role,
            ada.account_id,
            Role.REVIEWER,
            by=account_actor(engine, rowan),
        )
    assert account(engine, rowan).role is Role.REVIEWER
    with reading(engine) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert chain.verify(session).problems == ()
    assert (event.action, event.detail["before"], event.detail["after"]) == (
        "role changed",
        "practitioner",
        "reviewer",
    )


def account_actor(engine, actor):
    return factories.actor(account(engine, actor))


def test_of_two_admins_who_demote_each_other_at_once_one_stays(engine, ada):
    bea = made(engine, "bea@association.example", Role.ADMIN)
    told = []

    def demote(by, other):
        try:
            do(engine, roles.change_role, other.account_id, Role.PRACTITIONER, by=by)
        except (Conflict, NotFound) as error:
            told.append(error)

    both = [threading.Thread(target=demote, args=pair) for pair in ((ada, bea), (bea, ada))]
    for one in both:
        one.start()
    for one in both:
        one.join()

    admins = [one for one in (ada, bea) if account(engine, one).role is Role.ADMIN]
    assert (len(admins), len(told)) == (1, 1)


def test_the_last_admin_cannot_go(engine, ada, rowan):
    with writing(engine) as session, pytest.raises(Conflict, match="last admin"):
        roles.keep_an_admin(session, ada.account_id)
    with writing(engine) as session:
        roles.keep_an_admin(session, rowan.account_id)


def test_who_is_disabled_is_signed_out_everywhere_and_can_be_enabled(engine, ada, rowan):
    before = account(engine, rowan).fs_uniquifier
    with writing(engine) as session:
        session.add(
            SignedIn(
                account_id=rowan.account_id, key="k", browser="Lynx", started_at=NOW, seen_at=NOW
            )
        )

    do(engine, roles.disable, rowan.account_id, by=ada)

    gone = account(engine, rowan)
    assert (gone.active, gone.fs_uniquifier == before) == (False, False)
    with reading(engine) as session:
        assert session.scalars(select(SignedIn)).all() == []
    do(engine, roles.enable, rowan.account_id, by=ada)
    assert account(engine, rowan).active


def test_an_invitation_is_taken_once_within_a_week_unless_something_changed(engine, ada, rowan):
    def offer():
        return do(engine, roles.invite, "rowan@practice.example", Role.REVIEWER, by=ada)

    def accept(offered, at=NOW):
        with writing(engine) as session:
            roles.accept(session, offered, at=at)

    first, second = offer(), offer()
    with pytest.raises(Conflict):
        accept(first)
    with pytest.raises(Conflict):
        accept(second, NOW + timedelta(days=8))
    accept(second)
    assert account(engine, rowan).role is Role.REVIEWER
    do(engine, roles.change_role, rowan.account_id, Role.PRACTITIONER, by=ada)
    with pytest.raises(Conflict):
        accept(second)
    assert account(engine, rowan).role is Role.PRACTITIONER


def test_accounts_are_found_by_letters_of_their_address(engine, ada, rowan):
    with reading(engine) as session:
        found = roles.find(session, words="PRACTICE", by=ada)
        admins = roles.find(session, role=Role.ADMIN, by=ada)
        nothing = roles.find(session, words="%", by=ada)

    assert [row.email for row in found.rows] == ["rowan@practice.example"]
    assert [row.id for row in admins.rows] == [ada.account_id]
    assert nothing.total == 0


def test_the_last_admin_cannot_erase_themselves(session, tmp_path):
    admin = factories.admin(session)

    with pytest.raises(Conflict):
        erasing.erase_account(
            session, by=factories.actor(admin), at=NOW, key=b"key", album=Album(tmp_path)
        )

    assert admin.email
