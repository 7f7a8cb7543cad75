"""The last number that each table gave out: no later row gets the number of one that is gone."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, text

OF_SQLITE = "SELECT name, seq FROM sqlite_sequence"
COUNTS = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
SEQUENCE = "SELECT pg_get_serial_sequence(:name, 'id')"
LAST = "SELECT coalesce(pg_sequence_last_value(CAST(:sequence AS regclass)), 0)"
SET = "SELECT setval(CAST(:sequence AS regclass), :last)"


def given_out(connection: Connection, tables: Iterable[Table]) -> dict[str, int]:
    """By table, where the database counts on by itself."""
    if connection.dialect.name == "sqlite":
        if not connection.scalar(text(COUNTS)):
            return {}
        return {one.name: one.seq for one in connection.execute(text(OF_SQLITE))}
    return {
        table.name: connection.scalar(text(LAST), {"sequence": sequence}) or 0
        for table in tables
        if (sequence := _sequence(connection, table))
    }


def go_on(connection: Connection, tables: Iterable[Table], last: Mapping[str, int]) -> None:
    """Let every table count on from there, or from the highest number that is in it."""
    for table in tables:
        sequence = _sequence(connection, table)
        if sequence is None:
            continue
        highest = connection.scalar(text(f'SELECT max(id) FROM "{table.name}"')) or 0  # noqa: S608
        reached = max(highest, last.get(table.name, 0))
        if reached and connection.dialect.name == "sqlite":
            known = {"name": table.name, "last": reached}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), known)
        elif reached:
            connection.execute(text(SET), {"sequence": sequence, "last": reached})


def _sequence(connection: Connection, table: Table) -> str | None:
    """The name of what counts for it, if anything does."""
    if "id" not in table.columns:
        return None
    if connection.dialect.name == "sqlite":
        made = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"
        sql = connection.scalar(text(made), {"name": table.name}) or ""
        return table.name if "AUTOINCREMENT" in sql.upper() else None
    found: str | None = connection.scalar(text(SEQUENCE), {"name": f'"{table.name}"'})
    return found
