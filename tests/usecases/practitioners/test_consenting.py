"""Leave to publish: which is asked for, that it is kept, and what taking it back does."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.errors import Invalid, NotFound
from directory.models import (
    AuditEvent,
    Consent,
    Decision,
    Delegate,
    Draft,
    IndexChange,
    Listing,
    State,
)
from directory.usecases.practitioners import consenting
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session))


@pytest.fixture
def listing(session, owner) -> Listing:
    return factories.listing(session, owner_id=owner.account_id)


def rows(session) -> int:
    return session.scalar(select(func.count()).select_from(Consent))


def helper_of(session, listing):
    helper = factories.account(session, "helper@practice.example")
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
    return factories.actor(helper)


def test_every_field_of_a_listing_is_in_one_group():
    grouped = [name for group in consenting.GROUPS.values() for name in group.fields]

    assert sorted(grouped) == sorted(field.name for field in fields(Draft))


def test_only_groups_that_say_something_are_asked_for():
    bare = Draft(name="Rowan Testerly", practices=(factories.BOULDER,))

    assert consenting.needed(bare) == ("identity", "places")
    assert consenting.needed(replace(bare, accepting=False)) == ("identity", "work", "places")
    assert consenting.needed(replace(bare, sliding_scale=False)) == ("identity", "places")


def test_what_was_agreed_to_is_not_missing_any_more(session, owner, listing):
    draft = listing.live.content

    consenting.give(session, listing.id, ["identity", "places"], by=owner, at=NOW)

    assert consenting.missing(session, listing.id, draft) == ("work", "contact", "words")
    given = consenting.given(session, listing.id)["identity"]
    assert (given.version, given.given_at, given.current) == (consenting.VERSION, NOW, True)


def test_agreeing_twice_is_one_row_and_one_line_in_the_audit(session, owner, listing):
    for _ in range(2):
        consenting.give(session, listing.id, ["identity"], by=owner, at=NOW)

    assert rows(session) == 1
    verbs = session.scalars(select(AuditEvent.action).where(AuditEvent.listing_id == listing.id))
    assert verbs.all() == ["agreed"]


def test_a_new_wording_is_asked_for_anew_and_the_old_answer_stays(
    session, owner, listing, monkeypatch
):
    consenting.give(session, listing.id, ["identity"], by=owner, at=NOW)
    monkeypatch.setattr(consenting, "VERSION", "2027-01")

    missing = consenting.missing(session, listing.id, listing.live.content)
    consenting.give(session, listing.id, ["identity"], by=owner, at=LATER)

    assert "identity" in missing
    assert "identity" not in consenting.missing(session, listing.id, listing.live.content)
    assert sorted(session.scalars(select(Consent.version))) == ["2026-11", "2027-01"]


def test_taking_it_back_takes_the_listing_down_at_once(session, owner, listing):
    consenting.give(session, listing.id, list(consenting.GROUPS), by=owner, at=NOW)
    waiting = listing.propose(replace(listing.live.content, about="Newer."), at=NOW)
    session.flush()
    before = session.scalar(select(func.max(IndexChange.id)))

    consenting.withdraw(session, listing.id, "words", by=owner, at=LATER)
    consenting.withdraw(session, listing.id, "words", by=owner, at=LATER)

    assert (listing.live, listing.pending, listing.state) == (None, None, State.DRAFT)
    assert waiting.decision is Decision.WITHDRAWN
    assert "words" not in consenting.given(session, listing.id)
    assert session.scalars(select(IndexChange.listing_id).where(IndexChange.id > before)).all() == [
        listing.id
    ]
    (told,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "consent withdrawn"))
    assert told.detail == {"group": "words", "down": True}


def test_what_was_taken_back_can_be_given_again(session, owner, listing):
    consenting.give(session, listing.id, ["words"], by=owner, at=NOW)
    consenting.withdraw(session, listing.id, "words", by=owner, at=NOW)

    consenting.give(session, listing.id, ["words"], by=owner, at=LATER)

    assert consenting.given(session, listing.id)["words"].given_at == LATER
    assert rows(session) == 2


def test_a_helper_may_agree_but_not_take_back(session, owner, listing):
    helper = helper_of(session, listing)
    consenting.give(session, listing.id, ["words"], by=helper, at=NOW)

    with pytest.raises(NotFound):
        consenting.withdraw(session, listing.id, "words", by=helper, at=NOW)

    assert listing.state is State.LIVE


def test_nobody_else_can_do_either(session, listing):
    stranger = factories.actor(factories.account(session, "stranger@practice.example"))

    for verb in (
        lambda: consenting.give(session, listing.id, ["words"], by=stranger, at=NOW),
        lambda: consenting.withdraw(session, listing.id, "words", by=stranger, at=NOW),
    ):
        with pytest.raises(NotFound):
            verb()

    assert rows(session) == 0


def test_an_unknown_group_is_refused(session, owner, listing):
    with pytest.raises(Invalid):
        consenting.give(session, listing.id, ["shoes"], by=owner, at=NOW)
    with pytest.raises(Invalid):
        consenting.withdraw(session, listing.id, "shoes", by=owner, at=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_leave_for_what_is_not_public_is_taken_back_without_a_word_to_the_index(
    session, owner, listing, database_url
):
    listing.unpublish()
    consenting.give(session, listing.id, ["words"], by=owner, at=NOW)
    before = session.scalar(select(func.max(IndexChange.id)))

    consenting.withdraw(session, listing.id, "words", by=owner, at=LATER)

    session.flush()
    assert consenting.given(session, listing.id) == {}
    assert session.scalar(select(func.max(IndexChange.id))) == before
    (told,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "consent withdrawn"))
    assert told.detail == {"group": "words", "down": False}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_leave_counts_for_one_listing_and_one_group(session, owner, listing, database_url):
    other = factories.listing(session, slug="another", owner_id=owner.account_id)
    consenting.give(session, listing.id, ["words", "work"], by=owner, at=NOW)
    consenting.give(session, other.id, ["words"], by=owner, at=NOW)

    consenting.withdraw(session, listing.id, "words", by=owner, at=LATER)

    assert consenting.given(session, listing.id).keys() == {"work"}
    assert consenting.given(session, other.id).keys() == {"words"}
    assert other.state is State.LIVE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_an_unknown_group_forty_letters_are_said(session, owner, listing, database_url):
    asked = {
        "agree": lambda: consenting.give(session, listing.id, ["x" * 50], by=owner, at=NOW),
        "group": lambda: consenting.withdraw(session, listing.id, "x" * 50, by=owner, at=NOW),
    }

    for field, ask in asked.items():
        with pytest.raises(Invalid) as refused:
            ask()
        assert [str(one) for one in refused.value.fields[field]] == [
            f"We do not know “{'x' * 40}”."
        ]


def test_what_somebody_is_is_agreed_to_on_its_own(session, owner, listing):
    draft = replace(listing.live.content, practitioner="woman", online=True)
    others = [name for name in consenting.GROUPS if name != "practitioner"]

    consenting.give(session, listing.id, others, by=owner, at=NOW)

    assert consenting.missing(session, listing.id, draft) == ("practitioner",)
    assert consenting.missing(session, listing.id, replace(draft, practitioner="")) == ()
