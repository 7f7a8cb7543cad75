"""Marks on a card: only the visitor's words, nothing of the text lost, no word cut."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from directory.search.stems import term_of
from directory.search.text import Typed, words
from directory.search.vocabulary import Span
from directory.usecases.visitors.highlighting import CUT, SNIPPET, Highlights, highlights
from directory.usecases.visitors.understanding import Reading

LETTERS = "aeé ïøßŁ'’-.!?…\n\t\x00\u0301\u200bſ漢字<>&_ 0"
TEXTS = st.text() | st.text(alphabet=LETTERS) | st.lists(st.sampled_from(
    ["calm", "Calmly", "hands.", "a", "Müller", "…", "\n", "x" * 170, "e.g.", "\u0301"]
)).map(" ".join)  # fmt: skip
WISHES = st.lists(st.sampled_from(["calm", "calm hand", "muller", "e", "漢字", "'"]) | st.text())

SESSION = (
    "I came late to this work. My hands rest and wait, e.g. on a head. Nobody is hurried here; "
    "there is tea. Babies are welcome, and a feed or a cuddle in the middle of a session is never "
    "a problem. I always ask before I touch a new area, and you may say no to any of it."
)


def shown(pieces):
    """Pieces as one text, [the matches] in brackets."""
    return "".join(f"[{text}]" if match else text for text, match in pieces)


def plainly(pieces):
    return "".join(text for text, _ in pieces)


@pytest.mark.parametrize(
    ("wish", "name", "expected"),
    [
        ("muller", "Jörg Müller", "Jörg [Müller]"),
        ("Mueller", "Jörg Müller", "Jörg [Müller]"),
        ("o'brien", "Nora O’Brien", "Nora [O’Brien]"),
        ("test", "Rowan Testerly", "Rowan Testerly"),
        ("rowan testerly", "Rowan  Testerly", "[Rowan  Testerly]"),
    ],
)
def test_names_are_marked_whole_and_whatever_their_accents(wish, name, expected):
    assert shown(Highlights([wish]).name(name)) == expected


def test_prose_is_marked_by_the_stem_of_its_words():
    assert shown(Highlights(["session"]).prose("Two sessions.")) == "Two [sessions]."


def test_of_a_phrase_only_the_whole_is_marked():
    marks = Highlights(["light touch"])

    assert shown(marks.prose("Light work, light touch.")) == "Light work, [light touch]."


def test_matches_side_by_side_are_one_mark():
    assert shown(Highlights(["calm", "hands"]).prose("calm hands")) == "[calm hands]"


def test_a_term_that_was_read_from_the_words_is_marked_whole():
    reading = Reading(
        tuple(Typed(word) for word in ("turns", "head", "left")),
        (Span(0, 3, "condition", "torticollis"),),
    )

    marks = highlights(reading, {"condition": {"torticollis": "Torticollis"}})

    assert marks.term("torticollis", "Torticollis") == (("Torticollis", True),)
    assert shown(marks.prose("A head for torticollis")) == "A head for [torticollis]"


def test_words_that_say_where_or_what_not_are_not_marked():
    reading = Reading(
        (Typed("tea"), Typed("boulder"), Typed("oil", without=True)), place_span=(1, 2)
    )

    marks = highlights(reading, {})

    assert shown(marks.prose("Tea and oil in Boulder")) == "[Tea] and oil in Boulder"


def test_a_snippet_begins_and_ends_with_a_sentence_where_it_can():
    marks = Highlights(["cuddles"])

    assert shown(marks.snippet(SESSION)) == (
        "Babies are welcome, and a feed or a [cuddle] in the middle of a session is never a problem."
    )


def test_a_snippet_holds_as_many_of_the_words_as_fit():
    found = shown(Highlights(["hurried", "babies"]).snippet("Tea for babies.", SESSION))

    assert "[hurried]" in found
    assert "[Babies]" in found


def test_a_sentence_too_long_is_entered_shortly_before_the_match():
    found = shown(
        Highlights(["needle"]).snippet("some hay " * 40 + "one needle " + "more hay " * 40)
    )

    assert found.startswith(f"{CUT} ")
    assert found.endswith(f" {CUT}")
    assert found.index("[needle]") < 50


def test_without_a_match_there_is_no_snippet():
    assert Highlights(["opera"]).snippet(SESSION, "") == ()
    assert not Highlights([])
    assert Highlights([]).snippet(SESSION) == ()


@given(TEXTS, WISHES)
@example("ſ\u0301", ["s"])
def test_pieces_are_the_text_and_every_match_is_a_wish(text, wishes):
    marks = Highlights(wishes)

    for field, pieces in (("name", marks.name(text)), ("about", marks.prose(text))):
        wanted = {term_of(field, word) for wish in wishes for word in words(wish)}
        found = [words(piece) for piece, match in pieces if match]
        assert plainly(pieces) == text
        assert all(found)
        assert {term_of(field, word) for run in found for word in run} <= wanted


@given(TEXTS, WISHES)
@example("x" * 200 + " calm", ["calm"])
def test_a_snippet_is_short_has_a_match_and_cuts_no_word(text, wishes):
    marks = Highlights(wishes)

    pieces = marks.snippet(text)

    snippet = plainly(pieces)
    inner = snippet.removeprefix(f"{CUT} ").removesuffix(f" {CUT}")
    even = " ".join(text.split())
    if pieces:
        assert len(snippet) <= SNIPPET
        assert any(match for _, match in pieces)
        assert f" {inner.rstrip(' ,;:–-')}" in f" {even}"
        at = f" {even}".index(f" {inner}") + len(inner)
        assert f"{even} "[at] in " ,;:–-"
    elif any(match for _, match in marks.prose(text)):
        assert max(map(len, even.split())) > SNIPPET / 2
