"""Words that find nobody as typed: read again, spelled otherwise, or asked for less."""

import pytest

from tests.asking import asking

# All of it is about words: one database will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def find(indexed):
    return asking(indexed)


def names(results):
    return {result.profile.name for result in results.results}


def test_a_misspelt_query_shows_what_the_nearest_spelling_finds_and_says_so(find):
    results = find(q="osteopaht")

    assert names(results) == {"Linden Fictional", "Willow Sampleford"}
    assert results.did_you_mean.text == "osteopath"
    assert results.understood.profession == ("osteopath",)


def test_a_name_typed_in_two_pieces_is_put_together(find):
    assert names(find(q="rowan tester ly")) == {"Rowan Testerly"}


def test_a_place_that_is_spelled_rightly_is_never_respelled(find):
    results = find(q="Fictional münchen")

    assert names(results) == {"Linden Fictional"}
    assert results.around.label == "Munich, Bavaria, DE"
    assert results.did_you_mean is None


def test_words_that_nobody_has_do_not_hide_what_was_understood(find):
    results = find(q="chiropractor unicorn")

    assert names(results) == {"Juniper Exampleton", "Sage Mockridge"}
    assert results.partial
    assert results.understood.text == "unicorn"


def test_what_was_chosen_by_hand_is_never_left_out(find):
    results = find(q="unicorn", profession="chiropractor", near="Denver")

    assert (results.total, results.partial) == (0, False)


def test_of_conditions_that_nobody_has_together_the_first_decides(find):
    results = find(q="tmj and colic")

    assert names(results) == {"Sage Mockridge"}
    assert results.partial


@pytest.mark.parametrize(
    ("q", "chip", "found"),
    [
        ("chiropractor who speaks spanish", ("language", "es"), {"Juniper Exampleton"}),
        ("feeding my newborn portland", ("ages", "infants"), {"Ash Placeholder"}),
        ("physio wheelchair access", ("access", "wheelchair"), {"Hazel Pretend"}),
        ("physio taking new patients", ("accepting", "1"), {"Hazel Pretend"}),
    ],
)
def test_words_that_mean_a_filter_become_one(find, q, chip, found):
    results = find(q=q)

    assert names(results) == found
    assert chip in [(one.kind, one.value) for one in results.chips]
    assert not results.partial


def test_swedish_massage_is_no_language(find):
    assert all(chip.kind != "language" for chip in find(q="swedish massage").chips)


def test_how_bad_or_how_good_says_nothing_beside_what_was_understood(find):
    assert find(q="terrible migraine").understood.text == ""
    assert find(q="terrible").understood.text == "terrible"


@pytest.mark.parametrize("page", ["1", "2"])
def test_paging_goes_on_through_what_another_spelling_found(find, page):
    results = find(q="osteopaht", per_page="1", page=page)

    assert (results.total, len(results.results)) == (2, 1)


@pytest.mark.parametrize("q", ["massage rest", "migraine turn", "chiropractor tongue", "neck time"])
def test_ordinary_words_are_no_far_away_town(find, q):
    assert find(q=q).around is None


@pytest.mark.parametrize(
    ("q", "label"),
    [
        ("physio köln", "Köln, North Rhine-Westphalia, DE"),
        ("chiropractor roma", "Rome, Lazio, IT"),
        ("massage genf", "Geneva, Genève, CH"),
        ("massage in bath", "Bath, England, GB"),
        ("OT for kids boulder", "Boulder, Colorado, US"),
        ("massage therapist Portland Maine", "Portland, Maine, US"),
    ],
)
def test_places_are_read_in_many_shapes(find, q, label):
    assert find(q=q).around.label == label


def test_wishes_joined_by_and_are_read_one_by_one(find):
    assert find(q="pregnant and can't sleep").understood.condition == ("pregnancy", "insomnia")


def test_a_filter_read_from_the_words_does_not_hide_everybody(find):
    results = find(q="chiropractor kids unhurried")

    assert names(results) == {"Juniper Exampleton", "Sage Mockridge"}
    assert results.partial
