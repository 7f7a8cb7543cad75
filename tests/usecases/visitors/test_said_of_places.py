"""What of a place is said: the quarter that is unknown, the code that contradicts, letters."""

import pytest

from directory.usecases.visitors import searching
from directory.usecases.visitors.criteria import Criteria
from tests import factories
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def find(runtime):
    with runtime.transaction() as session:
        factories.listing(session, professions=("chiropractor",), conditions=("anxiety",))
    rebuild_index(runtime.config)

    def answer(q="", home="", **wanted):
        with runtime.reading() as session:
            return searching.find(session, runtime.finder(home), Criteria(q=q, **wanted))

    return answer


def notes(found):
    return " ".join(map(str, found.notes))


def test_a_quarter_that_is_unknown_is_said_to_be_taken_as_its_town(find):
    for q in ("Capitol Hill, Seattle", "Capitol Hill Seattle", "tmj Capitol Hill, Seattle"):
        found = find(q)
        assert found.around.label == "Seattle, Washington, US"
        assert "We do not know “capitol hill”" in notes(found), q
    assert "We do not know “Capitol Hill”" in notes(find(near="Capitol Hill, Seattle"))
    assert "We do not know" not in notes(find("tmj Seattle"))


def test_which_of_a_code_and_a_town_was_taken_is_said(find):
    for asked in ({"q": "Denver 80302"}, {"near": "Denver 80302"}, {"q": "tmj near Denver 80302"}):
        found = find(**asked)
        assert found.around.label.startswith("80302, Boulder")
        assert "and Denver, Colorado, US was left aside" in notes(found)
    assert "was left aside" not in notes(find("Boulder 80302"))


def test_a_code_of_ones_own_country_is_meant_and_the_others_are_offered(find):
    for home, code, label in (
        ("IT", "20121", "20121, Milan"),
        ("IT", "10121", "10121, Turin"),
        ("ES", "14001", "14001, Córdoba"),
        ("ES", "28013", "28013, Madrid"),
        ("CZ", "110 00", "110 00, Prague"),
        ("SE", "110 00", "110 00, Stockholm"),
        ("GR", "105 57", "105 57, Athens"),
    ):
        assert find(near=code, home=home).around.label.startswith(label)
    offered = find(near="110 00").around
    countries = {label[-2:] for label in (offered.label, *(p.label for p in offered.alternatives))}
    assert countries == {"SE", "CZ", "GR"}


def test_letters_of_a_city_before_a_wish_are_the_city_and_the_trade_is_offered(find):
    for q in ("dc anxiety", "dc headache", "dc baby", "dc 20001"):
        found = find(q)
        assert "Washington" in found.around.label, q
        assert "chiropractor" not in found.wanted.profession
        assert not any(chip.kind == "profession" for chip in found.chips), q
    ways = {str(way.label): way.total for way in find("dc anxiety").relaxations}
    assert ways["Chiropractor"] == 1
    for q in ("DC", "dc denver", "DC migraine"):
        assert ("profession", "chiropractor") in {(c.kind, c.value) for c in find(q).chips}, q


def test_a_word_for_where_somebody_is_asks_for_a_town_rather_than_finding_one(find):
    for near in (
        "my location",
        "Standort",
        "me",
        "près de chez moi",
        "mi ubicación",
        "home",
        "thuis",
    ):
        found = find(near=near)
        assert found.around is None, near
        assert "Tell us where you are" in notes(found), near
    assert find("tmj Seattle", near="me").around.label == "Seattle, Washington, US"


def test_a_word_for_everywhere_is_no_place_and_online_is_a_way_to_work(find):
    for near in ("anywhere", "n/a", "überall", "partout", "egal", "-"):
        found = find(near=near)
        assert (found.around, found.total) == (None, 1), near
        assert "Tell us where you are" not in notes(found)
    for near in ("online", "en ligne", "Zoom"):
        found = find(near=near)
        assert ("online", "1") in {(chip.kind, chip.value) for chip in found.chips}, near
