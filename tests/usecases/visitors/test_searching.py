"""Search as a visitor meets it: the DOZEN of factories, indexed."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory.errors import Gone, Invalid, Moved, NotFound
from directory.models import Listing, Slug, State
from directory.schemas import read
from directory.schemas.search import SearchSchema
from directory.search.port import Sort
from directory.usecases.visitors import looking, suggesting
from directory.usecases.visitors.criteria import Criteria
from tests import factories
from tests.asking import asking

# What SQL does here is one SELECT, which journeys try on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def find(indexed):
    return asking(indexed)


def names(results):
    return [result.profile.name for result in results.results]


def test_plain_words_become_profession_condition_and_place(find):
    results = find(q="chiropractor for migraines near Boulder")

    assert results.understood.profession == ("chiropractor",)
    assert results.understood.condition == ("migraine",)
    assert (results.understood.place, results.understood.text) == ("boulder", "")
    assert results.around.label == "Boulder, Colorado, US"
    assert names(results) == ["Juniper Exampleton"]
    assert results.results[0].practice.locality == "Boulder"


def test_results_near_a_place_come_nearest_first(find):
    results = find(near="Boulder, CO")

    distances = [result.distance_km for result in results.results]
    assert results.sort == "distance"
    assert distances == sorted(distances)


def test_every_understood_word_is_a_chip_that_can_be_removed(find):
    results = find(q="chiropractor for migraines near Boulder")

    chips = {(chip.kind, chip.value): chip for chip in results.chips}
    without = chips["condition", "migraine"].wanted
    assert set(chips) == {
        ("profession", "chiropractor"),
        ("condition", "migraine"),
        ("place", "Boulder, Colorado, US"),
    }
    assert all(chip.understood for chip in results.chips)
    assert without.q == "chiropractor near Boulder"
    assert find(q=without.q).understood.condition == ()


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("turns head left", "torticollis"),
        ("latch", "infant-feeding"),
        ("sick headache", "migraine"),
        ("pain in my neck", "neck-pain"),
        ("migranes", "migraine"),
    ],
)
def test_parents_words_and_synonyms_are_understood(find, typed, slug):
    assert find(q=typed).understood.condition == (slug,)


@pytest.mark.parametrize(
    ("typed", "condition", "text"),
    [("ME", ("chronic-fatigue",), ""), ("help me", (), ""), ("ms", ("multiple-sclerosis",), "")],
)
def test_short_abbreviations_count_in_capitals_or_alone(find, typed, condition, text):
    understood = find(q=typed).understood

    assert (understood.condition, understood.text) == (condition, text)


def test_the_longest_match_wins(find):
    understood = find(q="low back pain").understood

    assert understood.condition == ("low-back-pain",)


def test_quoted_words_are_text_and_never_interpreted(find):
    results = find(q='"Boulder" "migraine"')

    assert results.around is None
    assert results.understood.condition == ()


def test_a_name_is_found_with_or_without_its_accents(find):
    assert names(find(q="Elodie Demonstration")) == ["Élodie Démonstration"]


def test_an_unknown_place_is_refused_with_the_nearest_spellings(find):
    with pytest.raises(Invalid) as refused:
        find(near="Bolder, CO")

    assert "could not find" in str(refused.value.fields["near"][0])
    assert "Boulder, Colorado, US" in [label for label, _ in refused.value.instead]


def test_an_unknown_place_in_the_words_is_refused_too(find):
    with pytest.raises(Invalid) as refused:
        find(q="chiropractor near Bolderr for migraine")

    label, wanted = refused.value.instead[0]
    assert "Bolderr" in str(refused.value.fields["q"][0])
    assert (wanted.near, wanted.q) == (label, "chiropractor for migraine")


def test_of_several_places_the_biggest_is_used_and_the_others_offered(find):
    around = find(near="Portland").around

    assert around.label == "Portland, Oregon, US"
    assert "Portland, Maine, US" in [place.label for place in around.alternatives]


@pytest.mark.parametrize("facet", ["profession", "condition", "language", "credential"])
def test_unknown_slugs_are_refused_by_name(find, facet):
    with pytest.raises(Invalid) as refused:
        find(**{facet: "wizard"})

    assert list(refused.value.fields) == [facet]


def test_few_results_come_with_ways_on_and_each_total_is_exact(find):
    results = find(q="chiropractor", condition="tmj", near="Boulder", within="10km", language="es")

    assert results.total == 0
    assert results.relaxations
    for way in results.relaxations:
        again = find(**_params(way.wanted))
        assert again.total == way.total > 0, way.drop


def _params(wanted):
    params: dict[str, list[str]] = {}
    for name, value in wanted.params():
        params.setdefault(name, []).append(value)
    return params


def test_when_no_single_wish_can_be_dropped_each_is_offered_alone(find):
    results = find(q="veterinarian near Boulder", language="fr")

    assert {(way.drop, str(way.label)): way.total for way in results.relaxations} == {
        ("others", "everyone near Boulder, Colorado, US"): 5,
        ("others", "only French"): 1,
    }
    assert all(find(**_params(way.wanted)).total == way.total for way in results.relaxations)


def test_wider_circles_are_offered_in_the_units_of_the_country(find):
    in_us = find(near="Fort Collins, CO", within="5mi").relaxations
    in_germany = find(near="Augsburg", within="10km").relaxations

    assert "within 100 miles" in [str(way.label) for way in in_us]
    assert "within 100 km" in [str(way.label) for way in in_germany]


def test_another_spelling_is_offered_only_when_the_words_find_nothing(find):
    assert find(q="juniper").did_you_mean is None
    assert find(q="junipr").did_you_mean.text == "juniper"
    assert find(q="osteopaht").did_you_mean.text == "osteopath"


def test_partial_matches_stand_in_and_say_so(find):
    results = find(q="unhurried unicorns")

    assert results.partial
    assert results.total > 0


def test_in_great_britain_no_condition_finds_or_shows_anybody(find):
    asked = find(condition="migraine", near="London")
    shown = find(near="London, UK")

    assert asked.total == 0
    assert "name no conditions" in str(asked.notes[0])
    assert asked.relaxations[0].drop == "condition"
    assert {"Willow Sampleford", "Alder Specimen"} <= set(names(shown))
    assert all(r.profile.conditions == () for r in shown.results if r.practice.country == "GB")


def test_in_great_britain_a_condition_typed_leads_to_all_who_have_the_rest(find):
    asked = find(q="migraine near London")
    shown = find(near="London")

    assert names(asked) == names(shown)
    assert (asked.total, asked.partial) == (shown.total, False)
    assert asked.understood.condition == ("migraine",)
    (note,) = map(str, asked.notes)
    assert "name no conditions" in note
    assert "Migraine" in note
    assert [term.slug for term in find(q="epilepsy near London").serious] == ["epilepsy"]
    assert [chip.kind for chip in asked.chips] == ["condition", "place"]


def test_serious_conditions_ask_to_see_a_doctor_first(find):
    assert [term.slug for term in find(condition="epilepsy").serious] == ["epilepsy"]
    assert find(condition="migraine").serious == ()


def test_reasons_say_why_each_result_is_here(find):
    (result,) = find(q="chiropractor migraine", language="es").results

    assert [str(reason) for reason in result.why] == [
        "profession: Chiropractor",
        "condition: Migraine",
        "language: Spanish",
    ]


def test_a_listing_hidden_since_the_rebuild_is_never_shown(find, indexed):
    with indexed.transaction() as session:
        row = session.query(Listing).filter_by(slug="juniper-exampleton").one()
        row.state = State.HIDDEN

    assert "Juniper Exampleton" not in names(find(q="chiropractor"))


def test_paging_keeps_every_wish(find):
    wanted = Criteria(q="a b", profession=("osteopath",), near="Boulder", page=3, sort=Sort.NAME)

    again = read(SearchSchema(), MultiDict(wanted.params()))

    assert again == wanted


def test_home_counts_everything_public(indexed):
    with indexed.reading() as session:
        home = looking.home(session, indexed.finder())

    assert home.total == 11
    assert ("chiropractor", 2) in [(value.value, value.count) for value in home.professions]
    assert "Denver" in [town.label for town in home.towns]
    assert not home.has_demo


def test_suggestions_are_grouped_and_start_a_search(indexed):
    with indexed.reading() as session:
        groups = {
            group.kind: group.items for group in suggesting.suggest(session, indexed.finder(), "mi")
        }

    assert groups["condition"][0].wanted == Criteria(condition=("migraine",))
    assert groups["profession"][0].label == "Midwife"
    assert len(groups["place"]) > 1


def test_a_practitioner_is_suggested_by_name(indexed):
    with indexed.reading() as session:
        groups = suggesting.suggest(session, indexed.finder(), "junip")

    assert groups[-1].kind == "practitioner"
    assert [item.slug for item in groups[-1].items] == ["juniper-exampleton"]


def test_an_old_address_leads_to_the_new_one_and_an_erased_one_is_gone(indexed):
    with indexed.transaction() as session:
        row = session.query(Listing).filter_by(slug="juniper-exampleton").one()
        session.add(Slug(slug="juniper-old", listing_id=row.id))
        session.add(Slug(slug="erased", listing_id=None))
    finder = indexed.finder()

    with indexed.reading() as session:
        with pytest.raises(Moved, match="juniper-exampleton"):
            looking.listing(session, finder, "juniper-old")
        with pytest.raises(Gone):
            looking.listing(session, finder, "erased")
        with pytest.raises(NotFound):
            looking.listing(session, finder, "birch-unseen")


def test_a_hidden_address_shows_its_town_and_no_street(indexed):
    home = replace(factories.BOULDER, hide_address=True, lat=40.01499)
    with indexed.transaction() as session:
        factories.listing(session, slug="at-home", practices=(home,))

    with indexed.reading() as session:
        (practice,) = looking.listing(session, indexed.finder(), "at-home").practices

    assert (practice.locality, practice.address, practice.postcode) == ("Boulder", "", "")
    assert (practice.lat, practice.lon) == (40.01, -105.27)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(q=st.text(max_size=200), near=st.text(max_size=40))
def test_whatever_is_typed_gives_an_answer_or_one_clear_message(find, q, near):
    answered, messages = _outcome(find, q=q, near=near)

    assert answered or messages


def _outcome(find, **params):
    """Whether there was an answer, and the messages if there was none."""
    try:
        results = find(**params)
    except Invalid as refused:
        return False, refused.fields
    return results.total >= len(results.results), {}
