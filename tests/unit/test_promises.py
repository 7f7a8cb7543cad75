"""Words that promise what nobody can: found wherever they stand, and said in another way."""

import pytest

from directory import promises


@pytest.mark.parametrize(
    ("words", "rewrite"),
    [
        ("cure", "support people with"),
        ("cures", "supports people with"),
        ("cured", "supported people with"),
        ("curing", "supporting people with"),
        ("heal", "support"),
        ("heals", "supports"),
        ("healing", "supporting"),
        ("healed", "supported"),
        ("treating", "working with"),
        ("CURED", "supported people with"),
        ("effective for", "used by people with"),
        ("effective in", "used by people with"),
        ("proven", "practised"),
        ("scientifically proven", "practised"),
        ("treatment", "session"),
        ("treatments", "sessions"),
        ("treat", "work with"),
        ("treats", "works with"),
        ("treated", "worked with"),
        ("effective against", "used by people with"),
        ("clinically proven", "practised"),
        ("guarantee", "aim for"),
        ("guarantees", "aims for"),
        ("guaranteed", "aimed for"),
        ("fix", "ease"),
        ("fixes", "eases"),
        ("fixed", "eased"),
        ("eliminate", "ease"),
        ("eliminates", "eases"),
        ("eliminated", "eased"),
        ("miracle", "change"),
    ],
)
def test_each_promise_has_another_wording_in_its_own_form(words, rewrite):
    [flag] = promises.lint(f"We {words} it.")

    assert (flag.words, flag.rewrite) == (words, rewrite)


@pytest.mark.parametrize(
    "text", ["", "A secure and careful room.", "A prefix.", "A treatise.", "Healthy and well."]
)
def test_words_that_only_sound_like_promises_are_left_alone(text):
    assert promises.lint(text) == ()


def test_promises_are_found_in_order_where_they_stand():
    text = "Heals colic. We CURE it: a miracle."

    flags = promises.lint(text)

    assert [flag.words for flag in flags] == ["Heals", "CURE", "miracle"]
    assert [text[flag.start : flag.end] for flag in flags] == ["Heals", "CURE", "miracle"]


@pytest.mark.parametrize(
    ("text", "said_otherwise"),
    [
        ("Heals colic.", "Supports colic."),
        ("It heals colic.", "It supports colic."),
        ("It HEALS.", "It Supports."),
        ("It heaLS.", "It supports."),
        ("Fix it", "Ease it"),
        ("Once treated, fine.", "Once worked with, fine."),
    ],
)
def test_a_promise_is_exchanged_in_its_place_and_a_capital_stays_a_capital(text, said_otherwise):
    [flag] = promises.lint(text)

    assert promises.rewritten(text, flag) == said_otherwise
