"""The site as its operator runs it: commands, web and indexer as processes, on either database."""

from collections.abc import Callable

import pytest

from tests import sites
from tests.journeys.visits import Settings


@pytest.fixture
def settings(foldable, tmp_path) -> Settings:
    """Of a site with places and taxonomy, without a listing and without an index."""
    return {
        "DATABASE_URL": foldable,
        "DATA_DIR": str(tmp_path / "var"),
        "PORT": str(sites.free_port()),
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture
def flask(settings) -> Callable:
    """Call it to run a command of the site to its end."""
    return lambda *words: sites.run("-m", "flask", "--app", "wsgi", *words, **settings)


@pytest.fixture
def indexer(settings) -> Callable:
    """Call it to run a command of the indexer to its end, in this process."""
    return lambda *words: sites.indexer(*words, **settings)
