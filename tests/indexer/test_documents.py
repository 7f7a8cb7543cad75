"""From row to document: what may be found, and what may not."""

from dataclasses import replace

from directory.models import State, Taxonomy
from directory.places import Point
from directory.policies import Policies
from directory.search.port import Spot
from indexer.documents import Documents
from tests import factories


def made(session, **changes):
    listing = factories.listing(session, **changes)
    return Documents(Taxonomy.load(session), Policies()).of(listing)


def test_terms_are_searched_with_all_their_synonyms(session):
    document = made(session, professions=("massage-therapist",), conditions=("migraine",))

    assert "LMT" in document.professions
    assert "sick headache" in document.conditions
    assert document.facets["condition"] == ("migraine",)


def test_in_great_britain_no_condition_is_indexed_however_it_is_named(session):
    about = "I see people with migraine. Come for relaxation."
    clinic = replace(factories.LONDON, name="The Migraine Clinic")
    document = made(session, practices=(clinic,), conditions=("migraine",), about=about)

    assert "Migraine" not in document.name
    assert document.conditions == ""
    assert document.facets["condition"] == ()
    assert document.about == "Come for relaxation."


def test_one_practice_in_great_britain_is_enough_to_name_none(session):
    practices = (factories.BOULDER, factories.LONDON)

    assert made(session, practices=practices).facets["condition"] == ()


def test_a_listing_that_is_not_live_has_no_document(session):
    assert made(session, state=State.PAUSED) is None


def test_a_hidden_address_is_neither_searched_nor_measured_from(session):
    hidden = replace(factories.BOULDER, hide_address=True, lat=40.01499, lon=-105.27051)

    document = made(session, practices=(hidden,))

    assert "80302" not in document.place
    assert document.spots == (
        Spot(Point(40.01, -105.27), 0.0, ("US", "US.CO", "US.CO.013", "+US.CO.014")),
    )


def test_accepting_is_only_indexed_when_it_was_said(session):
    assert made(session, slug="a", accepting=True).accepting_stated_on == factories.TODAY
    assert made(session, slug="b", accepting=False).accepting_stated_on is None


def test_another_setting_of_the_policies_is_followed(session):
    listing = factories.listing(session, practices=(factories.LONDON,), conditions=("migraine",))
    neutral = Policies.named((("GB", "neutral"), ("US", "no-conditions")))

    document = Documents(Taxonomy.load(session), neutral).of(listing)

    assert document.facets["condition"] == ("migraine",)
