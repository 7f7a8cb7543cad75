"""Sealed generations: what serves never changes, and a broken one is never served.

    CURRENT            names a manifest; replaced by rename
    manifest-7.json    the base, the overlay, ids the overlay hides, a SHA-256 for each file
    base-5/ overlay-7/ a Whoosh index with its columns each

Files and folders reach the disk (fsync) before anything names them. Locks are the
kernel's (flock), so a killed builder holds none.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from directory.errors import Conflict, SearchUnavailable

FORMAT = 1
CURRENT, BUILD_LOCK, PUBLISH_LOCK = "CURRENT", "build.lock", "publish.lock"


class NoIndexYet(SearchUnavailable):
    """Nothing was ever published here."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed folder and the SHA-256 of each file in it."""

    folder: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What serves: `hidden` are listing ids whose base documents no longer count."""

    number: int
    format: int
    built_at: str
    cursor: int
    listings: int
    base: Segment
    overlay: Segment | None
    hidden: tuple[int, ...]

    @property
    def folders(self) -> set[str]:
        """The folders it needs."""
        return {self.base.folder} | ({self.overlay.folder} if self.overlay else set())


def read_current(root: Path) -> Manifest:
    """The manifest that CURRENT names; raises SearchUnavailable with the reason."""
    try:
        name = (root / CURRENT).read_text().strip()
    except OSError:
        raise NoIndexYet("There is no index yet.") from None
    return read_manifest(root, name)


def read_manifest(root: Path, name: str) -> Manifest:
    """One manifest, checked for shape and format; raises SearchUnavailable."""
    try:
        stored = json.loads((root / name).read_text())
        if stored["format"] != FORMAT:
            raise SearchUnavailable(f"{name} is of another format; rebuild the index.")
        stored["base"] = Segment(**stored["base"])
        stored["overlay"] = Segment(**stored["overlay"]) if stored["overlay"] else None
        stored["hidden"] = tuple(stored["hidden"])
        return Manifest(**stored)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SearchUnavailable(f"{name} cannot be read: {error}") from None


def previous(root: Path, before: int) -> Iterator[Manifest]:
    """Older sound manifests that still lie here, newest first."""
    for number in sorted(_numbers(root), reverse=True):
        if number < before:
            try:
                yield read_manifest(root, _manifest_name(number))
            except SearchUnavailable:
                continue


def verify(root: Path, segment: Segment) -> None:
    """Check every file against its SHA-256, before anything in it is interpreted."""
    try:
        found = _hashes(root / segment.folder)
    except OSError as error:
        raise SearchUnavailable(f"{segment.folder} cannot be read: {error.strerror}") from None
    if found != segment.files:
        wrong = sorted(set(found.items()) ^ set(segment.files.items()))
        raise SearchUnavailable(f"{segment.folder} is damaged: {wrong[0][0]}")


def seal(folder: Path) -> Segment:
    """Bring a finished folder to the disk and take its fingerprint."""
    for path in sorted(folder.iterdir()):
        _fsync(path)
    _fsync(folder)
    return Segment(folder.name, _hashes(folder))


def _hashes(folder: Path) -> dict[str, str]:
    hashes = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


@contextmanager
def building(root: Path) -> Iterator[Path]:
    """A fresh folder to build a base in, for one builder at a time.

    Raises Conflict when another one is at work. The folder is removed when the block fails.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _lock(root / BUILD_LOCK, wait=False):
        _remove(root.glob("building-*"))
        folder = root / f"building-{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


@contextmanager
def publishing(root: Path) -> Iterator[int]:
    """The short moment in which one process at a time publishes; gives the next number."""
    root.mkdir(parents=True, exist_ok=True)
    with _lock(root / PUBLISH_LOCK, wait=True):
        yield _newest_number(root) + 1


def publish(root: Path, manifest: Manifest) -> None:
    """Make a manifest the current one, durably; then collect what nobody needs any more."""
    name = _manifest_name(manifest.number)
    _write(root / name, json.dumps(asdict(manifest), indent=1))
    _write(root / CURRENT, name + "\n")
    _collect(root, manifest)


def _collect(root: Path, current: Manifest) -> None:
    """Keep the current and the previous generation; a reader may be opening that one."""
    kept = next(previous(root, current.number), None)
    folders = current.folders | (kept.folders if kept else set())
    names = {_manifest_name(m.number) for m in (current, kept) if m}
    _remove(path for path in root.glob("manifest-*.json") if path.name not in names)
    sealed = (*root.glob("base-*"), *root.glob("overlay-*"), *root.glob("*.tmp"))
    _remove(path for path in sealed if path.name not in folders)


def _remove(paths: Iterator[Path] | list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _manifest_name(number: int) -> str:
    return f"manifest-{number}.json"


def _newest_number(root: Path) -> int:
    """The highest number in use, by a manifest or by a folder whose manifest is lost."""
    folders = (*root.glob("base-*"), *root.glob("overlay-*"))
    sealed = [int(n) for n in (path.name.partition("-")[2] for path in folders) if n.isdecimal()]
    return max((*_numbers(root), *sealed), default=0)


def _numbers(root: Path) -> list[int]:
    names = (path.stem.removeprefix("manifest-") for path in root.glob("manifest-*.json"))
    return [int(name) for name in names if name.isdecimal()]


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(".tmp")
    beside.write_text(text)
    _fsync(beside)
    beside.rename(path)
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _lock(path: Path, *, wait: bool) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Conflict("Another rebuild is at work; let it finish.") from None
        yield
