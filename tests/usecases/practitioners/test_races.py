"""Two at one listing at the same moment: the second waits for the first, and takes it as it is then.

On PostgreSQL, where two may write at once; on SQLite they queue up before they begin.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import permutations
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, joinedload

from directory.db import reading, writing
from directory.errors import Conflict, DirectoryError, NotFound
from directory.models import Account, AuditEvent, IndexChange, Listing, Revision, State
from directory.photos import Album
from directory.usecases.accounts import erasing
from directory.usecases.audit import chain
from directory.usecases.listings import loading
from directory.usecases.moderation import deciding
from directory.usecases.practitioners import confirmation_mail, confirming, consenting
from directory.usecases.practitioners.confirmation_mail import Question
from directory.usecases.practitioners.confirming import Tap
from tests import factories, stories
from tests.factories import NOW
from tests.races import PATIENCE, at_once, wait_until_it_waits

KEY = "only-for-tests-only-for-tests"
LATER = NOW + timedelta(days=100)
Act = Callable[[Session], object]
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def owner(engine):
    with writing(engine) as session:
        return factories.actor(factories.account(session))


@pytest.fixture
def listing_id(engine, owner) -> int:
    with writing(engine) as session:
        return factories.listing(session, owner_id=owner.account_id, accepting=True).id


@pytest.fixture
def confirm(owner, listing_id) -> Act:
    return lambda session: confirming.confirm(session, listing_id, by=owner, at=LATER)


@pytest.fixture
def erase(owner, listing_id, tmp_path) -> Act:
    how = {"by": owner, "at": LATER, "key": KEY.encode(), "album": Album(tmp_path)}
    return lambda session: erasing.erase_listing(session, listing_id, **how)


@pytest.fixture
def tap(engine, owner, listing_id) -> Callable[[Tap], Act]:
    """An answer by the link of one mail, for whoever has it."""
    with writing(engine) as session:
        mailbox = confirmation_mail.digest(session.get(Account, owner.account_id).email, key=KEY)
    question = Question(listing_id, NOW.date(), owner.account_id, mailbox)
    token = confirmation_mail.sign(question, key=KEY, at=LATER)

    def tap(given: Tap) -> Act:
        return lambda session: confirming.answer(session, token, given, key=KEY, at=LATER)

    return tap


def one_during_the_other(engine: Engine, first: Act, second: Act) -> DirectoryError | None:
    """The second begins while the first is done and not committed; what the second is told."""
    with ThreadPoolExecutor(1) as elsewhere:
        with writing(engine) as session:
            first(session)
            session.flush()
            told = elsewhere.submit(refused, engine, second)
            wait_until_it_waits(engine, told)
        return told.result(PATIENCE)


def refused(engine: Engine, act: Act) -> DirectoryError | None:
    """What somebody is told by us. Whatever else goes wrong, a deadlock say, goes on up."""
    try:
        with writing(engine) as session:
            act(session)
    except DirectoryError as error:
        return error
    return None


def left(engine: Engine, listing_id: int) -> Listing:
    with reading(engine) as session:
        assert chain.verify(session, ()).problems == ()
        return session.scalars(
            select(Listing).where(Listing.id == listing_id).options(joinedload(Listing.live))
        ).one()


def deeds(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def told_the_index(engine: Engine) -> int:
    """Since it was listed."""
    with reading(engine) as session:
        return (session.scalar(select(func.count()).select_from(IndexChange)) or 0) - 1


def assert_erased(listing: Listing) -> None:
    assert listing.state is State.ERASED
    assert (listing.live_id, listing.pending_id, listing.owner_id) == (None, None, None)
    assert listing.slug == f"erased-{listing.id}"


def test_who_confirms_while_it_is_being_erased_brings_nothing_back(
    engine, listing_id, erase, confirm
):
    told = one_during_the_other(engine, erase, confirm)

    assert isinstance(told, NotFound | Conflict)
    assert_erased(left(engine, listing_id))
    assert (deeds(engine), told_the_index(engine)) == (["erased"], 1)


def test_who_erases_while_it_is_being_confirmed_erases_all_the_same(
    engine, listing_id, erase, confirm
):
    told = one_during_the_other(engine, confirm, erase)

    assert told is None
    assert_erased(left(engine, listing_id))
    assert (deeds(engine), told_the_index(engine)) == (["confirmed", "erased"], 2)


def test_who_erases_twice_at_once_erases_once(engine, listing_id, erase):
    told = one_during_the_other(engine, erase, erase)

    assert isinstance(told, NotFound)
    assert_erased(left(engine, listing_id))
    assert (deeds(engine), told_the_index(engine)) == (["erased"], 1)


@pytest.mark.parametrize("whole", [True, False])
def test_who_erases_while_it_becomes_somebody_elses_erases_nothing_of_theirs(
    engine, listing_id, owner, erase, tmp_path, whole
):
    def hand_on(session: Session) -> None:
        heir = factories.account(session, "heir@home.example")
        loading.locked(session, listing_id).owner_id = heir.id

    how = {"by": owner, "at": LATER, "key": KEY.encode(), "album": Album(tmp_path)}
    told = one_during_the_other(
        engine, hand_on, (lambda session: erasing.erase_account(session, **how)) if whole else erase
    )

    assert told is None if whole else isinstance(told, NotFound)
    assert (left(engine, listing_id).state, "erased" in deeds(engine)) == (State.LIVE, False)


def test_a_tap_that_writes_the_listing_twice_and_an_erasure_never_wait_for_each_other(
    engine, listing_id, erase, tap
):
    with ThreadPoolExecutor(1) as elsewhere:
        with writing(engine) as session:
            session.get_one(Listing, listing_id, with_for_update=True)
            told = elsewhere.submit(refused, engine, erase)
            wait_until_it_waits(engine, told)
            # The second time, PostgreSQL looks whether its owner is there.
            tap(Tap.NOT_TAKING)(session)
        erased = told.result(PATIENCE)

    assert erased is None
    assert_erased(left(engine, listing_id))
    assert deeds(engine) == ["confirmed", "erased"]


def test_a_tap_while_it_is_being_erased_brings_nothing_back(engine, listing_id, erase, tap):
    told = one_during_the_other(engine, erase, tap(Tap.NOT_TAKING))

    assert isinstance(told, NotFound)
    assert_erased(left(engine, listing_id))
    assert deeds(engine) == ["erased"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *permutations([Tap.RIGHT, Tap.TAKING, Tap.NOT_TAKING, Tap.PAUSE], 2),
        (Tap.RIGHT, Tap.RIGHT),
        (Tap.NOT_TAKING, Tap.NOT_TAKING),
        (Tap.PAUSE, Tap.PAUSE),
    ],
)
def test_of_two_taps_at_once_the_first_counts(engine, listing_id, tap, first, second):
    told = one_during_the_other(engine, tap(first), tap(second))

    listing = left(engine, listing_id)
    paused = first is Tap.PAUSE
    assert told is None
    assert listing.state is (State.PAUSED if paused else State.LIVE)
    assert listing.live.content.accepting is (first is not Tap.NOT_TAKING)
    assert listing.confirmed_on == (NOW if paused else LATER).date()
    assert deeds(engine) == ["paused" if paused else "confirmed"]
    assert told_the_index(engine) == 1


def test_many_who_confirm_tap_and_erase_all_at_once_are_answered_and_it_stays_erased(
    engine, listing_id, erase, confirm, tap
):
    acts = [confirm, erase, tap(Tap.NOT_TAKING), tap(Tap.PAUSE), confirm, erase]
    start = Barrier(len(acts))

    def act(one: Act) -> DirectoryError | None:
        start.wait(PATIENCE)
        return refused(engine, one)

    with ThreadPoolExecutor(len(acts)) as people:
        told = list(people.map(act, acts))

    assert {type(one) for one in told} <= {type(None), NotFound, Conflict}
    assert [told[1], told[5]].count(None) == 1
    assert_erased(left(engine, listing_id))
    assert deeds(engine).count("erased") == 1
    with suppress(NotFound), writing(engine) as session:
        confirm(session)
        pytest.fail("it came back")


@pytest.fixture
def approve(engine, owner, listing_id) -> Act:
    """Approving what waits: other fees, still taking new clients."""
    with writing(engine) as session:
        ada = factories.actor(factories.admin(session))
        consenting.give(session, listing_id, consenting.GROUPS, by=owner, at=NOW)
        listing = session.get(Listing, listing_id)
        seen = stories.proposed(session, listing, factories.draft(fees="40", accepting=True))
        session.flush()
        pending_id = seen.pending_id

    def approve(session: Session) -> None:
        how = {"by": ada, "at": LATER, "listing_url": stories.URL}
        deciding.approve(session, listing_id, pending_id, **how)

    return approve


def undecided(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).where(Revision.decision.is_(None))) or 0


@pytest.mark.parametrize("accepting", [None, True, False])
def test_what_is_approved_while_somebody_says_still_right_waits_no_more(
    engine, owner, listing_id, approve, accepting
):
    def confirm(session: Session) -> None:
        # As a page that looked at it before.
        before = confirming.loading.mine(session, listing_id, by=owner)
        assert before.pending is not None
        confirming.confirm(
            session, listing_id, by=owner, at=LATER + timedelta(days=1), accepting=accepting
        )

    one_during_the_other(engine, approve, confirm)

    now = left(engine, listing_id)
    assert now.pending_id is None
    assert (now.live.content.fees, now.live.content.accepting) == ("40", accepting is not False)
    assert undecided(engine) == 0


@pytest.mark.parametrize("given", [Tap.RIGHT, Tap.TAKING, Tap.NOT_TAKING])
@pytest.mark.parametrize("approved_first", [True, False])
def test_a_tap_during_an_approval_puts_nothing_back_into_the_queue(
    engine, listing_id, approve, tap, given, approved_first
):
    def pressed(session: Session) -> None:
        # As a page that looked at it before, and has it in its session.
        assert session.get_one(Listing, listing_id).pending is not None
        tap(given)(session)

    acts = (approve, pressed) if approved_first else (pressed, approve)
    told = one_during_the_other(engine, *acts)

    now = left(engine, listing_id)
    # An answer that would change what waits is a newer version than the one that was read.
    answered = not approved_first and given is Tap.NOT_TAKING
    assert isinstance(told, Conflict) if answered else told is None
    assert (now.pending_id is None) is not answered
    assert undecided(engine) == (1 if answered else 0)
    assert answered or now.live.content.fees == "40"


def test_workers_that_remind_at_once_write_each_letter_once(engine, listing_id):
    site = {"base_url": "https://directory.example", "key": KEY}
    late = NOW + timedelta(days=200)

    said = at_once(engine, *[lambda session: confirming.remind(session, at=late, **site)] * 3)

    assert said == [""] * 3
    assert deeds(engine).count("reminded") == 1
