"""Datasette: the same listings in a SQLite file of its own, with full text and facets."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from directory.search.port import Document
from tests import sites
from tests.bench import engines
from tests.bench.engines import FIELDS

BATCH = 5_000
Row = tuple[object, ...]
# The words lie apart from what is listed: counting arrays would drag them along.
SCHEMA = f"""
    CREATE TABLE listing (id INTEGER PRIMARY KEY, name, place, profession, condition, language,
        lat REAL, lon REAL, accepting INTEGER, confirmed_on);
    CREATE VIRTUAL TABLE listing_fts USING fts5({", ".join(FIELDS)},
        content = '', tokenize = 'porter unicode61');
"""
FINISH = """
    INSERT INTO listing_fts (listing_fts) VALUES ('optimize');
    CREATE INDEX place_of ON listing (lat, lon);
    CREATE INDEX accepting_of ON listing (accepting);
    ANALYZE;
"""
# Facets that take longer than the limit would be left out, and answers seem fast.
SETTINGS = {
    "sql_time_limit_ms": "60000",
    "facet_time_limit_ms": "60000",
    "suggest_facets": "off",
    "default_facet_size": "200",
}


class Datasette:
    """One process, as it is meant to run; the file is immutable, which lets it count ahead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "listings.db"

    def fill(self, documents: Iterable[Document]) -> None:
        """Write the file. Of several practices the first counts."""
        db = sqlite3.connect(self._file)
        db.executescript(SCHEMA)
        rest = iter(documents)
        while batch := list(islice(rest, BATCH)):
            _insert(db, "listing", map(_row, batch))
            _insert(db, f"listing_fts (rowid, {', '.join(FIELDS)})", map(_words, batch))
            db.commit()
        db.executescript(FINISH)
        db.close()

    @contextmanager
    def served(self) -> Iterator[tuple[str, int]]:
        """Its address and process while it runs."""
        port = sites.free_port()
        settings = [word for pair in SETTINGS.items() for word in ("--setting", *pair)]
        command = ("-m", "datasette", "-i", str(self._file), "-p", str(port), *settings)
        with (self._folder / "datasette.log").open("wb") as log:
            running = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            sites.wait_for(f"{address}/-/versions.json", running)
            yield address, running.pid
        finally:
            running.kill()  # asked kindly, it would finish what nobody waits for
            running.wait()


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    rows = list(rows)
    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _row(document: Document) -> Row:
    point = document.spots[0].point
    return (
        *(document.listing_id, document.name, document.place),
        *(json.dumps(document.facets[facet]) for facet in ("profession", "condition", "language")),
        *(point.lat, point.lon, int(engines.accepts(document)), document.confirmed_on.isoformat()),
    )


def _words(document: Document) -> Row:
    return (document.listing_id, *(getattr(document, field) for field in FIELDS))
