"""Whoever erases what was never sent in is not listed by what they had written, either."""

from dataclasses import replace

import pytest

from directory.models import State, WorkingCopy
from directory.photos import Album
from directory.usecases.accounts import erasing
from directory.usecases.imports import intake
from directory.usecases.imports.rows import Outcome, Row
from directory.usecases.practitioners import writing
from tests import factories
from tests.factories import BOULDER, DENVER, NOW

KEY = b"only for tests"
# What a list may say of them.
BY_EMAIL = factories.draft(name="R. T.", email="Rowan@Written.example", practices=(BOULDER,))
BY_PLACE = factories.draft(name="ROWAN  Written", email="desk@clinic.example", practices=(DENVER,))
NAMESAKE = replace(BY_PLACE, practices=(BOULDER,))


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session, "account@home.example"))


@pytest.fixture
def listing(session, owner):
    """Nothing was ever sent in: who it is stands in the working copy alone."""
    begun = writing.begin(session, by=owner, at=NOW)
    session.get_one(WorkingCopy, begun.id).content = factories.draft(
        name="Rowan Written", email="rowan@written.example", practices=(DENVER,)
    )
    session.flush()
    return begun


def outcomes(session, gazetteer, key):
    drafts = (BY_EMAIL, BY_PLACE, NAMESAKE)
    rows = [Row(number, one.name, f"A-{number}", one) for number, one in enumerate(drafts, 2)]
    how = {"gazetteer": gazetteer, "approve": True, "by": "a roster", "at": NOW, "key": key}
    return [row.outcome for row in intake.take_rows(session, rows, **how).report.rows]


def erase(session, listing, owner, tmp_path, *, account: bool, never_again: bool = True):
    how = {"by": owner, "at": NOW, "key": KEY, "album": Album(tmp_path), "never_again": never_again}
    if account:
        erasing.erase_account(session, **how)
    else:
        erasing.erase_listing(session, listing.id, **how)
    session.flush()
    assert listing.state is State.ERASED
    assert session.get(WorkingCopy, listing.id) is None


@pytest.mark.parametrize("account", [True, False])
def test_no_list_brings_back_who_erased_what_was_never_sent_in(
    session, gazetteer, owner, listing, tmp_path, account
):
    erase(session, listing, owner, tmp_path, account=account)

    found = outcomes(session, gazetteer, KEY)

    assert found == [Outcome.FAILED, Outcome.FAILED, Outcome.CREATED]


def test_without_that_wish_a_list_brings_them_in(session, gazetteer, owner, listing, tmp_path):
    erase(session, listing, owner, tmp_path, account=False, never_again=False)

    found = outcomes(session, gazetteer, KEY)

    assert found == [Outcome.CREATED] * 3


def test_what_is_remembered_of_them_tells_nothing_without_the_key(
    session, gazetteer, owner, listing, tmp_path
):
    erase(session, listing, owner, tmp_path, account=False)

    found = outcomes(session, gazetteer, b"another key")

    assert found == [Outcome.CREATED] * 3
