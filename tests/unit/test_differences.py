"""Two versions of a listing beside each other."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from directory.promises import lint
from directory.usecases.listings.fields import FIELDS
from directory.usecases.moderation import differences, reviewing
from directory.usecases.moderation.canned import CANNED
from directory.usecases.moderation.deciding import LONGEST_NOTE
from tests import factories
from tests.factories import BOULDER, DENVER, PORTLAND

TEXTS = st.text(alphabet="aab c\n.", max_size=40) | st.sampled_from(
    ["I heal and cure people.", "I can heal people now, and treat them."]
)


@given(TEXTS, TEXTS)
@example("I heal", "I healed it: a miracle cure")
def test_the_pieces_are_both_texts_and_promises_are_marked(before, after):
    flags = lint(after)

    pieces = differences.words(before, after, flags)

    assert "".join(one.text for one in pieces if one.kind != "new") == before or any(
        one.flagged and one.kind == "same" for one in pieces
    )
    assert "".join(one.text for one in pieces if one.kind != "gone") == after
    marked = "".join(one.text for one in pieces if one.flagged)
    assert marked == "".join(flag.words for flag in flags)


def test_very_long_texts_are_shown_whole():
    before, after = "a b " * 2000, "b c " * 2000

    pieces = differences.words(before, after)

    assert [(one.kind, one.text) for one in pieces] == [("gone", before), ("new", after)]


def test_a_place_stands_beside_the_one_it_replaces():
    nearer = replace(BOULDER, lat=40.1, address="1 Other Street")

    found = differences.moved((PORTLAND, BOULDER), (nearer, DENVER))

    assert [(one.before, one.after) for one in found] == [(BOULDER, nearer), (PORTLAND, DENVER)]
    assert round(found[0].km, 1) == 9.5


def test_the_first_time_everything_that_is_said_is_shown():
    found = differences.between(None, factories.draft(about="I cure."))

    fields = [one.field for one in found]
    assert fields[:3] == ["about", "name", "suffix"]
    assert {"practices", "email", "conditions"} < set(fields)
    assert "phone" not in fields


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone": "+44 20 7946 0958"}, "another country: GB"),
        ({"phone": "12"}, "Nobody can have this number"),
        ({"phone": "call me"}, "does not read as"),
        ({"phone": "+1 303 443 0100"}, ""),
        ({"phone": "+44 20 7946 0958", "practices": ()}, ""),
        ({"website": "https://203.0.113.9/"}, "bare address"),
        ({"website": "https://xn--80ak6aa92e.com"}, "mistaken for others"),
        ({"website": "https://tinyurl.com/x"}, "short link"),
        ({"website": "http://rowan.example:8080"}, "unusual parts"),
        ({"website": "https://rowan.example"}, ""),
        ({"practices": (factories.LONDON,)}, "only to the town: London"),
    ],
)
def test_what_is_odd_about_contact_and_place(changes, words):
    content = factories.draft(**changes)

    found = [str(one) for look in reviewing.LOOKS.values() for one in look(content)]

    assert any(words in one for one in found) if words else found == []


def test_ready_made_words_are_about_fields_and_not_too_long():
    assert {one.field for one in CANNED} <= set(FIELDS)
    assert max(len(str(one.words)) for one in CANNED) < LONGEST_NOTE
    assert len({one.name for one in CANNED}) == len(CANNED)
