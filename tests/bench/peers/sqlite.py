"""SQLite: FTS5 for words, R*Tree for places, tables for the rest. Porter stems, names too."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from directory.search.port import Circle, Document, Query
from tests.bench import engines
from tests.bench.engines import BOOSTS, FIELDS, PAGE, Answer

SCHEMA = f"""
    PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA cache_size = -262144;
    CREATE TABLE listing (id INTEGER PRIMARY KEY, accepting INTEGER);
    CREATE VIRTUAL TABLE prose USING fts5({", ".join(FIELDS)}, content = '',
        tokenize = 'porter unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE area USING rtree(id, south, north, west, east,
        +listing, +lat, +lon, +visits);
    CREATE TABLE profession (value INTEGER, listing INTEGER,
        PRIMARY KEY (value, listing)) WITHOUT ROWID;
    CREATE TABLE condition (value INTEGER, listing INTEGER,
        PRIMARY KEY (value, listing)) WITHOUT ROWID;
    CREATE TABLE language (value INTEGER, listing INTEGER,
        PRIMARY KEY (value, listing)) WITHOUT ROWID;
"""
FINISH = """
    CREATE INDEX profession_of ON profession (listing, value);
    CREATE INDEX condition_of ON condition (listing, value);
    CREATE INDEX language_of ON language (listing, value);
    INSERT INTO prose (prose) VALUES ('optimize');
    ANALYZE;
"""
# The rectangle of a practice is all that it visits, so one look finds both ways to match.
NEAR = f"""
    near AS MATERIALIZED (
        SELECT listing, min(km) AS km FROM (
            SELECT listing, visits, {engines.HAVERSINE} AS km FROM area
            WHERE south <= :north AND north >= :south AND west <= :east AND east >= :west)
        WHERE km <= max(:km, visits) GROUP BY listing)
""".format(here_lat=":lat", here_lon=":lon")
BATCH = 5_000


class Peer:
    """The SQLite that comes with Python, on a file, with as much cache as it likes."""

    name, round, every = "sqlite", True, 1

    def __init__(self, folder: Path) -> None:
        self._path = folder / "listings.db"

    def build(self, documents: Iterable[Document]) -> None:
        """Fill the tables in batches, then index and optimise."""
        db = sqlite3.connect(self._path)
        db.executescript(SCHEMA)
        rest = iter(documents)
        while batch := list(islice(rest, BATCH)):
            self._add(db, batch)
            db.commit()
        db.executescript(FINISH)
        db.close()

    def _add(self, db: sqlite3.Connection, batch: list[Document]) -> None:
        db.executemany(
            "INSERT INTO listing VALUES (?, ?)",
            [(d.listing_id, engines.accepts(d)) for d in batch],
        )
        db.executemany(
            f"INSERT INTO prose (rowid, {', '.join(FIELDS)}) VALUES (?, ?, ?, ?, ?, ?)",
            [(d.listing_id, *(getattr(d, field) for field in FIELDS)) for d in batch],
        )
        db.executemany(
            "INSERT INTO area VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row for d in batch for row in _areas(d)],
        )
        for facet in engines.NUMBERS:
            db.executemany(
                f"INSERT INTO {facet} VALUES (?, ?)",
                [(number, d.listing_id) for d in batch for number in engines.numbers(d, facet)],
            )

    def open(self) -> None:
        """Connect; everything fits into its cache."""
        self._db = sqlite3.connect(self._path)
        self._db.executescript(
            "PRAGMA cache_size = -524288; PRAGMA temp_store = memory; PRAGMA mmap_size = 4294967296"
        )

    def ask(self, query: Query) -> Answer:
        """Keep what matches all but the professions in a temporary table, then count in it.

        Where filters alone narrow, professions narrow too, and are counted apart.
        """
        narrow = bool(query.words or query.circle)
        source, values = _source(query)
        others = list(_filters(query, "EXISTS" if narrow else "IN"))
        professions = _any_of("profession", query, "EXISTS" if narrow else "IN")
        where = others + ([professions] if professions and not narrow else [])
        with_near = f"WITH {NEAR}" if query.circle else ""
        flag = professions if professions and narrow else "1"
        self._db.execute("DROP TABLE IF EXISTS temp.found")
        self._db.execute(
            f"CREATE TEMP TABLE found AS {with_near} SELECT l.id AS id, {_score(query)} AS score,"
            f" {flag} AS chosen FROM {source}{_where(_text(query) + where)}",
            values,
        )
        counted = "found f CROSS JOIN profession p ON p.listing = f.id"
        if professions and not narrow:
            counted = "profession p" + (" JOIN listing l ON l.id = p.listing" if others else "")
            counted += _where(others)
        return self._answer(counted)

    def _answer(self, professions: str) -> Answer:
        run = self._db.execute
        (total,) = run("SELECT count(*) FROM found WHERE chosen").fetchone()
        page = run(f"SELECT id FROM found WHERE chosen ORDER BY score, id LIMIT {PAGE}")
        ids = tuple(listing for (listing,) in page)
        conditions = run(
            "SELECT c.value, count(*) FROM found f CROSS JOIN condition c ON c.listing = f.id"
            " WHERE f.chosen GROUP BY 1"
        )
        return Answer(
            total,
            ids,
            engines.slugs(
                "profession", run(f"SELECT p.value, count(*) FROM {professions} GROUP BY 1")
            ),
            engines.slugs("condition", conditions),
        )

    def close(self) -> None:
        """Disconnect."""
        self._db.close()


def _areas(document: Document) -> Iterator[tuple[float, ...]]:
    for spot in document.spots:
        reach = engines.box(Circle(spot.point, spot.home_visit_km), margin=1.01)
        yield (
            *(reach.south, reach.north, reach.west, reach.east),
            *(document.listing_id, spot.point.lat, spot.point.lon, spot.home_visit_km),
        )


def _source(query: Query) -> tuple[str, dict[str, Any]]:
    """The tables to search and the values to fill in."""
    tables, values = ["listing l"], {}
    if query.words:
        tables = ["prose", "listing l ON l.id = prose.rowid"]
        values["words"] = " ".join(f'"{word}"' for word in query.words.all_of)
    if query.circle:
        tables.append("near ON near.listing = l.id")
        around = engines.box(query.circle, margin=1.01)
        values |= {side: getattr(around, side) for side in ("south", "north", "west", "east")}
        centre = query.circle.centre
        values |= {"lat": centre.lat, "lon": centre.lon, "km": query.circle.km}
    return " JOIN ".join(tables), values


def _text(query: Query) -> list[str]:
    return ["prose MATCH :words"] if query.words else []


def _score(query: Query) -> str:
    if query.words:
        return f"bm25(prose, {', '.join(map(str, BOOSTS.values()))})"
    return "near.km" if query.circle else "0"


def _filters(query: Query, how: str) -> Iterator[str]:
    """Everything but the professions. None of it needs a parameter: all are numbers."""
    for condition in engines.chosen(query, "condition"):
        yield _having("condition", f"= {condition}", how)
    if languages := _any_of("language", query, how):
        yield languages
    if query.accepting:
        yield "l.accepting"


def _any_of(facet: str, query: Query, how: str) -> str:
    wanted = engines.chosen(query, facet)
    return _having(facet, f"IN ({', '.join(map(str, wanted))})", how) if wanted else ""


def _having(facet: str, value: str, how: str) -> str:
    if how == "IN":
        return f"l.id IN (SELECT listing FROM {facet} WHERE value {value})"
    return f"EXISTS (SELECT 1 FROM {facet} x WHERE x.listing = l.id AND x.value {value})"


def _where(conditions: list[str]) -> str:
    return " WHERE " + " AND ".join(conditions) if conditions else ""
