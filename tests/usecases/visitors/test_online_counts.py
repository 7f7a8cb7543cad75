"""What the filter "Works online" promises at a place is what choosing it gives."""

from itertools import cycle

import pytest

from tests.asking import asking

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def find(demo):
    return asking(demo)


PLACES = (
    *("Colorado", "Texas", "Denver", "Munich", "Bavaria", "Leeds", "Scotland", "Switzerland"),
    *(
        "Vancouver",
        "Ontario",
        "Sydney",
        "New Zealand",
        "Ireland",
        "Massachusetts",
        "Cook County, IL",
    ),
)
BESIDES = (
    {},
    {"q": "massage"},
    {"q": "gentle care"},
    {"q": "Spanish"},
    {"home_visits": "1"},
    {"accepting": "1"},
    {"times": "evening"},
    {"fees": "sliding-scale"},
)


def test_the_count_of_online_at_a_place_is_what_its_click_gives(find):
    wrong = {}
    for place, more in zip(PLACES, cycle(BESIDES), strict=False):
        before = find(near=place, **more)
        if before.partial:
            continue
        counts = {value.value: value.count for value in before.facets["online"]}
        clicked = find(near=place, online="1", **more)
        if not clicked.partial and counts.get("1", 0) != clicked.total:
            wrong[place, str(more)] = counts, clicked.total

    assert wrong == {}


def test_across_a_border_only_those_who_practise_there_are_online(find):
    for place in ("Texas", "Colorado", "Switzerland", "Bavaria", "Scotland", "Ontario"):
        there = find(near=place, beyond="1")
        online = find(near=place, beyond="1", online="1")

        assert online.total <= there.total
        assert {result.profile.slug for result in online.results} <= {
            result.profile.slug
            for page in range(1, there.pages + 1)
            for result in find(near=place, beyond="1", page=str(page)).results
        }

    for place in ("Wyoming", "Vermont", "Saarland", "Wales", "Nevada"):
        # So few that they fit on one page: then it says who is just across the border.
        around = find(near=place, online="1", home_visits="1").around
        if around.beyond:
            assert around.beyond.total == find(**dict(around.beyond.wanted.params())).total
