"""Rosters that were sent and are not imported yet, as files that only the site itself reads."""

import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from directory.errors import NotFound

MOST_BYTES = 20_000_000
KEPT_FOR = 24 * 3600.0
_TOKEN = re.compile(r"[0-9a-f]{32}")
_RUN = re.compile(r"[0-9]{1,18}\.csv")


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of a file besides what is in it.

    `header` is the line that names its columns, 0 to look for it. `corrections` say by column
    and value what is meant instead.
    """

    filename: str
    header: int = 0
    corrections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def by_value(self) -> dict[tuple[str, str], str]:
        """The corrections, by pairs of a column and a value."""
        return {
            (column, value): meant
            for column, values in self.corrections.items()
            for value, meant in values.items()
        }


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
        _write(self.folder / f"{token}.json", _told(Sent(filename)))
        return token

    def sent(self, token: str) -> Sent:
        """What is known of it; raises NotFound when there is none."""
        return _sent(self._read(token, ".json"))

    def content(self, token: str) -> bytes:
        """What is in it; raises NotFound when there is none."""
        return self._read(token, ".csv")

    def choose_header(self, token: str, line: int) -> Sent:
        """Which line names its columns, from now on."""
        return self._change(token, replace(self.sent(token), header=line))

    def correct(self, token: str, given: Mapping[tuple[str, str], str]) -> Sent:
        """What values stand for, from now on; "" takes back what was said of one."""
        sent = self.sent(token)
        changed = {column: dict(values) for column, values in sent.corrections.items()}
        for (column, value), meant in given.items():
            values = changed.setdefault(column, {})
            values.pop(value, None)
            if meant:
                values[value] = meant
        return self._change(token, replace(sent, corrections=changed))

    def hand_over(self, token: str, run_id: int) -> None:
        """From now on it is the file of that run."""
        (self.folder / f"{token}.json").replace(self._of(run_id, ".json"))
        (self.folder / f"{token}.csv").replace(self._of(run_id))

    def of_run(self, run_id: int) -> bytes | None:
        """A run's file, while it is not finished."""
        path = self._of(run_id)
        return path.read_bytes() if path.exists() else None

    def sent_of_run(self, run_id: int) -> Sent:
        """What is known of a run's file."""
        path = self._of(run_id, ".json")
        return _sent(path.read_bytes()) if path.exists() else Sent("")

    def waiting(self) -> list[int]:
        """The runs whose files are here, oldest first."""
        names = [p.name for p in self.folder.glob("*.csv")] if self.folder.is_dir() else []
        return sorted(int(name.removesuffix(".csv")) for name in names if _RUN.fullmatch(name))

    def drop(self, run_id: int) -> None:
        """The run is finished: its file goes."""
        self._of(run_id).unlink(missing_ok=True)
        self._of(run_id, ".json").unlink(missing_ok=True)

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

    def _of(self, run_id: int, end: str = ".csv") -> Path:
        return self.folder / f"{int(run_id)}{end}"

    def _change(self, token: str, sent: Sent) -> Sent:
        fresh = self.folder / f"{token}.{secrets.token_hex(4)}"
        _write(fresh, _told(sent))
        fresh.replace(self.folder / f"{token}.json")
        return sent

    def _read(self, token: str, end: str) -> bytes:
        path = self.folder / f"{token}{end}"
        if not _TOKEN.fullmatch(token) or not path.exists():
            raise NotFound("This file is here no more. Send it again.")
        return path.read_bytes()


def _told(sent: Sent) -> bytes:
    return json.dumps(asdict(sent)).encode()


def _sent(stored: bytes) -> Sent:
    known = json.loads(stored)
    return Sent(known) if isinstance(known, str) else Sent(**known)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
