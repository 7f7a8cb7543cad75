"""Our engine against brute force over documents, one by one."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from directory.places import Point
from directory.search.port import Box, Changes, Circle, Query, Sort, Words
from tests.search import brute_force
from tests.search.documents import (
    AREAS,
    CONDITIONS,
    FEES,
    LANGUAGES,
    PRICES,
    PROFESSIONS,
    TIMES,
    TODAY,
    WORDS,
    drawn,
    several,
)

CAREFULLY = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _choice(values):
    return st.frozensets(st.sampled_from(values), min_size=1, max_size=2)


boxes = st.builds(
    lambda west, east, lats: Box(west, min(lats), east, max(lats)),
    # No edge lies so near to a place that rounding would decide.
    st.integers(-180, 179).map(lambda degrees: degrees + 0.37),
    st.integers(-180, 179).map(lambda degrees: degrees + 0.37),
    st.tuples(*[st.integers(-90, 89).map(lambda degrees: degrees + 0.37)] * 2),
)
queries = st.builds(
    Query,
    day=st.just(TODAY),
    words=st.builds(
        Words,
        all_of=st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(tuple),
        phrases=st.sampled_from([(), (), ("light touch",), ("quiet room",)]),
        none_of=st.sampled_from([(), (), ("babies",)]),
    ),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "profession": _choice(PROFESSIONS),
            "condition": _choice(CONDITIONS),
            "language": _choice(LANGUAGES),
            "times": _choice(TIMES),
            "fees": _choice(FEES),
            "online": st.just(frozenset({"1"})),
        },
    ),
    either=st.just(frozenset())
    | _choice(CONDITIONS).map(lambda group: frozenset({group}))
    | st.just(frozenset({frozenset(CONDITIONS[:2]), frozenset(FEES[:2])})),
    without=st.fixed_dictionaries(
        {}, optional={"profession": _choice(PROFESSIONS), "condition": _choice(CONDITIONS)}
    ),
    circle=st.none()
    | st.builds(
        Circle,
        st.builds(Point, st.floats(-89, 89), st.floats(-180, 180)),
        st.floats(1, 9000),
    ),
    areas=st.just(frozenset()) | _choice(AREAS),
    box=st.none() | boxes,
    served=st.sampled_from(["", "US", "GB"]),
    not_in=st.just(frozenset()) | _choice(AREAS),
    not_near=st.frozensets(
        st.builds(
            Circle,
            st.builds(Point, st.floats(-89, 89), st.floats(-180, 180)),
            st.floats(1, 3000),
        ),
        max_size=2,
    ),
    accepting=st.booleans(),
    home_visits=st.booleans(),
    up_to=st.sampled_from(PRICES),
    sort=st.sampled_from(list(Sort)),
    limit=st.just(100),
)


@CAREFULLY
@given(several(), queries)
def test_matches_counts_and_distances_equal_brute_force(indexed_with, documents, query):
    reader = indexed_with(documents)
    expected = {d.listing_id: d for d in documents if brute_force.matches(d, query)}

    ranking = reader.search(query)

    assert reader.totals([query]) == [len(expected)]
    if not ranking.partial:
        assert {hit.listing_id for hit in ranking.hits} == set(expected)
        assert ranking.facets == brute_force.facet_counts(documents, query)
        for hit in ranking.hits if query.circle else ():
            exact = brute_force.kilometres(expected[hit.listing_id], query)
            assert hit.distance_km == (exact and pytest.approx(exact, abs=0.002))
        for hit in ranking.hits if query.areas and not query.circle else ():
            assert hit.practice == brute_force.practice_there(expected[hit.listing_id], query)


@CAREFULLY
@given(several(), st.data(), queries)
def test_a_changed_index_answers_as_one_built_afresh(indexed_with, documents, data, query):
    changed = [data.draw(drawn(i)) for i in data.draw(st.sets(st.integers(1, 18), max_size=6))]
    ids = {d.listing_id for d in changed}
    gone = data.draw(st.sets(st.integers(1, 18), max_size=4)) - ids
    kept = [d for d in documents if d.listing_id not in ids | gone]
    steps = [Changes((d,), (), n) for n, d in enumerate(changed, start=1)]

    reader = indexed_with(documents, *steps, Changes((), tuple(gone), 99))
    now = {d.listing_id: d for d in [*kept, *changed]}

    assert reader.ids() == {i: d.digest() for i, d in now.items()}
    expected = {i for i, d in now.items() if brute_force.matches(d, query)}
    assert reader.totals([query]) == [len(expected)]


@CAREFULLY
@given(several(), boxes)
def test_who_is_found_in_a_box_is_shown_by_a_practice_there(indexed_with, documents, box):
    reader = indexed_with(documents)
    of = {document.listing_id: document for document in documents}

    for hit in reader.search(Query(TODAY, box=box, limit=100)).hits:
        spots = of[hit.listing_id].spots
        inside = [at for at, spot in enumerate(spots) if brute_force._is_in(spot, box)]
        assert hit.practice == inside[0]
