"""Titles and headings say what was looked for."""

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def title(indexed, client):
    def read(asked, *, by=client.get):
        page = BeautifulSoup(by(f"/search?{asked}").text, "html.parser")
        said, heading = page.title.get_text(), page.h1.get_text()
        assert " ".join(said.split()) == f"{' '.join(heading.split())} · Stillpoint"
        return " ".join(heading.split())

    return read


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "Practitioners everywhere"),
        ("near=Boulder", "Practitioners near Boulder, Colorado, US"),
        ("near=Colorado", "Practitioners in Colorado, US"),
        ("q=chiropractor", "Chiropractors everywhere"),
        (
            "q=massage+therapist+for+migraine+near+Boulder",
            "Massage Therapists near Boulder, Colorado, US who work with migraine",
        ),
        (
            "profession=chiropractor&profession=midwife&near=Colorado",
            "Chiropractors or Midwives in Colorado, US",
        ),
        (
            "condition=migraine&condition=tmj",
            "Practitioners everywhere who work with jaw pain (TMJ) and migraine",
        ),
        (
            "q=migraine+or+jaw+pain",
            "Practitioners everywhere who work with migraine or jaw pain (TMJ)",
        ),
        ("condition=lyme", "Practitioners everywhere who work with Lyme disease"),
        ("condition=ptsd", "Practitioners everywhere who work with PTSD"),
        ("condition=after-birth-baby", "Practitioners everywhere: After a difficult birth (baby)"),
    ],
)
def test_a_title_says_the_search(title, asked, said):
    assert title(asked) == said


def test_where_no_condition_is_searched_no_title_names_one(indexed, title):
    with indexed.transaction() as session:
        factories.listing(session, name="Rowan Quietly", practices=(factories.LONDON,))
    rebuild_index(indexed.config)

    assert title("q=migraine&near=London") == "Practitioners near London, England, GB"
