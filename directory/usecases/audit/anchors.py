"""Where the audit chain ended, written down outside the database: a line whenever it moved on.

Let it stand in a second place, too (AUDIT_ANCHOR_URL): whoever can write here as well can still be
found out.
"""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from directory.config import Config
from directory.usecases.audit import chain
from directory.usecases.audit.chain import Anchor

NAME = "audit-anchor"
# When, how many events, and the hash of the last; there is none while there are no events.
LINE = re.compile(r"(\S+) (?:0 ?|([1-9]\d*) ([0-9a-f]{64}))")
LONGEST_LINE = 200


def places(config: Config) -> tuple[Path, ...]:
    """The files of anchors: our own, and the second one if it is a file."""
    second = (config.audit_anchor_file,) if config.audit_anchor_file else ()
    return (config.data_dir / NAME, *second)


def add(session: Session, path: Path, *, at: datetime) -> bool:
    """Write down where the chain ends, unless the last line says so; whether it was written.

    Cheap when nothing moved: it reads one row, and the end of the file.
    """
    here, end = chain.now(session), _end(path)
    known = _anchors(end.splitlines())
    if known and known[-1] == here:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        # What a power cut left of a line is not to spoil ours.
        gap = "" if end.endswith("\n") or not end else "\n"
        file.write(f"{gap}{at.isoformat(timespec='seconds')} {here.length} {here.hash}\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def read(path: Path) -> list[Anchor]:
    """Every anchor, oldest first; a line that was cut off by a power cut is passed over."""
    if not path.exists():
        return []
    with path.open(encoding="ascii", errors="replace") as file:
        return _anchors(file)


def last(path: Path) -> Anchor | None:
    """The last anchor; None when there is none."""
    known = _anchors(_end(path).splitlines())
    return known[-1] if known else None


def last_at(path: Path) -> datetime | None:
    """When the last line was written."""
    written = [found[1] for line in _end(path).splitlines() if (found := _match(line))]
    return datetime.fromisoformat(written[-1]) if written else None


def _end(path: Path) -> str:
    """The last lines of a file, the first of them perhaps not whole; "" when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - 4 * LONGEST_LINE, 0))
        return file.read().decode("ascii", "replace")


def _anchors(lines: Iterable[str]) -> list[Anchor]:
    found = (_match(line) for line in lines)
    return [Anchor(int(one[2] or 0), one[3] or "") for one in found if one]


def _match(line: str) -> re.Match[str] | None:
    return LINE.fullmatch(line.rstrip("\r\n"))
