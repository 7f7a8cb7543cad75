"""Small rules of reading: ages in numbers, words taken apart, guesses, what is left out."""

import pytest

from directory.search.text import typed
from directory.search.vocabulary import Span, Vocabulary
from directory.usecases.visitors.reading import spellings, without
from directory.usecases.visitors.reading.numbers import ages

VOCABULARY = Vocabulary(
    [
        ("profession", "massage-therapist", "massage"),
        ("profession", "chiropractor", "chiropractor"),
        ("condition", "colic", "colic"),
        ("condition", "infant-feeding", "latching"),
    ]
)


@pytest.mark.parametrize(
    ("q", "group"),
    [
        ("6 week old", "infants"), ("for my 3 month old", "infants"), ("23 months old", "infants"),
        ("8-year-old", "children"), ("2 years old", "children"), ("4yo", "children"),
        ("15 year old", "teens"), ("40 years old", "adults"), ("82 years old", "older"),
        ("my mum, 82", "older"), ("meine Oma 90", "older"), ("aged 70", "older"),
        ("6 Wochen alt", "infants"),
    ],
)  # fmt: skip
def test_an_age_in_numbers_is_an_age_group(q, group):
    assert [span.slug for span in ages.spans(typed(q))] == [group]


@pytest.mark.parametrize(
    "q", ["3 years of pain", "80302", "82", "mum 20", "10 sessions", "999 years old", "٣ year old", ""]
)  # fmt: skip
def test_other_numbers_are_no_age(q):
    assert list(ages.spans(typed(q))) == []


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("vandertesten", "van der testen"), ("JeanLuc", "Jean Luc"), ("delafuente", "de la fuente"),
        ("maryann", "mary ann"), ("mcpretend", "mc pretend"), ("vonStein", "von Stein"),
    ],
)  # fmt: skip
def test_a_name_written_as_one_is_taken_apart(word, way):
    assert way in spellings.parted(word)


@pytest.mark.parametrize("word", ["", "ab", "x" * 100, "ñ" * 31, "王", "\ud800"])
def test_of_what_is_no_name_nothing_is_made_and_nothing_raises(word):
    assert all(len(way.split()) > 1 for way in spellings.parted(word))
    assert len(spellings.parted(word)) < 40


@pytest.mark.parametrize(
    ("word", "guess", "sure"),
    [
        ("osteopaht", "osteopath", True), ("migrane", "migraine", True), ("coeliac", "colic", False),
        ("maui", "maux", False), ("cost", "post", False), ("hernia", "hernias", True),
        ("chiropracotr", "chiropractor", True), ("price", "prime", False),
    ],
)  # fmt: skip
def test_everyday_and_short_words_are_no_slips(word, guess, sure):
    assert spellings.sure(word, guess) is sure


@pytest.mark.parametrize(
    ("q", "wanted", "unwanted"),
    [
        ("not massage", [], [(0, 2)]),
        ("anyone but a chiropractor", [], [(0, 4)]),
        ("colic without massage or chiropractor", ["colic"], [(1, 3), (3, 5)]),
        ("massage not latching", ["massage-therapist", "infant-feeding"], []),
        ("massage no colic", ["massage-therapist"], [(1, 3)]),
        ("colic -massage", ["colic"], [(1, 2)]),
        ('colic −"massage"', ["colic"], [(1, 2)]),
        ("colic -oil", ["colic"], []),
        ("massage but chiropractor", ["massage-therapist", "chiropractor"], []),
        ("other than massage", [], [(0, 3)]),
        ("not", [], []),
    ],
)
def test_what_is_to_be_left_out_is_told_from_what_is_wanted(q, wanted, unwanted):
    pieces = typed(q)

    kept, left_out = without.parted(pieces, VOCABULARY.spans(pieces), VOCABULARY.spans)

    assert [span.slug for span in kept] == wanted
    assert [(span.start, span.end) for span in left_out] == unwanted
    assert all(isinstance(span, Span) for span in (*kept, *left_out))
