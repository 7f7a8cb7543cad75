"""What waits, in which order, who reads it, and taking a decision back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    AuditEvent,
    Decision,
    IndexChange,
    Listing,
    OutgoingMail,
    ReviewLock,
    Revision,
    Role,
    Waiting,
)
from directory.usecases.audit import chain
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
    mine = select(Revision).where(Revision.listing_id == listing.id)
    revisions = session.scalars(mine.order_by(Revision.id))
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
    chain.record(session, "submitted", made.id, by="account 9", at=NOW)
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_behind_an_entry_stands_what_comes_after_it_in_the_order(session, database_url):
    places = [(2, 0), (2, 0), (2, 1), (1, -1), (1, 0), (1, 0), (0, -2)]
    for number, (risk, seconds) in reversed(list(enumerate(places))):
        made = stories.edited(session, f"Number {number}", fees="40")
        row = session.get(Waiting, made.id)
        row.risk, row.since = risk, NOW + seconds * SECOND
    session.flush()

    rows = session.scalars(select(Waiting).order_by(*waiting.in_order())).all()

    assert [(row.risk, row.since) for row in rows] == [
        (risk, NOW + seconds * SECOND) for risk, seconds in places
    ]
    twins = [(rows[one].listing_id, rows[one + 1].listing_id) for one in (0, 4)]
    assert all(first < second for first, second in twins)
    for place, row in enumerate(rows):
        behind = select(Waiting).where(waiting.behind(row)).order_by(*waiting.in_order())
        assert session.scalars(behind).all() == rows[place + 1 :]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_readings_that_ran_out_are_dropped_and_others_stay(session, ada, database_url):
    made = [
        stories.edited(session, name, fees="40") for name in ("Ash One", "Fir Two", "Elm Three")
    ]
    for listing, seconds in zip(made, (-1, 0, 1), strict=True):
        until = NOW + seconds * SECOND
        session.add(ReviewLock(listing_id=listing.id, account_id=ada.account_id, until=until))
    session.flush()
    lives = made[2].id

    waiting.catch_up(session, at=NOW)

    assert session.scalars(select(ReviewLock.listing_id)).all() == [lives]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_catching_up_takes_the_oldest_listings_first_and_none_without_a_proposal(
    session, monkeypatch, database_url
):
    monkeypatch.setattr(waiting, "AT_ONCE", 2)
    factories.listing(session, slug="nothing-waits")
    made = [factories.listing(session, slug=f"number-{number}") for number in range(3)]
    for listing in made:
        listing.propose(replace(listing.live.content, fees="40"), at=NOW)
    session.flush()
    ids = [listing.id for listing in made]

    counts, entered = [], []
    for _ in range(3):
        counts.append(waiting.catch_up(session, at=NOW))
        session.flush()
        entered.append(sorted(session.scalars(select(Waiting.listing_id))))

    assert counts == [2, 1, 0]
    assert entered == [ids[:2], ids, ids]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_many_those_that_propose_are_entered_once(session, database_url):
    proposing = stories.edited(session, "Ash One", fees="40")
    proposing.propose(replace(proposing.live.content, about="I heal."), at=NOW + SECOND)
    quiet = factories.listing(session, slug="nothing-waits")

    waiting.enqueue_many(session, [proposing, quiet])
    session.flush()

    [row] = session.scalars(select(Waiting))
    assert (row.listing_id, row.revision_id) == (proposing.id, proposing.pending.id)
    assert (row.since, row.reasons, row.risk > 0) == (NOW + SECOND, ["promises"], True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_proposes_nothing_is_not_entered(session, database_url):
    quiet = factories.listing(session)

    waiting.enqueue(session, quiet, at=NOW)

    assert session.scalars(select(Waiting)).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_the_decision_that_one_sees_is_undone(session, ada, database_url):
    untouched = stories.edited(session, "Ash One", fees="40")
    made = stories.edited(session, "Fir Two", fees="40")
    seen, other = made.pending_id, made.live_id
    deciding.approve(session, made.id, seen, by=ada, at=NOW, listing_url=stories.URL)
    session.flush()

    for listing, revision in ((made.id, other), (untouched.id, untouched.pending_id)):
        with pytest.raises(Conflict):
            deciding.undo(session, listing, revision, by=ada, at=NOW)

    assert made.live_id == seen


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_somebody_decided_last_is_told_to_them_alone(session, ada, bea, database_url):
    made = stories.edited(session, "Fir Two", fees="40")
    seen, older = made.pending_id, made.live_id
    nothing = deciding.decided(session, made.id, seen, by=ada)
    deciding.approve(session, made.id, seen, by=ada, at=NOW, listing_url=stories.URL)
    session.flush()

    title, event = deciding.decided(session, made.id, seen, by=ada)
    asked = [(made.id, seen, bea), (made.id, older, ada), (made.id, 10**9, ada), (10**9, seen, ada)]
    others = [deciding.decided(session, listing, one, by=by) for listing, one, by in asked]
    elsewhere = {"actor": str(ada), "listing_id": made.id, "detail": {"revision": seen}}
    session.add(AuditEvent(at=NOW, action="looked", **elsewhere))
    session.flush()

    assert (title, event.action) == ("Fir Two, LMT", "approved")
    assert [nothing, *others, deciding.decided(session, made.id, seen, by=ada)] == [None] * 6


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("seconds", "waited"), [(-5, 0), (0, 0), (0.9, 0), (86400, 86400)])
def test_how_long_it_waited_is_noted_in_whole_seconds(session, ada, seconds, waited, database_url):
    made = stories.edited(session, fees="40")
    at = NOW + seconds * SECOND

    deciding.reject(
        session, made.id, made.pending_id, {"fees": "Why?"}, by=ada, at=at, listing_url=stories.URL
    )

    session.flush()
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "rejected"))
    assert event.detail["waited"] == waited


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_an_unknown_field_forty_letters_are_said(session, ada, database_url):
    made = stories.edited(session, fees="40")
    notes = {"x" * 50: "Why?"}

    with pytest.raises(Invalid) as refused:
        stories.decide(session, "reject", made, ada, notes)

    assert [str(one) for one in refused.value.fields["notes"]] == [
        f"There is no field “{'x' * 40}”."
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("verb", ["send_back", "reject"])
def test_the_index_hears_nothing_of_what_is_not_approved(session, ada, verb, database_url):
    made = stories.edited(session, fees="40")
    before = session.scalar(select(func.count()).select_from(IndexChange))

    stories.decide(session, verb, made, ada, {"fees": "x" * deciding.LONGEST_NOTE})

    session.flush()
    assert session.scalar(select(func.count()).select_from(IndexChange)) == before
