"""What every test may ask for: real databases, a real index, the real site, a real browser.

database_url, engine, session   a database of the test's own (tests/databases.py says of which kind)
runtime, app, client            the site on it, at noon of factories.TODAY
thorough_hashes                 that site, hashing passwords with all the work of a real one
indexed                         the Runtime, with factories.DOZEN listed and indexed
mailbox, live_mailbox           a mail server, the live one of the live server (tests/mailbox.py)
live_server, browser_page       the site under gunicorn and a page of Chromium (tests/browsers.py)
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from directory.config import Config
from directory.models import Listing
from directory.places import Gazetteer
from tests import factories
from tests.sites import rebuild_index

if TYPE_CHECKING:
    from directory.edge import Runtime

# The least work that Argon2 can do, as for factories.PASSWORD_HASH.
QUICKLY = {"argon2__memory_cost": 8, "argon2__time_cost": 1}

pytest_plugins = [
    "tests.compiling",
    "tests.databases",
    "tests.dealing",
    "tests.mailbox",
    "tests.browsers",
]


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session; what the test does not commit is undone."""
    with Session(engine.execution_options(writes=True)) as session:
        yield session


@pytest.fixture
def config(database_url: str, tmp_path) -> Config:
    """Settings as they come from the environment, on a folder of the test's own."""
    return _config(database_url, tmp_path)


def _config(database_url: str, folder: Path) -> Config:
    return Config.from_env(
        {
            "DATA_DIR": str(folder / "var"),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only-for-tests-only-for-tests",
            "LOG_LEVEL": "WARNING",
        }
    )


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory) -> Flask:
    """The site's pages, ready and with their templates read; `app` gives it a database."""
    # Here, so that tests of small things need not load the whole site.
    from directory import cli
    from directory.app import create_app

    app = create_app(_config(f"sqlite:///{os.devnull}", tmp_path_factory.mktemp("whole")))
    cli.init(app)
    _hash(app, QUICKLY)
    return app


def _hash(app: Flask, work: dict[str, Any]) -> None:
    """From now on passwords are hashed with so much work."""
    app.extensions["security"].pwd_context._context.update(**work)


@pytest.fixture
def thorough_hashes(app: Flask) -> Iterator[None]:
    """Passwords are hashed with as much work as on a real site: where that is what matters."""
    from directory.signin.settings import HASHING

    _hash(app, HASHING)
    yield
    _hash(app, QUICKLY)


@pytest.fixture
def app(whole_site: Flask, config: Config, gazetteer: Gazetteer) -> Iterator[Flask]:
    """The site on a database of the test's own, with nothing remembered from other tests."""
    from directory.app import make_runtime
    from directory.signin import limits

    here = whole_site.extensions["stillpoint"] = make_runtime(config)
    here.clock = lambda: factories.NOW
    if here.engine.dialect.name == "sqlite":
        # The spellings of all towns are the same ones in every copy: learned once a process.
        here.gazetteer._spelling._bigger = gazetteer._spelling._bigger
    limits.of(whole_site).reset()
    whole_site.testing = True
    yield whole_site
    here.engine.dispose()


@pytest.fixture
def own_app(config: Config) -> Iterator[Flask]:
    """A site that nobody else uses: for tests that add to it or change its settings."""
    from directory.app import create_app

    app = create_app(config)
    app.testing = True
    here = app.extensions["stillpoint"]
    here.clock = lambda: factories.NOW
    yield app
    here.engine.dispose()


@pytest.fixture
def runtime(app: Flask) -> "Runtime":
    return app.extensions["stillpoint"]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def index_of_dozen(tmp_path_factory) -> Path:
    """Where the index of the DOZEN lies, once a test of this process has built it."""
    return tmp_path_factory.mktemp("index of the dozen") / "index"


@pytest.fixture
def indexed(runtime: "Runtime", index_of_dozen: Path) -> "Runtime":
    with runtime.transaction() as session:
        if session.scalar(select(func.count(Listing.id))) == 0:  # see `database_url`
            factories.dozen(session)
    if index_of_dozen.exists():
        # The same people in a fresh database have the same numbers, so it is the same index.
        shutil.copytree(index_of_dozen, runtime.config.index_dir)
    else:
        rebuild_index(runtime.config)
        shutil.copytree(runtime.config.index_dir, index_of_dozen)
    return runtime
