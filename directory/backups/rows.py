"""The rows of every table of ours as lines of JSON, the same from and for either kind of database.

Tables are taken as the database itself describes them: so a database of an older form can be
saved, and one of an older form be filled, by the program of today.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table

# They fill Base.metadata, which knows whose tables are ours; a schema may hold others' too.
from directory import models  # noqa: F401
from directory.db import Base
from directory.places import tables as places_tables  # noqa: F401

ALEMBIC = "alembic_version"
# Made again from what the program ships with, and what Alembic keeps for itself.
LEFT_OUT = ("gazetteer_", ALEMBIC)
AT_ONCE = 500
Value = Any
Way = Callable[[Value], Value]


def tables(connection: Connection, *, all_of_them: bool = False) -> Sequence[Table]:
    """The tables that a backup holds, by name."""
    ours, found = {*Base.metadata.tables, ALEMBIC}, MetaData()
    found.reflect(
        connection,
        only=lambda name, _: name in ours and (all_of_them or not name.startswith(LEFT_OUT)),
        resolve_fks=False,
    )
    return sorted(found.tables.values(), key=lambda table: table.name)


class Digest:
    """What rows are, whatever their order: how many, and the sum of their SHA-256s."""

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, line: str) -> None:
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line.encode()).digest())

    @property
    def told(self) -> tuple[int, str]:
        return self.rows, f"{self._sum % 2**256:064x}"


def names(table: Table) -> list[str]:
    """Its columns, in the order of our lines, but for those that the database works out itself."""
    return sorted(column.name for column in table.columns if column.computed is None)


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """Each row as a line of JSON: its values by the names of its columns; memory stays bounded."""
    columns = [table.columns[name] for name in names(table)]
    ways = [_out(column.type) for column in columns]
    keys = list(table.primary_key.columns)
    asked = sa.select(*(_asked(column) for column in columns)).order_by(*keys)
    streaming = asked.execution_options(stream_results=True, yield_per=AT_ONCE)
    with connection.execute(streaming) as found:
        for row in found:
            told = zip(ways, row, strict=True)
            values = [None if value is None else way(value) for way, value in told]
            yield json.dumps(values, separators=(",", ":"))


def digest(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows a table has, and their digest."""
    found = Digest()
    for line in lines(connection, table):
        found.add(line)
    return found.told


def fill(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[str]) -> None:
    """Insert rows that `lines` told."""
    ways = [_in(table.columns[name].type, connection) for name in columns]
    typed = {name: _given(table.columns[name], connection) for name in columns}
    statement = sa.insert(table).values(typed)
    batch: list[dict[str, Value]] = []
    for line in rows:
        told = zip(columns, ways, json.loads(line), strict=True)
        batch.append({f"v_{name}": None if one is None else way(one) for name, way, one in told})
        if len(batch) == AT_ONCE:
            connection.execute(statement, batch)
            batch.clear()
    if batch:
        connection.execute(statement, batch)


def _asked(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    # JSON travels as the text that it is: so nothing and JSON's null stay two things.
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column


def _given(column: sa.Column[Any], connection: Connection) -> sa.ColumnElement[Any]:
    name = f"v_{column.name}"
    if not isinstance(column.type, sa.JSON):
        return sa.bindparam(name, type_=column.type)
    value: sa.BindParameter[Any] = sa.bindparam(name, type_=sa.Text())
    return value if connection.dialect.name == "sqlite" else sa.cast(value, column.type)


def _out(kind: sa.types.TypeEngine[Any]) -> Way:
    if isinstance(kind, sa.DateTime):
        return _instant
    if isinstance(kind, sa.Date):
        return date.isoformat
    if isinstance(kind, sa.LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    return lambda value: value


def _instant(value: datetime) -> str:
    """An instant in UTC without its zone, as SQLite keeps it."""
    return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat()


def _in(kind: sa.types.TypeEngine[Any], connection: Connection) -> Way:
    if isinstance(kind, sa.DateTime):
        zone = None if connection.dialect.name == "sqlite" else UTC
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=zone)
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode
    return lambda value: value
