"""A kept file of SQLite is as it was, or it is not kept."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.keeping import BESIDE, kept

WRITE = "INSERT INTO one VALUES (7)"
LOOK = """
import sqlite3, sys
one = sqlite3.connect(sys.argv[1])
one.execute("SELECT id FROM one")
input("open\\n")
"""


@pytest.fixture
def path(tmp_path):
    with _open(tmp_path / "one.db") as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE one (id INTEGER)")
    return tmp_path / "one.db"


def _open(path):
    return closing(sqlite3.connect(path, isolation_level=None))


def test_what_is_written_is_there_within_the_block_and_not_in_the_file(path):
    before = path.read_bytes()

    with kept(path) as outcome:
        with _open(path) as writer:
            writer.execute(WRITE)
        with _open(path) as reader:
            found = reader.execute("SELECT id FROM one").fetchall()

    assert found == [(7,)]
    assert outcome.unchanged
    assert path.read_bytes() == before
    assert not any(path.with_name(path.name + ending).exists() for ending in BESIDE)


def _in_place(path):
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")


def _replaced(path):
    (path.parent / "other.db").write_bytes(path.read_bytes())
    (path.parent / "other.db").rename(path)


def _gone(path):
    path.unlink()


@pytest.mark.parametrize("harm", [_in_place, _replaced, _gone])
def test_a_file_that_was_touched_itself_is_not_kept(path, harm):
    with kept(path) as outcome:
        harm(path)

    assert not outcome.unchanged


def test_a_file_that_we_still_have_open_is_not_kept(path):
    with kept(path) as outcome:
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute(WRITE)

    writer.close()
    assert not outcome.unchanged


def test_a_file_that_another_process_still_has_open_is_not_kept(path):
    with kept(path) as outcome:
        other = subprocess.Popen(
            [sys.executable, "-u", "-c", LOOK, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert other.stdout.readline() == b"open\n"

    other.communicate(b"\n")
    assert not outcome.unchanged
