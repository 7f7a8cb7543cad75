"""`/readyz` says in one line which part is not ready, in the doctor's words and no place in them."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from directory.cli.desk import Desk
from directory.cli.machines import doctor, findings
from directory.db import make_engine
from tests.sites import free_port


def take_away(here, tmp_path):
    here.engine = make_engine(f"postgresql+psycopg://u:hunter2@127.0.0.1:{free_port()}/none")


def empty(here, tmp_path):
    here.engine = make_engine(f"sqlite:///{tmp_path}/bare.db")


def damage(here, tmp_path):
    path = tmp_path / "damaged.db"
    path.write_bytes(b"This is no database. " * 100)
    here.engine = make_engine(f"sqlite:///{path}")


def change_form(here, tmp_path):
    with here.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        connection.execute(text("ALTER TABLE listing RENAME TO listing_of_before"))


def harm_index(here, tmp_path):
    (here.config.index_dir / "CURRENT").write_bytes(b"rotten")


@pytest.mark.parametrize(
    ("trouble", "part"),
    [
        (take_away, "database"),
        (empty, "database"),
        (damage, "database"),
        (change_form, "database"),
        (harm_index, "index"),
    ],
)
def test_what_is_not_ready_is_told_as_the_doctor_tells_it(
    app, indexed, client, tmp_path, trouble, part
):
    kept = indexed.engine
    trouble(indexed, tmp_path)

    ready = client.get("/readyz")
    desk = Desk(indexed.config, app)
    desk.engine = indexed.engine
    told = dict(findings.found(doctor.checks(desk)))[part]
    place = str(make_url(indexed.engine.url).database)
    if indexed.engine is not kept:
        indexed.engine.dispose()
        indexed.engine = kept

    said = ready.json["reasons"]
    assert (ready.status_code, list(said)) == (503, [part])
    assert told.mark == findings.FAIL
    assert said[part] in (told.words, told.words.replace(_where(told.words), ""))
    assert ready.text.count("\n") <= 1
    assert "hunter2" not in ready.text
    assert place not in ready.text
    assert str(Path(place).parent) not in ready.text or place == "none"


def _where(words: str) -> str:
    """The words that say where a database is."""
    return f" at {words.split(' at ')[1].split(' ', maxsplit=1)[0]}" if " at " in words else ""


def test_a_worker_that_is_not_warm_is_not_ready(indexed, client):
    indexed.warming = True
    ready = client.get("/readyz")
    indexed.warming = False

    assert (ready.status_code, list(ready.json["reasons"])) == (503, ["warm"])
    assert client.get("/readyz").json["status"] == "ok"
