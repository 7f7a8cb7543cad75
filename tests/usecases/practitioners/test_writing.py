"""Writing a listing: saved page by page, kept as typed, and never over somebody else's words."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from directory.errors import Conflict, NotFound
from directory.models import AuditEvent, Listing, WorkingCopy
from directory.usecases.listings.fields import NOTHING_YET, place_page
from directory.usecases.practitioners import writing
from directory.usecases.practitioners.writing import Changed
from tests import factories
from tests.factories import BOULDER, DENVER, NOW, PORTLAND

YOU = {"name": "Rowan Testerly", "suffix": "LMT"}


@pytest.fixture
def by(session):
    return factories.actor(factories.account(session))


@pytest.fixture
def mine(session, by):
    """The id of a live listing of `by`."""
    return factories.listing(session, owner_id=by.account_id).id


@pytest.fixture
def write(session, by, mine):
    """Call a use-case of writing on `mine`."""

    def write(verb, *arguments, **keywords):
        return getattr(writing, verb)(session, mine, *arguments, by=by, at=NOW, **keywords)

    return write


def test_saving_a_page_leaves_the_public_listing_alone(session, write, mine):
    seen = write("current").seen("you")

    after = write("save", "you", {"name": "Rowan Renamed", "suffix": ""}, seen=seen)

    assert after.content.name == "Rowan Renamed"
    assert after.content.about == after.listing.live.content.about
    assert after.listing.live.content.name == "Rowan Testerly"


def test_what_another_window_saved_is_not_overwritten(write):
    seen = write("current").seen("you")
    write("save", "you", {"name": "First Window", "suffix": ""}, seen=seen)

    with pytest.raises(Changed) as collided:
        write("save", "you", {"name": "Second Window", "suffix": ""}, seen=seen)

    assert collided.value.now.name == "First Window"
    assert write("current").content.name == "First Window"


def test_two_windows_may_write_two_pages(write):
    opened = write("current")

    write("save", "you", {"name": "First Window", "suffix": ""}, seen=opened.seen("you"))
    write(
        "save",
        "contact",
        {"phone": "", "email": "", "website": "https://rowan.example"},
        seen=opened.seen("contact"),
    )

    now = write("current").content
    assert (now.name, now.website) == ("First Window", "https://rowan.example")


def test_the_same_page_sent_twice_is_saved_once(write):
    seen = write("current").seen("you")
    changes = {"name": "Rowan Renamed", "suffix": ""}

    first = write("save", "you", changes, seen=seen)
    second = write("save", "you", changes, seen=seen)

    assert second.version == first.version


def test_what_access_says_does_not_collide_with_another_place(write, gazetteer):
    seen = write("current").seen("places")
    write("save_practice", None, DENVER, gazetteer, seen="")

    after = write("save", "places", {"access": ("quiet",)}, seen=seen)

    assert after.content.access == ("quiet",)
    assert len(after.content.practices) == 2


def test_what_cannot_be_used_is_kept_until_it_can(write):
    write("keep_typed", "you", {"name": ["=1"], "suffix": ["LMT"]})
    kept = write("current")

    saved = write("save", "you", YOU, seen=kept.seen("you"))

    assert kept.typed == {"you": {"name": ["=1"], "suffix": ["LMT"]}}
    assert kept.content.name == "Rowan Testerly"
    assert saved.typed == {}


def test_what_was_typed_can_be_let_go(write):
    write("keep_typed", place_page(None), {"locality": ["Bouldr"]})
    write("keep_typed", "you", {"name": ["=1"]})

    write("forget_typed", place_page(None))

    assert set(write("current").typed) == {"you"}


def test_nobody_else_may_write(session, mine):
    other = factories.actor(factories.account(session, email="other@practice.example"))
    verbs = [
        lambda: writing.current(session, mine, by=other, at=NOW),
        lambda: writing.save(session, mine, "you", YOU, seen="", by=other, at=NOW),
        lambda: writing.keep_typed(session, mine, "you", {}, by=other, at=NOW),
        lambda: writing.forget_typed(session, mine, "you", by=other, at=NOW),
        lambda: writing.remove_practice(session, mine, 0, seen="", by=other, at=NOW),
    ]

    for verb in verbs:
        with pytest.raises(NotFound):
            verb()


def test_a_place_is_put_on_the_map(write, gazetteer):
    there = replace(PORTLAND, lat=None, lon=None, precision="", region="OR")

    placed = write("save_practice", None, there, gazetteer, seen="")

    assert placed.problems == ()
    assert write("current").content.practices[1] == placed.draft.practices[0]
    assert placed.draft.practices[0].region == "Oregon"
    assert placed.draft.practices[0].placed


def test_a_place_sent_twice_is_saved_once(write, gazetteer):
    seen = write("current").places_seen
    renamed = replace(BOULDER, name="Another Name")
    new = replace(DENVER, lat=None, lon=None, precision="")

    for _ in range(2):
        write("save_practice", 0, renamed, gazetteer, seen=seen)
    for _ in range(2):
        write("save_practice", None, new, gazetteer, seen="")

    practices = write("current").content.practices
    assert len(practices) == 2
    assert practices[0] == renamed


def test_another_name_keeps_the_pin_and_another_address_drops_it(write, gazetteer):
    seen = write("current").places_seen
    renamed = replace(BOULDER, name="New Name")
    moved = replace(BOULDER, locality="Denver", postcode="80202", address="1 Other Street")

    same = write("save_practice", 0, renamed, gazetteer, seen=seen).draft.practices[0]
    seen = write("current").places_seen
    other = write("save_practice", 0, moved, gazetteer, seen=seen).draft.practices[0]

    assert (same.precision, same.lat) == ("exact", BOULDER.lat)
    assert other.precision == "postcode"
    assert abs(other.lat - DENVER.lat) < 0.1


def test_a_place_changed_elsewhere_is_not_overwritten(write, gazetteer):
    seen = write("current").places_seen
    write("save_practice", 0, replace(BOULDER, name="First Window"), gazetteer, seen=seen)

    with pytest.raises(Changed):
        write("save_practice", 0, replace(BOULDER, name="Second"), gazetteer, seen=seen)
    with pytest.raises(Changed):
        write("remove_practice", 0, seen=seen)


def test_removing_a_place_twice_removes_one(write, gazetteer):
    write("save_practice", None, DENVER, gazetteer, seen="")
    write("keep_typed", place_page(0), {"name": ["gone with its place"]})
    write("keep_typed", place_page(1), {"name": ["moves up"]})
    seen = write("current").places_seen

    write("remove_practice", 0, seen=seen)
    with pytest.raises(Changed):
        write("remove_practice", 0, seen=seen)

    left = write("current")
    assert [one.locality for one in left.content.practices] == ["Denver"]
    assert left.typed == {place_page(0): {"name": ["moves up"]}}


def test_a_listing_has_ten_places_at_most(write, gazetteer):
    for number in range(9):
        write("save_practice", None, replace(DENVER, name=f"Room {number}"), gazetteer, seen="")

    with pytest.raises(Conflict, match="at most 10 places"):
        write("save_practice", None, replace(DENVER, name="Room 10"), gazetteer, seen="")


def test_pressing_begin_twice_begins_one(session, by):
    first = writing.begin(session, by=by, at=NOW)
    second = writing.begin(session, by=by, at=NOW)

    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(WorkingCopy)) == 1
    begun = select(func.count()).where(AuditEvent.action == "begun")
    assert session.scalar(begun) == 1


def test_starting_over_goes_back_to_what_is_public(write):
    seen = write("current").seen("you")
    write("save", "you", {"name": "Rowan Renamed", "suffix": ""}, seen=seen)
    write("keep_typed", "contact", {"phone": ["12"]})

    write("start_over")

    now = write("current")
    assert now.content == now.listing.live.content
    assert now.typed == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_begin_gives_an_untouched_listing_again_and_no_more_than_five(session, by, database_url):
    made = []
    for number in range(writing.MOST_UNFINISHED):
        made.append(writing.begin(session, by=by, at=NOW))
        name = {"name": f"Rowan {number}", "suffix": ""}
        seen = writing.current(session, made[-1].id, by=by, at=NOW).seen("you")
        writing.save(session, made[-1].id, "you", name, seen=seen, by=by, at=NOW)

    with pytest.raises(Conflict):
        writing.begin(session, by=by, at=NOW)
    session.get(WorkingCopy, made[3].id).content = NOTHING_YET

    assert len({one.id for one in made}) == 5
    assert writing.begin(session, by=by, at=NOW) is made[3]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_typed_moves_up_with_its_place_and_all_else_stays(
    session, write, gazetteer, database_url
):
    for number in range(3):
        write("save_practice", None, replace(DENVER, name=f"Room {number}"), gazetteer, seen="")
    for position in range(4):
        write("keep_typed", place_page(position), {"name": [f"typed {position}"]})
    write("keep_typed", "you", {"name": ["=1"]})

    write("remove_practice", 1, seen=write("current").places_seen)

    left = write("current")
    assert [one.name for one in left.content.practices] == [BOULDER.name, "Room 1", "Room 2"]
    assert left.typed == {
        place_page(0): {"name": ["typed 0"]},
        place_page(1): {"name": ["typed 2"]},
        place_page(2): {"name": ["typed 3"]},
        "you": {"name": ["=1"]},
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_place_sent_twice_is_answered_alike(write, gazetteer, database_url):
    new = replace(BOULDER, name="Another Room")

    first = write("save_practice", None, new, gazetteer, seen="")
    again = write("save_practice", None, new, gazetteer, seen="")

    assert again.draft.practices == first.draft.practices == (new,)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_is_no_place_behind_the_last(write, gazetteer, database_url):
    seen = write("current").places_seen

    with pytest.raises(Changed):
        write("save_practice", 1, DENVER, gazetteer, seen=seen)
    with pytest.raises(Changed):
        write("remove_practice", 1, seen=seen)

    assert len(write("current").content.practices) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_differs_from_what_waits_or_else_is_public_is_unsent(
    session, write, mine, database_url
):
    listing = session.get(Listing, mine)
    edit = replace(listing.live.content, about="Newer.")
    against_public = writing.unsent(listing, edit)
    listing.propose(edit, at=NOW)

    assert against_public == ("about",)
    assert writing.unsent(listing, edit) == ()
    assert writing.unsent(listing, listing.live.content) == ("about",)
