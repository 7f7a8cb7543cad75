"""What belongs to the project: every file that is, or would be, under version control."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@cache
def ours(*suffixes: str) -> tuple[Path, ...]:
    """The project's text files, or those with one of the suffixes."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    found = (path for path in paths if path.is_file() and is_text(path))
    return tuple(path for path in found if not suffixes or path.suffix in suffixes)


def is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" not in file.read(8000)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
