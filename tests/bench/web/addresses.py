"""The contest's questions as addresses: ours and Datasette's."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from directory.search.port import Query
from tests.bench import engines
from tests.bench.engines import PAGE
from tests.bench.questions import questions

# More than any site of ours answers within a run.
MANY, WARMING = 6_000, 600

Pairs = list[tuple[str, str]]
# Their names in Datasette's table; a value lies in a JSON array there.
FACETS = ("profession", "condition", "language")


class Unasked:
    """Addresses of which none was asked before: of the same kinds of questions, each drawn anew,
    and where one comes again its next page.
    """

    def __init__(self, listings: int) -> None:
        self._listings = listings
        self._seed = 1_000
        self._drawn: Counter[str] = Counter()

    def of(self, path: str, many: int = MANY) -> list[str]:
        """So many."""
        self._seed += 1
        asked = questions(self._listings, many, self._seed)
        return [self._anew(ours(path, question.query)) for question in asked]

    def _anew(self, address: str) -> str:
        self._drawn[address] += 1
        return f"{address}&page={self._drawn[address]}"


def ours(path: str, query: Query) -> str:
    """The same question to `/search` or to the API."""
    pairs: Pairs = [("q", " ".join(query.words.all_of))] if query.words else []
    pairs += [(name, slug) for name in FACETS for slug in sorted(query.chosen.get(name, ()))]
    if query.circle:
        centre = query.circle.centre
        pairs += [("lat", f"{centre.lat:.4f}"), ("lon", f"{centre.lon:.4f}")]
        pairs.append(("within", f"{query.circle.km:g}km"))
    if query.accepting:
        pairs.append(("accepting", "1"))
    return f"{path}?{urlencode(pairs)}"


def datasette(path: str, query: Query) -> str:
    """The same to Datasette: full text, two facets counted, the square around a circle.

    It does not rank what it finds, and counts a facet within its own selection.
    """
    pairs: Pairs = [("_size", str(PAGE)), ("_shape", "objects")]
    pairs += [("_facet_array", facet) for facet in ("profession", "condition")]
    pairs += [("_col", name) for name in ("name", "place", "confirmed_on", *FACETS)]
    if query.words:
        pairs += [("_fts_table", "listing_fts"), ("_fts_pk", "id")]
        pairs.append(("_search", " ".join(query.words.all_of)))
    pairs += _chosen(query)
    if query.circle:
        around = engines.box(query.circle)
        pairs += [("lat__gte", f"{around.south:.4f}"), ("lat__lte", f"{around.north:.4f}")]
        pairs += [("lon__gte", f"{around.west:.4f}"), ("lon__lte", f"{around.east:.4f}")]
    if query.accepting:
        pairs.append(("accepting", "1"))
    return f"{path}?{urlencode(pairs)}"


def _chosen(query: Query) -> Iterator[tuple[str, str]]:
    for facet in FACETS:
        slugs = sorted(query.chosen.get(facet, ()))
        if facet == "condition" or len(slugs) == 1:
            yield from ((f"{facet}__arraycontains", slug) for slug in slugs)
        elif slugs:
            values = ", ".join(f"'{slug}'" for slug in slugs)
            has_one = f"SELECT 1 FROM json_each(listing.{facet}) WHERE value IN ({values})"
            yield "_where", f"EXISTS ({has_one})"
