"""When `follow` looks, publishes, waits, folds and starts afresh."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from directory.db import make_engine
from directory.models import IndexChange
from directory.policies import Policies, Policy
from directory.search.port import Query
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.generations import manifests, publishing
from indexer import follow as following
from indexer.follow import catch_up
from indexer.rebuild import rebuild
from tests import factories

# What it says to the database, its neighbours try on both kinds.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def generation(writer):
    """Call it for the number of the generation that serves."""
    return lambda: int(writer.status().generation)


@pytest.fixture
def follow(engine, writer, monkeypatch):
    """Follow through so many waits, which take no time; gives how many seconds each asked for.
    Nobody rings the bell.

    What happens in the world while it waits, `meanwhile` does: it hears which wait it is.
    """

    def until(waits, meanwhile=lambda wait: None, *, on=engine, **how):
        asked = []

        def sleep(seconds):
            asked.append(seconds)
            meanwhile(len(asked))

        monkeypatch.setattr(following, "sleep", sleep)
        monkeypatch.setattr(following.Bell, "wait", lambda _, most: sleep(most))
        following.follow(on, writer, going=lambda: len(asked) < waits, **how)
        return asked

    return until


def add(session, *slugs):
    made = [factories.listing(session, slug=slug) for slug in slugs]
    session.commit()
    return [listing.id for listing in made]


def change(session, listing_id):
    session.add(IndexChange(listing_id=listing_id, at=factories.NOW))
    session.commit()


def test_what_is_approved_while_it_waits_is_published_together(session, follow, generation, found):
    ids, seen = add(session, "a"), []

    def meanwhile(wait):
        seen.append((generation(), len(found())))
        if wait == 2:
            ids.extend(add(session, "b", "c"))
            ids.extend(add(session, "d"))

    follow(4, meanwhile)

    assert seen == [(1, 1), (1, 1), (2, 4), (2, 4)]
    assert found() == set(ids)


def test_after_publishing_it_waits_a_quarter_of_a_second_and_else_for_the_bell(session, follow):
    add(session, "a")

    asked = follow(5, lambda wait: add(session, "b") if wait == 3 else None)

    # The first index; nothing new, twice; the second listing; nothing new.
    assert asked == [0.25, 0.75, 0.75, 0.25, 0.75]


def test_however_much_is_approved_it_publishes_four_times_a_second(session, follow, generation):
    add(session, "a")

    asked = follow(8, lambda wait: add(session, f"more-{wait}"))

    assert (generation(), sum(asked)) == (8, 2.0)


def test_with_nothing_new_nothing_is_published(session, follow, generation):
    add(session, "a")

    follow(6)

    assert generation() == 1


def test_it_ends_as_soon_as_it_is_told_to(session, follow, writer):
    add(session, "a")

    asked = follow(0)

    assert (asked, writer.status()) == ([], None)


def test_a_database_that_is_away_is_asked_again_after_five_seconds(
    session, follow, found, config, tmp_path, caplog
):
    ids = add(session, "a")
    there, away = Path(config.database_url.removeprefix("sqlite:///")), tmp_path / "away"
    same = make_engine(f"sqlite:///{away / there.name}")

    asked = follow(3, lambda wait: away.symlink_to(there.parent) if wait == 2 else None, on=same)
    same.dispose()

    said = [one.getMessage() for one in caplog.records if one.name == following.__name__]
    assert asked == [5.0, 5.0, 0.25]
    assert said == ["the database does not answer: unable to open database file"] * 2
    assert found() == set(ids)


def test_while_another_rebuild_is_at_work_it_waits_a_second(session, follow, found, config, caplog):
    caplog.set_level("INFO")
    ids = add(session, "a")
    other = publishing.building(config.index_dir)
    other.__enter__()

    asked = follow(2, lambda wait: other.__exit__(None, None, None) if wait == 1 else None)

    assert asked == [1, 0.25]
    assert "waiting: Another rebuild is at work; let it finish." in caplog.messages
    assert found() == set(ids)


def test_after_a_failure_of_any_other_kind_it_tries_again_after_five_seconds(
    session, follow, found, config, caplog
):
    ids = add(session, "a")
    config.index_dir.parent.mkdir(parents=True, exist_ok=True)
    config.index_dir.write_text("in the way")

    asked = follow(2, lambda wait: config.index_dir.unlink() if wait == 1 else None)

    assert asked == [5.0, 0.25]
    assert caplog.messages == ["following the outbox failed"]
    assert found() == set(ids)


def test_an_index_that_is_harmed_is_built_afresh_at_once(
    engine, session, writer, found, config, caplog
):
    ids = add(session, "a")
    rebuild(engine, writer)
    ids += add(session, "b")
    base = manifests.read_current(config.index_dir).base
    (config.index_dir / base.folder / "postings-0.arrays").write_bytes(b"harmed")

    served = catch_up(engine, WhooshWriter(config.index_dir))

    assert (found(), served.listings) == (set(ids), 2)
    assert manifests.read_current(config.index_dir).base.folder != base.folder
    assert "rebuilding, for the index is harmed" in caplog.text


def test_where_there_is_no_index_everything_is_published_whether_or_not_it_changed(
    engine, session, writer, found
):
    ids = add(session, "a", "b")
    session.query(IndexChange).delete()
    session.commit()

    served = catch_up(engine, writer)

    assert (found(), served) == (set(ids), writer.status())


@pytest.mark.parametrize("other", [{"format": manifests.FORMAT + 1}, {"schema": "0" * 32}])
def test_an_index_of_another_version_is_built_afresh(engine, session, writer, found, config, other):
    ids = add(session, "a")
    rebuild(engine, writer)
    ours = manifests.read_current(config.index_dir)
    theirs = manifests.sealed(replace(ours, **other))
    name = manifests.name_of(ours.number)
    (config.index_dir / name).write_bytes(theirs)
    (config.index_dir / manifests.CURRENT).write_bytes(manifests.pointer(name, theirs))

    served = catch_up(engine, writer)

    assert (served.generation, found()) == ("2", set(ids))


@pytest.mark.parametrize(
    ("listings", "least", "bound", "most"),
    [(3, 2, 9, 2), (30, 0, 9, 3), (30, 0, 2, 2)],
    ids=["at least", "a tenth", "at most"],
)
def test_past_a_tenth_of_the_base_within_bounds_what_lies_on_top_is_folded_in(
    engine, session, writer, monkeypatch, listings, least, bound, most
):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", least)
    monkeypatch.setattr(following, "FOLD_AT_MOST", bound)
    add(session, *(f"base-{number}" for number in range(listings)))
    rebuild(engine, writer)

    on_top = []
    for number in range(most + 1):
        add(session, f"new-{number}")
        catch_up(engine, writer)
        on_top.append(writer.overlaid())

    assert on_top == [*range(1, most + 1), 0]


def test_a_changed_listing_weighs_twice_for_what_it_hides(engine, session, writer, monkeypatch):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", 3)
    ids = add(session, "a", "b", "c")
    rebuild(engine, writer)

    on_top = []
    for number in ids:
        change(session, number)
        catch_up(engine, writer)
        on_top.append(writer.overlaid())

    assert on_top == [2, 4, 0]


def test_the_policies_hold_for_what_is_rebuilt_and_for_what_is_laid_on_top(session, follow, config):
    silent = Policies({"US": Policy.NO_CONDITIONS})
    add(session, "rebuilt")

    follow(3, lambda wait: add(session, "laid-on-top") if wait == 1 else None, policies=silent)

    answer = WhooshReader(config.index_dir).search(Query(day=factories.TODAY))
    assert (answer.total, answer.facets["condition"]) == (2, {})
    assert answer.facets["profession"] == {"massage-therapist": 2}


@pytest.mark.parametrize("harm", [False, True], ids=["folded", "harmed"])
def test_the_policies_hold_for_what_is_folded_in_and_for_what_was_harmed(
    engine, session, writer, config, monkeypatch, harm
):
    silent = Policies({"US": Policy.NO_CONDITIONS})
    add(session, "a")
    rebuild(engine, writer, policies=silent)
    base = manifests.read_current(config.index_dir).base.folder
    if harm:
        (config.index_dir / base / "postings-0.arrays").write_bytes(b"harmed")
    else:
        monkeypatch.setattr(following, "FOLD_AT_LEAST", 0)
    add(session, "b")

    catch_up(engine, WhooshWriter(config.index_dir), silent)

    answer = WhooshReader(config.index_dir).search(Query(day=factories.TODAY))
    assert manifests.read_current(config.index_dir).base.folder != base
    assert (answer.total, answer.facets["condition"]) == (2, {})


def test_the_policies_hold_for_what_is_folded_in_beside(session, follow, config, monkeypatch):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", 0)
    add(session, "a")

    def meanwhile(wait):
        if wait == 1:
            add(session, "b")
        for thread in threading.enumerate():
            if thread.name == "fold":
                thread.join()

    follow(3, meanwhile, policies=Policies({"US": Policy.NO_CONDITIONS}))

    answer = WhooshReader(config.index_dir).search(Query(day=factories.TODAY))
    assert (answer.total, answer.facets["condition"]) == (2, {})
