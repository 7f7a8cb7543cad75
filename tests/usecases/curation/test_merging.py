"""Merging: of two listings of one person one stays, and nothing that matters is lost."""

import pytest
from sqlalchemy import select

from directory.errors import Conflict, NotFound
from directory.models import (
    Account,
    Actor,
    AuditEvent,
    Claim,
    ClaimState,
    Consent,
    CredentialCheck,
    Delegate,
    IndexChange,
    Listing,
    Photo,
    Report,
    ReportKind,
    ReportState,
    Revision,
    Role,
    Slug,
    State,
    Tally,
    Waiting,
)
from directory.usecases.curation import merging
from tests import factories
from tests.factories import NOW, TODAY


@pytest.fixture
def admin(session) -> Actor:
    return factories.actor(factories.account(session, "admin@stillpoint.example", role=Role.ADMIN))


@pytest.fixture
def pair(session) -> tuple[Listing, Listing]:
    keep = factories.listing(session, import_key="id:1")
    return keep, factories.listing(session, slug="rowan-again", about="The same person, again.")


def merge(session, pair, admin) -> None:
    merging.merge(session, pair[0].id, pair[1].id, by=admin, at=NOW)
    session.flush()


def count(day, total, listing) -> Tally:
    return Tally(listing_id=listing.id, day=day, what="opened", total=total)


def fill(session, listing, account) -> None:
    mine = {"listing_id": listing.id}
    session.add_all(
        [
            Slug(slug="rowan-long-ago", **mine),
            Photo(id="a" * 32, width=9, height=9, made_at=NOW, **mine),
            Report(kind=ReportKind.WRONG, made_at=NOW, state=ReportState.OPEN, **mine),
            Claim(account_id=account.id, state=ClaimState.ASKED, made_at=NOW, **mine),
            Consent(account_id=account.id, group="words", version="1", given_at=NOW, **mine),
            Delegate(email="helper@home.example", token="t", invited_at=NOW, **mine),
            CredentialCheck(
                credential="cst-t",
                issuer="Upledger Institute",
                method="register",
                checked_by="account 1",
                checked_on=TODAY,
                expires_on=TODAY.replace(year=2027),
                **mine,
            ),
        ]
    )
    session.flush()


def test_all_that_belongs_to_the_other_goes_along_and_its_addresses_lead_to_the_one_kept(
    session, pair, admin
):
    keep, other = pair
    owner: Account = factories.account(session)
    other.owner_id = owner.id
    fill(session, other, owner)
    session.add_all([count(TODAY, 2, keep), count(TODAY, 3, other)])

    merge(session, pair, admin)

    assert (other.state, other.slug, other.live, other.owner_id) == (
        *(State.ERASED, f"merged-{other.id}"),
        *(None, None),
    )
    assert (keep.state, keep.owner_id, keep.import_key) == (State.LIVE, owner.id, "id:1")
    leading = session.scalars(select(Slug.slug).where(Slug.listing_id == keep.id)).all()
    assert sorted(leading) == ["rowan-again", "rowan-long-ago"]
    for model in (Report, Claim, Consent, Delegate, CredentialCheck, Photo):
        assert session.scalars(select(model.listing_id)).all() == [keep.id], model
    assert session.scalars(select(Tally.total)).all() == [5]
    assert session.scalars(select(Revision.listing_id)).all() == [keep.id]
    told = session.scalars(select(IndexChange.listing_id).order_by(IndexChange.id)).all()
    assert set(told[-2:]) == {keep.id, other.id}
    done = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert done[-2:] == ["merged", "merged away"]


def test_what_waits_goes_on_waiting_in_its_turn(session, pair, admin):
    keep, other = pair
    waits = other.propose(factories.draft(about="What I want to say."), at=NOW)
    session.flush()
    turn = Waiting(listing_id=other.id, revision_id=waits.id, since=NOW, risk=3, reasons=["first"])
    session.add(turn)

    merge(session, pair, admin)

    assert keep.pending.content.about == "What I want to say."
    (there,) = session.scalars(select(Waiting))
    assert (there.listing_id, there.revision_id, there.risk) == (keep.id, keep.pending.id, 3)


def test_a_merge_that_would_take_something_from_somebody_is_refused(session, pair, admin):
    keep, other = pair

    def refused() -> str:
        with pytest.raises(Conflict) as error:
            merge(session, pair, admin)
        same = merging.compare(session, keep.id, other.id, by=admin).refusal
        assert same == str(error.value)
        return same

    keep.owner_id = factories.account(session, "one@home.example").id
    other.owner_id = factories.account(session, "two@home.example").id
    assert "Two people" in refused()
    other.owner_id = keep.owner_id
    keep.propose(factories.draft(about="a"), at=NOW)
    other.propose(factories.draft(about="b"), at=NOW)
    assert "Both wait" in refused()
    keep.withdraw(on=TODAY)
    keep.unpublish()
    assert "keep that one" in refused()
    with pytest.raises(Conflict):
        merging.merge(session, keep.id, keep.id, by=admin, at=NOW)
    practitioner = Actor(keep.owner_id)
    with pytest.raises(NotFound):
        merging.merge(session, keep.id, other.id, by=practitioner, at=NOW)
