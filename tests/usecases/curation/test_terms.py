"""Terms as admins keep them: renamed, said otherwise, merged; and what loading leaves alone."""

import pytest
from sqlalchemy import select

from directory.db import writing
from directory.errors import Invalid, NotFound
from directory.files import terms as taxonomy
from directory.models import Actor, IndexChange, Kind, Listing, Role, Synonym, Waiting
from directory.usecases.curation import shipped_terms, terms
from directory.usecases.listings import waiting
from tests import factories
from tests.factories import NOW, TODAY

ADMIN = Actor(1, Role.ADMIN)
LATER = NOW.replace(year=2027)
HOW = {"by": ADMIN, "at": LATER}


@pytest.fixture
def three(engine) -> list[int]:
    """The ids of two listings that name migraine, and of one that does not; the last waits too."""
    with writing(engine) as session:
        made = [
            factories.listing(session, slug="one", conditions=("migraine", "headache")),
            factories.listing(session, slug="two", conditions=("migraine",)),
            factories.listing(session, slug="three", conditions=("colic",)),
        ]
        made[2].propose(factories.draft(conditions=("colic", "migraine")), at=NOW)
        waiting.enqueue_many(session, [made[2]])
        return [one.id for one in made]


def merge_all(engine) -> None:
    more = True
    while more:
        with writing(engine) as session:
            more = terms.merge_part(session, at=LATER)


def words(session, slug: str) -> set[str]:
    return set(session.scalars(select(Synonym.words).where(Synonym.slug == slug)))


def changed(session) -> list[int]:
    told = select(IndexChange.listing_id).where(IndexChange.at == LATER)
    return sorted(session.scalars(told))


def test_uses_are_counted_in_public_and_in_what_waits(session, three):
    uses = {one.slug: one.uses for one in terms.entries(session, Kind.CONDITION) if one.uses}

    assert uses == {"migraine": 3, "headache": 1, "colic": 1}


def test_a_new_name_and_new_words_reindex_whoever_uses_the_term(session, three):
    terms.rename(session, Kind.CONDITION, "headache", "Aching head", **HOW)
    terms.add_synonym(session, Kind.CONDITION, "colic", "wails at dusk", everyday=True, **HOW)

    assert changed(session) == [three[0], three[2]]
    assert terms.entry(session, Kind.CONDITION, "headache").label == "Aching head"


def test_words_that_stand_for_something_are_refused_with_its_name(session):
    with pytest.raises(Invalid, match="stands for “Migraine”"):
        terms.add_synonym(session, Kind.CONDITION, "colic", "MIGRAINE", everyday=False, **HOW)
    with pytest.raises(NotFound):
        terms.add_synonym(
            session, Kind.CONDITION, "colic", "x y", everyday=False, by=Actor(2), at=NOW
        )


def test_merging_rewrites_what_is_public_and_what_waits_and_confirms_nothing(
    engine, session, three
):
    with writing(engine) as asking:
        terms.merge(asking, Kind.CONDITION, "migraine", "headache", **HOW)
    merge_all(engine)
    merge_all(engine)

    one, two, last = (session.get(Listing, listing_id) for listing_id in three)
    assert one.live.content.conditions == ("headache",)
    assert two.live.content.conditions == ("headache",)
    assert two.confirmed_on == TODAY
    assert [r.content.conditions for r in two.revisions] == [("migraine",), ("headache",)]
    assert last.live.content.conditions == ("colic",)
    assert last.pending.content.conditions == ("colic", "headache")
    assert last.pending.created_at == NOW
    assert session.get(Waiting, last.id).revision_id == last.pending_id
    assert set(changed(session)) == set(three)
    assert {"Migraine", "migraine"} & words(session, "headache")
    assert words(session, "migraine") == set()
    with pytest.raises(NotFound):
        terms.entry(session, Kind.CONDITION, "migraine")


def test_loading_the_terms_again_undoes_nothing_that_admins_did(engine, session):
    with writing(engine) as once:
        terms.rename(once, Kind.CONDITION, "colic", "Crying a lot", **HOW)
        terms.add_synonym(once, Kind.CONDITION, "tmj", "jawache", everyday=True, **HOW)
        terms.merge(once, Kind.CONDITION, "migraine", "headache", **HOW)
        made = terms.add(once, Kind.CONDITION, "Jaw made of glass", {"group": "head"}, **HOW)
    merge_all(engine)

    with writing(engine) as loading:
        counts = shipped_terms.load_taxonomy(loading, taxonomy.read())

    assert counts == {"added": 0, "changed": 0, "removed": 0}
    labels = {one.slug: one.label for one in terms.entries(session, Kind.CONDITION)}
    assert labels["colic"] == "Crying a lot"
    assert labels[made] == "Jaw made of glass"
    assert "migraine" not in labels
    assert "jawache" in words(session, "tmj")


def test_a_term_becomes_neither_itself_nor_one_that_is_going(session):
    with pytest.raises(Invalid):
        terms.merge(session, Kind.CONDITION, "colic", "colic", **HOW)
    terms.merge(session, Kind.CONDITION, "migraine", "headache", **HOW)
    with pytest.raises(Invalid):
        terms.merge(session, Kind.CONDITION, "colic", "migraine", **HOW)
