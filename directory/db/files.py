"""SQLite's file: the one that the path names, not one that was taken away under us."""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

Identity = tuple[int, int]


def identity(path: Path) -> Identity | None:
    """Which file a path names now; None when it names none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def hold_to(engine: Engine, path: Path) -> None:
    """Let the engine use the file that is there, and never make one: what is written to a file
    that was deleted or replaced is lost, though every commit succeeds."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, record: Any, args: Any, given: Any) -> Any:
        record.info["file"] = identity(path)
        return sqlite3.connect(f"file:{quote(os.fspath(path))}?mode=rw", uri=True, **given)

    @event.listens_for(engine, "checkout")
    def is_still_there(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("file") != identity(path):
            raise DisconnectionError("the file is another one, or gone")


def make(path: Path) -> None:
    """An empty file, for whoever makes a new site; one that is there stays as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
