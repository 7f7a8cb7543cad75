"""Any two verbs, and any eight, at one listing at the same moment, on PostgreSQL: nobody is told of
a deadlock. As at the edge, a lost race is tried again; how many were lost is counted all the same.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations_with_replacement, product
from random import Random

import pytest

from directory.db import writing
from tests import full, verbs

PAIRS, EIGHTS = 8, 1
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def scene(engine, gazetteer, tmp_path):
    return verbs.scenes(engine, gazetteer, tmp_path)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("hands", [2, 8])
def test_no_deadlock_at_one_listing_reaches_a_person(engine, scene, capsys, hands):
    pairs = list(combinations_with_replacement(verbs.VERBS, 2))
    chance = Random(hands)
    if hands == 2:
        rounds = pairs if full.FULL else chance.sample(pairs, PAIRS)
    else:
        rounds = [
            tuple(chance.sample(list(verbs.VERBS), hands)) for _ in range(EIGHTS * full.TIMES)
        ]
    lost = dict[str, dict[str, int]]()
    with ThreadPoolExecutor(hands) as pool:
        for number, names in enumerate(rounds):
            at = scene(number)
            with verbs.lost_races(engine) as seen:
                verbs.at_once(engine, at, names, pool)
            if seen:
                lost[" | ".join(names)] = dict(seen)

    assert verbs.broken(engine) == []
    with capsys.disabled():
        print(f"\n{len(rounds)} times {hands} verbs at one listing: 0 deadlocks reached a person,")
        print(f"{len(lost)} times something was tried again", *lost.items(), sep="\n")


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("before", [(), ("approve",), ("approve", "send"), ("withdraw", "send")])
def test_no_version_is_left_hanging_by_whoever_begins_while_another_is_not_done(
    engine, scene, before
):
    pairs = [*product(verbs.VERBS if full.FULL and not before else verbs.OF_VERSIONS, repeat=2)]
    chosen = pairs if full.FULL else Random(repr(before)).sample(pairs, PAIRS)
    waited = 0
    with ThreadPoolExecutor(1) as pool:
        for number, (first, second) in enumerate(chosen):
            at = scene(number)
            for verb in before:
                with writing(engine) as session:
                    verbs.VERBS[verb](session, at)
            now = verbs.waits_now(engine, at)
            waited += verbs.one_during_the_other(
                engine, replace(at, pending=now), first, second, pool
            )
            assert verbs.broken(engine, at) == [], (before, first, second)

    assert waited
    assert verbs.broken(engine) == []
