"""Tantivy: Rust's Lucene, by its own Python package. Snowball stems prose."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur

from directory.search.port import Circle, Document, Query
from tests.bench import engines
from tests.bench.engines import BOOSTS, FIELDS, PAGE, Answer

# Two practices at most: a field with many values would mix their coordinates.
PLACES = ("lat0", "lon0", "lat1", "lon1")
REACH = ("south", "north", "west", "east")
THREADS = 2
HEAP = 512 * 1024**2


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in FIELDS:
        stemmed = "default" if field in ("name", "place") else "en_stem"
        builder.add_text_field(field, tokenizer_name=stemmed, index_option="freq")
    builder.add_unsigned_field("id", stored=True, fast=True)
    for facet in (*engines.NUMBERS, "accepting"):
        builder.add_unsigned_field(facet, indexed=True, fast=True)
    for coordinate in (*PLACES, *REACH):
        builder.add_float_field(coordinate, indexed=True, fast=True)
    return builder.build()


class Peer:
    """Knows no circles and no distances: asked for the square, it ranks by words alone."""

    name, round, every = "tantivy", False, 1

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def build(self, documents: Iterable[Document]) -> None:
        """Add everything, commit, and let the merges end."""
        writer = self._index.writer(heap_size=HEAP, num_threads=THREADS)
        for document in documents:
            writer.add_document(tantivy.Document.from_dict(_fields(document), self._schema))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Take a searcher of what was committed."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, query: Query) -> Answer:
        """A search for the page and the total, and one pass for counts: two, when they differ."""
        others = list(self._others(query))
        professions = self._any_of("profession", query)
        full = _all([*others, *professions])
        found = self._searcher.search(full, PAGE, count=True)
        if professions:
            counts = self._counts(full, "condition")
            counts |= self._counts(_all(others), "profession")
        else:
            counts = self._counts(full, "condition", "profession")
        ids = tuple(self._searcher.doc(address)["id"][0] for _, address in found.hits)
        return Answer(found.count, ids, counts["profession"], counts["condition"])

    def _counts(self, query: Any, *facets: str) -> dict[str, dict[str, int]]:
        wanted = {f: {"terms": {"field": f, "size": len(engines.NUMBERS[f])}} for f in facets}
        counted = self._searcher.aggregate(query, wanted)
        return {
            f: engines.slugs(f, ((int(b["key"]), b["doc_count"]) for b in counted[f]["buckets"]))
            for f in facets
        }

    def _others(self, query: Query) -> Iterator[Any]:
        """Everything but the professions."""
        if query.words:
            yield self._index.parse_query(
                " ".join(query.words.all_of),
                list(FIELDS),
                field_boosts=BOOSTS,
                conjunction_by_default=True,
            )
        if query.circle:
            yield self._near(query.circle)
        for condition in engines.chosen(query, "condition"):
            yield _unscored(tantivy.Query.term_query(self._schema, "condition", condition))
        yield from self._any_of("language", query)
        if query.accepting:
            yield _unscored(tantivy.Query.term_query(self._schema, "accepting", 1))

    def _any_of(self, facet: str, query: Query) -> list[Any]:
        wanted = engines.chosen(query, facet)
        terms = [tantivy.Query.term_query(self._schema, facet, number) for number in wanted]
        return [_unscored(_any(terms))] if terms else []

    def _near(self, circle: Circle) -> Any:
        """A practice in the square, or a home visited in whose square the centre lies."""
        here, around = circle.centre, engines.box(circle)
        squares = [
            _all(
                [
                    self._between(f"lat{i}", around.south, around.north),
                    self._between(f"lon{i}", around.west, around.east),
                ]
            )
            for i in (0, 1)
        ]
        visited = _all(
            [
                self._between("south", -90.0, here.lat),
                self._between("north", here.lat, 90.0),
                self._between("west", -180.0, here.lon),
                self._between("east", here.lon, 180.0),
            ]
        )
        return _unscored(_any([*squares, visited]))

    def _between(self, field: str, least: float, most: float) -> Any:
        return tantivy.Query.range_query(self._schema, field, FieldType.Float, least, most)

    def close(self) -> None:
        """Nothing to let go of: the files are mapped until the process ends."""


def _fields(document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = {field: getattr(document, field) for field in FIELDS}
    fields |= {"id": document.listing_id, "accepting": int(engines.accepts(document))}
    fields |= {facet: engines.numbers(document, facet) for facet in engines.NUMBERS}
    for i, spot in enumerate(document.spots):
        fields |= {f"lat{i}": spot.point.lat, f"lon{i}": spot.point.lon}
        if spot.home_visit_km:
            reach = engines.box(Circle(spot.point, spot.home_visit_km))
            fields |= {side: getattr(reach, side) for side in REACH}
    return fields


def _all(queries: list[Any]) -> Any:
    if not queries:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])


def _any(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _unscored(query: Any) -> Any:
    return tantivy.Query.const_score_query(query, 0.0)
