"""Plain Whoosh with its own facets: the generic writer, the generic searcher, our analysis."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from whoosh import index, sorting
from whoosh.fields import ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.query import And, Every, NumericRange, Or, Term
from whoosh.query import Query as Tree
from whoosh.searching import Results

from directory.search.port import Circle, Document, Query
from directory.search.stems import term_of
from directory.search.whoosh_engine.arrays.schema import SCHEMA
from tests.bench import engines
from tests.bench.engines import BOOSTS, FIELDS, PAGE, Answer

PLACES = ("lat0", "lon0", "lat1", "lon1", "south", "north", "west", "east")
COUNTED = ("profession", "condition")


def _schema() -> Schema:
    texts = {field: TEXT(SCHEMA[field].analyzer) for field in FIELDS}
    facets = {facet: KEYWORD(commas=True) for facet in engines.NUMBERS}
    places = {coordinate: NUMERIC(float) for coordinate in PLACES}
    return Schema(id=ID(stored=True, unique=True), accepting=ID(), **texts, **facets, **places)


class Peer:
    """Far slower than the others, so asked a tenth of the questions. Knows squares only."""

    name, round, every = "whoosh", False, 10

    def __init__(self, folder: Path) -> None:
        self._index = index.create_in(str(folder), _schema())

    def build(self, documents: Iterable[Document]) -> None:
        """One writer, one commit."""
        writer = self._index.writer(limitmb=256)
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit()

    def open(self) -> None:
        """Take a searcher; it is kept, as Whoosh advises."""
        self._searcher = self._index.searcher()

    def ask(self, query: Query) -> Answer:
        """One search with groups; another for professions, when some are chosen."""
        others = list(_filters(query))
        chosen = _any_of("profession", query)
        words = _words(query)
        facets = ("condition",) if chosen else COUNTED
        found = self._search(words, [*others, *chosen], facets)
        professions = self._search(words, others, ("profession",)) if chosen else found
        return Answer(
            len(found),
            tuple(int(hit["id"]) for hit in found),
            _counts("profession", professions),
            _counts("condition", found),
        )

    def _search(self, words: Tree, filters: list[Tree], facets: tuple[str, ...]) -> Results:
        grouped = sorting.Facets()
        for name in facets:
            facet = sorting.FieldFacet(name, allow_overlap=True, maptype=sorting.Count)
            grouped.add_facet(name, facet)
        within = And(filters) if filters else None
        return self._searcher.search(words, filter=within, limit=PAGE, groupedby=grouped)

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()
        self._index.close()


def _fields(document: Document) -> dict[str, object]:
    fields: dict[str, object] = {field: getattr(document, field) for field in FIELDS}
    fields |= {"id": str(document.listing_id), "accepting": str(engines.accepts(document))}
    for facet in engines.NUMBERS:
        fields[facet] = ",".join(map(str, engines.numbers(document, facet)))
    for i, spot in enumerate(document.spots):
        fields |= {f"lat{i}": spot.point.lat, f"lon{i}": spot.point.lon}
        if spot.home_visit_km:
            reach = engines.box(Circle(spot.point, spot.home_visit_km))
            fields |= {side: getattr(reach, side) for side in PLACES[4:]}
    return fields


def _words(query: Query) -> Tree:
    if not query.words:
        return Every()
    return And(
        [
            Or([Term(f, term_of(f, word), boost=BOOSTS[f]) for f in FIELDS])
            for word in query.words.all_of
        ]
    )


def _filters(query: Query) -> Iterator[Tree]:
    """Everything but the professions."""
    if query.circle:
        yield _near(query.circle)
    for condition in engines.chosen(query, "condition"):
        yield Term("condition", str(condition))
    yield from _any_of("language", query)
    if query.accepting:
        yield Term("accepting", "True")


def _any_of(facet: str, query: Query) -> list[Tree]:
    terms = [Term(facet, str(number)) for number in engines.chosen(query, facet)]
    return [Or(terms)] if terms else []


def _near(circle: Circle) -> Tree:
    here, around = circle.centre, engines.box(circle)
    squares = [
        And(
            [
                NumericRange(f"lat{i}", around.south, around.north),
                NumericRange(f"lon{i}", around.west, around.east),
            ]
        )
        for i in (0, 1)
    ]
    visited = [
        NumericRange("south", None, here.lat),
        NumericRange("north", here.lat, None),
        NumericRange("west", None, here.lon),
        NumericRange("east", here.lon, None),
    ]
    return Or([*squares, And(visited)])


def _counts(facet: str, found: Results) -> dict[str, int]:
    groups = found.groups(facet)
    return engines.slugs(facet, ((int(k), n) for k, n in groups.items() if k not in (None, "")))
