"""A base of twelve listings and an overlay on it, counted by hand: nothing of either is lost."""

from collections import Counter

import pytest
from whoosh.query import Or, Term
from whoosh.reading import MultiReader
from whoosh.searching import Searcher

from directory.search.port import FACETS, Changes, Query, Words
from directory.search.stems import term_of
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.arrays.schema import FIELDS
from directory.search.whoosh_engine.generations import manifests
from tests.search.documents import TODAY, document
from tests.search.generic import plain_readers

# In the base: ten alike, and two osteopaths for colic who speak German.
MASSAGE = {"profession": ("massage-therapist",), "condition": ("migraine",), "language": ("en",)}
OSTEOPATH = {"profession": ("osteopath",), "condition": ("colic",), "language": ("de", "en")}
BASE = [
    *(document(number, about="loud", facets=MASSAGE) for number in range(1, 11)),
    document(11, about="quiet", facets=OSTEOPATH),
    document(12, about="quiet", facets=OSTEOPATH),
]
# Over it: 1 is quiet now and something else, 12 speaks Spanish, 2 and 3 are gone, 20 and 21 are
# new, one of them with values that nobody in the base has.
MIDWIFE = {"profession": ("midwife",), "condition": ("colic", "latch"), "language": ("es",)}
CHANGED = [
    document(1, about="quiet", facets={**OSTEOPATH, "ages": ("infants",)}),
    document(12, about="quiet", facets={**OSTEOPATH, "language": ("es",)}),
]
NEW = [document(20, about="quiet", facets=MIDWIFE), document(21, about="loud", facets=MASSAGE)]
NOW = {one.listing_id: one for one in (*BASE, *CHANGED, *NEW) if one.listing_id not in (2, 3)}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("overlay")
    writer = WhooshWriter(root)
    writer.rebuild(BASE, cursor=0)
    writer.apply(Changes(tuple(CHANGED), (2,), 1))
    writer.apply(Changes(tuple(NEW), (3,), 2))
    return root


def plain_whoosh(root, word):
    """Listings that plain Whoosh finds for a word in both segments, those of hidden ones left out."""
    manifest = manifests.read_current(root)
    readers = plain_readers(root, root.parent / f"plain-{word}")
    listing_of = [int(i) for each in readers for i in each.column_reader("listing_id")]
    replaced = {doc for doc in range(len(BASE)) if listing_of[doc] in manifest.hidden}
    query = Or([Term(field, term_of(field, word)) for field in FIELDS]).normalize()
    found = Searcher(MultiReader(readers)).search(query, limit=None)
    return sorted(listing_of[doc] for _, doc in found.top_n if doc not in replaced)


def counted(numbers):
    """What those listings hold, facet by facet."""
    held = {name: Counter() for name in FACETS}
    for number in numbers:
        for name, slugs in NOW[number].facets.items():
            held[name].update(slugs)
    return {name: dict(counts) for name, counts in held.items()}


# More than a sixteenth of all documents is a set of bits, less a list: they are counted in two ways.
@pytest.mark.parametrize(
    ("word", "ids", "facets"),
    [
        (
            "boulder",
            [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 21],
            {
                "profession": {"massage-therapist": 8, "osteopath": 3, "midwife": 1},
                "condition": {"migraine": 8, "colic": 4, "latch": 1},
                "language": {"en": 10, "de": 2, "es": 2},
                "credential": {},
                "ages": {"infants": 1},
                "access": {},
            },
        ),
        (
            "quiet",
            [1, 11, 12, 20],
            {
                "profession": {"osteopath": 3, "midwife": 1},
                "condition": {"colic": 4, "latch": 1},
                "language": {"de": 2, "en": 2, "es": 2},
                "credential": {},
                "ages": {"infants": 1},
                "access": {},
            },
        ),
    ],
)
def test_every_count_over_base_and_overlay_is_the_one_made_by_hand(root, word, ids, facets):
    reader = WhooshReader(root)

    found = reader.search(Query(TODAY, Words((word,)), limit=100))

    assert sorted(hit.listing_id for hit in found.hits) == ids == plain_whoosh(root, word)
    assert (found.total, reader.totals([Query(TODAY, Words((word,)))])) == (len(ids), [len(ids)])
    assert found.facets == {name: {} for name in FACETS} | facets == counted(ids)


@pytest.mark.parametrize(
    ("facet", "slugs", "ids"),
    [
        ("profession", {"osteopath"}, [1, 11, 12]),
        ("profession", {"midwife", "massage-therapist"}, [4, 5, 6, 7, 8, 9, 10, 20, 21]),
        ("condition", {"colic"}, [1, 11, 12, 20]),
        ("condition", {"colic", "latch"}, [20]),
        ("language", {"de"}, [1, 11]),
        ("language", {"es"}, [12, 20]),
        ("ages", {"infants"}, [1]),
    ],
)
def test_what_is_chosen_is_found_in_base_and_overlay(root, facet, slugs, ids):
    wanted = Query(TODAY, chosen={facet: frozenset(slugs)}, limit=100)

    found = WhooshReader(root).search(wanted)

    assert (found.total, sorted(hit.listing_id for hit in found.hits)) == (len(ids), ids)


def test_an_overlay_holds_its_arrays_and_documents_and_nothing_that_nobody_opens(root):
    overlay = manifests.read_current(root).overlay

    assert set(overlay.files) == {"columns.arrays", "documents.jsonl", "postings-0.arrays"}
