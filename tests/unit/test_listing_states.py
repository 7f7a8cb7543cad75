"""Every verb of a listing in every state: what becomes of it, or that it is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy.dialects.sqlite import dialect

from directory.errors import Conflict
from directory.models import Decision, Draft, Listing, State, Stood
from directory.models.listing import DraftColumn
from tests import factories
from tests.factories import NOW, TODAY

BEFORE = TODAY - timedelta(days=9)
NEW = factories.draft(
    about="New.", accepting=False, practices=(factories.BOULDER, factories.DENVER)
)
NOTES = {"about": "Say less."}


@dataclass(frozen=True)
class Verb:
    """A method, and what it does wherever it is allowed.

    In the table a row says what there was and a column the state; a cell, the state afterwards
    with what is live and what waits: L and P the live one and the waiting one of before, N a
    new one, . none. `decided` says what becomes of each, `confirms` whether it begins the year anew.
    """

    call: Callable[[Listing], object]
    table: str
    decided: dict[str, Decision]
    confirms: bool = False


VERBS = {
    "propose": Verb(
        lambda listing: listing.propose(NEW, at=NOW),
        """   draft      live      paused      hidden      erased
        ..    draft:.N   live:.N   paused:.N   hidden:.N   -
        L.    draft:LN   live:LN   paused:LN   hidden:LN
        .P    draft:.N   live:.N   paused:.N   hidden:.N
        LP    draft:LN   live:LN   paused:LN   hidden:LN
        """,
        {"P": Decision.REPLACED},
    ),
    "publish at once": Verb(
        lambda listing: listing.publish_at_once(NEW, at=NOW),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           -           -
        L.    draft:N.   live:N.   paused:N.   -
        .P    -          -         -           -
        LP    draft:NP   live:NP   paused:NP   -
        """,
        {"L": Decision.REPLACED, "N": Decision.APPROVED},
        confirms=True,
    ),
    "approve": Verb(
        lambda listing: listing.approve(_read(listing), on=TODAY),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           -           -
        L.    -          -         -           -
        .P    live:P.    live:P.   paused:P.   hidden:P.
        LP    live:P.    live:P.   paused:P.   hidden:P.
        """,
        {"L": Decision.REPLACED, "P": Decision.APPROVED},
        confirms=True,
    ),
    "send back": Verb(
        lambda listing: listing.send_back(_read(listing), NOTES, on=TODAY),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           -           -
        L.    -          -         -           -
        .P    draft:..   live:..   paused:..   hidden:..
        LP    draft:L.   live:L.   paused:L.   hidden:L.
        """,
        {"P": Decision.RETURNED},
    ),
    "reject": Verb(
        lambda listing: listing.reject(_read(listing), NOTES, on=TODAY),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           -           -
        L.    -          -         -           -
        .P    draft:..   live:..   paused:..   hidden:..
        LP    draft:L.   live:L.   paused:L.   hidden:L.
        """,
        {"P": Decision.REJECTED},
    ),
    "withdraw": Verb(
        lambda listing: listing.withdraw(on=TODAY),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           -           -
        L.    -          -         -           -
        .P    draft:..   live:..   paused:..   hidden:..
        LP    draft:L.   live:L.   paused:L.   hidden:L.
        """,
        {"P": Decision.WITHDRAWN},
    ),
    "hide": Verb(
        lambda listing: listing.hide("A concern."),
        """   draft      live      paused      hidden      erased
        ..    hidden:..  hidden:.. hidden:..   hidden:..   -
        L.    hidden:L.  hidden:L. hidden:L.   hidden:L.
        .P    hidden:.P  hidden:.P hidden:.P   hidden:.P
        LP    hidden:LP  hidden:LP hidden:LP   hidden:LP
        """,
        {},
    ),
    "unhide": Verb(
        lambda listing: listing.unhide(),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           draft:..    -
        L.    -          -         -           live:L.
        .P    -          -         -           draft:.P
        LP    -          -         -           live:LP
        """,
        {},
    ),
    "confirm": Verb(
        lambda listing: listing.confirm(on=TODAY),
        """   draft      live      paused      hidden      erased
        ..    draft:..   live:..   paused:..   hidden:..   erased:..
        L.    draft:L.   live:L.   paused:L.   hidden:L.
        .P    draft:.P   live:.P   paused:.P   hidden:.P
        LP    draft:LP   live:LP   paused:LP   hidden:LP
        """,
        {},
        confirms=True,
    ),
    "pause": Verb(
        lambda listing: listing.pause(),
        """   draft      live      paused      hidden      erased
        ..    -          paused:.. -           -           -
        L.    -          paused:L. -           -
        .P    -          paused:.P -           -
        LP    -          paused:LP -           -
        """,
        {},
    ),
    "resume": Verb(
        lambda listing: listing.resume(on=TODAY),
        """   draft      live      paused      hidden      erased
        ..    -          -         live:..     -           -
        L.    -          -         live:L.     -
        .P    -          -         live:.P     -
        LP    -          -         live:LP     -
        """,
        {},
        confirms=True,
    ),
    "unpublish": Verb(
        lambda listing: listing.unpublish(),
        """   draft      live      paused      hidden      erased
        ..    -          -         -           -           -
        L.    draft:..   draft:..  draft:..    hidden:..
        .P    -          -         -           -
        LP    draft:.P   draft:.P  draft:.P    hidden:.P
        """,
        {},
    ),
}
READS = ("approve", "send back", "reject")


def _read(listing):
    """The version that an admin has before them, though it may wait no more."""
    return listing.pending or listing.revisions[0]


def cells() -> Iterator[tuple[str, str, State, str]]:
    """Every cell of every table; an erased listing has nothing, so it has one row."""
    for name, verb in VERBS.items():
        head, *rows = (line.split() for line in verb.table.strip().splitlines())
        for there, *outcomes in rows:
            states = [State(word) for word in head]
            yield from ((name, there, *one) for one in zip(states, outcomes, strict=False))


def listing_with(there: str, state: State) -> Listing:
    """A listing in that state, as it was nine days ago, with an older version that was refused."""
    listing = Listing(slug="x", state=State.DRAFT, is_demo=False, confirmed_on=BEFORE)
    at = NOW - timedelta(days=9)
    listing.reject(listing.propose(factories.draft(about="Older."), at=at), {}, on=BEFORE)
    if "L" in there:
        listing.approve(listing.propose(factories.draft(accepting=True), at=at), on=BEFORE)
    if "P" in there:
        listing.propose(factories.draft(about="Waits."), at=at)
    listing.state, listing.accepting_stated_on = state, BEFORE
    listing.hidden_for = "Another concern." if state is State.HIDDEN else None
    return listing


def everything(listing: Listing) -> tuple[object, ...]:
    return (
        (listing.state, listing.live, listing.pending, listing.hidden_for),
        (listing.confirmed_on, listing.accepting_stated_on),
        [(one.content, one.decision, one.decided_on, one.notes) for one in listing.revisions],
    )


@pytest.mark.parametrize(("name", "there", "state", "outcome"), list(cells()))
def test_each_verb_does_what_its_table_says_or_nothing(name, there, state, outcome):
    verb, listing = VERBS[name], listing_with(there, state)
    known = {".": None, "L": listing.live, "P": listing.pending}
    before, count = everything(listing), len(listing.revisions)
    fates = {id(one): (one.decision, one.decided_on) for one in listing.revisions}

    if outcome == "-":
        with pytest.raises(Conflict):
            verb.call(listing)
        assert everything(listing) == before
        return
    verb.call(listing)

    known["N"] = listing.revisions[-1] if len(listing.revisions) > count else None
    state_now, (live, waits) = outcome.split(":")[0], outcome.split(":")[1]
    assert listing.state is State(state_now)
    assert (listing.live, listing.pending) == (known[live], known[waits])
    for letter, decision in verb.decided.items():
        if known[letter]:
            fates[id(known[letter])] = (decision, TODAY)
    fates.setdefault(id(known["N"]), (None, None))
    assert [(one.decision, one.decided_on) for one in listing.revisions] == [
        fates[id(one)] for one in listing.revisions
    ]


@pytest.mark.parametrize(
    ("name", "there", "state"),
    [(name, there, state) for name, there, state, outcome in cells() if outcome != "-"],
)
def test_only_who_says_that_it_is_right_begins_the_year_anew(name, there, state):
    listing = listing_with(there, state)

    VERBS[name].call(listing)

    stated = listing.live is not None and listing.live.content.accepting is not None
    days = (TODAY, TODAY if stated else None) if VERBS[name].confirms else (BEFORE, BEFORE)
    assert (listing.confirmed_on, listing.accepting_stated_on) == days


@pytest.mark.parametrize("name", READS)
def test_only_the_version_that_was_read_is_decided_about(name):
    listing = listing_with("LP", State.LIVE)
    read = listing.pending
    listing.propose(NEW, at=NOW)
    before, waits = everything(listing), listing.pending
    acts = {
        "approve": lambda: listing.approve(read, on=TODAY),
        "send back": lambda: listing.send_back(read, NOTES, on=TODAY),
        "reject": lambda: listing.reject(read, NOTES, on=TODAY),
    }

    with pytest.raises(Conflict):
        acts[name]()

    assert everything(listing) == before
    assert listing.pending is waits


@pytest.mark.parametrize("name", ["send back", "reject"])
def test_what_an_admin_says_stands_with_the_version(name):
    listing = listing_with("LP", State.LIVE)
    read = listing.pending

    VERBS[name].call(listing)

    assert read.notes == NOTES


def test_nothing_is_approved_that_has_no_place_on_the_map():
    listing = listing_with("L.", State.LIVE)
    nowhere = replace(factories.BOULDER, lat=None, lon=None, precision="")
    listing.propose(factories.draft(practices=(nowhere,)), at=NOW)
    before = everything(listing)

    with pytest.raises(Conflict):
        listing.approve(listing.pending, on=TODAY)

    assert everything(listing) == before


def test_the_reason_for_hiding_is_kept_until_it_is_shown_again():
    listing = listing_with("L.", State.LIVE)

    listing.hide("A concern.")
    kept = listing.hidden_for
    listing.unhide()

    assert (kept, listing.hidden_for) == ("A concern.", None)


@pytest.mark.parametrize("verb", [Listing.propose, Listing.publish_at_once])
def test_a_new_version_says_where_each_of_its_practices_is(verb):
    listing = listing_with("L.", State.LIVE)

    verb(listing, NEW, at=NOW)

    new = listing.revisions[-1]
    assert (new.content, new.created_at) == (NEW, NOW)
    assert [(place.position, place.locality, place.lat) for place in new.places] == [
        (0, "Boulder", factories.BOULDER.lat),
        (1, "Denver", factories.DENVER.lat),
    ]


@pytest.mark.parametrize("state", State)
def test_the_public_sees_what_is_live_and_was_confirmed_within_a_year(state):
    listing = listing_with("L.", state)
    listing.confirmed_on = TODAY

    seen = [days for days in (0, 364, 365, 366) if listing.shown(TODAY + timedelta(days=days))]

    assert seen == ([0, 364] if state is State.LIVE else [])


@pytest.mark.parametrize(
    ("accepting", "stated", "holds"),
    [
        (True, True, [True, True, None]),
        (False, True, [False, False, None]),
        (True, False, [None] * 3),
    ],
)
def test_what_is_said_of_new_clients_holds_for_ninety_days(accepting, stated, holds):
    listing = Listing(slug="x", state=State.DRAFT, confirmed_on=TODAY)
    listing.approve(listing.propose(said(accepting), at=NOW), on=TODAY)
    listing.accepting_stated_on = TODAY if stated else None

    found = [listing.accepting(TODAY + timedelta(days=days)) for days in (0, 89, 90)]

    assert found == holds


def said(accepting: bool | None) -> Draft:
    return factories.draft(accepting=accepting)


def test_of_what_is_not_public_nothing_holds():
    listing = Listing(slug="x", state=State.DRAFT, accepting_stated_on=TODAY)
    listing.propose(said(True), at=NOW)

    assert listing.accepting(TODAY) is None


KEPT = Stood(3, 4, State.PAUSED, TODAY, BEFORE, BEFORE - timedelta(days=1))


@pytest.mark.parametrize(
    "stood",
    [
        KEPT,
        replace(KEPT, live=None),
        replace(KEPT, pending=None),
        replace(KEPT, accepting_stated_on=None),
        replace(KEPT, live_decided_on=None),
        *(replace(KEPT, state=state) for state in State),
    ],
)
def test_how_it_stood_is_the_same_once_it_was_stored(stood):
    assert Stood.from_json(stood.to_json()) == stood


@pytest.mark.parametrize(("live", "state"), [(3, State.LIVE), (None, State.DRAFT)])
def test_what_was_stored_before_there_was_a_state_is_read(live, state):
    old = {"live": live, "confirmed_on": TODAY.isoformat(), "accepting_stated_on": None}

    assert Stood.from_json(old) == Stood(live, None, state, TODAY, None, None)


@pytest.mark.parametrize(
    ("name", "there", "state"),
    [
        (name, there, state)
        for name, there, state, outcome in cells()
        if outcome != "-" and name not in ("hide", "unhide")
    ],
)
def test_gone_back_all_of_it_stands_as_it_stood(name, there, state):
    listing = listing_with(there, state)
    _number(listing)
    before, stood = everything(listing), listing.stood()

    VERBS[name].call(listing)
    _number(listing)
    listing.go_back(stood, on=TODAY)

    known = len(before[-1])
    *rest, versions = everything(listing)
    assert (*rest, versions[:known]) == before
    assert [one[1:3] for one in versions[known:]] in ([], [(Decision.WITHDRAWN, TODAY)])
    assert listing.stood() == stood


def _number(listing):
    """Give its versions the numbers, and the notes, that a database would give them."""
    for number, revision in enumerate(listing.revisions, 1):
        revision.id, revision.notes = number, revision.notes or {}


@pytest.mark.parametrize(
    ("there", "title"), [("..", "x"), ("L.", "Live"), (".P", "New"), ("LP", "Live")]
)
def test_it_is_called_as_the_public_knows_it_or_as_it_waits_or_by_its_address(there, title):
    listing = Listing(slug="x", state=State.DRAFT)
    if "L" in there:
        listing.approve(listing.propose(factories.draft(name="Live", suffix=""), at=NOW), on=TODAY)
    if "P" in there:
        listing.propose(factories.draft(name="New", suffix=""), at=NOW)

    assert listing.title == title


def test_a_draft_is_stored_and_read_and_so_is_none():
    column, sqlite = DraftColumn(), dialect()

    stored = [column.process_bind_param(one, sqlite) for one in (NEW, None)]

    assert stored[1] is None
    assert [column.process_result_value(one, sqlite) for one in stored] == [NEW, None]
