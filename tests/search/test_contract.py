"""What every engine promises, example by example."""

from dataclasses import replace
from datetime import timedelta

import pytest

from directory.places import Point
from directory.search.port import Changes, Circle, Price, Query, Sort, Spot, Words
from tests.search.documents import BOULDER, DENVER, LONDON, TODAY, document


def ask(**wishes):
    return Query(day=TODAY, **wishes)


def ids(ranking):
    return [hit.listing_id for hit in ranking.hits]


def test_all_words_must_match_wherever_they_stand(indexed_with):
    reader = indexed_with([document(1), document(2, about="A loud hall.")])

    ranking = reader.search(ask(words=Words(("Rowan", "quiet")), sort=Sort.RELEVANCE))

    assert ids(ranking) == [1]
    assert ranking.hits[0].matched == ("name", "about")
    assert not ranking.partial


def test_the_best_partial_match_stands_in_when_no_listing_has_all_words(indexed_with):
    reader = indexed_with([document(1), document(2, about="loud")])

    ranking = reader.search(ask(words=Words(("light", "touch", "unicorn"))))

    assert ids(ranking) == [1]
    assert ranking.partial
    assert reader.totals([ask(words=Words(("light", "touch", "unicorn")))]) == [0]


def test_a_single_word_that_nobody_has_finds_nothing(indexed_with):
    reader = indexed_with([document(1)])

    ranking = reader.search(ask(words=Words(("unicorn",))))

    assert (ranking.total, ranking.partial) == (0, False)


def test_a_phrase_wants_its_words_side_by_side(indexed_with):
    reader = indexed_with([document(1), document(2, about="touch of light, very quiet")])

    ranking = reader.search(ask(words=Words((), ("light touch",))))

    assert ids(ranking) == [1]


def test_a_phrase_is_found_in_a_text_that_begins_with_its_end(indexed_with):
    reader = indexed_with([document(1, about="touch of light, light touch"), document(2)])

    assert reader.search(ask(words=Words((), ("light touch",)))).total == 2


def test_counts_are_those_of_all_words_when_a_filter_leaves_nobody(indexed_with):
    reader = indexed_with([document(1)])
    chosen = {"profession": frozenset({"chiropractor"})}

    ranking = reader.search(ask(words=Words(("light", "touch")), chosen=chosen))

    assert (ranking.total, ranking.partial) == (0, False)
    assert ranking.facets["profession"] == {"massage-therapist": 1}


def test_a_word_can_be_excluded(indexed_with):
    reader = indexed_with([document(1), document(2, about="deep pressure")])

    ranking = reader.search(ask(words=Words(("Rowan",), (), ("deep",))))

    assert ids(ranking) == [1]


@pytest.mark.parametrize("typed", ["Müller", "mueller", "MULLER", "Muller"])
def test_names_are_found_however_their_accents_are_typed(indexed_with, typed):
    reader = indexed_with([document(1, name="Ana Müller"), document(2, name="Jo Mueller")])

    assert reader.search(ask(words=Words((typed,)))).total == 2


def test_prose_is_found_in_its_other_forms_and_names_are_not(indexed_with):
    reader = indexed_with([document(1, name="Jo Walking", about="listening")])

    assert reader.search(ask(words=Words(("listens",)))).total == 1
    assert reader.search(ask(words=Words(("walks",)))).total == 0


@pytest.mark.parametrize(("said", "typed"), [("bodyworker", "bodywork"), ("babies", "baby")])
def test_words_of_the_field_meet_their_other_forms(indexed_with, said, typed):
    reader = indexed_with([document(1, about=f"A {said} at rest.")])

    assert reader.search(ask(words=Words((typed,)))).total == 1


def test_a_match_in_the_name_ranks_before_one_in_the_description(indexed_with):
    reader = indexed_with([document(1, about="Rose garden"), document(2, name="Rose Sample")])

    assert ids(reader.search(ask(words=Words(("rose",)), sort=Sort.RELEVANCE))) == [2, 1]


def test_freshly_confirmed_ranks_before_stale(indexed_with):
    stale = document(1, confirmed_on=TODAY - timedelta(days=300))
    reader = indexed_with([stale, document(2)])

    assert ids(reader.search(ask())) == [2, 1]


def test_a_year_without_confirmation_hides_a_listing(indexed_with):
    reader = indexed_with([document(1, confirmed_on=TODAY - timedelta(days=365))])

    assert reader.search(ask()).total == 0
    assert reader.search(Query(day=TODAY - timedelta(days=1))).total == 1


def test_alternatives_widen_and_conditions_narrow(indexed_with):
    reader = indexed_with(
        [
            document(1, facets={"profession": ("osteopath",), "condition": ("colic", "migraine")}),
            document(2, facets={"profession": ("chiropractor",), "condition": ("colic",)}),
        ]
    )
    both = frozenset({"osteopath", "chiropractor"})

    assert reader.search(ask(chosen={"profession": both})).total == 2
    assert reader.search(ask(chosen={"condition": frozenset({"colic", "migraine"})})).total == 1
    assert reader.search(ask(chosen={"condition": frozenset({"no-such-thing"})})).total == 0


def test_of_conditions_that_are_said_to_be_alternatives_any_will_do(indexed_with):
    held = [("colic", "migraine"), ("colic",), ("migraine", "neck-pain"), ("neck-pain",)]
    reader = indexed_with(
        [document(i, facets={"condition": slugs}) for i, slugs in enumerate(held, start=1)]
    )
    either = frozenset({frozenset({"colic", "migraine"})})

    def total(*slugs):
        return reader.search(ask(chosen={"condition": frozenset(slugs)}, either=either)).total

    assert total("colic", "migraine") == 3
    assert total("colic", "migraine", "neck-pain") == 1
    assert total("colic") == 2
    assert total("neck-pain") == 2


def test_a_facet_of_alternatives_is_counted_without_its_own_selection(indexed_with):
    reader = indexed_with(
        [
            document(1, facets={"profession": ("osteopath",), "condition": ("colic",)}),
            document(2, facets={"profession": ("chiropractor",), "condition": ("migraine",)}),
        ]
    )

    facets = reader.search(ask(chosen={"profession": frozenset({"osteopath"})})).facets

    assert facets["profession"] == {"osteopath": 1, "chiropractor": 1}
    assert facets["condition"] == {"colic": 1}


def test_a_price_is_compared_in_its_own_currency_and_to_the_hundredth(indexed_with):
    prices = (None, Price(0.28, "USD"), Price(0.29, "USD"), Price(0.3, "USD"), Price(0.01, "EUR"))
    reader = indexed_with([document(i, price=price) for i, price in enumerate(prices, 1)])

    assert ids(reader.search(ask(up_to=Price(0.29, "USD"), sort=Sort.NAME))) == [2, 3]
    assert reader.search(ask(up_to=Price(10_000_000, "JPY"))).total == 0


def test_the_usual_currency_is_the_one_of_most_prices(indexed_with):
    prices = (None, None, None, Price(90, "USD"), Price(80, "EUR"), Price(70, "EUR"))
    reader = indexed_with([document(i, price=price) for i, price in enumerate(prices, 1)])

    assert reader.currency() == "EUR"
    assert indexed_with([document(1)]).currency() == ""


def test_who_serves_a_country_online_is_found_from_afar_after_those_who_are_near(indexed_with):
    online = {"online": ("1",), "serves": ("US",)}
    reader = indexed_with(
        [
            document(1, spots=(), facets=online),
            document(2, spots=(Spot(LONDON),), facets=online),
            document(3, spots=(Spot(LONDON),), facets={"online": ("1",), "serves": ("GB",)}),
            document(4, facets=online),
            document(5),
        ]
    )
    near = ask(circle=Circle(BOULDER, 50), served="US", sort=Sort.DISTANCE)

    hits = reader.search(replace(near, chosen={"online": frozenset({"1"})})).hits

    assert ids(reader.search(near)) == [4, 5] or ids(reader.search(near)) == [5, 4]
    assert hits[0].listing_id == 4
    assert {hit.listing_id: hit.distance_km for hit in hits} == {4: 0, 1: None, 2: None}


def test_who_has_no_place_is_found_by_all_but_a_place(indexed_with):
    reader = indexed_with([document(1, spots=(), facets={"serves": ("US",)}), document(2)])

    assert reader.search(ask()).total == 2
    assert ids(reader.search(ask(chosen={"serves": frozenset({"US"})}))) == [1]
    assert ids(reader.search(ask(circle=Circle(BOULDER, 100)))) == [2]
    assert reader.search(ask(areas=frozenset({"US"}))).total == 0


def test_a_listing_with_several_practices_is_one_result_at_its_nearest_place(indexed_with):
    reader = indexed_with([document(1, spots=(Spot(LONDON), Spot(DENVER), Spot(BOULDER)))])

    ranking = reader.search(ask(circle=Circle(BOULDER, 100), sort=Sort.DISTANCE))

    assert ranking.total == 1
    assert (ranking.hits[0].practice, ranking.hits[0].distance_km) == (2, 0)


def test_nearest_comes_first_by_distance(indexed_with):
    reader = indexed_with([document(1, spots=(Spot(DENVER),)), document(2)])

    ranking = reader.search(ask(circle=Circle(BOULDER, 100), sort=Sort.DISTANCE))

    assert ids(ranking) == [2, 1]
    assert ranking.hits[1].distance_km == pytest.approx(39.1, abs=0.5)


def test_who_visits_homes_is_found_from_within_their_travel_radius(indexed_with):
    reader = indexed_with(
        [document(1, spots=(Spot(DENVER, 60.0),)), document(2, spots=(Spot(DENVER),))]
    )

    ranking = reader.search(ask(circle=Circle(BOULDER, 5)))

    assert ids(ranking) == [1]
    assert ranking.hits[0].visits


def test_crowds_are_told_the_fullest_first_each_by_the_place_of_somebody_there(indexed_with):
    places = [BOULDER] * 3 + [DENVER] * 2 + [LONDON]
    people = [document(i, spots=(Spot(place),)) for i, place in enumerate(places, 1)]
    nowhere = document(20, spots=())
    moved = Changes(tuple(document(i, spots=(Spot(LONDON),)) for i in (7, 8, 9, 10)), (), 1)

    first = indexed_with([*people, nowhere]).crowds(most=2)
    after = indexed_with([*people, nowhere], moved).crowds(most=9)

    assert [(round(p.lat, 3), round(p.lon, 3)) for p in first] == [
        (p.lat, p.lon) for p in (BOULDER, DENVER)
    ]
    assert round(after[0].lat, 3) == LONDON.lat
    assert indexed_with([nowhere]).crowds(most=9) == []


def test_another_generation_goes_by_another_name(indexed_with):
    reader = indexed_with([document(1)])
    changed = indexed_with([document(1)], Changes((document(2),), (), 1))

    assert reader.generation() == reader.generation() != changed.generation()


def test_zero_is_a_coordinate_like_any_other(indexed_with):
    reader = indexed_with([document(1, spots=(Spot(Point(0, 0)),))])

    assert reader.search(ask(circle=Circle(Point(0.1, -0.1), 20))).total == 1


def test_a_circle_reaches_across_the_date_line(indexed_with):
    reader = indexed_with([document(1, spots=(Spot(Point(-17.0, 179.9)),))])

    assert reader.search(ask(circle=Circle(Point(-17.0, -179.9), 50))).total == 1


def test_accepting_new_clients_holds_for_ninety_days(indexed_with):
    long_ago = TODAY - timedelta(days=90)
    reader = indexed_with([document(1), document(2, accepting_stated_on=long_ago)])

    assert ids(reader.search(ask(accepting=True))) == [1]


def test_the_fair_order_is_stable_for_a_day_and_new_the_next(indexed_with):
    reader = indexed_with([document(i) for i in range(1, 40)])
    first = ids(reader.search(ask(limit=50)))
    next_day = Query(day=TODAY + timedelta(days=1), limit=50)

    assert ids(reader.search(ask(limit=50))) == first
    assert ids(reader.search(next_day)) != first
    assert sorted(first) == list(range(1, 40))


@pytest.mark.parametrize("sort", list(Sort))
def test_paging_gives_each_result_exactly_once(indexed_with, sort):
    reader = indexed_with([document(i, about="light touch") for i in range(1, 36)])
    circle = Circle(BOULDER, 10)

    pages = [
        ids(
            reader.search(
                ask(words=Words(("light",)), circle=circle, sort=sort, offset=o, limit=10)
            )
        )
        for o in range(0, 50, 10)
    ]

    assert sorted(i for page in pages for i in page) == list(range(1, 36))


def test_a_page_far_beyond_the_end_is_empty(indexed_with):
    ranking = indexed_with([document(1)]).search(ask(offset=10**30))

    assert (ranking.total, ranking.hits) == (1, ())


def test_names_sort_without_regard_to_accents_or_case(indexed_with):
    reader = indexed_with(
        [document(1, name="Ödön"), document(2, name="adam"), document(3, name="Zoe")]
    )

    assert ids(reader.search(ask(sort=Sort.NAME))) == [2, 1, 3]


def test_unknown_words_are_spelled_and_known_ones_left_alone(indexed_with):
    reader = indexed_with([document(1), document(2)])

    assert reader.spell(["quite", "quiet", "xq", "Boulde"]) == ["quiet", "quiet", None, "boulder"]


def test_names_are_suggested_by_their_beginnings(indexed_with):
    reader = indexed_with([document(1, name="Ana Müller"), document(2, name="Anton Sample")])

    assert reader.names("an", limit=5) == [1, 2]
    assert reader.names("an mul", limit=5) == [1]
    assert reader.names("(", limit=5) == []


def test_those_are_counted_who_have_the_very_word_in_their_name(indexed_with):
    names = ("Ana Müller", "Anton Sample", "Ana Ana", "Anab Mueller")
    reader = indexed_with([document(i, name=name) for i, name in enumerate(names, 1)])

    assert [reader.called(word) for word in ("ana", "Mueller", "an", "ANTON", "light", "(")] == [
        *(2, 2, 0, 1, 0, 0)
    ]
