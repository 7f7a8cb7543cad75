"""What visitors type leads to whom they mean; queries.csv says who that is."""

import pytest

from tests.relevance import suite

ENOUGH = 0.95
# A query weighs more among the few that are held out.
ENOUGH_HELD_OUT = 0.90


@pytest.fixture(scope="module")
def answered(templates, tmp_path_factory):
    """The answers to the queries of queries.csv and of held_out.csv."""
    folder = tmp_path_factory.mktemp("relevance")
    with templates.copy("sqlite", folder) as url:
        here = suite.site(url, folder)
        asked = suite.questions("queries.csv"), suite.questions("held_out.csv")
        yield [suite.answers(here, part) for part in asked]
        here.engine.dispose()


def test_who_is_meant_is_among_the_first_three(answered):
    tuned, held_out = answered
    print(suite.table(tuned, held_out))

    misses = [str(answer) for answer in (*tuned, *held_out) if not answer.right]
    assert suite.success((*tuned, *held_out)) >= ENOUGH, "\n".join(misses)
    assert suite.success(held_out) >= ENOUGH_HELD_OUT


def test_nobody_is_shown_who_was_not_asked_for(answered):
    assert [str(answer) for part in answered for answer in part if answer.wrong] == []


def test_every_query_names_people_that_there_are():
    people = {row["slug"] for row in suite.rows("people.csv")}
    asked = [*suite.questions("queries.csv"), *suite.questions("held_out.csv")]

    assert {slug for one in asked for slug in (*one.first, *one.never)} <= people
    assert len(asked) >= 120
    assert all(one.first for one in asked)
