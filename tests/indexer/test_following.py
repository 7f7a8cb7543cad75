"""Following the outbox: nobody waits, nothing is undone, and one bad row stops no other."""

import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from directory.models import IndexChange, State
from directory.policies import Policies, Policy
from directory.search.port import Query
from directory.search.whoosh_engine import WhooshReader
from directory.search.whoosh_engine.generations import publishing
from indexer import follow as following
from indexer import outbox
from indexer.__main__ import cli
from indexer.folding import Fold
from indexer.follow import catch_up
from indexer.rebuild import changes_since, rebuild
from indexer.verify import differences
from tests import factories

ALL = Query(day=factories.TODAY)


@contextmanager
def held(engine, writer):
    """A Fold whose rebuild has noted its cursor and waits until the block ends."""
    gate = threading.Event()
    fold = Fold(lambda: rebuild(engine, writer, started=lambda _: gate.wait(30)))
    try:
        yield fold
    finally:
        gate.set()
        fold.wait()


def add(session, *slugs):
    made = [factories.listing(session, slug=slug) for slug in slugs]
    session.commit()
    return [listing.id for listing in made]


def hide(session, listing):
    listing.state = State.HIDDEN
    session.add(IndexChange(listing_id=listing.id, at=factories.NOW))
    session.commit()


def test_what_is_approved_while_a_rebuild_folds_is_found_before_it_ends(
    engine, session, writer, found, config, monkeypatch
):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", 2)
    ids = add(session, "a")
    rebuild(engine, writer)
    with held(engine, writer) as fold:
        ids += add(session, "b", "c")
        catch_up(engine, writer, fold=fold)
        begun = fold.at_work
        ids += add(session, "d")
        catch_up(engine, writer, fold=fold)
        begun_again = fold.at_work
        ids += add(session, "e")
        catch_up(engine, writer, fold=fold)
        seen = found()

    assert (begun, begun_again, seen) == (False, True, set(ids))
    assert found() == set(ids)
    assert writer.overlaid() <= 2  # the last one, and what it hides
    assert list(differences(engine, WhooshReader(config.index_dir))) == []


def test_what_is_approved_after_a_big_import_does_not_wait_for_it(
    engine, session, writer, found, monkeypatch
):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", 2)
    (old,) = add(session, "old")
    cursor = rebuild(engine, writer).cursor
    with held(engine, writer) as fold:
        imported = add(session, "a", "b", "c")
        catch_up(engine, writer, fold=fold)
        (approved,) = add(session, "approved")
        first = catch_up(engine, writer, fold=fold)
        again = catch_up(engine, writer, fold=fold)
        seen = found()

    # Should the rebuild have failed, the import was still to be heard of.
    assert (seen, first.cursor) == ({old, approved}, cursor)
    assert again == first
    assert found() == {old, approved, *imported}
    assert catch_up(engine, writer).cursor == cursor + 4


def test_the_policies_hold_for_what_is_published_ahead_of_a_fold(
    engine, session, writer, config, monkeypatch
):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", 2)
    silent = Policies({"US": Policy.NO_CONDITIONS})
    add(session, "old")
    rebuild(engine, writer, policies=silent)
    with held(engine, writer) as fold:
        add(session, "a", "b", "c")
        catch_up(engine, writer, silent, fold)
        add(session, "approved")
        catch_up(engine, writer, silent, fold)
        answer = WhooshReader(config.index_dir).search(ALL)

    assert (answer.total, answer.facets["condition"]) == (2, {})


def test_a_fold_that_fails_rests_and_everything_is_published_all_the_same(
    engine, session, writer, found, monkeypatch
):
    monkeypatch.setattr(following, "FOLD_AT_LEAST", 1)
    add(session, "a")
    rebuild(engine, writer)
    tries = []

    def fails():
        tries.append(1)
        raise OSError("no room")

    fold = Fold(fails)
    ids = add(session, "b", "c")
    for _ in range(3):
        catch_up(engine, writer, fold=fold)
        fold.wait()

    assert (found() >= set(ids), len(tries)) == (True, 1)


def test_rows_that_come_twice_and_in_any_order_lead_to_the_same_index(
    engine, session, writer, config
):
    ids = add(session, "a", "b", "c")
    rebuild(engine, writer)
    for _ in range(3):
        for number in (ids[2], ids[0], ids[2], ids[1]):
            session.add(IndexChange(listing_id=number, at=factories.NOW))
        session.commit()
        catch_up(engine, writer)

    assert list(differences(engine, WhooshReader(config.index_dir))) == []
    assert len(changes_since(engine, outbox.NOTHING).present) == 3


def test_changes_older_than_what_serves_undo_nothing(engine, session, writer, found):
    (number,) = add(session, "a")
    start = rebuild(engine, writer).heard
    listing = factories.listing(session, slug="hidden-meanwhile")
    session.commit()
    late = changes_since(engine, start)
    hide(session, listing)
    served = rebuild(engine, writer)

    writer.apply(late)

    assert found() == {number}
    assert writer.status().cursor == served.cursor


def test_one_listing_that_cannot_be_read_is_hidden_named_and_tried_again(
    engine, session, writer, found, caplog, config, database_url
):
    kept, harmed = add(session, "kept", "harmed")
    rebuild(engine, writer)
    broken = factories.listing(session, slug="new")
    session.commit()
    good = session.execute(
        text(f"SELECT cast(content AS text) FROM revision WHERE id = {broken.live_id}")
    ).scalar()
    _write(session, harmed, "{}")
    caplog.clear()

    catch_up(engine, writer)

    named = list(differences(engine, WhooshReader(config.index_dir)))
    settings = {"DATABASE_URL": database_url, "DATA_DIR": str(config.data_dir)}
    told = CliRunner().invoke(cli, ["status"], env=settings)
    assert found() == {kept, broken.id}
    # Whatever a command before this has set the logs to.
    errors = [one.getMessage()[:9] for one in caplog.records if one.levelname == "ERROR"]
    assert errors == [f"listing {harmed}"]
    assert named == [
        f"listing {harmed} is live but left out, for it cannot be read: KeyError: 'practices'"
    ]
    assert "1 live listings are left out" in told.output

    _write(session, harmed, good)
    catch_up(engine, writer)
    assert found() == {kept, harmed, broken.id}


def _write(session, number, content):
    """Change a live revision as no door of ours would, and say that the listing changed."""
    kind = "json" if session.get_bind().dialect.name == "postgresql" else "text"
    session.execute(
        text(
            f"UPDATE revision SET content = cast(:content AS {kind}) "
            "WHERE id = (SELECT live_id FROM listing WHERE id = :id)"
        ),
        {"content": content, "id": number},
    )
    session.add(IndexChange(listing_id=number, at=factories.NOW))
    session.commit()


def test_following_outlives_an_index_that_cannot_be_written(
    engine, session, writer, found, config, monkeypatch
):
    monkeypatch.setattr(following, "PATIENCE", 0.02)
    ids = add(session, "a")
    config.index_dir.parent.mkdir(parents=True, exist_ok=True)
    config.index_dir.write_text("in the way")
    looks = iter(range(40))

    def going():
        if next(looks) == 2:
            config.index_dir.unlink()
        return writer.status() is None

    following.follow(engine, writer, going=going)

    assert found() == set(ids)


@pytest.mark.parametrize(
    ("listings", "most"),
    [(0, 300), (3009, 300), (3010, 301), (19_989, 1998), (19_990, 1999), (20_010, 2000)],
)
def test_a_tenth_of_the_base_may_lie_on_top_of_it_but_from_300_to_2000_listings(listings, most):
    assert following.most_on_top(listings) == most


@pytest.fixture
def rests(engine, writer, monkeypatch):
    """Follow for so many looks, and tell how long it rested after each."""

    def follow(looks):
        rested, left = [], iter([True] * looks + [False])
        monkeypatch.setattr(following, "sleep", rested.append)
        monkeypatch.setattr(following.Bell, "wait", lambda _, most: rested.append(most))
        following.follow(engine, writer, going=lambda: next(left))
        return rested

    return follow


def test_though_nobody_rings_the_bell_whatever_is_committed_is_looked_for_within_a_second(rests):
    published, nothing_new = rests(2)

    assert 0 < published < nothing_new
    assert nothing_new + published <= 1


def test_while_another_rebuild_is_at_work_it_looks_again_each_second(rests, config):
    with publishing.building(config.index_dir):
        rested = rests(2)

    assert rested == [1, 1]


def test_a_published_change_moves_the_cursor_though_a_fold_could_begin(engine, session, writer):
    add(session, "a")
    before = rebuild(engine, writer).cursor
    add(session, "b")

    after = catch_up(engine, writer, fold=Fold(lambda: rebuild(engine, writer)))

    assert after.cursor > before
