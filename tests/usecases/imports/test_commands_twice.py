"""Commands that somebody starts twice: the second is told in one sentence, or finds it done."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select

from directory import db
from directory.backups import archives
from directory.cli import accounts, commands
from directory.cli.commands import DOORS
from directory.cli.on_database import LOCKS
from directory.db import writing
from directory.errors import Conflict
from directory.files import terms
from directory.models import Account, Listing, Role, Synonym
from directory.places import loader
from directory.usecases.curation import shipped_terms
from tests import full, races, sites

# Of each command what keeps two of it from being in each other's way.
TWICE = {
    "migrate": "waits in turn",
    "load-reference": "waits in turn",
    "create-admin": "is begun anew when it lost a race",
    "up": "the port is taken",
    "example": "writes nothing",
    "work": "many may run",
    "import-listings": "is told, unless it writes nothing",
    "load-demo": "is told",
    "verify-audit": "writes nothing",
    "doctor": "writes nothing",
    "backup": "a file is never written over",
    "restore": "is told",
}
ARGUMENTS = {"load-demo": ["--count", "3"], "restore": ["no-such.backup"]}


def test_of_every_command_it_is_known_what_happens_when_it_runs_twice():
    assert TWICE.keys() == DOORS.keys()
    told = {name for name in DOORS if commands.load(name).alone}
    assert told == {name for name, how in TWICE.items() if how == "is told"}


@pytest.mark.parametrize("name", [name for name, how in TWICE.items() if how == "is told"])
def test_the_second_is_told_in_one_sentence_and_changes_nothing(app, runtime, name):
    one = runtime.engine, name, runtime.config.data_dir / LOCKS
    with db.alone(*one) as nobody_else:
        refused = sites.command(app, name, *ARGUMENTS[name])
    with db.alone(*one) as afterwards:
        pass

    assert (nobody_else, afterwards) == (True, True)
    assert refused.exit_code == 1
    assert refused.output == (
        f"stillpoint: Another {name} is at work: try again when it has ended.\n"
    )


@pytest.mark.skipif(not full.FULL, reason="two whole processes: only at length")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_demo_listings_that_two_processes_load_are_there_once_and_nobody_sees_a_traceback(
    config, engine
):
    settings = {"DATABASE_URL": config.database_url, "DATA_DIR": str(config.data_dir)}
    words = ("-m", "flask", "--app", "wsgi", "load-demo", "--count", "40")
    with ThreadPoolExecutor(2) as hands:
        ended = [hands.submit(sites.run, *words, **settings) for _ in range(2)]
    said = [one.result().stdout + one.result().stderr for one in ended]
    codes = sorted(one.result().returncode for one in ended)

    assert not any("Traceback" in one for one in said)
    told = [one for one in said if "Another load-demo is at work" in one]
    assert (len(told), codes) in ((1, [0, 1]), (0, [0, 0]))
    with db.reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Listing)) == 40


def together(*acts):
    """All of them at the same moment."""
    start = Barrier(len(acts))

    def act(do):
        start.wait(races.PATIENCE)
        return do()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(act, acts))


def test_places_that_two_load_at_once_are_loaded_by_one(engine, tmp_path):
    for name in loader.SOURCES:
        (tmp_path / f"{name}.tsv.gz").write_bytes(gzip.compress(b"", mtime=0))
    load = partial(loader.load, engine, data=tmp_path)

    reports = together(load, load)

    assert sorted(report.loaded for report in reports) == [False, True]


def test_terms_that_two_load_at_once_are_there_once(engine):
    with writing(engine) as session:
        session.execute(delete(Synonym))

    def load():
        with writing(engine) as session:
            return shipped_terms.load_taxonomy(session, terms.read())["added"]

    added = sorted(together(load, load))

    assert added[0] == 0 < added[1]


def test_an_admin_whom_two_make_at_once_is_made(app, runtime):
    def make():
        with app.app_context():
            return accounts.make_admin(runtime, "ada@association.example", None, False)

    told = together(make, make, make)

    assert all("is an admin" in line or "is an admin now" in line for line, *_ in told)
    with runtime.reading() as session:
        role = session.scalar(
            select(Account.role).where(Account.email == "ada@association.example")
        )
    assert role is Role.ADMIN


def test_two_backups_of_one_name_do_not_write_over_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "read", lambda _: None)
    path = tmp_path / "site.backup"

    def write():
        with archives.written(path) as second:
            second.add("secret", b"second")
            path.write_bytes(b"first")

    with pytest.raises(Conflict, match="is there already"):
        write()
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
