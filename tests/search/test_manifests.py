"""What a manifest says comes back as it was written, and each kind of damage is named."""

from dataclasses import replace

import pytest

from directory.errors import SearchUnavailable
from directory.search.whoosh_engine.generations import manifests
from directory.search.whoosh_engine.generations.manifests import CURRENT, Manifest, Segment

BASE = Segment("base-1", {"a.bin": "0" * 64})
OVERLAY = Segment("overlay-2", {"b.bin": "1" * 64})
MANIFEST = Manifest(
    number=3, epoch=2, built_at="2026-11-01T12:00:00+00:00", cursor=7, listings=5,
    base=BASE, overlay=OVERLAY, hidden=(4, 9),
)  # fmt: skip


def written(root, manifest=MANIFEST):
    """The bytes of a manifest, which lies here now and which CURRENT names."""
    raw = manifests.sealed(manifest)
    name = manifests.name_of(manifest.number)
    (root / name).write_bytes(raw)
    (root / CURRENT).write_bytes(manifests.pointer(name, raw))
    return raw


@pytest.mark.parametrize("overlay", [OVERLAY, None])
@pytest.mark.parametrize("gaps", [((2, 2), (4, 6)), ()])
def test_what_was_written_is_read_again(tmp_path, overlay, gaps):
    manifest = replace(MANIFEST, overlay=overlay, gaps=gaps)
    written(tmp_path, manifest)

    assert manifests.read_current(tmp_path) == manifest
    assert manifests.read_manifest(tmp_path, "manifest-3.json") == manifest


def test_programs_from_before_there_were_gaps_read_what_has_none(tmp_path):
    assert b"gaps" not in written(tmp_path)


def test_its_folders_are_those_of_base_and_overlay():
    alone = replace(MANIFEST, overlay=None)

    assert (MANIFEST.segments, MANIFEST.folders) == ((BASE, OVERLAY), {"base-1", "overlay-2"})
    assert (alone.segments, alone.folders) == ((BASE,), {"base-1"})


def test_a_manifest_is_of_the_present_schema_unless_it_says_otherwise():
    assert MANIFEST.schema == manifests.schema_digest()
    assert replace(MANIFEST, schema="another").schema == "another"
    assert len(manifests.schema_digest()) == 32


def test_the_port_is_told_what_serves():
    status = manifests.status_of(MANIFEST)

    assert (status.generation, status.listings, status.cursor) == ("3", 5, 7)
    assert status.built_at == "2026-11-01T12:00:00+00:00"


@pytest.mark.parametrize(
    "held",
    [
        b"",
        b"garbage\n",
        b"\xff\xfe\n",
        b"3 " + b"0" * 64,
        b"manifest-03.json " + b"0" * 64,
        b"manifest-0.json " + b"0" * 64,
        b"../manifest-3.json " + b"0" * 64,
        b"manifest-3.json\n",
        b"manifest-3.json " + b"0" * 64 + b"\n",
    ],
)
def test_a_pointer_that_was_not_written_so_is_called_damaged(tmp_path, held):
    written(tmp_path)
    (tmp_path / CURRENT).write_bytes(held)

    with pytest.raises(SearchUnavailable, match="CURRENT is damaged"):
        manifests.read_current(tmp_path)


def test_a_pointer_to_a_manifest_that_is_gone_is_no_answer(tmp_path):
    written(tmp_path)
    (tmp_path / "manifest-3.json").unlink()

    with pytest.raises(SearchUnavailable, match=r"manifest-3\.json cannot be read"):
        manifests.read_current(tmp_path)


def test_without_a_pointer_there_is_no_index_yet_and_one_that_is_a_folder_cannot_be_read(tmp_path):
    with pytest.raises(manifests.NoIndexYet, match="no index yet"):
        manifests.read_current(tmp_path)

    (tmp_path / CURRENT).mkdir()

    with pytest.raises(SearchUnavailable, match="CURRENT cannot be read: "):
        manifests.read_current(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b'"format": 4', b'"format": 1', "of format 1, and this program reads format 4"),
        (b'"format": 4', b'"format":  4', "is damaged"),
        (b'"cursor": 7', b'"cursor": 8', "is damaged"),
        (b'"sha256": "', b'"sha256": "0', "is damaged"),
        (b'"manifest"', b'"nothing"', "cannot be read"),
        (b"}\n", b"", "cannot be read"),
        (b"}\n", b"}", "is damaged"),
    ],
)
def test_a_manifest_of_which_one_thing_changed_is_refused_by_what_is_wrong(
    tmp_path, before, after, said
):
    raw = written(tmp_path)
    (tmp_path / "manifest-3.json").write_bytes(raw.replace(before, after, 1))

    with pytest.raises(SearchUnavailable, match=said):
        manifests.read_manifest(tmp_path, "manifest-3.json")


def test_a_manifest_of_another_schema_asks_for_a_rebuild(tmp_path):
    written(tmp_path, replace(MANIFEST, schema="another"))

    with pytest.raises(SearchUnavailable, match="of another schema: rebuild"):
        manifests.read_current(tmp_path)


def test_only_names_that_are_given_here_have_a_number(tmp_path):
    for name in ("1", "12", "0", "02", "-3", "x", "²", ""):
        (tmp_path / f"manifest-{name}.json").touch()
    (tmp_path / "manifest-5.json.part").touch()

    assert sorted(manifests.numbers(tmp_path)) == [1, 12]


def test_the_manifests_before_come_newest_first_without_those_that_are_harmed(tmp_path):
    for number in (1, 2, 10, 11, 12):
        written(tmp_path, replace(MANIFEST, number=number))
    (tmp_path / "manifest-2.json").write_bytes(b"harmed")

    assert [one.number for one in manifests.previous(tmp_path, 12)] == [11, 10, 1]
