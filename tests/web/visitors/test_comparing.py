"""Practitioners side by side: how far, how much, when, how to get in."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from directory.models import Opening, Price
from tests import factories
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TWO = "/shortlist?s=wren-near&s=ash-afar"


@pytest.fixture
def cells(indexed, client):
    """What stands in each row under a heading."""
    with indexed.transaction() as session:
        factories.listing(
            session,
            name="Wren Near",
            practices=(replace(factories.BOULDER, precision="exact"),),
            hours=(Opening(1, "09:00", "17:00"),),
            price=Price(90, "USD", 60),
            sliding_scale=True,
            access=("step-free",),
        )
        factories.listing(
            session,
            name="Ash Afar",
            practices=(replace(factories.LONDON, hide_address=True), factories.MUNICH),
            online_only=True,
        )
    rebuild_index(indexed.config)

    def read(url):
        response = client.get(url)
        assert response.status_code == 200
        page = BeautifulSoup(response.text, "html.parser")
        names = [cell.get_text() for cell in page.select(".compare thead th")]
        rows = [
            [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
            for row in page.select("tr[data-row]")
        ]
        return [dict(zip(names, row, strict=True)) for row in rows]

    return read


def test_fees_hours_and_access_stand_side_by_side(cells):
    wren, ash = cells(TWO)

    assert "$90 for 60 minutes" in wren["Fees"]
    assert "Sliding scale" in wren["Fees"]
    assert wren["Hours"].startswith("Tuesday: 9:00")
    assert wren["Access"] == "Step-free entrance"
    assert (ash["Hours"], ash["Access"]) == ("–", "–")


def test_distances_are_told_from_a_place_and_only_to_where_somebody_can_come(cells):
    assert "Distance" not in cells(TWO)[0]

    wren, ash = cells(f"{TWO}&near=Denver%2C+CO")

    assert wren["From Denver"].endswith("miles away")
    assert ash["From Denver"] == "–"


def test_a_place_that_nobody_knows_is_said_and_compares_the_rest(cells, client):
    url = f"{TWO}&near=Zzyzxqq"

    assert len(cells(url)) == 2
    page = BeautifulSoup(client.get(url).text, "html.parser")
    assert "Zzyzxqq" in page.select_one("#compare-near-error").get_text()
    assert page.select_one("#compare-near")["aria-invalid"] == "true"
