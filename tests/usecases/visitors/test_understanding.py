"""Which words stand for a place: bigger towns on their own, smaller ones when more is said.

The towns are invented and as big as the test needs them; Reading, Bath and others are real.
"""

import pytest
from sqlalchemy import insert

from directory.errors import Invalid
from directory.places import tables
from directory.places.names import place_key
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.understanding import understand

# All of it is about words: one database will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def found(runtime):
    """Found a town in Colorado, under its own name and perhaps another."""

    def town(name, people, *, other_name=""):
        number = 2_000_000_000 + people
        names = [{"key": place_key(name), "weight": people}]
        if other_name:
            names.append({"key": place_key(other_name), "weight": people // 10})
        tier = {"tier": tables.tier_of(people), "town_id": number}
        where = {"country": "US", "region": "CO", "district": "", "lat": 40.0, "lon": -105.0}
        with runtime.engine.execution_options(writes=True).begin() as connection:
            connection.execute(
                insert(tables.towns).values(
                    id=number,
                    name=name,
                    population=people,
                    cell=tables.cell_of(40.0, -105.0),
                    **where,
                )
            )
            connection.execute(insert(tables.names), [tier | one for one in names])

    return town


@pytest.fixture
def read(runtime):
    """Call it for what is read from typed words: the place, and what is left as text."""

    def reading(q):
        known = understand(runtime.finder(), Criteria(q=q))
        return known.place.name if known.place else None, known.text.all_of

    return reading


@pytest.mark.parametrize("people", [15_000, 20_000])
def test_a_town_of_15000_people_is_understood_by_its_name_alone(found, read, people):
    found("Quillmere", people)

    assert read("quillmere") == ("Quillmere", ())


def test_a_smaller_town_is_a_word_like_any_other(found, read):
    found("Quillmere", 14_999)

    assert read("quillmere") == (None, ("quillmere",))


def test_beside_what_was_understood_a_town_is_as_big_as_alone(found, read):
    found("Quillmere", 15_000)
    found("Zarnlow", 14_999)

    assert read("chiropractor quillmere") == ("Quillmere", ())
    assert read("chiropractor zarnlow") == (None, ("zarnlow",))


@pytest.mark.parametrize(
    "q", ["quillmere co", "quillmere colorado", '"light touch" quillmere co', "near quillmere"]
)
def test_with_its_region_or_after_near_a_town_of_any_size_is_understood(found, read, q):
    found("Quillmere", 300)

    assert read(q) == ("Quillmere", ())


def test_after_in_too_a_town_of_any_size_is_understood(found, read):
    found("Quillmere", 300)

    assert read("chiropractor in quillmere") == ("Quillmere", ())


@pytest.mark.parametrize(("people", "place"), [(80_000, "Quom"), (79_999, None)])
def test_four_letters_alone_are_a_town_of_80000_people_or_a_word(found, read, people, place):
    found("Quom", people)

    assert read("quom") == (place, () if place else ("quom",))


def test_five_letters_ask_no_more_than_a_longer_name_does(found, read):
    found("Quomb", 15_000)

    assert read("quomb") == ("Quomb", ())


def test_four_letters_with_the_region_are_a_town_of_any_size(found, read):
    found("Quom", 300)

    assert read("quom co") == ("Quom", ())


@pytest.mark.parametrize(("people", "place"), [(150_000, "Quillmere"), (149_999, None)])
@pytest.mark.parametrize("q", ["zarnlow", "chiropractor in zarnlow"])
def test_another_name_than_its_own_is_understood_of_a_city_alone(found, read, people, place, q):
    found("Quillmere", people, other_name="Zarnlow")

    assert read(q) == (place, () if place else ("zarnlow",))


def test_after_near_another_name_of_a_small_town_is_understood(found, read):
    found("Quillmere", 149_999, other_name="Zarnlow")

    assert read("near zarnlow") == ("Quillmere", ())


@pytest.mark.parametrize("word", ["reading", "bath", "mobile", "split", "orange", "nice"])
def test_words_that_mean_something_else_to_most_are_no_place_however_big(runtime, read, word):
    place = runtime.gazetteer.resolve(word).place

    assert place.population >= 80_000
    assert read(word)[0] is None
    assert read(f"chiropractor {word}")[0] is None
    assert read(f"near {word}") == (place.name, ())


def test_a_word_of_many_meanings_with_its_region_is_the_place(read):
    assert read("mobile alabama") == ("Mobile", ())


def test_a_name_of_two_words_may_begin_with_one_of_many_meanings(found, read):
    found("North Quillmere", 15_000)

    assert read("north quillmere") == ("North Quillmere", ())


def test_near_a_place_that_nobody_knows_is_refused_and_on_its_own_it_is_a_word(read):
    with pytest.raises(Invalid):
        read("near quillmere")

    assert read("quillmere") == (None, ("quillmere",))
