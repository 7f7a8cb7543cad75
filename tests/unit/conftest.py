"""The gazetteer over its real data."""

import pytest

from directory.db import make_engine


@pytest.fixture(scope="session")
def gazetteer_engine(templates, tmp_path_factory):
    with templates.copy("sqlite", tmp_path_factory.mktemp("places")) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()
