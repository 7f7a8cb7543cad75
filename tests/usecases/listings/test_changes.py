"""What changes what is public is told: once to the index, and in the audit trail by its verb.

Each row of CHANGES is one use-case in one situation: what it leaves in the trail of each listing,
and how many rows for the index. Rows without any are there, too: the index is not told of nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, Actor, AuditEvent, IndexChange, Kind, Listing, State
from directory.photos import Album
from directory.places import Gazetteer
from directory.usecases.accounts import erasing
from directory.usecases.curation import hiding, merging, terms
from directory.usecases.imports import intake, runs
from directory.usecases.imports.rows import Row
from directory.usecases.listings import waiting
from directory.usecases.moderation import deciding
from directory.usecases.practitioners import confirmation_mail, confirming, consenting, submitting
from directory.usecases.practitioners import writing as keeping
from directory.usecases.practitioners.confirmation_mail import Question
from directory.usecases.practitioners.confirming import Tap
from tests import factories
from tests.factories import NOW

KEY = "only-for-tests-only-for-tests"
URL = "https://directory.example/my/listing/1"
LATER = NOW + timedelta(days=1)
SECONDS = timedelta(seconds=10)
NOTES = {"about": "Say less."}


@dataclass
class Scene:
    """A live listing that its owner keeps and agreed to, another beside it, and an admin."""

    session: Session
    owner: Actor
    admin: Actor
    mine: Listing
    other: Listing
    album: Album
    gazetteer: Gazetteer
    run: int = 0


@pytest.fixture
def scene(session, gazetteer, tmp_path) -> Scene:
    owner = factories.actor(factories.account(session))
    mine = factories.listing(session, owner_id=owner.account_id, accepting=True)
    other = factories.listing(session, name="Sage Mockridge", conditions=("colic",))
    consenting.give(session, mine.id, consenting.GROUPS, by=owner, at=NOW)
    admin = factories.actor(factories.admin(session))
    return Scene(session, owner, admin, mine, other, Album(tmp_path), gazetteer)


# How things stand before.


def as_it_is(scene: Scene) -> None:
    pass


def written(**changes: object) -> Callable[[Scene], None]:
    """The owner wrote something, and did not send it in."""

    def write(scene: Scene) -> None:
        copy = keeping.working_copy(scene.session, scene.mine, NOW)
        copy.content = replace(copy.content, **changes)

    return write


def waits(scene: Scene) -> None:
    scene.mine.propose(replace(scene.mine.live.content, about="Other words."), at=NOW)
    waiting.enqueue(scene.session, scene.mine, at=NOW)


def waits_unlike_what_is_written(scene: Scene) -> None:
    written()(scene)
    waits(scene)


def waits_the_first_time(scene: Scene) -> None:
    scene.mine.unpublish()
    scene.mine.propose(factories.draft(), at=NOW)
    scene.session.flush()


def waits_while_paused(scene: Scene) -> None:
    waits(scene)
    paused(scene)


def paused(scene: Scene) -> None:
    keeping.pause(scene.session, scene.mine.id, by=scene.owner, at=NOW)


def questioned(scene: Scene) -> None:
    how = {"by": scene.admin, "at": NOW, "base_url": URL, "key": KEY}
    hiding.pause(scene.session, scene.mine.id, **how)


def hidden(scene: Scene) -> None:
    how = {"by": scene.admin, "at": NOW, "my_listing_url": URL}
    hiding.hide(scene.session, scene.mine.id, "A concern.", **how)


def approved(scene: Scene) -> None:
    """Ten seconds ago."""
    waits(scene)
    decide("approve", at=LATER - SECONDS)(scene)


def sent_back(scene: Scene) -> None:
    waits(scene)
    decide("send_back", NOTES, at=LATER - SECONDS)(scene)


def merging_terms(scene: Scene) -> None:
    how = {"by": scene.admin, "at": NOW}
    terms.merge(scene.session, Kind.CONDITION, "migraine", "headache", **how)


def imported(scene: Scene) -> None:
    """Nobody keeps it; a run of NOW wrote it anew, and is to be undone."""
    from_a_list(scene)
    how = {"columns": {}, "rows": 1, "approve": True, "by": str(scene.admin), "at": NOW}
    scene.run = runs.begin(scene.session, "roster.csv", **how)
    known = {"gazetteer": scene.gazetteer, "at": NOW, "key": KEY.encode()}
    while runs.take_part(scene.session, scene.run, [row("A-1")], **known):
        pass
    runs.ask_to_undo(scene.session, scene.run, by=scene.admin, at=NOW)


def from_a_list(scene: Scene) -> None:
    scene.mine.owner_id, scene.mine.import_key = None, row("A-1").key
    scene.session.flush()


def row(external_id: str) -> Row:
    content = factories.draft(about="From a list.", email=f"{external_id}@practice.example")
    return Row(2, content.name, external_id, content)


# What is done.


def send(scene: Scene, at=LATER) -> None:
    version = keeping.current(scene.session, scene.mine.id, by=scene.owner, at=at).version
    how = {"version": version, "agreed": (), "listing_url": URL, "by": scene.owner, "at": at}
    submitting.submit(scene.session, scene.mine.id, **how)


def twice(act: Callable[[Scene], None]) -> Callable[[Scene], None]:
    def acts(scene: Scene) -> None:
        act(scene)
        act(scene)

    return acts


def keep(verb: Callable[..., object], *words: str) -> Callable[[Scene], None]:
    """Something that an owner does."""
    return lambda scene: verb(scene.session, scene.mine.id, *words, by=scene.owner, at=LATER)


def decide(verb: str, *words: object, at=LATER) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        how = {"by": scene.admin, "at": at, "listing_url": URL}
        decided = getattr(deciding, verb)
        decided(scene.session, scene.mine.id, scene.mine.pending_id, *words, **how)

    return act


def undo(scene: Scene) -> None:
    scene.session.flush()
    seen = max(one.id for one in scene.mine.revisions)
    deciding.undo(scene.session, scene.mine.id, seen, by=scene.admin, at=LATER)


def tap(given: Tap) -> Callable[[Scene], None]:
    def answer(scene: Scene) -> None:
        keeper = scene.session.get(Account, scene.mine.owner_id)
        mailbox = confirmation_mail.digest(keeper.email, key=KEY)
        asked = Question(scene.mine.id, scene.mine.confirmed_on, scene.mine.owner_id, mailbox)
        token = confirmation_mail.sign(asked, key=KEY, at=NOW)
        confirming.answer(scene.session, token, given, key=KEY, at=LATER)

    return answer


def say_that_there_is_no_room(scene: Scene) -> None:
    how = {"by": scene.owner, "at": LATER, "accepting": False}
    confirming.confirm(scene.session, scene.mine.id, **how)


def hide(scene: Scene) -> None:
    how = {"by": scene.admin, "at": LATER, "my_listing_url": URL}
    hiding.hide(scene.session, scene.mine.id, "A concern.", **how)


def unhide(scene: Scene) -> None:
    hiding.unhide(scene.session, scene.mine.id, by=scene.admin, at=LATER)


def ask_whether_it_closed(scene: Scene) -> None:
    how = {"by": scene.admin, "at": LATER, "base_url": "https://cst.example", "key": KEY}
    hiding.pause(scene.session, scene.mine.id, **how)


def merge(scene: Scene) -> None:
    how = {"by": scene.admin, "at": LATER}
    merging.merge(scene.session, scene.mine.id, scene.other.id, **how)


def merge_terms(scene: Scene) -> None:
    while terms.merge_part(scene.session, at=LATER):
        pass


def rename_a_term(scene: Scene) -> None:
    how = {"by": scene.admin, "at": LATER}
    terms.rename(scene.session, Kind.CONDITION, "migraine", "Aching brow", **how)


def erase(scene: Scene) -> None:
    how = {"by": scene.owner, "at": LATER, "key": KEY.encode(), "album": scene.album}
    erasing.erase_listing(scene.session, scene.mine.id, **how)


def erase_the_account(scene: Scene) -> None:
    how = {"by": scene.owner, "at": LATER, "key": KEY.encode(), "album": scene.album}
    erasing.erase_account(scene.session, **how)


def bring_in(external_id: str, *, approve: bool) -> Callable[[Scene], None]:
    def take(scene: Scene) -> None:
        how = {"gazetteer": scene.gazetteer, "approve": approve, "by": "a roster", "at": LATER}
        intake.take_rows(scene.session, [row(external_id)], **how)

    return take


def load_demo(scene: Scene) -> None:
    new = intake.Newcomer("demo:1", factories.draft(email="d@demo.example"), NOW.date())
    intake.load_demo(scene.session, [new], by="a demo", at=LATER)


def take_back_the_import(scene: Scene) -> None:
    while runs.undo_part(scene.session, scene.run, at=LATER):
        pass


@dataclass(frozen=True)
class Told:
    """What is in the trail of a listing, and how many rows there are for the index."""

    verbs: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Change:
    before: Callable[[Scene], None]
    act: Callable[[Scene], None]
    mine: Told = field(default_factory=Told)
    others: dict[str, Told] = field(default_factory=dict)


def told(*verbs: str, rows: int = 1) -> Told:
    return Told(verbs, rows)


PUBLISHED = told("published at once")
CHANGES = {
    "a low-risk change sent in": Change(written(phone="+1 303 555 0142"), send, PUBLISHED),
    "a low-risk change sent in twice": Change(
        written(phone="+1 303 555 0142"), twice(send), PUBLISHED
    ),
    "a risky change sent in": Change(
        written(name="Rowan Changed"), send, told("submitted", rows=0)
    ),
    "both sorts of change sent in": Change(
        written(name="Rowan Changed", phone="+1 303 555 0142"),
        send,
        told("published at once", "submitted"),
    ),
    "nothing new sent in": Change(as_it_is, send, told("confirmed")),
    "nothing new sent in twice on a day": Change(as_it_is, twice(send), told("confirmed")),
    "nothing new sent in on the day of confirming": Change(
        as_it_is, lambda scene: send(scene, at=NOW), told(rows=0)
    ),
    "what is public sent in while something waits": Change(
        waits_unlike_what_is_written, send, told("confirmed", "withdrawn")
    ),
    "taken back": Change(waits, keep(keeping.withdraw), told("withdrawn", rows=0)),
    "confirmed by page": Change(as_it_is, keep(confirming.confirm), told("confirmed")),
    "confirmed by page twice on a day": Change(
        as_it_is, twice(keep(confirming.confirm)), told("confirmed")
    ),
    "no room for new clients": Change(as_it_is, say_that_there_is_no_room, told("confirmed")),
    "confirmed by mail": Change(as_it_is, tap(Tap.RIGHT), told("confirmed")),
    "no room by mail": Change(as_it_is, tap(Tap.NOT_TAKING), told("confirmed")),
    "paused by page": Change(as_it_is, twice(keep(keeping.pause)), told("paused")),
    "paused by mail": Change(as_it_is, twice(tap(Tap.PAUSE)), told("paused")),
    "resumed by page": Change(paused, twice(keep(keeping.resume)), told("resumed")),
    "resumed by mail": Change(questioned, twice(tap(Tap.RESUME)), told("resumed")),
    "approved": Change(waits, decide("approve"), told("approved")),
    "approved the first time": Change(waits_the_first_time, decide("approve"), told("approved")),
    "approved while paused": Change(
        waits_while_paused, decide("approve"), told("approved", rows=0)
    ),
    "sent back": Change(waits, decide("send_back", NOTES), told("sent back", rows=0)),
    "rejected": Change(waits, decide("reject", NOTES), told("rejected", rows=0)),
    "an approval undone": Change(approved, undo, told("decision undone")),
    "another decision undone": Change(sent_back, undo, told("decision undone", rows=0)),
    "hidden": Change(as_it_is, twice(hide), told("hidden")),
    "shown again": Change(hidden, unhide, told("unhidden")),
    "paused to ask": Change(as_it_is, ask_whether_it_closed, told("paused to ask")),
    "merged": Change(as_it_is, merge, told("merged"), {"other": told("merged away")}),
    "a term became another": Change(merging_terms, merge_terms, told("term replaced")),
    "a term got another name": Change(as_it_is, rename_a_term, told()),
    "consent withdrawn": Change(
        as_it_is, twice(keep(consenting.withdraw, "words")), told("consent withdrawn")
    ),
    "consent withdrawn of what waits alone": Change(
        waits_the_first_time, keep(consenting.withdraw, "words"), told("consent withdrawn", rows=0)
    ),
    "erased": Change(as_it_is, erase, told("erased")),
    "erased with the account": Change(as_it_is, erase_the_account, told("erased")),
    "imported with approval": Change(
        from_a_list, twice(bring_in("A-1", approve=True)), told("imported", "approved")
    ),
    "imported to be read": Change(
        from_a_list, bring_in("A-1", approve=False), told("imported", rows=0)
    ),
    "a newcomer imported": Change(
        as_it_is, bring_in("A-2", approve=True), others={"new": told("imported", "approved")}
    ),
    "demo listings loaded": Change(as_it_is, twice(load_demo), others={"new": told("approved")}),
    "an import taken back": Change(imported, take_back_the_import, told("import taken back")),
}


def recorded(scene: Scene) -> dict[str, Told]:
    """What was told LATER of each listing; of which none was, there is nothing."""
    scene.session.flush()
    ours = {scene.mine.id: "mine", scene.other.id: "other"}
    verbs = scene.session.execute(
        select(AuditEvent.listing_id, AuditEvent.action)
        .where(AuditEvent.at == LATER, AuditEvent.listing_id.is_not(None))
        .order_by(AuditEvent.id)
    ).all()
    rows = scene.session.scalars(
        select(IndexChange.listing_id).where(IndexChange.at == LATER)
    ).all()
    numbers = {number for number, _ in verbs} | set(rows)
    return {
        ours.get(number, "new"): Told(
            tuple(verb for one, verb in verbs if one == number), rows.count(number)
        )
        for number in numbers
    }


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_once_to_the_index_and_by_its_verb_to_the_audit(scene, change):
    change.before(scene)
    scene.session.flush()

    change.act(scene)

    expected = {"mine": change.mine, **change.others}
    assert recorded(scene) == {name: what for name, what in expected.items() if what != Told()}


def test_what_is_sent_in_unchanged_is_confirmed_and_goes_on_being_shown(scene):
    live = scene.mine.live

    send(scene)

    assert scene.mine.confirmed_on == LATER.date()
    assert scene.mine.accepting_stated_on == LATER.date()
    assert (scene.mine.live, scene.mine.pending, scene.mine.state) == (live, None, State.LIVE)
