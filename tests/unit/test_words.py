"""How typed words are compared with the field's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.text import free_text, nearest_word, plain_form, typed, words
from directory.search.vocabulary import Vocabulary

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


@pytest.mark.parametrize(
    ("q", "pieces"),
    [
        ("I.B.S. pain", ["I.B.S.", "pain"]),
        ("T.M.J", ["T.M.J"]),
        ("L.Ac. boulder", ["L.Ac.", "boulder"]),
        ("the end. Start", ["the", "end", "Start"]),
        ("a.b.", ["a.b."]),
        ("example.com", ["example", "com"]),
        ("80302.", ["80302"]),
    ],
)
def test_letters_with_points_between_are_one_word(q, pieces):
    assert [piece.text for piece in typed(q)] == pieces


@pytest.mark.parametrize("sign", ["-", "−", "–"])
def test_each_kind_of_minus_means_without(sign):
    assert [(piece.text, piece.without) for piece in typed(f"calm {sign}oil")] == [
        ("calm", False),
        ("oil", True),
    ]
    assert not any(piece.without for piece in typed(f"calm {sign} oil") + typed(f"ten{sign}ten"))


def test_each_sign_of_a_script_without_spaces_is_a_word():
    assert words("山田花子 Smith 김민수") == [*"山田花子", "Smith", *"김민수"]
    assert free_text(typed("山田 Smith")).phrases == ("山田",)
    assert free_text(typed("山田 Smith")).all_of == ("Smith",)


@pytest.mark.parametrize(
    ("british", "american"),
    [("paediatric", "pediatric"), ("oedema", "edema"), ("labour", "labor"),
     ("specialise", "specialize"), ("orthopaedics", "orthopedics"), ("tumours", "tumors")],
)  # fmt: skip
def test_british_and_american_spellings_have_one_form(british, american):
    assert plain_form(british) == plain_form(american)


PHRASES = st.lists(
    st.tuples(
        st.sampled_from(["condition", "profession"]),
        st.sampled_from(["one", "two", "three"]),
        st.lists(st.sampled_from(["neck", "pain", "pane", "p", "ne"]), min_size=1).map(" ".join),
    )
)


@given(PHRASES, st.sampled_from(["n", "ne", "neck p", "pa", "pain", "x", "pain n"]))
def test_beginnings_are_those_that_a_look_at_every_phrase_finds(phrases, letters):
    found: dict[str, tuple[bool, str]] = {}
    for kind, slug, text in phrases:
        if kind == "condition" and f" {letters}" in f" {text}":
            inside = not text.startswith(letters)
            if slug not in found or inside < found[slug][0]:
                found[slug] = (inside, text)

    begun = Vocabulary(phrases).beginning(letters, "condition")

    expected = sorted(found.items(), key=lambda one: one[1][0])
    assert list(begun) == [(slug, text) for slug, (_, text) in expected]
