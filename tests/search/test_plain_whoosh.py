"""Our engine against plain Whoosh on the same index: ids, totals, scores, counts, paging.

Some thousand listings, so that every way of executing a query is taken; an overlay on top.
"""

from collections import Counter
from dataclasses import replace
from functools import cached_property

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whoosh.query import And, Or, Term
from whoosh.reading import MultiReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from directory.places import distance_km
from directory.search.port import ALL_OF, FACETS, Changes, Circle, Query, Sort, Words
from directory.search.stems import term_of
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.arrays.schema import BOOSTS, FIELDS
from directory.search.whoosh_engine.executing import scored_words
from directory.search.whoosh_engine.executing.execution import HALF_KM
from directory.search.whoosh_engine.generations import manifests
from tests.bench import listings
from tests.bench.listings import DAY, document
from tests.bench.questions import questions
from tests.search.generic import plain_readers

LISTINGS, CHANGED = 3_000, 60
CAREFULLY = settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Indexed:
    """A published index, what is in it, and plain Whoosh over its files."""

    def __init__(self, root, documents):
        self.reader = WhooshReader(root)
        self.documents = documents
        manifest = manifests.read_current(root)
        self.hidden = frozenset(manifest.hidden)
        readers = plain_readers(root, root.with_name("plain"))
        self.listing_of = [int(i) for r in readers for i in r.column_reader("listing_id")]
        self.searcher = Searcher(MultiReader(readers), weighting=BM25F())

    @cached_property
    def everybody(self) -> dict[int, float]:
        return dict.fromkeys(self.documents, 1.0)

    def scores(self, words):
        """What plain Whoosh finds, listings that the overlay hides left out."""
        if not words:
            return self.everybody
        query = And([_anywhere(one) for one in words])
        found = self.searcher.search(query, limit=None).top_n
        scores: dict[int, float] = {}
        for score, doc in found:
            if doc not in self.replaced:
                scores[self.listing_of[doc]] = score
        return scores

    @cached_property
    def replaced(self) -> frozenset[int]:
        """Documents of the base that do not count any more."""
        return frozenset(doc for doc in range(LISTINGS) if self.listing_of[doc] in self.hidden)


def _anywhere(one):
    terms = [Term(f, term_of(f, one), boost=BOOSTS[f]) for f in FIELDS]
    return Or(terms).normalize()


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    root = tmp_path_factory.mktemp("index")
    documents = {number: document(number) for number in range(1, LISTINGS + 1)}
    writer = WhooshWriter(root)
    writer.rebuild(documents.values(), cursor=0)
    changed = [
        replace(document(number + 1), listing_id=number)
        for number in range(1, LISTINGS + CHANGED, LISTINGS // CHANGED)
    ]
    gone = tuple(range(5, LISTINGS, 500))
    writer.apply(Changes(tuple(changed[: CHANGED // 2]), (), 1))
    writer.apply(Changes(tuple(changed[CHANGED // 2 :]), gone, 2))
    documents |= {one.listing_id: one for one in changed}
    for number in gone:
        del documents[number]
    return Indexed(root, documents)


@pytest.fixture(autouse=True)
def the_best_are_looked_at_first(monkeypatch):
    # So that the way for words of very many documents is taken among a few thousand too.
    monkeypatch.setattr(scored_words, "BEST", 100)


def expected(indexed, query):
    """Each listing that matches, with its score: the ranking rule, plainly."""
    scores = indexed.scores(query.words.all_of)
    return {
        number: score * _fresh(indexed.documents[number]) * _decay(indexed, number, query)
        for number, score in scores.items()
        if _passes(indexed.documents[number], query)
    }


def _fresh(listing):
    age = (DAY - listing.confirmed_on).days
    return 1.0 if age < 180 else 0.8 if age < 270 else 0.4


def _km(listing, circle):
    return min(distance_km(circle.centre, spot.point) for spot in listing.spots)


def _decay(indexed, number, query):
    if query.circle is None:
        return 1.0
    return HALF_KM / (HALF_KM + _km(indexed.documents[number], query.circle))


def _passes(listing, query, but=""):
    stated = listing.accepting_stated_on
    return (
        (not query.accepting or (stated is not None and (DAY - stated).days < 90))
        and (not query.home_visits or any(spot.home_visit_km for spot in listing.spots))
        and (not query.areas or any(_practises_in(spot, query) for spot in listing.spots))
        and all(
            _has(listing, facet, slugs) for facet, slugs in query.chosen.items() if facet != but
        )
        and (query.circle is None or _within(listing, query.circle))
        and not any(_left_out(spot, query) for spot in listing.spots)
    )


def _left_out(spot, query):
    near = (distance_km(c.centre, spot.point) <= c.km for c in query.not_near)
    return bool(query.not_in & set(spot.areas)) or any(near)


def _practises_in(spot, query):
    return query.areas & set(spot.areas) and (spot.home_visit_km or not query.home_visits)


def _has(listing, facet, slugs):
    held = set(listing.facets[facet])
    return slugs <= held if facet in ALL_OF else bool(slugs & held)


def _within(listing, circle):
    return any(
        distance_km(circle.centre, spot.point) <= max(circle.km, spot.home_visit_km)
        for spot in listing.spots
    )


def counts(indexed, query):
    found = {}
    texted = indexed.scores(query.words.all_of)
    for facet in FACETS:
        but = "" if facet in ALL_OF else facet
        held = Counter()
        for number in texted:
            if _passes(indexed.documents[number], query, but):
                held.update(indexed.documents[number].facets[facet])
        found[facet] = dict(held)
    return found


def agree(indexed, query):
    scores = expected(indexed, query)
    found = indexed.reader.search(replace(query, offset=0, limit=LISTINGS + CHANGED))
    if len(query.words.all_of) > 1 and not scores:
        assert indexed.reader.totals([query]) == [0]
        assert found.total == 0 or found.partial
        return
    assert (found.total, found.partial) == (len(scores), False)
    assert {hit.listing_id: hit.score for hit in found.hits} == pytest.approx(scores, rel=1e-6)
    assert found.facets == counts(indexed, query)
    page = indexed.reader.search(query)
    assert page.hits == found.hits[query.offset : query.offset + query.limit]
    if query.circle:
        for hit in found.hits:
            exact = _km(indexed.documents[hit.listing_id], query.circle)
            assert hit.distance_km == pytest.approx(exact, abs=0.001)
    if query.sort is Sort.RELEVANCE:
        order = [hit.score for hit in found.hits]
        assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("question", questions(LISTINGS, count=36), ids=lambda q: q.kind)
def test_the_questions_of_the_benchmark_are_answered_as_plain_whoosh_does(indexed, question):
    agree(indexed, question.query)


vocabulary = st.sampled_from(
    [
        *listings.COMMON_FIRST[:5],
        *listings.COMMON_FIRST[40:400:60],
        *listings.COMMON_FIRST[3000:9000:900],
        *(name for name, _ in listings.BIGGEST_TOWNS_FIRST[:4]),
        *listings.FAMILY[:3],
        "therapist",
        "headache",
        "massage",
        "nobodysaysthis",
    ]
)
AREAS = (["US"], ["US.03"], ["US.01.001"], ["US.02", "US.01.001", "US.01"], ["GB"])
towns = st.sampled_from([point for _, point in listings.BIGGEST_TOWNS_FIRST[:9]])


def _choice(slugs, most):
    return st.frozensets(st.sampled_from(sorted(slugs)), min_size=1, max_size=most)


queries = st.builds(
    Query,
    day=st.just(DAY),
    words=st.builds(Words, all_of=st.lists(vocabulary, max_size=3, unique=True).map(tuple)),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "profession": _choice(list(listings.PROFESSIONS)[:12], 3),
            "condition": _choice(list(listings.CONDITIONS)[:9], 2),
            "language": _choice(listings.LANGUAGES, 2),
            "ages": _choice(listings.AGES, 2),
        },
    ),
    circle=st.none() | st.builds(Circle, towns, st.sampled_from([0.0, 5.0, 40.0, 700.0, 9e9])),
    areas=st.sampled_from([frozenset(), frozenset(), *map(frozenset, AREAS)]),
    not_in=st.sampled_from([*[frozenset()] * 4, *map(frozenset, AREAS)]),
    not_near=st.frozensets(st.builds(Circle, towns, st.sampled_from([5.0, 90.0])), max_size=1),
    accepting=st.booleans(),
    home_visits=st.sampled_from([False, False, True]),
    sort=st.sampled_from(list(Sort)),
    offset=st.sampled_from([0, 0, 7, 300]),
    limit=st.sampled_from([0, 5, 20, 50]),
)


@CAREFULLY
@given(queries)
def test_any_query_is_answered_as_plain_whoosh_does(indexed, query):
    agree(indexed, query)


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("words", [(), (listings.COMMON_FIRST[0],)])
def test_paging_through_everything_gives_each_listing_once(indexed, sort, words):
    wanted = Query(DAY, Words(words), sort=sort, limit=250)
    found = []
    while page := indexed.reader.search(replace(wanted, offset=len(found))).hits:
        found.extend(hit.listing_id for hit in page)

    assert sorted(found) == sorted(expected(indexed, wanted))


def test_an_empty_answer_is_empty_everywhere(indexed):
    found = indexed.reader.search(Query(DAY, Words(("nobodysaysthis",))))

    assert (found.total, found.hits) == (0, ())
    assert all(not values for values in found.facets.values())
