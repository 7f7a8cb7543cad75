"""What serves is sealed: damage is found, the generation before serves, nothing is left behind.

tests/faults has what happens under real faults.
"""

import time
from contextlib import suppress
from dataclasses import replace

import pytest

from directory.errors import Conflict, SearchUnavailable
from directory.search.port import Changes, Query
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.generations import holding, manifests, publishing
from tests.search.documents import TODAY, document

ALL = Query(day=TODAY)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "index"


def names(root):
    return {path.name for path in root.iterdir()}


def sealed_files(root):
    manifest = manifests.read_current(root)
    segments = [s for s in (manifest.base, manifest.overlay) if s]
    return [root / s.folder / name for s in segments for name in s.files]


def test_before_the_first_rebuild_the_reader_says_so(root):
    with pytest.raises(SearchUnavailable, match="no index yet"):
        WhooshReader(root).search(ALL)

    assert WhooshWriter(root).status() is None


def test_a_reader_notices_a_new_generation(root):
    writer = WhooshWriter(root)
    writer.rebuild([document(1)], cursor=1)
    reader = WhooshReader(root)
    assert reader.search(ALL).total == 1

    writer.apply(Changes((document(2),), (), 2))
    time.sleep(0.3)

    assert reader.search(ALL).total == 2
    assert reader.status().cursor == 2


def test_applying_the_same_changes_twice_is_harmless(root):
    writer = WhooshWriter(root)
    writer.rebuild([document(1), document(2)], cursor=1)
    changes = Changes((document(1, name="Sage Changed"),), (2,), 5)

    once = writer.apply(changes)
    twice = writer.apply(changes)

    assert once.listings == twice.listings == 1
    assert WhooshReader(root).ids() == {1: document(1, name="Sage Changed").digest()}


def test_what_changed_during_a_rebuild_is_caught_up_before_the_swap(root):
    asked = []

    def catch_up(cursor):
        asked.append(cursor)
        return Changes((document(2),), (1,), 9)

    status = WhooshWriter(root).rebuild([document(1)], cursor=7, catch_up=catch_up)

    assert asked == [7]
    assert (status.listings, status.cursor) == (1, 9)
    assert set(WhooshReader(root).ids()) == {2}


@pytest.mark.parametrize("harm", ["missing", "truncated", "extra"])
def test_a_missing_truncated_or_extra_file_is_refused(root, harm):
    WhooshWriter(root).rebuild([document(1)], cursor=1)
    path = max(sealed_files(root), key=lambda file: file.stat().st_size)
    if harm == "missing":
        path.unlink()
    elif harm == "truncated":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        (path.parent / "stranger").write_text("hello")

    with pytest.raises(SearchUnavailable, match="damaged"):
        WhooshReader(root).search(ALL)


def test_a_damaged_generation_is_refused_and_the_one_before_serves(root):
    writer = WhooshWriter(root)
    writer.rebuild([document(1)], cursor=1)
    reader = WhooshReader(root)
    assert reader.search(ALL).total == 1
    writer.rebuild([document(1), document(2)], cursor=2)
    sealed_files(root)[0].write_bytes(b"broken")
    time.sleep(0.3)

    fresh = WhooshReader(root)

    assert reader.search(ALL).total == fresh.search(ALL).total == 1
    with pytest.raises(SearchUnavailable, match="damaged"):
        fresh.status()


@pytest.mark.parametrize("text", ["", "{}", "null", '{"format": 99}', "\0\0"])
def test_a_broken_manifest_is_refused_with_a_reason(root, text):
    WhooshWriter(root).rebuild([document(1)], cursor=1)
    (root / "manifest-1.json").write_text(text)

    with pytest.raises(SearchUnavailable, match=r"manifest-1\.json"):
        WhooshReader(root).search(ALL)


@pytest.mark.parametrize(
    "harm", [lambda whole: whole[:-9], lambda whole: whole.replace(b'"cursor": 1', b'"cursor": 7')]
)
def test_a_damaged_manifest_is_passed_over_and_an_older_whole_one_is_found(root, harm):
    WhooshWriter(root).rebuild([document(1)], cursor=1)
    first = manifests.read_current(root)
    for number in (2, 3):
        whole = manifests.sealed(replace(first, number=number))
        (root / manifests.name_of(number)).write_bytes(whole)
    damaged = root / manifests.name_of(2)
    damaged.write_bytes(harm(damaged.read_bytes()))

    found = [manifest.number for manifest in manifests.previous(root, before=3)]
    all_found = [manifest.number for manifest in manifests.previous(root, before=4)]

    assert (found, all_found) == ([1], [3, 1])


def test_only_the_current_and_the_previous_generation_are_kept(root):
    writer = WhooshWriter(root)
    for cursor in range(6):
        writer.rebuild([document(1)], cursor=cursor)

    kept = {"base-5", "base-6", "manifest-5.json", "manifest-6.json"}
    assert names(root) == kept | {"CURRENT", "build.lock", "epoch"}


def test_what_a_reader_holds_is_kept_until_it_lets_go_or_is_forgotten(root):
    writer = WhooshWriter(root)
    writer.rebuild([document(1)], cursor=0)
    first = holding.hold_current(root)
    writer.rebuild([document(1)], cursor=1)
    second = holding.hold_current(root)

    for cursor in range(2, 5):
        writer.rebuild([document(1)], cursor=cursor)
    held = names(root)
    first.close()
    first.close()
    del second
    writer.rebuild([document(1)], cursor=5)

    assert {"base-1", "base-2"} < held
    assert not {"base-1", "base-2"} & names(root)


def test_of_a_folder_that_is_known_to_be_sound_only_the_names_are_compared(root):
    WhooshWriter(root).rebuild([document(1)], cursor=1)
    base = manifests.read_current(root).base
    path = max(sealed_files(root), key=lambda file: file.stat().st_size)
    path.write_bytes(b"broken")

    publishing.verify(root, base, known=base)
    path.unlink()

    with pytest.raises(SearchUnavailable, match="damaged"):
        publishing.verify(root, base, known=base)


def test_a_rebuild_of_an_older_epoch_comes_too_late(root):
    WhooshWriter(root).rebuild([document(1)], cursor=1)
    newest = manifests.read_current(root)
    late = replace(newest, number=newest.number + 1, epoch=newest.epoch - 1)

    with publishing.publishing(root), pytest.raises(Conflict, match="newer rebuild"):
        publishing.publish(root, late)

    assert manifests.read_current(root) == newest


def test_an_overlay_is_published_on_the_generation_that_it_was_made_for_or_not_at_all(root):
    writer = WhooshWriter(root)
    writer.rebuild([document(1)], cursor=1)
    made_for = manifests.read_current(root)
    writer.apply(Changes((document(2),), (), 2))
    other = replace(made_for, number=made_for.number + 2)

    with publishing.publishing(root), pytest.raises(Conflict, match="Another generation"):
        publishing.publish(root, other, on=made_for.number)

    assert set(WhooshReader(root).ids()) == {1, 2}


def test_each_rebuild_takes_a_higher_epoch_even_after_one_that_failed_or_a_lost_file(root):
    epochs = []
    for _ in range(3):
        with suppress(KeyError), publishing.building(root) as folder:
            epochs.append(publishing.epoch_of(folder))
            raise KeyError
    WhooshWriter(root).rebuild([document(1)], cursor=1)
    (root / "epoch").write_text("garbage")
    with publishing.building(root) as folder:
        epochs.append(publishing.epoch_of(folder))

    assert epochs == [1, 2, 3, 5]


def test_a_failed_rebuild_leaves_the_old_one_serving_and_nothing_behind(root):
    writer = WhooshWriter(root)
    writer.rebuild([document(1)], cursor=1)
    before = names(root)

    def poisoned():
        yield document(2)
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        writer.rebuild(poisoned(), cursor=2)

    assert names(root) == before
    assert WhooshReader(root).search(ALL).total == 1


def test_two_rebuilds_at_once_are_one_too_many(root):
    writer = WhooshWriter(root)

    def slow():
        with pytest.raises(Conflict, match="Another rebuild"):
            WhooshWriter(root).rebuild([document(9)], cursor=1)
        yield document(1)

    writer.rebuild(slow(), cursor=1)

    assert set(WhooshReader(root).ids()) == {1}
