"""The gazetteer over its real data, loaded once."""

import pytest

from directory.db import Base, make_engine, make_file
from directory.places import Gazetteer, load, tables


@pytest.fixture(scope="session")
def gazetteer_engine(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('places') / 'places.db'}")
    make_file(engine)
    Base.metadata.create_all(engine, tables=tables.TABLES)
    load(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def gazetteer(gazetteer_engine):
    return Gazetteer(gazetteer_engine)
