"""A database file that is deleted or replaced under us, and a server that says nothing."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from directory.db import Patience, make_engine, make_file, writing
from directory.db import silence as silences

HASTY = Patience(connect=1, lock=1, statement=1)


@pytest.fixture
def file(tmp_path):
    """A database with a table, an engine on it, and its path."""
    path = tmp_path / "site.db"
    engine = make_engine(f"sqlite:///{path}")
    make_file(engine)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE one (id INTEGER)"))
    yield engine, path
    engine.dispose()


def put(engine, number):
    with writing(engine) as session:
        session.execute(text("INSERT INTO one VALUES (:number)"), {"number": number})


def test_nothing_is_written_to_a_file_that_was_deleted(file):
    engine, path = file
    put(engine, 1)
    path.unlink()

    with pytest.raises(OperationalError, match="unable to open"):
        put(engine, 2)

    assert not path.exists()


def test_a_file_put_in_its_place_is_the_one_that_is_read_and_written(file, tmp_path):
    engine, path = file
    put(engine, 1)
    other = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    make_file(other)
    with writing(other) as session:
        session.execute(text("CREATE TABLE one (id INTEGER)"))
    put(other, 7)
    other.dispose()
    (tmp_path / "other.db").replace(path)
    for ending in ("-wal", "-shm"):  # they are the old file's
        path.with_name(path.name + ending).unlink(missing_ok=True)

    put(engine, 8)

    with engine.connect() as connection:
        assert connection.scalars(text("SELECT id FROM one ORDER BY id")).all() == [7, 8]


@pytest.fixture
def silent():
    """The address of somebody who takes calls and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as listener:
        yield f"postgresql+psycopg://nobody@127.0.0.1:{listener.getsockname()[1]}/nothing"


def seconds(engine):
    began = time.monotonic()
    with pytest.raises(OperationalError, match=r"timeout"):
        engine.connect()
    return time.monotonic() - began


def test_a_silent_server_is_waited_for_by_one_at_a_time(silent):
    first, other = make_engine(silent, HASTY), make_engine(silent, HASTY)

    alone = seconds(first)
    soon = seconds(other)
    time.sleep(silences.MOMENT_S)
    with ThreadPoolExecutor(6) as pool:
        many = sorted(pool.map(seconds, [first, other] * 3))

    assert alone > 0.5
    assert soon < 0.5
    assert [one < 0.5 for one in many] == [True] * 5 + [False]


def test_a_server_that_speaks_again_is_asked_by_everybody():
    server = silences.Server()
    server.fell_silent()
    with server.asked() as at_once:
        pass
    server.spoke()

    with server.asked() as one, server.asked() as another:
        assert (at_once, one, another) == (False, True, True)
