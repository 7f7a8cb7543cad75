"""A roster as volunteers keep it, from the file to listings: nobody is lost, each loss is named."""

import pytest

from directory.files.rosters import reading
from directory.models import Taxonomy
from directory.places import Gazetteer
from directory.usecases.imports import runs
from directory.usecases.imports.rows import Outcome
from tests.factories import NOW
from tests.unit.rosters import mess


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_two_hundred_and_two_messy_rows_nobody_is_lost(engine, session, seed):
    found = reading.read(mess.roster(202, seed), Taxonomy.load(session))

    report = runs.foresee(
        session, found.rows, gazetteer=Gazetteer(engine), approve=True, at=NOW, key=b"k" * 20
    )

    taken = report.totals[Outcome.CREATED] + report.totals[Outcome.DRAFT]
    assert len(report.rows) == 202
    assert taken >= 200
    assert all(row.notes for row in report.rows if row.outcome is not Outcome.CREATED)
    assert sum(len(row.asides) for row in found.rows) > 202
    assert not any("Ã" in row.name or "�" in row.name for row in report.rows if not row.failed)
