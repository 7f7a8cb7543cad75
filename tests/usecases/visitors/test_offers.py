"""When, for how much, online, by whom: found, counted, said, and dropped last."""

import shutil
from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from directory.errors import Invalid
from directory.models import Opening, Price
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.search.port import Sort
from directory.usecases.visitors import looking
from directory.usecases.visitors.criteria import Criteria
from tests import factories
from tests.asking import asking
from tests.factories import BOULDER, DENVER, LONDON, MUNICH, PORTLAND
from tests.sites import rebuild_index

# What SQL does here is one SELECT, which journeys try on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PEOPLE = (
    {
        "name": "Sat Boulder",
        "practices": (BOULDER,),
        "hours": (Opening(5, "10:00", "14:00"),),
        "price": Price(90, "USD", 60),
        "sliding_scale": True,
        "practitioner": "woman",
    },
    {
        "name": "Eve Denver",
        "practices": (DENVER,),
        "hours": (Opening(1, "08:00", "18:30"),),
        "price": Price(140, "USD", 90),
        "receipts": True,
        "sliding_scale": True,
        "online": True,
        "practitioner": "man",
    },
    {
        "name": "Noon Portland",
        "practices": (PORTLAND,),
        "hours": (Opening(2, "09:00", "18:00"), Opening(6, "09:00", "20:00")),
        "by_appointment": True,
        "free_talk": True,
    },
    {
        "name": "Far London",
        "practices": (LONDON,),
        "price": Price(60, "GBP"),
        "online": True,
        "serves": ("GB", "US"),
        "practitioner": "another",
    },
    {
        "name": "Only Munich",
        "practices": (replace(MUNICH, address="3 Secret Lane", name="Quiet Corner"),),
        "online_only": True,
        "online": True,
        "serves": ("DE", "US"),
        "price": Price(70, "EUR", 50),
        "professions": ("osteopath",),
    },
)


@pytest.fixture(scope="module")
def index_of_them(tmp_path_factory):
    """Where their index lies, once a test has built it."""
    return tmp_path_factory.mktemp("index of offers") / "index"


@pytest.fixture
def here(runtime, index_of_them):
    """A site with those people."""
    with runtime.transaction() as session:
        for one in PEOPLE:
            factories.listing(session, **one)
    if index_of_them.exists():
        shutil.copytree(index_of_them, runtime.config.index_dir)
    else:
        rebuild_index(runtime.config)
        shutil.copytree(runtime.config.index_dir, index_of_them)
    return runtime


@pytest.fixture
def find(here):
    return asking(here)


def firsts(results):
    return {result.profile.name.split()[0] for result in results.results}


def chips(results):
    return {(chip.kind, chip.value) for chip in results.chips}


def notes(results):
    return " ".join(map(str, results.notes))


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("saturday", {"Sat"}),
        ("sunday", {"Noon"}),
        # until 18:00 is no evening, and a Sunday's is none of a weekday
        ("evening", {"Eve"}),
        # from 9:00 is not before it
        ("early", {"Eve"}),
        ("appointment", {"Noon"}),
    ],
)
def test_times_are_told_from_the_hours(find, time, found):
    results = find(times=time)

    assert firsts(results) == found
    assert {one.value: one.count for one in results.facets["times"]}[time] == len(found)
    assert any("times: " in str(why) for result in results.results for why in result.why)


def test_any_of_the_times_will_do_and_all_of_the_fees_must(find):
    assert firsts(find(("times", "saturday"), ("times", "sunday"))) == {"Sat", "Noon"}
    assert firsts(find(fees="sliding-scale")) == {"Sat", "Eve"}
    assert firsts(find(("fees", "sliding-scale"), ("fees", "receipts"))) == {"Eve"}


def test_a_price_is_compared_in_the_money_of_the_place(find):
    assert firsts(find(up_to="100", near="United States")) == {"Sat"}
    assert firsts(find(up_to="140")) == {"Sat", "Eve"}
    assert firsts(find(up_to="60,00", near="London")) == {"Far"}
    assert firsts(find(up_to="59.99", near="London")) == set()


def test_who_names_no_price_is_not_left_out_silently(find):
    results = find(up_to="100")

    assert results.currency == "USD"
    assert "1 who name no price, and 2 with a price in another currency" in notes(results)
    assert ("up_to", "100") in chips(results)
    assert "whatever the price" in [str(way.label) for way in results.relaxations]


@pytest.mark.parametrize("amount", ["-1", "0", "nan", "cheap", "1e5", "99999999999", "1.234"])
def test_what_is_no_price_is_refused(find, amount):
    if amount == "1.234":  # a thousand and more, as many write it
        assert find(up_to=amount).wanted.up_to == 1234
        return
    with pytest.raises(Invalid) as refused:
        find(up_to=amount)

    assert set(refused.value.fields) == {"up_to"}


def test_who_works_online_is_found_from_the_country_served_after_who_is_near(find):
    results = find(near="Denver, CO", online="1", sort="distance")

    assert results.results[0].profile.name == "Eve Denver"
    assert firsts(results) == {"Eve", "Far", "Only"}
    assert [result.distance_km is None for result in results.results] == [False, True, True]
    assert "found wherever they are" in notes(results)
    assert "works online for people in United States" in map(str, results.results[1].why)


def test_where_somebody_sits_who_works_online_only_is_nowhere_to_be_seen(find, here):
    assert firsts(find(near="Munich")) == set()
    assert firsts(find(near="Germany")) == set()
    assert firsts(find(near="Munich", online="1")) == {"Only"}
    assert firsts(find(q="Secret")) == set()
    (shown,) = find(q="Only Munich").results
    assert [(p.country, p.locality, p.address, p.lat) for p in shown.profile.practices] == [
        ("DE", "", "", None)
    ]
    with here.reading() as session:
        towns = {town.label for town in looking.home(session, here.finder()).towns}
    assert "London" in towns
    assert "Munich" not in towns


def test_near_a_place_those_online_are_a_way_on(find):
    results = find(near="Portland, OR")

    ways = {str(way.label): way for way in results.relaxations}
    way = ways["online, for people in United States"]
    assert way.total == find(*way.wanted.params()).total == 3


def test_countries_served_can_be_asked_for(find):
    assert firsts(find(serves="DE")) == {"Only"}
    assert {one.value: one.count for one in find().facets["serves"]} == {
        "US": 3,
        "GB": 1,
        "DE": 1,
    }


@pytest.mark.parametrize(
    ("slug", "found"), [("woman", {"Sat"}), ("man", {"Eve"}), ("another", {"Far"})]
)
def test_a_practitioner_is_what_they_say_and_nothing_is_guessed(find, slug, found):
    assert firsts(find(practitioner=slug)) == found


@pytest.mark.parametrize(
    ("q", "chip", "found"),
    [
        ("massage on Saturdays", ("times", "saturday"), {"Sat"}),
        ("samstags", ("times", "saturday"), {"Sat"}),
        ("open in the evening", ("times", "evening"), {"Eve"}),
        ("low cost insurance receipts", ("fees", "receipts"), {"Eve"}),
        ("free first talk", ("fees", "free-talk"), {"Noon"}),
        ("female massage therapist", ("practitioner", "woman"), {"Sat"}),
        ("telehealth osteopath", ("online", "1"), {"Only"}),
        ("Videosprechstunde in London", ("online", "1"), {"Far"}),
    ],
)
def test_words_are_the_filters(find, q, chip, found):
    results = find(q=q)

    assert chip in chips(results)
    assert firsts(results) == found
    assert not results.partial
    assert not results.understood.text


def test_a_wish_that_cannot_be_met_is_dropped_last_and_said(find):
    results = find(q="massage sundays female portland oregon")

    assert firsts(results) == {"Noon"}
    assert "so this was left out: A woman" in notes(results)


def test_each_filter_of_a_search_is_said_by_its_parameters(find):
    wanted = Criteria(
        times=("saturday",), fees=("receipts",), online=("1",), serves=("GB",),
        practitioner=("man",), up_to=79.5, sort=Sort.NAME,
    )  # fmt: skip

    assert read(SearchSchema(), MultiDict(wanted.params())) == wanted
    assert wanted.without("up_to").without("times", "saturday").params()[0] == ("fees", "receipts")
