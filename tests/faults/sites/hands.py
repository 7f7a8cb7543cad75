"""Rows 2, 27 and 28: a form that arrives many times, or whose worker dies; two who write at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Event, Thread

import psutil
from sqlalchemy.orm import Session

from directory.db import reading
from directory.models import Decision, Listing, Revision, WorkingCopy
from directory.usecases.practitioners import writing
from tests import stories
from tests.factories import NOW
from tests.faults.outcomes import Outcome, Scale
from tests.faults.scenes import spread
from tests.faults.sites.deeds import DEEDS
from tests.faults.sites.served import House, Person, Told

# No request commits as often as that.
MOST_COMMITS = 6


def sent_twice(here: House, scale: Scale) -> Outcome:
    """Row 28: twenty at the same moment, and once more with Back: one row, the same answer."""
    outcome = Outcome(28, "a form sent twenty times at once, and again")
    names = list(DEEDS)
    for number in range(scale.of(10 * len(names), least=len(names))):
        name = names[number % len(names)]
        deed = DEEDS[name](here)
        told = here.at_once([lambda d=deed: here.insist(d.who, d.path, d.form)] * deed.hands)
        with outcome.recovering():
            told.append(here.insist(deed.who, deed.path, deed.form))
        outcome.runs += len(told)
        outcome.holds(here.read(deed.effects) == 1, f"{name}: {here.read(deed.effects)} effects")
        kinds = Counter((one.status, one.where) for one in told)
        outcome.holds(len(kinds) == 1 and told[0].done, f"{name} was answered {dict(kinds)}")
    return outcome


def killed(here: House, scale: Scale) -> Outcome:
    """Row 2: a worker dies before or after each commit, or before it answers; it is sent again."""
    outcome = Outcome(2, "kill -9 of a web worker at each commit")
    silent = 0
    for name in spread(scale.of(len(DEEDS), least=2), range(len(DEEDS))):
        verb = list(DEEDS)[name]
        for where in ("before", "after", "reply"):
            for nth in range(1, MOST_COMMITS):
                if not _dies(here, outcome, verb, f"{where} {nth}"):
                    break
                silent += 1
    outcome.holds(silent, "no worker died")
    _at_random(here, outcome, scale.of(400, least=6))
    return outcome


def _at_random(here: House, outcome: Outcome, times: int) -> None:
    """Workers die whenever, under the hands of those who send until they are answered."""
    dice, over = random.Random(2), Event()

    def kill() -> None:
        while not over.wait(dice.uniform(0.2, 1)):
            workers = psutil.Process(here.web.pid).children()
            with suppress(psutil.Error, IndexError):
                dice.choice(workers).kill()

    deeds = [(name, DEEDS[name](here)) for name in dice.choices(list(DEEDS), k=times)]
    killer = Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(4) as hands:
        told = list(
            hands.map(lambda one: here.insist(one.who, one.path, one.form), [d for _, d in deeds])
        )
    over.set()
    killer.join()
    for (name, deed), one in zip(deeds, told, strict=True):
        outcome.runs += 1
        found = here.read(deed.effects)
        outcome.holds(
            one.done, f"{name}: answered {one.status} when it was sent until it was taken"
        )
        outcome.holds(found == 1, f"{name}, killed at random: {found} effects")


def _dies(here: House, outcome: Outcome, verb: str, moment: str) -> bool:
    """Whether the request came as far as that moment, where its worker dies."""
    deed, when = DEEDS[verb](here), f"{verb}, killed {moment}"
    if here.ask(deed.who, deed.path, deed.form, X_Dies=moment).status:
        return False
    outcome.runs += 1
    outcome.holds(here.read(deed.effects) <= 1, f"{when}: more than one at once")
    with outcome.recovering():
        again = here.insist(deed.who, deed.path, deed.form)
    outcome.holds(again.done, f"{when}: sent again it was answered {again.status}")
    outcome.holds(here.read(deed.effects) == 1, f"{when}: {here.read(deed.effects)} effects")
    return True


def overwritten(here: House, scale: Scale) -> Outcome:
    """Row 27: two write one page, or one approves what another changes: nobody writes unseen."""
    outcome = Outcome(27, "two who write the same at once")
    for number in range(scale.of(200, least=6)):
        (_two_editors, _approve_and_change, _two_verdicts)[number % 3](here, outcome, number)
        outcome.runs += 1
    return outcome


def _two_editors(here: House, outcome: Outcome, number: int) -> None:
    """One is saved, the other told, and what they typed is kept."""
    who, listing_id = _keeper(here)
    seen = here.read(lambda s: writing.current(s, listing_id, by=who.actor, at=NOW).seen("words"))
    path = f"/my/listing/{listing_id}/edit/words"
    texts = [f"Words of the {which} hand, {number}." for which in ("one", "other")]

    def save(text: str) -> Told:
        form = {"about": text, "first_visit": "", "background": "", "seen": seen}
        return here.insist(who, path, form)

    told = here.at_once([lambda text=text: save(text) for text in texts])
    statuses = sorted(one.status for one in told)
    outcome.holds(statuses == [303, 409], f"two editors were answered {statuses}")
    won = texts[0] if told[0].done else texts[1]
    lost = texts[1] if told[0].done else texts[0]
    with reading(here.engine) as session:
        copy = session.get_one(WorkingCopy, listing_id)
        outcome.holds(copy.content.about == won, "the later one wrote over the first")
        outcome.holds(copy.typed.get("words", {}).get("about") == [lost], "what was typed is lost")


def _approve_and_change(here: House, outcome: Outcome, number: int) -> None:
    """What is approved is what was read, whatever its keeper sends in meanwhile."""
    who, listing_id = _keeper(here)
    read_id = here.write(lambda session: _send(session, listing_id, who, "As it was read."))
    admin = here.admin()
    version = here.write(lambda session: _rewrite(session, listing_id, who, "Never read."))
    send = {"version": version, "agree": ["listing", "contact", "words", "photo"]}
    approve = {"revision_id": read_id}
    acts = [
        lambda: here.insist(admin, f"/admin/review/{listing_id}/approve", approve),
        lambda: here.insist(who, f"/my/listing/{listing_id}/check", send),
    ]
    told = here.at_once(acts if number % 2 else acts[::-1])
    outcome.holds({one.status for one in told} <= {303, 409, 422}, f"answered {told}")
    with reading(here.engine) as session:
        listing = session.get_one(Listing, listing_id)
        public = listing.live.content.about if listing.live else ""
        outcome.holds(public in ("", "As it was read."), f"public, and never read: {public}")
        open_ones = [
            one.id
            for one in listing.revisions
            if one.decision is None and one is not listing.pending
        ]
        outcome.holds(not open_ones, "a version hangs in the air")


def _two_verdicts(here: House, outcome: Outcome, number: int) -> None:
    """Of two who decide one does, and the other is told."""
    who, listing_id = _keeper(here)
    read_id = here.write(lambda session: _send(session, listing_id, who, f"Words {number}."))
    ada, bea = here.admin(), here.admin()
    form = {"revision_id": read_id, "words1": "Say more, please."}
    told = here.at_once(
        [
            lambda: here.insist(ada, f"/admin/review/{listing_id}/approve", form),
            lambda: here.insist(bea, f"/admin/review/{listing_id}/send-back", form),
        ]
    )
    statuses = sorted(one.status for one in told)
    outcome.holds(statuses == [303, 409], f"two verdicts were answered {statuses}")
    with reading(here.engine) as session:
        decision = session.get_one(Revision, read_id).decision
        wanted = Decision.APPROVED if told[0].done else Decision.RETURNED
        outcome.holds(decision is wanted, f"decided: {decision}, acknowledged: {wanted}")


def _keeper(here: House) -> tuple[Person, int]:
    who = here.somebody()
    return who, here.write(lambda session: stories.written(session, who.actor).id)


def _rewrite(session: Session, listing_id: int, who: Person, about: str) -> int:
    copy = writing.working_copy(session, session.get_one(Listing, listing_id), NOW)
    copy.content = replace(copy.content, about=about)
    copy.version += 1
    return copy.version


def _send(session: Session, listing_id: int, who: Person, about: str) -> int:
    _rewrite(session, listing_id, who, about)
    session.flush()
    listing = session.get_one(Listing, listing_id)
    stories.send(session, listing, who.actor)
    session.flush()
    assert listing.pending_id is not None
    return listing.pending_id
