"""The file of a backup: a tar, packed by gzip, that ends in a manifest with a SHA-256 of each part.

It is written beside and gets its name when it is whole and on the disk, for its owner alone.
"""

import gzip
import hashlib
import json
import os
import re
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from directory.config.folder import sync
from directory.errors import Conflict, DirectoryError

FORMAT = 1
MANIFEST, SECRET, ANCHOR = "manifest.json", "secret-key", "audit-anchor"
ROWS = re.compile(r"rows/(?P<table>\w+)/\d{6}\.jsonl")
PHOTO = re.compile(r"photos/(?P<file>[0-9a-f]{32}-\d{3}\.[a-z]{3,4})")
KNOWN = re.compile(rf"{MANIFEST}|{SECRET}|{ANCHOR}|{ROWS.pattern}|{PHOTO.pattern}")
# Photos are packed as they are; words shrink nearly as well as with more effort.
EFFORT = 3
LEFT_BEHIND_AFTER = 86_400.0


class Damaged(DirectoryError):
    """This file is no backup, or no whole one."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    `taken_at` is an instant in ISO 8601, `revision` the form of its database, `tables` for each
    table how many rows it has and their digest, `numbers` the last number that a table gave out,
    `begins` the hash of the first event of the audit's chain. `sums` are SHA-256s by part.
    """

    format: int
    program: str
    taken_at: str
    revision: str
    begins: str
    tables: dict[str, tuple[int, str]]
    numbers: dict[str, int]
    photos: int = 0
    sums: dict[str, str] | None = None

    @classmethod
    def of(cls, content: bytes) -> "Manifest":
        """The manifest that stands in these bytes; Damaged when it is none."""
        try:
            said: dict[str, Any] = json.loads(content)
            if said["format"] != FORMAT:
                raise Damaged(f"This backup has format {said['format']}; we read {FORMAT}.")
            tables = {name: (int(rows), str(sum_)) for name, (rows, sum_) in said["tables"].items()}
            return cls(**(said | {"tables": tables}))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged("The manifest of this backup cannot be read.") from None


class Writer:
    """Parts into a backup, one after the other; memory stays bounded."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.sums: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        self.add_file(name, BytesIO(content), len(content))

    def add_file(self, name: str, file: BinaryIO, size: int) -> None:
        """The next `size` bytes of a file."""
        part = tarfile.TarInfo(name)
        part.size, part.mode, part.mtime = size, 0o600, int(time.time())
        summing = _Summing(file)
        self._tar.addfile(part, cast(BinaryIO, summing))
        self.sums[name] = summing.digest.hexdigest()

    def close(self, manifest: Manifest) -> None:
        """The end of it."""
        content = asdict(replace(manifest, sums=dict(self.sums)))
        self.add(MANIFEST, json.dumps(content, indent=1).encode())


class _Summing:
    """A file that knows the SHA-256 of what was read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.digest.update(content)
        return content


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new backup; whatever goes wrong within the block, nothing stands under its name.

    It is read again before it gets the name.
    """
    _clear(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            packed = gzip.GzipFile("", "wb", compresslevel=EFFORT, fileobj=file)
            with packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        read(part)
        _name(part, path)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path, take: Callable[[str, BinaryIO], None] | None = None) -> Manifest:
    """Read a whole backup and check every part; `take` gets each but the manifest.

    Damaged when a part is another than it was, is missing, or is one too many. Only once this
    has returned is what `take` got known to be right.
    """
    sums: dict[str, str] = {}
    manifest: Manifest | None = None
    with _plainly(path), gzip.open(path) as packed:
        with tarfile.open(fileobj=cast(BinaryIO, packed), mode="r|") as tar:
            for name, file in _parts(tar, sums):
                if name == MANIFEST:
                    manifest = Manifest.of(file.read())
                elif take is not None:
                    take(name, cast(BinaryIO, file))
        # The sum that gzip keeps stands at its very end; nothing of ours follows but padding.
        while rest := packed.read(1 << 20):
            if rest.strip(b"\0"):
                raise Damaged(f"{path} goes on after its end: it is no whole backup, or two.")
    sums.pop(MANIFEST, None)
    if manifest is None:
        raise Damaged(f"{path} is cut short: its manifest is missing.")
    wrong = {name for name, _ in (manifest.sums or {}).items() ^ sums.items()}
    if wrong:
        raise Damaged(f"{path} is damaged: {', '.join(sorted(wrong)[:3])} is not as it was taken.")
    return manifest


def _parts(tar: tarfile.TarFile, sums: dict[str, str]) -> Iterator[tuple[str, _Summing]]:
    for part in tar:
        file = tar.extractfile(part) if part.isreg() else None
        if file is None or not KNOWN.fullmatch(part.name) or part.name in sums:
            raise Damaged(f"{part.name!r} has no place in a backup.")
        summing = _Summing(cast(BinaryIO, file))
        yield part.name, summing
        while summing.read(1 << 20):
            pass
        sums[part.name] = summing.digest.hexdigest()


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error, tarfile.TarError, ValueError, OverflowError):
        raise Damaged(f"{path} is no backup, or is cut short or damaged.") from None


def _name(part: Path, path: Path) -> None:
    """Give it its name, unless another has that by now."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise Conflict(f"{path} is there already; choose another name.") from None
    except OSError:  # a disk that knows no second name of a file
        part.replace(path)


def _clear(path: Path) -> None:
    """Delete what a backup of this name left that was killed long ago."""
    for left in path.parent.glob(f".{path.name}.*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_BEHIND_AFTER:
                left.unlink()
