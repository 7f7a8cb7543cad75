"""A town and the first letters of its region, on either database."""

import pytest

FIRST = {
    "springfield, m": ["Springfield, Missouri, US", "Springfield, Massachusetts, US"],
    "portland, m": ["Portland, Maine, US", "Portland, Michigan, US"],
    "richmond, v": ["Richmond, Virginia, US"],
    "aurora, c": ["Aurora, Colorado, US"],
}


@pytest.mark.parametrize("typed", FIRST)
def test_no_region_is_passed_over_because_many_begin_alike(runtime, typed):
    offered = [place.label for place in runtime.gazetteer.suggest(typed)]

    assert offered[: len(FIRST[typed])] == FIRST[typed]
