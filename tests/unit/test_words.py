"""How typed words are compared with the field's own."""

import pytest

from directory.search.text import Vocabulary, nearest_word, plain_form, typed

VOCABULARY = Vocabulary(
    [
        ("condition", "tmj", "jaw clicking"),
        ("condition", "teeth-grinding", "grinding teeth"),
        ("condition", "stress", "stress"),
        ("profession", "registered-nurse", "nurse"),
        ("condition", "infant-feeding", "nursing"),
    ]
)


def slugs(q):
    return [span.slug for span in VOCABULARY.spans(typed(q))]


@pytest.mark.parametrize(
    ("one", "other"),
    [("clicks", "clicking"), ("cries", "crying"), ("grinds", "grinding"), ("cramps", "cramping")],
)
def test_forms_of_a_word_are_compared_as_one(one, other):
    assert plain_form(one) == plain_form(other)


@pytest.mark.parametrize("word", ["bed", "wing", "ring", "red", "is", "us", "", "eds"])
def test_short_words_keep_their_letters(word):
    assert plain_form(word) in {word, word.removesuffix("s")}


def test_a_phrase_is_found_in_other_forms():
    assert slugs("my jaw clicks") == ["tmj"]
    assert slugs("she grinds her teeth") == ["teeth-grinding"]


def test_the_form_that_was_meant_comes_before_one_that_is_alike():
    assert slugs("nursing") == ["infant-feeding"]
    assert slugs("nurses") == ["registered-nurse"]


def test_of_words_as_near_the_one_with_the_same_first_letter_is_taken():
    assert nearest_word("boulded", ["moulded", "boulder"]) == "boulder"


def test_of_words_as_near_and_alike_the_one_that_was_named_first_is_taken():
    assert nearest_word("headaces", ["headaches", "headakes"]) == "headaches"
    assert nearest_word("headaces", ["headakes", "headaches"]) == "headakes"
