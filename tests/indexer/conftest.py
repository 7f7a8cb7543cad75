"""The index that these tests write, and what a reader finds in it."""

import pytest

from directory.search.whoosh_engine import WhooshReader, WhooshWriter


@pytest.fixture
def writer(config):
    return WhooshWriter(config.index_dir)


@pytest.fixture
def found(config):
    """Call it for the ids that a reader who comes now finds."""
    return lambda: set(WhooshReader(config.index_dir).ids())
