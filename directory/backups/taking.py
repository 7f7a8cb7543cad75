"""Taking a backup: the whole database as it is at one moment, whoever writes meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, inspect, text

from directory import __version__, outages
from directory.backups import archives, numbers, rows
from directory.backups.archives import FORMAT, Manifest, Writer
from directory.config import Config
from directory.db import BACKUPS, bear
from directory.errors import Conflict
from directory.photos import Album

PART = 1 << 20
FIRST_EVENT = "SELECT hash FROM audit_event ORDER BY id LIMIT 1"


def take(engine: Engine, config: Config, path: Path, *, at: datetime) -> Manifest:
    """Write database, photos, secret and the audit's anchor into a new file.

    Nobody is kept from writing. A photo that is deleted meanwhile may be missing: its row's
    owner deleted it. Raises Conflict when there is a file of this name.
    """
    if path.exists():
        raise Conflict(f"{path} is there already; choose another name.")
    with archives.written(path) as writer:
        writer.add(archives.SECRET, config.lasting_key)
        # Before the database: each line of it is about events that the database has by then.
        _anchor(writer, config.data_dir / archives.ANCHOR)
        with snapshot(engine) as connection:
            manifest = _database(writer, connection, at)
            photos = _photos(writer, Album(config.data_dir / "photos"))
        manifest = replace(manifest, photos=photos)
        writer.close(manifest)
    return manifest


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """The database as it is at one moment, for as long as the block lasts."""
    options: dict[str, object] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with outages.plainly(engine), engine.connect() as plain:
        connection = plain.execution_options(**options)
        bear(connection, BACKUPS)
        yield connection


def revision(connection: Connection) -> str | None:
    """The form that a database has; None when it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def begins(connection: Connection) -> str:
    """The hash of the first event of the audit's chain: two databases with the same one have a
    common past. The oldest forms have none."""
    columns = {column["name"] for column in inspect(connection).get_columns("audit_event")}
    return (connection.scalar(text(FIRST_EVENT)) or "") if "hash" in columns else ""


def _database(writer: Writer, connection: Connection, at: datetime) -> Manifest:
    stands = revision(connection)
    if stands is None:
        raise Conflict("The database has no tables yet: there is nothing to back up.")
    found = rows.tables(connection)
    return Manifest(
        format=FORMAT,
        program=__version__,
        taken_at=at.isoformat(timespec="seconds"),
        revision=stands,
        begins=begins(connection),
        tables={table.name: _table(writer, connection, table) for table in found},
        numbers=numbers.given_out(connection, found),
    )


def _table(writer: Writer, connection: Connection, table: Table) -> tuple[int, str]:
    """Its rows in parts of about a mebibyte, each headed by the names of its columns."""
    digest, number = rows.Digest(), 0
    head = "\t".join(rows.names(table))
    part, size = [head], 0
    for line in rows.lines(connection, table):
        digest.add(line)
        part.append(line)
        size += len(line)
        if size >= PART:
            _write(writer, table, number, part)
            part, size, number = [head], 0, number + 1
    _write(writer, table, number, part)
    return digest.told


def _write(writer: Writer, table: Table, number: int, part: list[str]) -> None:
    writer.add(f"rows/{table.name}/{number:06}.jsonl", "\n".join(part).encode())


def _photos(writer: Writer, album: Album) -> int:
    count = 0
    for path in sorted(album.folder.glob("??/*")):
        name = f"photos/{path.name}"
        if not archives.PHOTO.fullmatch(name):
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        writer.add(name, content)
        count += 1
    return count


def _anchor(writer: Writer, path: Path) -> None:
    if path.exists():
        with path.open("rb") as file:
            writer.add_file(archives.ANCHOR, file, path.stat().st_size)
