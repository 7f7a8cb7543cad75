"""What is no sure term is offered; minus means without; articles and parts of the body abroad."""

import pytest

from directory.usecases.visitors import query, searching
from directory.usecases.visitors.criteria import Criteria
from tests import factories
from tests.sites import rebuild_index

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(runtime):
    rebuild_index(runtime.config)
    return lambda q, **wanted: query.ask(runtime.finder(), Criteria(q=q, **wanted))


DOUBTFUL = (
    *("dog friendly", "horse friendly denver", "medicate denver", "medicated", "medicates"),
    *("tmj friendly",),
)


def test_what_is_no_sure_term_is_not_taken(asked):
    for q in DOUBTFUL:
        known = asked(q)
        assert not known.query.chosen, q
        assert known.query.words, q


def test_what_was_not_taken_is_offered_with_its_number(runtime):
    with runtime.transaction() as session:
        factories.listing(session, professions=("medical-doctor",))
    rebuild_index(runtime.config)
    with runtime.reading() as session:
        found = searching.find(session, runtime.finder(), Criteria(q="medicate boulder"))

    offered = {(way.drop, str(way.label)): way for way in found.relaxations}
    way = offered["profession", "Medical Doctor"]
    assert way.total == 1
    assert way.wanted.profession == ("medical-doctor",)
    assert way.wanted.q == "boulder"


def test_trades_in_their_forms_are_taken_as_before(asked):
    for q, slug in {
        "medici firenze": "medical-doctor",
        "Osteopathinnen": "osteopath",
        "dogs": "veterinarian",
        "masseurs": "massage-therapist",
    }.items():
        assert asked(q).query.chosen == {"profession": {slug}}


MINUS = {
    "-online": {"online": {"1"}},
    "-saturday": {"times": {"saturday"}},
    "-children": {"ages": {"children"}},
    "-massage": {"profession": {"massage-therapist"}},
    '-"works online"': {"online": {"1"}},
    "not online": {"online": {"1"}},
    "no video calls": {"online": {"1"}},
}


def test_a_minus_turns_a_fact_round_as_it_does_a_term(asked):
    for said, without in MINUS.items():
        for q in (said, f"{said} denver", f"tmj {said}"):
            known = asked(q)
            assert known.query.without == without, q
            assert not known.query.words.none_of, q


def test_who_is_friendly_to_children_sees_them(asked):
    for q in ("kid friendly austin", "child friendly", "family friendly", "kinderfreundlich Bern"):
        known = asked(q)
        assert known.query.chosen == {"ages": {"children"}}
        assert not known.query.words


ABROAD = {
    "back-pain": "der Rücken|mon dos|la espalda|la schiena|as costas|de rug|Rücken",
    "neck-pain": "der Nacken|la nuque|el cuello|il collo|o pescoço|de nek",
    "shoulder-pain": "die Schulter|l'épaule|el hombro|la spalla|o ombro|de schouder",
    "tmj": "der Kiefer|la mâchoire|la mandíbula|la mandibola|a mandíbula|de kaak|la tmj",
    "anxiety": "l'anxiété|l'ansia|die Angst",
    "migraine": "l'emicrania|la migraine|die Migräne|a enxaqueca|la migraña",
}


def test_an_article_before_a_term_is_passed_over(asked):
    towns = {"": "", " Lyon": "Lyon", " Zürich": "Zürich", " Roma": "Rome", " Madrid": "Madrid"}
    for slug, ways in ABROAD.items():
        for way in ways.split("|"):
            for said, town in towns.items():
                known = asked(way + said)
                assert known.query.chosen == {"condition": {slug}}, way + said
                assert not known.query.words
                assert (known.around.label.split(",")[0] if known.around else "") == town


def test_other_words_that_are_parts_of_the_body_abroad_stay_what_they_are(asked):
    for q in ("rug", "Anna Costas", "dos", "hombre madrid", "Kiefer"):
        assert "condition" not in asked(q).query.chosen


def test_not_in_a_town_leaves_it_out_in_six_languages(asked):
    for q in (
        *("pas à Lyon", "nicht in Lyon", "no en Lyon", "non a Lyon", "não em Lyon"),
        *("niet in Lyon", "ostéopathe pas à Lyon", "Migräne, nicht in Lyon"),
    ):
        known = asked(q)
        assert [place.name for place in known.apart] == ["Lyon"], q
        assert known.around is None
