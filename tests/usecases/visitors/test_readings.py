"""What is left of a query when some of its words were taken, and what its rivals lose by."""

from dataclasses import replace

import pytest

from directory.search.text import typed
from directory.search.vocabulary import Span, Vocabulary
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.understanding import Reading, understand, vocabulary_phrases

# All of it is about words: one database will do.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TERMS = (
    ("condition", "neck-pain", "neck pain"),
    ("condition", "colic", "colic"),
    ("condition", "quillmere-knee", "boulder co"),
    ("profession", "osteopath", "osteopath"),
)


def reading(q, *taken, place=(0, 0)):
    """A query of which these runs were taken for terms."""
    spans = tuple(Span(start, end, "condition", f"{start}") for start, end in taken)
    return Reading(tuple(typed(q)), spans, place_span=place)


@pytest.fixture
def understood(runtime):
    """Read typed words by a few terms of our own and all places."""
    finder = replace(runtime.finder(), vocabulary=Vocabulary(vocabulary_phrases(iter(TERMS))))
    return lambda q, **wanted: understand(finder, Criteria(q=q, **wanted))


@pytest.mark.parametrize(
    ("q", "taken", "runs"),
    [
        ("", (), []),
        ("calm", (), [(0, 1)]),
        ("the", (), []),
        ("for the", (), []),
        ("calm hands", (), [(0, 2)]),
        ("the calm", (), [(1, 2)]),
        ("calm the", (), [(0, 1)]),
        ("for the calm hands for the", (), [(2, 4)]),
        ("calm and hands", (), [(0, 3)]),
        ("colic calm", [(0, 1)], [(1, 2)]),
        ("calm colic", [(1, 2)], [(0, 1)]),
        ("calm colic hands", [(1, 2)], [(2, 3), (0, 1)]),
        ("calm for colic with hands", [(2, 3)], [(4, 5), (0, 1)]),
        ("calm colic the migraine hands", [(1, 2), (3, 4)], [(4, 5), (0, 1)]),
        ('calm "light touch" hands', (), [(2, 3), (0, 1)]),
        ("calm -oil hands rest", (), [(2, 4), (0, 1)]),
        ("-oil", (), []),
        ('"calm"', (), []),
    ],
)
def test_runs_of_plain_words_are_left_over_without_asking_words_at_their_ends(q, taken, runs):
    assert reading(q, *taken).left_over == runs


@pytest.mark.parametrize(
    ("q", "taken", "place", "left"),
    [
        ("calm colic hands", [(1, 2)], (0, 0), (("calm", "hands"), (), ())),
        ("calm colic boulder", [(1, 2)], (2, 3), (("calm",), (), ())),
        ('bad "bad" -bad colic', [(3, 4)], (0, 0), ((), ("bad",), ("bad",))),
        ("bad hands", [], (0, 0), (("bad", "hands"), (), ())),
        ("Bad hands boulder", [], (2, 3), (("hands",), (), ())),
        ("calm Calm calm the", [], (0, 0), (("calm", "Calm"), (), ())),
    ],
)
def test_what_nothing_took_is_text_but_how_bad_it_is_once_something_is_known(q, taken, place, left):
    text = reading(q, *taken, place=place).text

    assert (text.all_of, text.phrases, text.none_of) == left


@pytest.mark.parametrize(
    ("run", "left"),
    [
        ((0, 1), "colic near boulder -oil"),
        ((2, 3), "calm near boulder -oil"),
        ((4, 5), "calm for colic -oil"),
        ((5, 6), "calm for colic near boulder"),
        ((0, 3), "boulder -oil"),
        ((0, 6), ""),
    ],
)
def test_without_a_run_the_asking_words_that_led_to_it_go_too(run, left):
    assert reading("calm for colic near boulder -oil").q_without(*run) == left


def test_without_its_text_a_query_keeps_what_was_understood_and_its_asking_words():
    known = reading('calm for colic "light touch" near boulder', (2, 3), place=(4, 6))

    assert known.q_without_text() == "for colic near boulder"


def test_words_are_spelled_otherwise_or_left_out_where_they_are_plain():
    known = reading('clam hands "clam" -clam')

    assert known.q_with({"clam": "calm"}) == 'calm hands "clam" -clam'
    assert known.q_with({"clam": ""}) == 'hands "clam" -clam'


@pytest.mark.parametrize(
    ("before", "q"),
    [(0, "new calm hands"), (1, "calm new hands"), (2, "calm hands new")],
)
def test_a_word_more_stands_before_the_piece_of_that_number(before, q):
    assert reading("calm hands").q_with_word("new", before) == q


def test_terms_come_once_each_in_typed_order_and_with_their_words():
    known = Reading(
        tuple(typed("Neck Pain colic neck")),
        (
            Span(0, 2, "condition", "neck-pain"),
            Span(2, 3, "condition", "colic"),
            Span(3, 4, "condition", "neck-pain"),
        ),
    )

    assert known.slugs("condition") == ("neck-pain", "colic")
    assert known.slugs("profession") == ()
    assert [known.words_of(span) for span in known.spans] == ["Neck Pain", "colic", "neck"]


PLACES = {
    "near Boulder CO": "boulder co",
    "near to Boulder": "boulder",
    "colic in the Boulder": "boulder",
    "Denver Colorado": "denver colorado",
    "colic near me": "",
    "nearby": "",
    "colic": "",
}


@on_sqlite
def test_the_words_of_the_place_come_without_the_near_before_them(understood):
    assert {q: understood(q).place_words for q in PLACES} == PLACES


# Each with the terms, the place with its run, whether it is "near me", and the text.
QUERIES = {
    "": ([], None, (0, 0), False, ()),
    "zzyzzy": ([], None, (0, 0), False, ("zzyzzy",)),
    "colic": ([(0, 1)], None, (0, 0), False, ()),
    "near me": ([], None, (0, 2), True, ()),
    "near": ([], None, (0, 1), True, ()),
    "colic near to me osteopath": ([(0, 1), (4, 5)], None, (1, 4), True, ()),
    "colic near denver neck pain": ([(0, 1), (3, 5)], "Denver", (1, 3), False, ()),
    "near denver colic": ([(2, 3)], "Denver", (0, 2), False, ()),
    "colic in denver": ([(0, 1)], "Denver", (1, 3), False, ()),
    "colic in the denver": ([(0, 1)], "Denver", (1, 4), False, ()),
    "colic in": ([(0, 1)], None, (0, 0), False, ()),
    "colic in my denver": ([(0, 1)], "Denver", (3, 4), False, ()),
    "in colic denver": ([(1, 2)], "Denver", (2, 3), False, ()),
    "colic in zzyzzy": ([(0, 1)], None, (0, 0), False, ("zzyzzy",)),
    "colic denver": ([(0, 1)], "Denver", (1, 2), False, ()),
    "denver colic": ([(1, 2)], "Denver", (0, 1), False, ()),
    "denver zzyzzy": ([], None, (0, 0), False, ("denver", "zzyzzy")),
    "zzyzzy denver": ([], None, (0, 0), False, ("zzyzzy", "denver")),
    "denver colorado zzyzzy": ([], "Denver", (0, 2), False, ("zzyzzy",)),
    "zzyzzy denver colorado": ([], "Denver", (1, 3), False, ("zzyzzy",)),
    "denver colorado zzyzzy neck pain": ([(3, 5)], "Denver", (0, 2), False, ("zzyzzy",)),
    "neck pain zzyzzy denver colorado": ([(0, 2)], "Denver", (3, 5), False, ("zzyzzy",)),
    "denver colic boulder": ([(1, 2)], "Boulder", (2, 3), False, ()),
    "boulder co": ([(0, 2)], None, (0, 0), False, ()),
    "colic boulder co": ([(0, 1), (1, 3)], None, (0, 0), False, ()),
    "colic in boulder co": ([(0, 1), (2, 4)], None, (0, 0), False, ()),
    "near boulder co": ([], "Boulder", (0, 3), False, ()),
    "colic denver colic": ([(0, 1), (2, 3)], "Denver", (1, 2), False, ()),
    "zzyzzy denver colic boulder": ([(2, 3)], "Boulder", (3, 4), False, ("zzyzzy",)),
    '"near" denver': ([], "Denver", (1, 2), False, ()),
    "near -denver": ([], None, (0, 1), True, ()),
}


@on_sqlite
def test_queries_are_taken_apart_into_terms_a_place_and_text(understood):
    def taken_apart(q):
        known = understood(q)
        place = known.place.name if known.place else None
        spans = [(span.start, span.end) for span in known.spans if span.kind != "field"]
        return spans, place, known.place_span, known.near_me, known.text.all_of

    assert {q: taken_apart(q) for q in QUERIES} == QUERIES


@on_sqlite
@pytest.mark.parametrize("where", [{"near": "Boulder"}, {"lat": 0.0, "lon": 0.0}])
def test_where_a_place_was_given_none_is_read_from_the_words(understood, where):
    known = understood("colic near denver", **where)

    assert (known.place, known.place_span, known.near_me) == (None, (0, 0), False)
