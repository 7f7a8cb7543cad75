"""Rows 14 to 17: what the outbox tells comes twice, late, in knots, or cannot be read."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.db import make_engine, writing
from directory.models import IndexChange, Listing, State
from directory.search.port import Heard
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from indexer.follow import catch_up
from indexer.rebuild import changes_of, changes_since, rebuild
from indexer.verify import differences
from tests import factories
from tests.databases import Templates
from tests.faults.outcomes import Outcome, Scale


@dataclass(frozen=True)
class Site:
    """A database and an index."""

    engine: Engine
    root: Path

    @property
    def writer(self) -> WhooshWriter:
        return WhooshWriter(self.root)

    def wrong(self) -> list[str]:
        """Where index and database differ."""
        return list(differences(self.engine, WhooshReader(self.root)))

    def add(self, count: int) -> None:
        """So many live listings more."""
        with writing(self.engine) as session:
            for _ in range(count):
                made = factories.listing(session)
                made.slug = f"sample-{made.id}"

    def edit(self, listing_id: int, name: str) -> None:
        """Approve another name, in a transaction of its own."""
        with writing(self.engine) as session:
            _edit(session, listing_id, name)


def _edit(session: Session, listing_id: int, name: str) -> None:
    listing = session.get_one(Listing, listing_id)
    said = factories.draft(name=name)
    listing.approve(listing.propose(said, at=factories.NOW), on=factories.TODAY)
    _tell(session, listing_id)


def _tell(session: Session, listing_id: int, times: int = 1) -> None:
    for _ in range(times):
        session.add(IndexChange(listing_id=listing_id, at=factories.NOW))
        session.flush()


@contextmanager
def site(templates: Templates, kind: str, folder: Path, listings: int) -> Iterator[Site]:
    """A site with so many listings, indexed."""
    folder.mkdir(exist_ok=True)
    with templates.copy(kind, folder) as url:
        engine = make_engine(url)
        made = Site(engine, folder / "index")
        made.add(listings)
        rebuild(engine, made.writer)
        yield made
        engine.dispose()


def duplicated(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 14: everything that the outbox told is told three times more, in any order."""
    outcome = Outcome(14, "outbox duplicates, any order")
    dice = random.Random(14)
    with site(templates, "sqlite", folder / "site", 12) as here:
        for time_ in range(scale.of(40, least=2)):
            for listing_id in dice.sample(range(1, 13), 4):
                here.edit(listing_id, f"Sage {time_}")
            catch_up(here.engine, here.writer)
            wanted = dict(WhooshReader(here.root).ids())
            newest = WhooshReader(here.root).status().cursor
            batches = [[one] for one in range(1, 13)] * 3
            dice.shuffle(batches)
            for batch in batches[: scale.of(36, least=6)]:
                here.writer.apply(changes_of(here.engine, batch, Heard(newest)))
                outcome.runs += 1
            with outcome.recovering():
                here.writer.apply(changes_since(here.engine, Heard(dice.randrange(newest))))
            outcome.holds(dict(WhooshReader(here.root).ids()) == wanted, "the content differs")
            outcome.violations += here.wrong()
    return outcome


class Knots(RuleBasedStateMachine):
    """A site whose listings change several times before the index hears of it."""

    outcome: Outcome
    folder: Path
    templates: Templates
    heard = True

    @initialize()
    def open(self) -> None:
        self.outcome.runs += 1
        folder = self.folder / f"site-{self.outcome.runs}"
        self.block = site(self.templates, "sqlite", folder, 4)
        self.site = self.block.__enter__()

    @rule(listing_id=st.integers(1, 4), name=st.sampled_from(["Sage A", "Sage B", "Sage C"]))
    def edit(self, listing_id: int, name: str) -> None:
        self.site.edit(listing_id, name)
        self.heard = False

    @rule(
        listing_id=st.integers(1, 4),
        state=st.sampled_from([State.HIDDEN, State.LIVE, State.PAUSED]),
        times=st.integers(1, 3),
    )
    def turn(self, listing_id: int, state: State, times: int) -> None:
        with writing(self.site.engine) as session:
            session.get_one(Listing, listing_id).state = state
            _tell(session, listing_id, times)
        self.heard = False

    @rule(whole=st.integers(0, 3))
    def hear(self, whole: int) -> None:
        if whole == 0:
            rebuild(self.site.engine, self.site.writer)
        else:
            catch_up(self.site.engine, self.site.writer)
        self.heard = True

    @invariant()
    def index_is_true(self) -> None:
        assert not (self.heard and hasattr(self, "site")) or self.site.wrong() == []

    def teardown(self) -> None:
        with self.outcome.recovering():
            catch_up(self.site.engine, self.site.writer)
        assert self.site.wrong() == []
        self.block.__exit__(None, None, None)


def knotted(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 15: edit, hide and restore the same ids within one batch, as hypothesis likes."""
    outcome = Outcome(15, "same id often in a batch")
    known = {"outcome": outcome, "folder": folder, "templates": templates}
    calm = settings(
        max_examples=scale.of(100, least=3),
        stateful_step_count=scale.of(30, least=12),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(type("Knots", (Knots,), known), settings=calm)
    except AssertionError as error:
        outcome.violations.append(str(error))
    return outcome


def late(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 16: transactions commit in another order than their numbers, on PostgreSQL."""
    outcome = Outcome(16, "late low outbox number (PostgreSQL)")
    with site(templates, "postgresql", folder / "site", 8) as here:
        for time_ in range(scale.of(20, least=1)):
            writers = [
                threading.Thread(target=_write_slowly, args=(here, i, time_, scale.of(10, least=4)))
                for i in range(4)
            ]
            for writer in writers:
                writer.start()
            while any(writer.is_alive() for writer in writers):
                catch_up(here.engine, here.writer)
            outcome.runs += 4 * scale.of(10, least=4)
            with outcome.recovering():
                catch_up(here.engine, here.writer)
            outcome.violations += here.wrong()
    return outcome


def _write_slowly(here: Site, which: int, seed: int, times: int) -> None:
    """Take a number at once, and commit a little later than others."""
    dice = random.Random(seed * 10 + which)
    for time_ in range(times):
        listing_id = which * 2 + 1 + time_ % 2
        with Session(here.engine.execution_options(writes=True)) as session:
            _edit(session, listing_id, f"Sage {seed} {which} {time_}")
            time.sleep(dice.uniform(0, 0.02))
            session.commit()


def poisoned(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 17: a listing that cannot be read is left out; the others flow; mended, it is back."""
    outcome = Outcome(17, "poison event")
    with site(templates, "sqlite", folder / "site", 6) as here:
        for time_ in range(scale.of(40, least=2)):
            sick = 1 + time_ % 6
            with writing(here.engine) as session:
                sound = _stored(session, sick, "{" if time_ % 2 else '{"name": 7}')
                _edit(session, 1 + (sick % 6), f"Sage {time_}")
            outcome.runs += 1
            with outcome.recovering():
                (rebuild if time_ % 3 == 2 else catch_up)(here.engine, here.writer)
            reader = WhooshReader(here.root)
            others = set(range(1, 7)) - {sick}
            outcome.holds(set(reader.ids()) == others, f"{sorted(reader.ids())} with {sick} sick")
            said = here.wrong()
            reported = len(said) == 1 and str(sick) in said[0]
            outcome.holds(reported, f"reported: {said}")
            with writing(here.engine) as session:
                _stored(session, sick, sound)
            catch_up(here.engine, here.writer)
            outcome.violations += here.wrong()
    return outcome


def _stored(session: Session, listing_id: int, content: str) -> str:
    """Put another text in the place of a live revision's JSON; gives what was there."""
    where = "FROM revision WHERE id = (SELECT live_id FROM listing WHERE id = :id)"
    before = session.scalar(text(f"SELECT CAST(content AS TEXT) {where}"), {"id": listing_id})
    session.execute(
        text(f"UPDATE revision SET content = :content WHERE id = (SELECT id {where})"),
        {"content": content, "id": listing_id},
    )
    _tell(session, listing_id)
    return str(before)
