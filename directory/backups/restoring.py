"""Restoring: checked first, then all of it in one transaction, or nothing."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from directory import migrations, outages
from directory.backups import archives, erased, numbers, rows, taking
from directory.backups.archives import Damaged, Manifest
from directory.backups.erased import Remembered
from directory.config import Config
from directory.db import Patience, bear, fold, reading
from directory.errors import Conflict, DatabaseUnavailable
from directory.photos import Album

# What makes a database somebody's; terms and places are there from the start.
TELLING = ("account", "listing", "audit_event")
# Nobody else should be here: whoever still is does not let go soon, and holds up all of it.
PATIENCE = Patience(lock=10)
NEW, OLD = ".photos-restored", ".photos-before"


class NotEmpty(Conflict):
    """There is something already where the backup would go."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `listings` and `accounts` are those that it erased again."""

    manifest: Manifest
    listings: int
    accounts: int


def restore(
    engine: Engine, config: Config, path: Path, *, force: bool = False, at: datetime
) -> Restored:
    """Put back what a backup holds; with `force` also over what is there, which is lost then.

    The backup is read to its end and checked before anything changes. The database changes in
    one transaction, and holds the very rows that the backup says, or stays as it was. Places
    are not among them: `places.load` brings them. Raises Damaged, NotEmpty or
    DatabaseUnavailable.
    """
    manifest = archives.read(path)
    if manifest.revision not in outages.revisions():
        raise DatabaseUnavailable(
            f"This backup has a newer form ({manifest.revision}) than this program knows"
            f" ({outages.revisions()[-1]}): restore it by the newer program."
        )
    if not force:
        _refuse_what_is_there(engine, config)
    known = _known(engine, config)
    with _Files(config.data_dir) as files:
        with outages.plainly(engine), engine.execution_options(writes=True).begin() as connection:
            bear(connection, PATIENCE)
            _make_room(connection, manifest.revision)
            _Filling(connection, manifest, files).fill(path)
            migrations.upgrade(connection)
            again = _erase_again(connection, manifest, known, files, at) if known else (0, 0)
        files.end(config)
    fold(engine)
    return Restored(manifest, *again)


def _refuse_what_is_there(engine: Engine, config: Config) -> None:
    with outages.plainly(engine), engine.connect() as connection:
        there = inspect(connection)
        for name in TELLING:
            asked = text(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608
            if there.has_table(name) and connection.scalar(asked):
                raise NotEmpty(f"The database at {outages.place(engine.url)} is not empty.")
    for name in ("photos", archives.ANCHOR):
        path = config.data_dir / name
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise NotEmpty(f"There is a {path} already.")


def _known(engine: Engine, config: Config) -> Remembered | None:
    """What the database there knows of erasures, brought to the newest form for that."""
    with outages.plainly(engine), engine.connect() as connection:
        stands = taking.revision(connection)
    if stands is None:
        return None
    migrations.to_head(engine)
    with reading(engine) as session:
        return erased.remember(session, config.lasting_key)


def _make_room(connection: Connection, revision: str) -> None:
    """The tables as they were then, without a row."""
    of_sqlite = connection.dialect.name == "sqlite"
    if of_sqlite:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    same = taking.revision(connection) == revision
    found = rows.tables(connection, all_of_them=not same)
    listed = ", ".join(f'"{table.name}"' for table in found)
    if not of_sqlite and found:
        connection.execute(text(f"{'TRUNCATE' if same else 'DROP TABLE'} {listed}"))
    elif of_sqlite:
        for table in found:
            connection.execute(table.delete())
        for table in () if same else found:
            connection.execute(text(f'DROP TABLE "{table.name}"'))
    if not same:
        migrations.upgrade(connection, revision)
        # What a migration itself wrote is in the backup, too.
        _make_room(connection, revision)


class _Filling:
    """What a backup holds into a database and a folder that are ready for it."""

    def __init__(self, connection: Connection, manifest: Manifest, files: "_Files") -> None:
        self.connection, self.manifest, self.files = connection, manifest, files
        self.tables = {table.name: table for table in rows.tables(connection)}

    def fill(self, path: Path) -> None:
        """All of it, with references checked at the end, for listings and versions of theirs
        refer to each other; Damaged when the database then holds anything else."""
        with _Deferred(self.connection):
            archives.read(path, self._take)
            numbers.go_on(self.connection, self.tables.values(), self.manifest.numbers)
        for name, told in self.manifest.tables.items():
            if rows.digest(self.connection, self.tables[name]) != told:
                raise Damaged(f"The rows of {name} are others than the backup says.")

    def _take(self, name: str, file: BinaryIO) -> None:
        found = archives.ROWS.fullmatch(name)
        if not found:
            self.files.take(name, file)
            return
        table = self.tables.get(found["table"])
        if table is None:
            raise Damaged(f"There is no table {found['table']} in the form that the backup has.")
        head, *lines = file.read().decode().split("\n")
        rows.fill(self.connection, table, head.split("\t"), lines)


class _Deferred:
    """Within the block no reference between tables is checked; all are at its end."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.of_postgresql = connection.dialect.name == "postgresql"

    def __enter__(self) -> None:
        # SQLite defers them until the transaction ends, see _make_room.
        self._alter("DEFERRABLE INITIALLY DEFERRED")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self.of_postgresql:
            self.connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            self._alter("NOT DEFERRABLE")

    def _alter(self, how: str) -> None:
        if not self.of_postgresql:
            return
        look = inspect(self.connection)
        for table in look.get_table_names():
            for key in look.get_foreign_keys(table):
                sql = f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key["name"]}" {how}'
                self.connection.execute(text(sql))


def _erase_again(
    connection: Connection, manifest: Manifest, known: Remembered, files: "_Files", at: datetime
) -> tuple[int, int]:
    with Session(connection, join_transaction_mode="rollback_only") as session:
        done = erased.erase(
            session,
            known,
            begins=manifest.begins,
            at=at,
            key=files.secret,
            album=Album(files.new),
        )
        session.commit()
    return done


class _Files:
    """What lies beside the database: put aside until that is restored, then where it belongs."""

    def __init__(self, data_dir: Path) -> None:
        self.folder, self.new, self.old = data_dir, data_dir / NEW, data_dir / OLD
        self.secret = b""
        self.anchor = data_dir / f".{archives.ANCHOR}-restored"

    def __enter__(self) -> Self:
        self._clear()  # what a restore left that was killed
        self.new.mkdir(mode=0o700, parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _clear(self) -> None:
        shutil.rmtree(self.new, ignore_errors=True)
        self.anchor.unlink(missing_ok=True)

    def take(self, name: str, file: BinaryIO) -> None:
        """One file of the backup."""
        if name == archives.SECRET:
            self.secret = file.read()
        elif name == archives.ANCHOR:
            _write(self.anchor, file)
        elif found := archives.PHOTO.fullmatch(name):
            path = self.new / found["file"][:2] / found["file"]
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _write(path, file)

    def end(self, config: Config) -> None:
        """Each where it belongs; the index, which knows other rows, goes."""
        photos = self.folder / "photos"
        shutil.rmtree(self.old, ignore_errors=True)
        if photos.exists():
            photos.rename(self.old)
        self.new.rename(photos)
        shutil.rmtree(self.old, ignore_errors=True)
        anchor = self.folder / archives.ANCHOR
        anchor.unlink(missing_ok=True)
        if self.anchor.exists():
            self.anchor.replace(anchor)
        secret = self.folder / f".{archives.SECRET}-restored"
        secret.unlink(missing_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self.secret)
            file.flush()
            os.fsync(file.fileno())
        secret.replace(self.folder / archives.SECRET)
        shutil.rmtree(config.index_dir, ignore_errors=True)


def _write(path: Path, file: BinaryIO) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        shutil.copyfileobj(file, to)
        to.flush()
        os.fsync(to.fileno())
