"""From an association's CSV file to the answer on the page."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import AuditEvent, IndexChange, Listing, Revision
from tests import sites

ROSTER = sites.ROOT / "tests" / "data" / "roster.csv"
FERN = "fern-placeholder-totnes"  # in Great Britain, with migraine and anxiety in the file


@pytest.fixture
def rows(engine):
    """Call it for how much is written in the database."""

    def count():
        with Session(engine) as session:
            tables = (Listing, Revision, AuditEvent, IndexChange)
            return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    return count


def assert_readable(report):
    """Every line that needs a person is named, with its reason, and nothing of our insides."""
    lines = [line for line in report.stdout.splitlines() if line.startswith("line ")]
    said = {int(line.split()[1]): line for line in lines}
    assert [n for n, line in said.items() if "NOT IMPORTED" in line] == [8, 11]
    assert "not an email” is no e-mail address; left out" in said[9]
    assert "wizard" in said[13]
    assert "Zzyzxville-upon-Nothing" in said[10]
    assert "line 12" in said[2]  # of two with one id, the report says which was used
    assert "Membership no." in report.stdout
    assert "Traceback" not in report.stdout + report.stderr


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_roster_becomes_a_site_that_answers_and_a_second_import_changes_nothing(
    flask, indexer, app, client, rows
):
    def slugs(query):
        found = client.get(f"/api/v1/practitioners?{query}").json["results"]
        return [one["slug"] for one in found]

    first = flask("import-listings", str(ROSTER), "--approve")
    written = rows()
    built = indexer("rebuild")
    chiropractors = slugs("q=chiropractor+boulder")
    jaws = slugs("q=TMJ+97214")
    migraine = slugs("condition=migraine&per_page=100")
    in_words = slugs("q=migraine&per_page=100")
    anxiety = slugs("q=anxiety+Totnes&per_page=100")
    totnes = slugs("near=Totnes&within=5km")
    meridian = slugs("lat=5.6&lon=0&within=5km")
    unplaced = client.get("/search?q=%22Nowhere+Atall%22").text
    british = {
        path: client.get(path)
        for path in (
            f"/practitioners/{FERN}",
            f"/practitioners/{FERN}.vcf",
            f"/api/v1/practitioners/{FERN}",
            "/api/v1/practitioners?near=Totnes&within=5km",
        )
    }
    second = sites.command(app, "import-listings", str(ROSTER), "--approve")
    verified = indexer("verify")

    assert (first.returncode, second.exit_code) == (1, 1)
    assert_readable(first)
    assert built.exit_code == 0, built.output
    assert chiropractors == ["imogen-sample-boulder"]
    assert jaws == ["rowan-testerly-portland"]
    assert "rowan-testerly-portland" in migraine
    assert FERN not in {*migraine, *in_words}
    assert anxiety == [FERN]  # by no condition: whoever practises there
    assert totnes == [FERN]
    assert meridian == ["zero-meridian-accra"]
    assert "Nowhere Atall</a>" not in unplaced
    assert [answer.status_code for answer in british.values()] == [200] * 4
    named = [
        p for p, a in british.items() if "migraine" in a.text.lower() or "anxiety" in a.text.lower()
    ]
    assert named == []
    assert rows() == written
    assert verified.exit_code == 0, verified.output
