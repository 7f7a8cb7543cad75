"""The migrations make what the models say, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from directory import migrations, outages
from directory.db import Base, make_engine, make_file


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, templates, tmp_path) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        make_file(engine)
        yield engine
        engine.dispose()
        return
    with templates.empty_postgresql() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def test_head_equals_the_models(empty):
    migrations.to_head(empty)

    assert differences(empty) == []


def test_a_missing_column_would_be_noticed(empty):
    migrations.to_head(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE listing DROP COLUMN hidden_for")

    assert [difference[0] for difference in differences(empty)] == ["add_column"]


def test_migrating_again_changes_nothing(empty):
    migrations.to_head(empty)
    before = inspect(empty).get_table_names()

    migrations.to_head(empty)

    assert inspect(empty).get_table_names() == before


def test_two_that_migrate_at_once_wait_for_each_other(empty):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrations.to_head, [empty, empty]))

    assert differences(empty) == []


def test_there_is_one_head():
    assert len(ScriptDirectory.from_config(migrations.settings()).get_heads()) == 1


def test_the_steps_that_were_taken_are_told_first_to_last(empty):
    first, again = migrations.to_head(empty), migrations.to_head(empty)

    assert [step.revision for step in first] == list(outages.revisions())
    assert first[0].words == "The first tables."
    assert again == ()


def test_each_file_is_named_by_its_revision():
    known = ScriptDirectory.from_config(migrations.settings()).walk_revisions()

    assert outages.revisions() == tuple(sorted(step.revision for step in known))
