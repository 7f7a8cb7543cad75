"""Where the audit chain ended, written down outside the database: a line whenever it moved on.

Copy the file off the machine now and then: whoever can write here as well can still be found out.
"""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from directory.usecases.audit import chain
from directory.usecases.audit.chain import Anchor

NAME = "audit-anchor"


def add(session: Session, path: Path, *, at: datetime) -> bool:
    """Write down where the chain ends, unless the last line says so; whether it was written."""
    here = chain.now(session)
    known = read(path)
    if known and known[-1] == here:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{at.isoformat(timespec='seconds')} {here.length} {here.hash}\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def read(path: Path) -> list[Anchor]:
    """Every anchor, oldest first; a line that was cut off by a power cut is passed over."""
    if not path.exists():
        return []
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [
        Anchor(int(words[1]), words[2] if len(words) > 2 else "")
        for words in lines
        if len(words) > 1 and words[1].isdigit() and (len(words) > 2 or words[1] == "0")
    ]


def last_at(path: Path) -> datetime | None:
    """When the last line was written."""
    if not path.exists():
        return None
    written = path.read_text(encoding="ascii").split("\n")[:-1]
    return datetime.fromisoformat(written[-1].split()[0]) if written else None
