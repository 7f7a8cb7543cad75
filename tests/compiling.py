"""Statements compiled once a process, as on a site whose one engine serves for weeks.

Every test has engines of its own, and SQLAlchemy remembers by engine what it has compiled: to
compile it again took the tests of use-cases a third of their time. Two dialects of one kind, of
databases of one version, write the same SQL.
"""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MANY = 5_000
compiled: LRUCache[Any, Any] = LRUCache(MANY)


def _kind(dialect: Dialect) -> tuple[Any, ...]:
    return type(dialect), dialect.server_version_info


def _is_alike(dialect: Dialect, other: object) -> bool:
    return dialect is other or (
        type(dialect) is type(other) and _kind(dialect) == _kind(other)  # type: ignore[arg-type]
    )


def _number(dialect: Dialect) -> int:
    return hash(type(dialect))


for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    kind.__eq__, kind.__hash__ = _is_alike, _number  # type: ignore[assignment]


@event.listens_for(Engine, "engine_connect")
def _remember_together(connection: Connection) -> None:
    connection.engine._compiled_cache = compiled
