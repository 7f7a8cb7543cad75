"""Fills the gazetteer's tables from the data files, once per version of them.

The files are streamed: memory stays bounded whatever their size. One
transaction replaces everything, so a reader sees the old tables or the new.
"""

import gzip
import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from directory.db import one_at_a_time
from directory.places import tables

DATA = Path(__file__).parent / "data"
CODES = (
    "postcodes_us",
    "postcodes_gb",
    "postcodes_geonames",
    "postcodes_in",
    "postcodes_odbl",
)
SOURCES = ("regions", "towns", "names", *CODES)
SHAPE = "1"  # raise it when the same files should fill the tables differently
BATCH = 10_000

Row = tuple[Any, ...]
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What `load` did; `loaded` is False when the tables were already right."""

    loaded: bool
    rows: dict[str, int]
    seconds: float


def load(engine: Engine, progress: Progress | None = None, *, data: Path = DATA) -> LoadReport:
    """Bring the tables (which exist) to the version of the data files.

    A second call finds the version mark and does nothing. `progress` hears
    the table's name and the rows written so far, after each batch.
    """
    started = perf_counter()
    digest = digest_of(data)
    with engine.connect() as connection:
        if _is_there(connection, digest):
            return LoadReport(False, {}, perf_counter() - started)
    with engine.execution_options(writes=True).begin() as connection:
        one_at_a_time(connection, "places")
        if _is_there(connection, digest):  # another has loaded them meanwhile
            return LoadReport(False, {}, perf_counter() - started)
        for table in tables.TABLES:
            connection.execute(delete(table))
        filler = _Filler(connection, progress or (lambda name, rows: None))
        for table, rows in _contents(data):
            filler.fill(table, rows)
        connection.execute(insert(tables.version).values(digest=digest))
    return LoadReport(True, filler.rows, perf_counter() - started)


def _is_there(connection: Connection, digest: str) -> bool:
    return digest in connection.scalars(select(tables.version.c.digest)).all()


def digest_of(data: Path = DATA) -> str:
    """The version of the data files, as a SHA-256 in hex."""
    digest = hashlib.sha256(SHAPE.encode())
    for name in SOURCES:
        digest.update((data / f"{name}.tsv.gz").read_bytes())
    return digest.hexdigest()


def _contents(data: Path) -> Iterator[tuple[Table, Iterator[Row]]]:
    ids, populations = array("q"), array("q")
    yield tables.regions, (row[:6] for row in _regions(data))
    yield tables.region_names, _region_names(data)
    yield tables.towns, _towns(data, ids, populations)
    yield tables.names, _names(data, ids, populations)
    yield tables.postcodes, _postcodes(data)


def lines(data: Path, name: str, *, parts: int = -1) -> Iterator[list[str]]:
    """The fields of each line of a data file; the first `parts` of them, and the rest as one."""
    with gzip.open(data / f"{name}.tsv.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t", parts)


def _regions(data: Path) -> Iterator[Row]:
    for country, code, name, population, lat, lon, full, short in lines(data, "regions"):
        yield country, code, name, int(population), float(lat), float(lon), full, short


def _region_names(data: Path) -> Iterator[Row]:
    for country, code, _, _, _, _, full, short in _regions(data):
        for key in full.split():
            yield key, country, code, False
        for key in set(short.split()) - set(full.split()):
            yield key, country, code, True


def _towns(data: Path, ids: "array[int]", populations: "array[int]") -> Iterator[Row]:
    for key, name, country, region, district, lat_text, lon_text, people in lines(data, "towns"):
        lat, lon, population = float(lat_text), float(lon_text), int(people)
        ids.append(int(key))
        populations.append(population)
        yield (
            int(key),
            name,
            country,
            region,
            district,
            lat,
            lon,
            population,
            tables.cell_of(lat, lon),
        )


def _names(data: Path, ids: "array[int]", populations: "array[int]") -> Iterator[Row]:
    for tier, key, line_text, own in lines(data, "names"):
        line = int(line_text)
        population = populations[line]
        yield int(tier), key, ids[line], population if own == "1" else population // 10


def _postcodes(data: Path) -> Iterator[Row]:
    for name in CODES:
        for key, country, locality, region, lat, lon, quality in lines(data, name):
            yield key, country, locality, region, float(lat), float(lon), int(quality)


class _Filler:
    """Writes rows the fastest way each database has: COPY, or prepared inserts in batches."""

    def __init__(self, connection: Connection, progress: Progress) -> None:
        self.rows: dict[str, int] = {}
        self._connection = connection
        self._progress = progress

    def fill(self, table: Table, rows: Iterator[Row]) -> None:
        done = 0
        for written in self._write(table, rows):
            done += written
            self._progress(table.name, done)
        self.rows[table.name] = done

    def _write(self, table: Table, rows: Iterator[Row]) -> Iterator[int]:
        if self._connection.dialect.name == "postgresql":
            yield from self._copy(table, rows)
            return
        statement = str(insert(table).compile(dialect=self._connection.dialect))
        for batch in _batches(rows):
            self._connection.exec_driver_sql(statement, batch)
            yield len(batch)

    def _copy(self, table: Table, rows: Iterator[Row]) -> Iterator[int]:
        cursor = self._connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table.name} ({_columns(table)}) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for batch in _batches(rows):
                for row in batch:
                    copy.write_row(row)
                yield len(batch)
        self._connection.exec_driver_sql(f"ANALYZE {table.name}")  # the planner's picture of it


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch
