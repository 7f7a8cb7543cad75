"""What the clock asks for, on a whole site."""

from datetime import timedelta

from sqlalchemy import func, select

from directory.cli.chores import CHORES
from directory.models import OutgoingMail
from tests import factories


def test_every_chore_may_be_repeated_without_harm(runtime):
    with runtime.transaction() as session:
        listing = factories.listing(session, on=factories.TODAY - timedelta(days=190))
        listing.owner_id = factories.account(session).id

    for chore in (*CHORES, *CHORES):
        chore(runtime)

    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1
