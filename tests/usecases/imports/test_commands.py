"""Commands that bring listings in, two at once: one line says so, and nothing goes on for ever."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from directory.cli import jobs
from directory.db import writing
from directory.models import ImportRun, Listing
from directory.usecases.imports import intake, runs
from directory.usecases.imports.intake import Newcomer
from tests import factories, sites
from tests.factories import NOW, TODAY
from tests.races import at_once

ROSTER = str(sites.ROOT / "tests" / "data" / "roster.csv")


@pytest.fixture
def left(runtime) -> Callable[[], ImportRun]:
    """A run whose process died; returns how to look at it."""
    with runtime.transaction() as session:
        how = {"columns": {}, "rows": 9, "approve": True, "by": runs.COMMAND_LINE, "at": NOW}
        run_id = runs.begin(session, "r.csv", **how)

    def look() -> ImportRun:
        with runtime.reading() as session:
            return session.get(ImportRun, run_id)

    return look


def test_a_second_import_by_command_is_told_in_one_line_that_another_is_at_work(app, runtime):
    with jobs.alone(runtime) as nobody_else:
        refused = sites.command(app, "import-listings", ROSTER, "--approve")

    assert nobody_else
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].startswith("Error: Another import is at work")
    assert "Traceback" not in refused.output
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_the_worker_ends_a_run_whose_process_died_and_none_that_goes_on(runtime, left):
    with jobs.alone(runtime):
        jobs.Jobs(runtime).step()
        while_at_work = left().finished_at
    jobs.Jobs(runtime).step()

    assert while_at_work is None
    assert left().finished_at == NOW


def test_the_next_import_ends_a_run_whose_process_died(app, runtime, left):
    done = sites.command(app, "import-listings", ROSTER)

    assert "rows" in done.output
    assert left().finished_at == NOW


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_demo_people_who_are_made_twice_at_once_are_there_once(engine):
    people = [
        Newcomer(f"demo:{number}", replace(factories.draft(), name=f"Demo {number}"), TODAY)
        for number in range(20)
    ]
    made: list[int] = []

    said = at_once(
        engine,
        *(
            lambda session, batch=batch: made.append(
                intake.load_demo(session, batch, by="command line", at=NOW)
            )
            for batch in (people, people[::-1], people)
        ),
    )

    assert said == [""] * 3
    assert sum(made) == 20
    with writing(engine) as session:
        assert session.scalar(select(func.count()).select_from(Listing)) == 20


def test_a_file_of_two_hundred_megabytes_is_refused_in_one_line_without_being_read(app, tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200_000_000)

    refused = sites.command(app, "import-listings", str(large), "--dry-run")

    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        "Error: large.csv is no roster: file: A file may have 20 MB. Split it."
    ]
