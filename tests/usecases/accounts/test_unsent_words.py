"""Whoever erases can keep nobody else off the lists: only what somebody vouched for is remembered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.models import Account, Actor, Listing, State, WorkingCopy
from directory.photos import Album
from directory.places import Gazetteer
from directory.usecases.accounts import erasing
from directory.usecases.imports import intake
from directory.usecases.imports.rows import Outcome, Row
from directory.usecases.listings import tombstones
from directory.usecases.moderation import deciding
from directory.usecases.practitioners import rules
from tests import factories, stories
from tests.factories import BOULDER, DENVER, NOW, PORTLAND

KEY = b"only for tests"
# Somebody else, as a list may name them.
BY_EMAIL = factories.draft(name="V. O.", email="Victim@Other.example", practices=(PORTLAND,))
BY_PLACE = factories.draft(name="VICTIM  Other", email="v@clinic.example", practices=(DENVER,))
VICTIM = {"name": "Victim Other", "email": "victim@other.example", "practices": (DENVER,)}


@dataclass
class Scene:
    """An owner who will erase, an admin, and the list that comes in afterwards."""

    session: Session
    owner: Actor
    admin: Actor
    folder: Path
    gazetteer: Gazetteer

    def erase(self, listing: Listing, *, account: bool = False, never_again: bool = True) -> None:
        how = {"by": self.owner, "at": NOW, "key": KEY, "album": Album(self.folder)}
        if account:
            erasing.erase_account(self.session, never_again=never_again, **how)
        else:
            erasing.erase_listing(self.session, listing.id, never_again=never_again, **how)
        self.session.flush()
        assert listing.state is State.ERASED
        assert self.session.get(WorkingCopy, listing.id) is None

    def barred(self, *drafts, key=KEY) -> list[bool]:
        """Of each that a list brings in, whether it is passed over."""
        rows = [Row(n, one.name, f"A-{n}", one) for n, one in enumerate(drafts, 2)]
        how = {"gazetteer": self.gazetteer, "approve": True, "by": "a roster", "at": NOW}
        report = intake.take_rows(self.session, rows, key=key, **how).report
        return [row.outcome is Outcome.FAILED for row in report.rows]


@pytest.fixture
def scene(session, tmp_path, gazetteer) -> Scene:
    owner = factories.account(session, "account@home.example")
    admin = factories.admin(session)
    return Scene(session, factories.actor(owner), factories.actor(admin), tmp_path, gazetteer)


def written(scene: Scene) -> Listing:
    return stories.written(scene.session, scene.owner, **VICTIM)


def waiting(scene: Scene) -> Listing:
    listing = written(scene)
    stories.send(scene.session, listing, scene.owner)
    return listing


def replaced(scene: Scene) -> Listing:
    listing = waiting(scene)
    stories.write(scene.session, listing.id, scene.owner, **own())
    stories.send(scene.session, listing, scene.owner)
    return listing


def refused(scene: Scene) -> Listing:
    listing = waiting(scene)
    stories.decide(scene.session, "reject", listing, scene.admin, {"name": "Not you."})
    return listing


def sent_back(scene: Scene) -> Listing:
    listing = waiting(scene)
    stories.decide(scene.session, "send_back", listing, scene.admin, {"name": "Not you."})
    return listing


def approved_by_mistake(scene: Scene) -> Listing:
    listing = waiting(scene)
    scene.session.flush()
    number = listing.pending.id
    stories.decide(scene.session, "approve", listing, scene.admin)
    then = stories.A_DAY_LATER + timedelta(seconds=5)
    deciding.undo(scene.session, listing.id, number, by=scene.admin, at=then)
    return listing


def added_to_what_is_live(scene: Scene) -> Listing:
    listing = stories.live(scene.session, scene.owner, scene.admin, **own())
    stories.write(scene.session, listing.id, scene.owner, **VICTIM)
    stories.send(scene.session, listing, scene.owner)
    return listing


def gone_live_unread(scene: Scene) -> Listing:
    """The e-mail address alone, where admins let it go live at once."""
    rules.set_low_risk(scene.session, ["email"], by=scene.admin, at=NOW)
    listing = stories.live(scene.session, scene.owner, scene.admin, **own())
    stories.write(scene.session, listing.id, scene.owner, email=VICTIM["email"])
    assert stories.send(scene.session, listing, scene.owner).at_once == ("email",)
    assert listing.public.email == VICTIM["email"]
    return listing


def own(**changes):
    return {"name": "Own Name", "email": "own@work.example", "practices": (BOULDER,)} | changes


STORIES = (
    *(written, waiting, replaced, refused, sent_back),
    *(approved_by_mistake, added_to_what_is_live, gone_live_unread),
)


@pytest.mark.parametrize("account", [True, False], ids=["account", "listing"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_nobody_keeps_somebody_else_off_the_lists(
    scene, story: Callable[[Scene], Listing], account
):
    listing = story(scene)

    scene.erase(listing, account=account)

    assert scene.barred(BY_EMAIL, BY_PLACE) == [False, False]


@pytest.mark.parametrize("story", STORIES[:6], ids=lambda story: story.__name__)
def test_nobody_takes_somebody_elses_address_for_ever(scene, story: Callable[[Scene], Listing]):
    listing = story(scene)
    slug = listing.slug

    scene.erase(listing)

    assert not tombstones.gone(scene.session, slug, key=KEY)


def test_what_was_public_once_is_remembered_though_it_is_not_any_more(scene):
    listing = stories.live(scene.session, scene.owner, scene.admin, **own())
    changed = own(name="Married Name", email="new@work.example", practices=(DENVER,))
    stories.write(scene.session, listing.id, scene.owner, **changed)
    stories.send(scene.session, listing, scene.owner)
    stories.decide(scene.session, "approve", listing, scene.admin)
    listing.unpublish()
    slug = listing.slug

    scene.erase(listing)

    first, second = factories.draft(**own()), factories.draft(**changed)
    apart = {"email": "x@y.example"}
    assert scene.barred(first, replace(first, **apart), second, replace(second, **apart)) == (
        [True] * 4
    )
    assert tombstones.gone(scene.session, slug, key=KEY)


def test_what_an_import_brought_in_is_remembered_after_its_owner_changed_it(scene):
    brought = factories.draft(**own())
    row = Row(2, "own", "email:own@work.example", brought)
    how = {"gazetteer": scene.gazetteer, "approve": True, "by": "a roster", "at": NOW, "key": KEY}
    (made,) = intake.take_rows(scene.session, [row], **how).written
    listing = made.listing
    listing.owner_id = scene.owner.account_id
    scene.session.flush()
    stories.write(scene.session, listing.id, scene.owner, **VICTIM)
    stories.send(scene.session, listing, scene.owner)

    scene.erase(listing)

    assert scene.barred(brought, replace(brought, email="x@y.example"), BY_EMAIL, BY_PLACE) == [
        *(True, True, False, False),
    ]


@pytest.mark.parametrize("proved", [True, False])
def test_the_address_of_an_account_is_remembered_once_it_is_proved(scene, proved):
    scene.session.get(Account, scene.owner.account_id).confirmed_at = NOW if proved else None
    listing = written(scene)

    scene.erase(listing, account=True)

    assert scene.barred(factories.draft(email="Account@home.example")) == [proved]


def test_without_that_wish_a_list_brings_them_in(scene):
    listing = stories.live(scene.session, scene.owner, scene.admin, **own())

    scene.erase(listing, never_again=False)

    assert scene.barred(factories.draft(**own())) == [False]


def test_what_is_remembered_of_them_tells_nothing_without_the_key(scene):
    listing = stories.live(scene.session, scene.owner, scene.admin, **own())

    scene.erase(listing)

    assert scene.barred(factories.draft(**own()), key=b"another key") == [False]
