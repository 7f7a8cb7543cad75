"""What is ready before a new generation serves: words that the index names, not those asked for."""

import time

import pytest

from directory.search.port import Query, Words
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine import reader as reading
from directory.search.whoosh_engine.executing import scoring
from directory.search.whoosh_engine.executing.scoring import TextIndex
from tests.search.documents import TODAY, document


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(scoring, "WARMED_FROM", 5)


@pytest.fixture
def root(tmp_path):
    """Ten listings that all speak of the same, one of which has a word of its own."""
    texts = {"conditions": "Headaches", "about": "Calm and gently moving the cradle"}
    made = [document(number, **texts) for number in range(1, 11)]
    made.append(document(11, conditions="Colic", about="A singular cradle"))
    WhooshWriter(tmp_path).rebuild(made, cursor=1)
    return tmp_path


@pytest.fixture
def scored(monkeypatch):
    """The forms of words that had to be scored."""
    seen, score = [], TextIndex._scored

    def note(index, terms):
        seen.append(terms)
        return score(index, terms)

    monkeypatch.setattr(TextIndex, "_scored", note)
    return seen


def ask(reader, word):
    return reader.search(Query(day=TODAY, words=Words(all_of=(word,)))).total


def test_words_of_many_listings_are_scored_before_anybody_asks_however_they_are_inflected(
    root, scored
):
    reader = WhooshReader(root)
    reader.generation()
    scored.clear()

    found = [ask(reader, word) for word in ("headaches", "Headache", "moving", "moves", "cradles")]

    assert found == [10, 10, 10, 10, 11]
    assert scored == []


def test_the_terms_of_the_field_come_first_and_little_words_not_at_all(root, scored):
    WhooshReader(root).generation()

    prose = [terms[-1] for terms in scored]
    assert set(prose[:4]) == {"lmt", "massag", "therapist", "headach"}
    assert {"cradl", "calm"} <= set(prose[4:])
    assert {"and", "the", "a"}.isdisjoint(prose)


def test_what_somebody_asked_for_is_forgotten_with_the_generation(root, scored):
    reader = WhooshReader(root)
    ask(reader, "singular")
    scored.clear()
    WhooshWriter(root).rebuild([document(n, about="A singular cradle") for n in (1, 2)], cursor=2)

    time.sleep(reading.LOOK_EVERY)
    newer = reader.generation()
    warmed = list(scored)
    ask(reader, "singular")

    assert newer.startswith("2 ")
    assert "singular" not in {terms[-1] for terms in warmed}
    assert [terms[-1] for terms in scored[len(warmed) :]] == ["singular"]
