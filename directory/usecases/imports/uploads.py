"""Rosters that were sent and are not imported yet, as files that only the site itself reads."""

import json
import os
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from directory.errors import NotFound

MOST_BYTES = 20_000_000
KEPT_FOR = 24 * 3600.0
_TOKEN = re.compile(r"[0-9a-f]{32}")
_RUN = re.compile(r"[0-9]{1,18}\.csv")


@dataclass(frozen=True, slots=True)
class Uploads:
    """A folder of rosters: by a token until their import begins, then by its run's number."""

    folder: Path

    def keep(self, content: bytes, filename: str) -> str:
        """Keep a file, and give the token by which it is found; old ones nobody used go."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sweep()
        token = secrets.token_hex(16)
        _write(self.folder / f"{token}.csv", content)
        _write(self.folder / f"{token}.json", json.dumps(filename).encode())
        return token

    def filename(self, token: str) -> str:
        """What the file was called; raises NotFound when there is none."""
        return str(json.loads(self._read(token, ".json")))

    def content(self, token: str) -> bytes:
        """What is in it; raises NotFound when there is none."""
        return self._read(token, ".csv")

    def hand_over(self, token: str, run_id: int) -> None:
        """From now on it is the file of that run."""
        (self.folder / f"{token}.csv").replace(self._of(run_id))
        (self.folder / f"{token}.json").unlink(missing_ok=True)

    def of_run(self, run_id: int) -> bytes | None:
        """A run's file, while it is not finished."""
        path = self._of(run_id)
        return path.read_bytes() if path.exists() else None

    def waiting(self) -> list[int]:
        """The runs whose files are here, oldest first."""
        names = [p.name for p in self.folder.glob("*.csv")] if self.folder.is_dir() else []
        return sorted(int(name.removesuffix(".csv")) for name in names if _RUN.fullmatch(name))

    def drop(self, run_id: int) -> None:
        """The run is finished: its file goes."""
        self._of(run_id).unlink(missing_ok=True)

    def forget(self, token: str) -> None:
        """It will not be imported."""
        if _TOKEN.fullmatch(token):
            for end in (".csv", ".json"):
                (self.folder / f"{token}{end}").unlink(missing_ok=True)

    def sweep(self) -> None:
        """What nobody began to import within a day goes; for whoever sends, and the worker."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            with suppress(FileNotFoundError):  # another process sweeps, or its import begins
                if _TOKEN.fullmatch(path.stem) and path.stat().st_mtime < time.time() - KEPT_FOR:
                    path.unlink()

    def _of(self, run_id: int) -> Path:
        return self.folder / f"{int(run_id)}.csv"

    def _read(self, token: str, end: str) -> bytes:
        path = self.folder / f"{token}{end}"
        if not _TOKEN.fullmatch(token) or not path.exists():
            raise NotFound("This file is here no more. Send it again.")
        return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
