"""Whose portrait it is: setting it, seeing it, and throwing away what nobody uses."""

import os
from datetime import timedelta
from secrets import token_hex

import pytest
from sqlalchemy import select

from directory.errors import NotFound
from directory.models import AuditEvent, Delegate, Photo, Role, State, WorkingCopy
from directory.photos import Album, Kept
from directory.usecases.practitioners import portraits, writing
from tests import factories
from tests.factories import NOW, TODAY

LATER = NOW + timedelta(days=2)


def keep(album: Album) -> Kept:
    """As `Album.keep` leaves it, without the work (tests/unit/test_photos.py has that)."""
    photo_id = token_hex(16)
    folder = album.folder / photo_id[:2]
    folder.mkdir(parents=True, exist_ok=True)
    for ext in ("jpg", "webp", "avif"):
        (folder / f"{photo_id}-160.{ext}").write_bytes(b"pixels")
    return Kept(photo_id, 160, 160)


@pytest.fixture
def album(tmp_path) -> Album:
    return Album(tmp_path / "photos")


@pytest.fixture
def owner(session):
    return factories.actor(factories.account(session))


@pytest.fixture
def stranger(session):
    return factories.actor(factories.account(session, "stranger@practice.example"))


@pytest.fixture
def admin(session):
    return factories.actor(factories.account(session, "admin@site.example", role=Role.ADMIN))


@pytest.fixture
def listing(session, owner):
    return factories.listing(session, owner_id=owner.account_id)


def portrayed(session, album, listing, by, at=NOW) -> str:
    return portraits.portray(session, listing.id, keep(album), by=by, at=at).id


def publish(session, listing, by):
    content = writing.current(session, listing.id, by=by, at=NOW).content
    listing.approve(listing.propose(content, at=NOW), on=TODAY)
    session.flush()


def test_a_portrait_goes_into_what_is_being_written_and_not_public(session, album, listing, owner):
    photo_id = portrayed(session, album, listing, owner)

    assert session.get(WorkingCopy, listing.id).content.photo == photo_id
    assert listing.live.content.photo == ""
    photo = session.get(Photo, photo_id)
    assert (photo.listing_id, photo.width, photo.made_at) == (listing.id, 160, NOW)
    session.flush()
    assert "portrayed" in session.scalars(select(AuditEvent.action)).all()


def test_nobody_portrays_the_listing_of_another(session, album, listing, stranger):
    kept = keep(album)

    for do in (
        lambda: portraits.portray(session, listing.id, kept, by=stranger, at=NOW),
        lambda: portraits.unportray(session, listing.id, by=stranger, at=NOW),
    ):
        with pytest.raises(NotFound):
            do()
    assert session.get(Photo, kept.id) is None


def test_a_portrait_is_taken_out_of_what_is_being_written(session, album, listing, owner):
    photo_id = portrayed(session, album, listing, owner)
    publish(session, listing, owner)

    portraits.unportray(session, listing.id, by=owner, at=NOW)
    portraits.unportray(session, listing.id, by=owner, at=NOW)

    assert session.get(WorkingCopy, listing.id).content.photo == ""
    assert portraits.is_public(session, photo_id, on=TODAY)
    session.flush()
    assert session.scalars(select(AuditEvent.action)).all().count("unportrayed") == 1


def test_before_it_is_public_only_keepers_and_admins_see_it(
    session, album, listing, owner, stranger, admin
):
    photo_id = portrayed(session, album, listing, owner)

    def sees(by):
        return portraits.may_see(session, photo_id, by, on=TODAY)

    assert [sees(by) for by in (None, stranger, owner, admin)] == [False, False, True, True]
    helper = Delegate(
        listing_id=listing.id,
        email=stranger.email,
        account_id=stranger.account_id,
        token="t",
        invited_at=NOW,
        accepted_at=NOW,
    )
    session.add(helper)
    session.flush()
    assert sees(stranger)


def test_all_see_it_only_while_the_listing_that_has_it_is_shown(session, album, listing, owner):
    photo_id = portrayed(session, album, listing, owner)
    publish(session, listing, owner)

    for state in State:
        listing.state = state
        session.flush()
        assert portraits.may_see(session, photo_id, None, on=TODAY) is (state is State.LIVE)

    listing.state = State.LIVE
    assert not portraits.is_public(session, photo_id, on=TODAY + timedelta(days=400))


def test_a_portrait_of_an_erased_listing_is_seen_by_no_former_keeper(
    session, album, listing, owner
):
    photo_id = portrayed(session, album, listing, owner)
    listing.state = State.ERASED
    session.flush()

    assert not portraits.may_see(session, photo_id, owner, on=TODAY)


def test_a_portrait_that_is_not_there_is_seen_by_nobody(session, admin):
    for photo_id in ("", "0" * 32, "../../x"):
        assert not portraits.may_see(session, photo_id, admin, on=TODAY)


def test_the_sweep_throws_away_what_nothing_uses_any_more(session, album, listing, owner):
    unused = portrayed(session, album, listing, owner)
    live = portrayed(session, album, listing, owner)
    publish(session, listing, owner)
    pending = portrayed(session, album, listing, owner)
    listing.propose(writing.current(session, listing.id, by=owner, at=NOW).content, at=NOW)
    written = portrayed(session, album, listing, owner)
    session.flush()

    assert portraits.sweep(session, album, LATER) == 1
    assert album.sizes_of(unused) != ()
    session.commit()

    assert set(session.scalars(select(Photo.id))) == {live, pending, written}
    assert album.sizes_of(unused) == ()
    assert all(album.sizes_of(photo_id) for photo_id in (live, pending, written))


def test_the_sweep_leaves_what_is_younger_than_a_day(session, album, listing, owner):
    young = portrayed(session, album, listing, owner)
    portrayed(session, album, listing, owner)

    portraits.sweep(session, album, NOW + timedelta(hours=23))

    assert session.get(Photo, young)
    assert album.sizes_of(young)


def test_the_sweep_takes_files_without_a_row_once_they_are_a_day_old(session, album):
    old, new = keep(album).id, keep(album).id
    for ext in ("jpg", "webp", "avif"):
        for photo_id, at in ((old, NOW - timedelta(days=2)), (new, NOW)):
            os.utime(album.path(photo_id, 160, ext), (at.timestamp(), at.timestamp()))

    assert portraits.sweep(session, album, NOW) == 1
    session.commit()

    assert album.sizes_of(old) == ()
    assert album.sizes_of(new) == (160,)
