"""Areas as a visitor meets them: everybody who practises in one, and which Santa Fe is meant."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from directory.models import Listing, State
from directory.places import Point, distance_km, tables
from tests import factories
from tests.asking import asking
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _practising(session, inside):
    """Slugs of the live listings that have a practice of which `inside` holds, from SQL."""
    live = session.scalars(select(Listing).where(Listing.state == State.LIVE))
    return {one.slug for one in live if any(map(inside, one.live.content.practices))}


def _towns_of(session, country, *districts):
    """Names of the towns that SQL has in some districts of a country."""
    table = tables.towns.c
    query = select(table.name).where(table.country == country, table.district.in_(districts))
    return set(session.scalars(query))


def _stated(country, *regions):
    return lambda practice: (
        practice.country == country and (not regions or practice.region in regions)
    )


def _everybody(find, **params):
    found, page = set(), 1
    while more := find(**params, per_page="100", page=str(page)).results:
        found |= {result.profile.slug for result in more}
        page += 1
    return found


def test_an_area_finds_everybody_who_practises_in_it_and_nobody_else(demo, subtests):
    find = asking(demo)
    with demo.reading() as session:
        cook = _towns_of(session, "US", "IL.031")
        bay = _towns_of(
            session,
            "US",
            *(f"CA.{n}" for n in ["001", "013", "041", "055", "075", "081", "085", "095", "097"]),
        )
        areas = {
            "United States": _stated("US"),
            "UK": _stated("GB"),
            "Schweiz": _stated("CH"),
            "Isle of Man": _stated("IM"),
            "California": _stated("US", "California"),
            "Texas": _stated("US", "Texas"),
            "Bayern": _stated("DE", "Bavaria"),
            "Wales": _stated("GB", "Wales"),
            "British Columbia": _stated("CA", "British Columbia"),
            "New England": _stated(
                "US", "Connecticut", "Maine", "Massachusetts", "New Hampshire", "Rhode Island",
                "Vermont",
            ),
            "Cook County, IL": lambda p: _stated("US", "Illinois")(p) and p.locality in cook,
            "Bay Area": lambda p: _stated("US", "California")(p) and p.locality in bay,
            "Greater Munich": lambda p: p.country == "DE"
            and distance_km(Point(p.lat, p.lon), Point(48.14, 11.58)) <= 33,
        }  # fmt: skip
        truth = {near: _practising(session, inside) for near, inside in areas.items()}

    for near, slugs in truth.items():
        with subtests.test(near=near):
            results = find(near=near)
            assert (results.around.kind, results.total) == ("area", len(slugs))
            assert _everybody(find, near=near) == slugs
    assert sum(map(bool, truth.values())) >= 10


def test_the_practice_that_is_shown_is_the_one_in_the_area(runtime):
    with runtime.transaction() as session:
        factories.listing(session, practices=(factories.PORTLAND, factories.DENVER))
    rebuild_index(runtime.config)

    results = asking(runtime)(near="Colorado")

    assert [result.practice.locality for result in results.results] == ["Denver"]
    assert results.results[0].distance_km is None


def test_home_visits_into_an_area_do_not_make_somebody_practise_there(runtime):
    cheyenne = replace(
        factories.DENVER, locality="Cheyenne", region="Wyoming", lat=41.14, lon=-104.82,
        home_visit_km=200.0,
    )  # fmt: skip
    with runtime.transaction() as session:
        factories.listing(session, slug="in", practices=(factories.BOULDER,))
        factories.listing(session, slug="visits", practices=(cheyenne, factories.BOULDER))
        factories.listing(session, slug="out", practices=(cheyenne,))
    rebuild_index(runtime.config)
    find = asking(runtime)

    assert find(near="Colorado").total == 2
    assert find(near="Colorado", home_visits="1").total == 0
    assert find(near="Wyoming", home_visits="1").total == 2
    assert find(near="Boulder").total == 3


def test_a_distance_in_an_area_is_left_out_and_said_and_the_order_is_no_distance(indexed):
    results = asking(indexed)(near="Colorado", within="5km", sort="distance")

    assert results.total == asking(indexed)(near="Colorado").total > 2
    assert results.sort == "fair"
    assert any("Colorado, US" in str(note) for note in results.notes)
    assert all(chip.label.values != {} for chip in results.chips)


@pytest.mark.parametrize(
    ("asked", "wider"),
    [
        ({"near": "Larimer County, CO"}, ["Colorado, US", "United States"]),
        ({"q": "in Cape Cod"}, ["United States"]),
        ({"near": "Oregon", "profession": "midwife"}, ["United States"]),
        ({"near": "Mallorca"}, []),
    ],
)
def test_few_in_an_area_are_offered_the_areas_around_it(indexed, asked, wider):
    find = asking(indexed)

    results = find(**asked)

    ways = [way for way in results.relaxations if way.drop == "within"]
    assert [way.wanted.near for way in ways] in (wider, wider[1:])
    for way in ways:
        params = dict(way.wanted.params())
        assert find(**params).total == way.total > results.total


@pytest.mark.parametrize(
    ("q", "near"),
    [
        ("migraine in Colorado", "Colorado, US"),
        ("therapist in Boulder County", "Boulder County, Colorado, US"),
        ("somebody on Vancouver Island", "Vancouver Island, British Columbia, CA"),
        ("cape cod", "Cape Cod, Massachusetts, US"),
        ("baby colic Isle of Skye", "Isle of Skye, GB"),
        ("massage on the Isle of Wight", "Isle of Wight, GB"),
        ("chiropractor Bavaria", "Bavaria, DE"),
    ],
)
def test_areas_are_read_from_plain_words(indexed, q, near):
    around = asking(indexed)(q=q).around

    assert (around.label, around.kind) == (near, "area")
    assert "isle" not in str(asking(indexed)(q=q).understood.text).lower()


def _practice(locality, region, country, lat, lon):
    return replace(
        factories.MUNICH, locality=locality, region=region, country=country, lat=lat, lon=lon
    )


SANTA_FE = _practice("Santa Fe", "New Mexico", "US", 35.687, -105.938)
LEON = _practice("León", "Castille and León", "ES", 42.599, -5.571)
NEWCASTLE = _practice("Newcastle", "New South Wales", "AU", -32.928, 151.78)
ALEXANDRIA = _practice("Alexandria", "Virginia", "US", 38.805, -77.047)
HAMILTON = _practice("Hamilton", "Waikato", "NZ", -37.787, 175.279)


@pytest.mark.parametrize(
    ("practice", "how_many", "typed", "home", "expected"),
    [
        (SANTA_FE, 5, {"near": "Santa Fe"}, "", "Santa Fe, New Mexico, US"),
        (SANTA_FE, 1, {"near": "Santa Fe"}, "US", "Santa Fe, New Mexico, US"),
        (SANTA_FE, 5, {"q": "menopause santa fe"}, "", "Santa Fe, New Mexico, US"),
        (SANTA_FE, 5, {"near": "Santa Fe, Argentina"}, "US", "Santa Fe, Santa Fe, AR"),
        (LEON, 6, {"near": "León"}, "ES", "León, Castilla y León, ES"),
        (ALEXANDRIA, 4, {"near": "Alexandria"}, "US", "Alexandria, Virginia, US"),
        (HAMILTON, 9, {"near": "Hamilton"}, "NZ", "Hamilton, Waikato Region, NZ"),
        (ALEXANDRIA, 4, {"near": "Paris"}, "US", "Paris, Île-de-France, FR"),
        (ALEXANDRIA, 4, {"near": "London"}, "CA", "London, England, GB"),
        (ALEXANDRIA, 1, {"near": "8001"}, "DE", "8001, Zürich, Zürich, CH"),
        (ALEXANDRIA, 1, {"near": "1010"}, "DE", "1010, Vienna, Vienna, AT"),
        (ALEXANDRIA, 1, {"near": "2000"}, "NL", "2000, Antwerpen, Flanders, BE"),
        (ALEXANDRIA, 1, {"near": "01310"}, "BR", "01310-000, São Paulo, São Paulo, BR"),
        (ALEXANDRIA, 1, {"q": "colic 01310"}, "BR", "01310-000, São Paulo, São Paulo, BR"),
        (ALEXANDRIA, 1, {"near": "Laval"}, "FR", "Laval, Pays de la Loire, FR"),
        (ALEXANDRIA, 1, {"near": "Laval"}, "CA", "Laval, Québec, CA"),
        (ALEXANDRIA, 1, {"near": "Toledo"}, "ES", "Toledo, Castilla-La Mancha, ES"),
        (ALEXANDRIA, 1, {"near": "Marin"}, "US", "Marin County, California, US"),
        (ALEXANDRIA, 1, {"near": "Gerona"}, "ES", "Girona, Catalonia, ES"),
        (NEWCASTLE, 1, {"near": "Newcastle"}, "AU", "Newcastle, New South Wales, AU"),
    ],
)
def test_of_several_places_the_likeliest_is_meant(
    runtime, practice, how_many, typed, home, expected
):
    with runtime.transaction() as session:
        for number in range(how_many):
            factories.listing(session, slug=f"one-{number}", practices=(practice,))
    rebuild_index(runtime.config)

    around = asking(runtime, home)(**typed).around

    assert around.label == expected


def test_only_real_rivals_are_offered(indexed):
    find = asking(indexed)

    assert find(near="Denver").around.alternatives == ()
    assert find(near="80302").around.alternatives == ()
    assert find(near="UK").around.alternatives == ()
    assert find(near="California").around.alternatives == ()
    assert "Portland, Maine, US" in [p.label for p in find(near="Portland").around.alternatives]


def test_what_the_language_of_the_browser_decides_is_said_to_caches(indexed, app):
    client = app.test_client()
    for path in ("/search", "/api/v1/practitioners"):
        answer = client.get(path, query_string={"near": "Boulder"})
        assert "accept-language" in {name.lower() for name in answer.vary}


def test_a_quarter_of_which_nothing_is_known_is_said_to_be_its_town(indexed):
    results = asking(indexed)(near="Capitol Hill, Seattle")

    assert results.around.label == "Seattle, Washington, US"
    assert "We do not know “Capitol Hill”, so this is Seattle, Washington, US." in map(
        str, results.notes
    )


@pytest.fixture
def border(runtime):
    """Two in Portland, Oregon; across the river one in Vancouver, and one who is in both."""
    there = replace(
        factories.PORTLAND, locality="Vancouver", region="Washington", lat=45.639, lon=-122.661
    )
    with runtime.transaction() as session:
        factories.listing(session, slug="portland", practices=(factories.PORTLAND,))
        factories.listing(session, slug="both", practices=(there, factories.PORTLAND))
        factories.listing(session, slug="vancouver", practices=(there,))
        factories.listing(session, slug="denver", practices=(factories.DENVER,))
    rebuild_index(runtime.config)
    return asking(runtime)


def test_who_practises_just_across_the_border_is_told_apart(border):
    results = border(near="Oregon")
    (across,) = border(near="Oregon", beyond="1").results

    assert results.around.beyond is not None
    assert (results.around.beyond.total, results.around.beyond.wanted.beyond) == (1, True)
    assert "vancouver" not in {result.profile.slug for result in results.results}
    assert across.profile.slug == "vancouver"
    assert border(near="Oregon", beyond="1").around.beyond is None
    assert border(near="Multnomah County").around.beyond.total == 1
    assert border(near="Colorado").around.beyond is None


def test_across_the_border_is_looked_only_where_one_page_holds_the_area(border):
    assert border(near="Oregon", per_page="1").around.beyond is None
    assert border(near="Portland, OR").around.beyond is None
    assert border(near="Portland, OR", beyond="1").total == border(near="Portland, OR").total
    assert border(near="Oregon", accepting="1").around.beyond is None
