"""What a reader serves when another generation was published: the newest, at one stat a look."""

import time
from pathlib import Path

import pytest

from directory.search.port import Query
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine import reader as reading
from directory.search.whoosh_engine.executing.snapshot import Snapshot
from tests.search.documents import TODAY, document


def publish(root: Path, count: int) -> None:
    WhooshWriter(root).rebuild([document(number) for number in range(1, count + 1)], cursor=count)


@pytest.fixture
def reader(tmp_path):
    publish(tmp_path, 2)
    made = WhooshReader(tmp_path)
    made.status()
    return made


def test_an_idle_reader_answers_with_what_was_published_meanwhile(reader, tmp_path, monkeypatch):
    warm = Snapshot.warm

    def slowly(*arguments):
        time.sleep(2 * reading.PATIENCE)
        warm(*arguments)

    publish(tmp_path, 5)
    time.sleep(reading.IDLE)
    monkeypatch.setattr(Snapshot, "warm", slowly)

    assert reader.search(Query(day=TODAY)).total == 5


def test_one_that_is_asked_all_the_time_sees_it_at_the_next_look(reader, tmp_path):
    publish(tmp_path, 5)
    time.sleep(reading.LOOK_EVERY)

    assert reader.status().listings == 5


def test_looking_takes_one_stat_and_opens_nothing(reader, monkeypatch):
    looks, stat = [], Path.stat

    def counted(path, **how):
        looks.append(path.name)
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", counted)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    time.sleep(reading.LOOK_EVERY)
    reader.search(Query(day=TODAY))

    assert looks == ["CURRENT"]
