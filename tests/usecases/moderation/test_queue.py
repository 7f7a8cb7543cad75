"""What waits, in which order, who reads it, and taking a decision back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.errors import Conflict, NotFound
from directory.models import (
    AuditEvent,
    Decision,
    IndexChange,
    Listing,
    OutgoingMail,
    Revision,
    Role,
    Waiting,
)
from directory.usecases.listings import waiting
from directory.usecases.moderation import bulk, deciding, queue, review_locks
from directory.usecases.moderation.queue import Sieve
from tests import factories, stories
from tests.factories import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(session):
    return factories.actor(factories.admin(session))


@pytest.fixture
def bea(session):
    made = factories.admin(session, "bea@association.example", role=Role.REVIEWER)
    return factories.actor(made)


def names(session, by, sieve=None):
    found = queue.look(session, sieve, by=by, at=NOW)
    return [row.title.removesuffix(", LMT") for row in found.rows]


def test_what_makes_a_change_risky(session, ada):
    risky = {
        "Ash Plain": ({"about": "Other words."}, ()),
        "Fir Promising": ({"about": "I cure."}, ("promises",)),
        "Elm Titled": ({"suffix": "DO"}, ("identity",)),
        "Yew Called": ({"phone": "+1 303 555 0100"}, ("contact",)),
        "Oak Moved": ({"practices": (factories.DENVER,)}, ("place",)),
    }
    made = {
        stories.edited(session, name, **changes).id: name for name, (changes, _) in risky.items()
    }

    rows = queue.look(session, by=ada, at=NOW).rows

    found = {made[row.listing_id]: (set(row.changed), row.reasons) for row in rows}
    assert found == {name: (set(changes), why) for name, (changes, why) in risky.items()}


def test_the_first_of_a_new_owner_is_riskier_than_one_from_a_list(session, ada):
    owner = factories.account(session)
    for name, owner_id, key in (("Ash Imported", None, "roster:1"), ("Fir Newly", owner.id, None)):
        made = factories.listing(session, name=name, email="", import_key=key, owner_id=owner_id)
        made.pending, made.live, made.live_id = made.live, None, None
        session.flush()
    waiting.catch_up(session, at=NOW)

    rows = queue.look(session, by=ada, at=NOW).rows

    assert [row.title.removesuffix(", LMT") for row in rows] == ["Fir Newly", "Ash Imported"]
    assert [set(row.reasons) for row in rows] == [{"owner", "first"}, {"first", "imported"}]
    assert not any(row.plain for row in rows)  # nobody is public unread


def test_an_entry_for_another_version_does_not_count(session, ada):
    made = stories.edited(session, about="Other words.")
    made.propose(replace(made.pending.content, fees="40"), at=NOW)
    session.flush()

    before = queue.look(session, by=ada, at=NOW).total
    entered = waiting.catch_up(session, at=NOW)

    assert before == 0
    assert entered == 1
    assert queue.counts(session)["queue"] == queue.look(session, by=ada, at=NOW).total == 1
    assert waiting.catch_up(session, at=NOW) == 0


def test_ages_and_counts_are_of_the_whole_queue(session, ada):
    for number, name in enumerate(("Ash One", "Fir Two", "Elm Three")):
        stories.edited(session, name, at=NOW - number * timedelta(days=1), about="I heal.")
    stories.edited(session, "Yew Four", fees="40")

    found = queue.look(session, Sieve(reason="promises", country="US"), by=ada, at=NOW)

    assert (found.found, found.total) == (3, 4)
    assert NOW - found.oldest == timedelta(days=2)
    assert found.reasons == {"promises": 3}
    assert found.countries == [("US", 4)]


def test_one_reads_at_a_time_for_ten_minutes(session, ada, bea):
    made = stories.edited(session, about="Other words.")
    review_locks.take(session, made.id, by=ada, at=NOW)
    review_locks.take(session, made.id, by=ada, at=NOW + SECOND)

    with pytest.raises(Conflict):
        review_locks.take(session, made.id, by=bea, at=NOW + timedelta(minutes=10))
    review_locks.take(session, made.id, by=bea, at=NOW + timedelta(minutes=10, seconds=2))

    reader = review_locks.reader(session, made.id, by=ada, at=NOW + timedelta(minutes=11))
    assert (reader.email, reader.mine) == ("bea@association.example", False)


def test_the_next_is_the_one_behind_that_nobody_reads(session, ada, bea):
    first, second, third, fourth = (
        stories.edited(session, name, at=NOW + number * SECOND, fees="40")
        for number, name in enumerate(("Ash One", "Fir Two", "Elm Three", "Yew Four"))
    )
    review_locks.take(session, third.id, by=bea, at=NOW)
    at = {"by": ada, "at": NOW + SECOND}

    assert review_locks.following(session, None, **at) == first.id
    assert review_locks.following(session, second.id, **at) == fourth.id
    assert review_locks.following(session, fourth.id, **at) == first.id


def everything(session, listing):
    """All that undoing has to put back."""
    session.flush()
    session.expire_all()
    revisions = session.scalars(select(Revision).where(Revision.listing_id == listing.id))
    return (
        (listing.live_id, listing.pending_id, listing.state),
        (listing.confirmed_on, listing.accepting_stated_on),
        [(one.id, one.decision, one.decided_on, one.notes) for one in revisions],
    )


@pytest.mark.parametrize("verb", ["approve", "send_back", "reject"])
def test_undone_everything_is_as_it_was_and_no_mail_leaves(session, ada, verb):
    owner = factories.account(session)
    made = stories.edited(session, owner_id=owner.id, about="I heal.", accepting=True)
    before, seen = everything(session, made), made.pending_id
    words = [] if verb == "approve" else [{"about": "Promise less."}]
    if verb == "approve":
        made.owner_id = None  # nobody's leave is asked for
    act = {"by": ada, "at": NOW + timedelta(days=1)}
    getattr(deciding, verb)(session, made.id, seen, *words, **act, listing_url=stories.URL)
    decided = everything(session, made)
    mails = [mail.due_at - mail.created_at for mail in session.scalars(select(OutgoingMail))]
    told = session.scalar(select(func.count()).select_from(IndexChange))

    deciding.undo(session, made.id, seen, by=ada, at=act["at"] + 30 * SECOND)

    assert decided != before
    assert mails == ([] if verb == "approve" else [deciding.UNDO_FOR])
    assert everything(session, made) == before
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    again = session.scalar(select(func.count()).select_from(IndexChange))
    assert again - told == (1 if verb == "approve" else 0)
    last = select(AuditEvent.action).order_by(AuditEvent.id.desc()).limit(1)
    assert session.scalar(last) == deciding.UNDONE
    assert names(session, ada) == ["Rowan Testerly"]


def test_too_late_by_another_or_twice_nothing_is_undone(session, ada, bea):
    made = stories.edited(session, fees="40")
    seen = made.pending_id
    deciding.approve(session, made.id, seen, by=ada, at=NOW, listing_url=stories.URL)
    session.flush()

    for by, at in ((ada, NOW + 31 * SECOND), (bea, NOW + SECOND)):
        with pytest.raises(Conflict):
            deciding.undo(session, made.id, seen, by=by, at=at)
    deciding.undo(session, made.id, seen, by=ada, at=NOW + SECOND)
    session.flush()
    with pytest.raises(Conflict):
        deciding.undo(session, made.id, seen, by=ada, at=NOW + SECOND)

    assert session.get(Revision, seen).decision is None


def test_what_happened_since_is_not_undone(session, ada):
    made = stories.edited(session, fees="40")
    seen = made.pending_id
    deciding.approve(session, made.id, seen, by=ada, at=NOW, listing_url=stories.URL)
    made.propose(replace(made.live.content, fees="50"), at=NOW)
    session.add(AuditEvent(at=NOW, actor="account 9", action="submitted", listing_id=made.id))
    session.flush()

    with pytest.raises(Conflict):
        deciding.undo(session, made.id, seen, by=ada, at=NOW + SECOND)

    assert session.get(Revision, seen).decision is Decision.APPROVED


def test_many_are_sifted_afresh(session, ada):
    plain = stories.edited(session, "Ash Plain", fees="40")
    promising = stories.edited(session, "Fir Promising", fees="40, and I cure")
    twin = stories.edited(session, "Elm Twin", fees="40")
    factories.listing(session, name="Elm Twin", slug="elm-2", email="elm-twin@practice.example")
    # The stored reasons know nothing of what came later.
    assert session.get(Waiting, twin.id).reasons == []

    picks = [(one.id, one.pending_id) for one in (plain, promising, twin, plain)]
    found = bulk.sift(session, [*picks, (10**9, 1)], by=ada, at=NOW)

    assert [row.listing_id for row in found.good] == [plain.id]
    assert [(one.listing_id, str(one.why[0])) for one in found.left] == [
        (promising.id, "words that promise"),
        (twin.id, "may be listed already"),
    ]


def test_the_queue_is_for_reviewers(session):
    somebody = factories.actor(factories.account(session))
    made = stories.edited(session, fees="40")
    steps = (
        lambda: queue.look(session, by=somebody, at=NOW),
        lambda: review_locks.take(session, made.id, by=somebody, at=NOW),
        lambda: bulk.sift(session, [(made.id, made.pending_id)], by=somebody, at=NOW),
        lambda: deciding.undo(session, made.id, made.pending_id, by=somebody, at=NOW),
    )

    for step in steps:
        with pytest.raises(NotFound):
            step()

    assert session.get(Listing, made.id).pending is not None
