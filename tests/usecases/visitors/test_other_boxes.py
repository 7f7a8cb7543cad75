"""What people type who know other search boxes: "or", a field and its value, signs."""

from itertools import product

import pytest

from directory.usecases.visitors import query, searching
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.reading import fielded
from tests import factories
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(runtime):
    rebuild_index(runtime.config)
    return lambda q, **wanted: query.ask(runtime.finder(), Criteria(q=q, **wanted))


HELD = (
    ("colic", "migraine", "whiplash", "tinnitus"),
    ("colic", "anxiety", "sciatica", "headache"),
    ("migraine", "tmj", "insomnia", "sciatica"),
    ("tinnitus", "anxiety", "whiplash"),
    ("insomnia", "tmj"),
)


@pytest.fixture
def found(runtime):
    with runtime.transaction() as session:
        for letter, conditions in zip("ABCDE", HELD, strict=True):
            factories.listing(session, name=f"Rowan Testerly{letter}", conditions=conditions)
    rebuild_index(runtime.config)

    def answer(q, **wanted):
        with runtime.reading() as session:
            return searching.find(session, runtime.finder(), Criteria(q=q, **wanted))

    return answer


# What is said of words alone, and of wishes of two kinds.
UNMET = (
    *('"light touch" or "quiet room"', "massage or migraine", "colic or testerly", "zorb ou colic"),
)
WAYS = {
    "{} or {}": ("colic", "migraine"),
    "{} OR {}": ("sciatica", "tinnitus"),
    "{} | {}": ("whiplash", "tmj"),
    "{}||{}": ("colic", "tinnitus"),
    "either {} or {} please": ("anxiety", "insomnia"),
    "{} oder {}": ("Migräne", "Tinnitus"),
    "{} ou {}": ("migraine", "acouphènes"),
    "{} o {}": ("emicrania", "sciatica"),
    "{} of {}": ("hoofdpijn", "migraine"),
}


def test_of_two_conditions_with_an_or_between_either_will_do(found):
    for way, words in WAYS.items():
        one, other = (
            {result.profile.name for result in found(word, per_page=100).results} for word in words
        )
        either = found(way.format(*words))

        assert either.total == len(one | other) > max(len(one), len(other))
        assert any("Any of these" in str(note) for note in either.notes)
    nowhere = found("colic or migraine near Ushuaia")
    dropped = [str(way.label) for way in nowhere.relaxations if way.drop == "condition"]
    assert all("/" in label for label in dropped)
    for q in UNMET:
        assert "We cannot look for one or the other" in " ".join(map(str, found(q).notes))


def test_a_list_that_ends_with_or_is_one_choice(asked):
    listed = asked("colic, reflux or tongue tie near Denver")

    assert [len(group) for group in listed.query.either] == [3]
    assert [len(group) for group in asked("colic or reflux or tongue tie").query.either] == [3]


def test_without_an_or_between_them_all_of_it_is_wanted(asked):
    for q in (
        "whiplash of the neck",
        "colic and migraine",
        "colic migraine",
        "colic, migraine",
        "massage OR",
    ):
        assert not asked(q).query.either
        assert not asked(q).reading.either.unread


def test_of_what_is_a_choice_anyway_nothing_is_said(asked):
    for q in ("osteopath or chiropractor", "german or french", "baby or child"):
        known = asked(q).reading.either

        assert not known.groups
        assert not known.unread


def test_who_chose_one_of_two_by_hand_needs_no_other(asked):
    both = asked("colic or migraine", condition=("colic",))

    assert both.query.chosen["condition"] == {"colic"}
    assert not both.query.either


FIELDS = {
    "condition": ("condition", "Beschwerde", "symptom"),
    "profession": ("profession", "Beruf", "trade"),
    "language": ("language", "lang", "Sprache", "idioma", "langue"),
}
VALUES = {
    "condition": {"tmj": "tmj", "colic": "colic", '"neck pain"': "neck-pain"},
    "profession": {"chiropractor": "chiropractor", "osteopath": "osteopath"},
    "language": {"es": "es", "fr": "fr", "German": "de", "inglés": "en"},
}


def test_a_field_and_its_value_is_that_filter(asked):
    for facet, fields in FIELDS.items():
        for field, (value, slug) in product(fields, VALUES[facet].items()):
            for q in (
                f"{field}:{value}",
                f"{field}: {value}",
                f"{field.upper()}={value} in Denver",
            ):
                known = asked(q)
                assert known.query.chosen == {facet: {slug}}
                assert not known.query.words


def test_a_field_for_a_place_is_the_place(asked):
    values = (("denver", "Denver, "), ("80302", "80302, "), ('"san diego"', "San Diego"))
    for field in ("near", "city", "zip", "Ort", "ville", "ciudad", "PLZ"):
        for value, label in values:
            known = asked(f"{field}:{value} tmj")
            assert known.around.label.startswith(label)
            assert known.query.chosen == {"condition": {"tmj"}}


def test_a_price_a_name_and_yes_or_no_are_read_from_their_fields(asked):
    assert asked("price:80").query.up_to.amount == 80
    assert asked("price<=80 denver").query.up_to.amount == 80
    assert asked("name:kent colic").query.words.phrases == ("kent",)
    assert asked("online:yes").query.chosen == {"online": {"1"}}
    assert asked("online:no").query.without == {"online": {"1"}}


def test_any_other_colon_is_as_it_was(runtime):
    url = "https://maps.example/@40,-105"
    for q in ("help: colic", "re:colic", url, "open 9:00", "a:b", ":", "near:"):
        assert fielded.plainly(q) == q


def test_the_query_without_a_field_is_in_plain_words(asked):
    known = asked("language:es near:denver tmj")

    spans = [known.reading.q_without(span.start, span.end) for span in known.reading.spans]
    assert spans == ["denver tmj", "Spanish near denver"]
