"""Sealed generations: what serves never changes, and a broken one is never served.

    CURRENT            names a manifest and its SHA-256; replaced by rename
    manifest-7.json    the base, the overlay, ids the overlay hides, a SHA-256 of each file
    base-5/ overlay-7/ arrays; beside those of a base the Whoosh index that they were made with
    building-3/        what the rebuild of epoch 3 has made so far
    epoch              the newest fencing epoch that a rebuild has taken

Files and folders reach the disk (fsync) before anything names them. Locks are the kernel's
(flock), so a killed process holds none. A rebuild takes a higher epoch than any before it;
one that lost its lock, or was stopped while another took over, cannot publish any more.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from directory.errors import Conflict, SearchUnavailable
from directory.search.whoosh_engine.generations import disk, holding, manifests
from directory.search.whoosh_engine.generations.manifests import Manifest, NoIndexYet, Segment

BUILD_LOCK, EPOCH = "build.lock", "epoch"
SEALED = ("base-*", "overlay-*")
NEWEST = 2**62
# What a publisher waits for another: longer than any catch-up should take.
PATIENCE = 30.0
THREADS = min(4, os.cpu_count() or 1)
BIG = 2**22

T = TypeVar("T")


def verify(root: Path, segment: Segment, known: Segment | None = None) -> None:
    """Check every file against its SHA-256, before anything in it is interpreted.

    Of a segment that is `known` to be sound only the names are compared. Raises
    SearchUnavailable.
    """
    hashes = _names if segment == known else _hashes
    wanted = dict.fromkeys(segment.files, "") if segment == known else segment.files
    try:
        found = hashes(root / segment.folder)
    except OSError as error:
        raise SearchUnavailable(f"{segment.folder} cannot be read: {error.strerror}") from None
    if found != wanted:
        wrong = sorted(set(found.items()) ^ set(wanted.items()))
        raise SearchUnavailable(f"{segment.folder} is damaged: {wrong[0][0]}")


def seal(folder: Path) -> Segment:
    """Bring a finished folder to the disk and take its fingerprint."""
    _each(disk.sync, sorted(folder.iterdir()))
    disk.sync(folder)
    return Segment(folder.name, _hashes(folder))


def place(root: Path, segment: Segment, name: str) -> Segment:
    """Give a sealed folder the name under which it will serve."""
    disk.rename(root / segment.folder, root / name)
    return Segment(name, segment.files)


def epoch_of(folder: Path) -> int:
    """The fencing epoch of the rebuild that builds in this folder."""
    digits = folder.name.removeprefix("building-")
    return int(digits) if digits.isdecimal() else 0


@contextmanager
def building(root: Path) -> Iterator[Path]:
    """A fresh folder to build a base in, for one rebuild at a time; `epoch_of` it is its epoch.

    Raises Conflict when another one is at work, or has taken over. The folder is removed
    when the block fails.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _build_lock(root):
        epoch = _next_epoch(root)
        _remove(root.glob("building-*"))
        folder = root / f"building-{epoch}"
        disk.make_folder(folder)
        try:
            yield folder
        except Exception as error:
            if _epoch_taken(root) > epoch:
                raise Conflict("Another rebuild has taken over; this one stops.") from error
            raise
        finally:
            disk.remove(folder)


@contextmanager
def publishing(root: Path) -> Iterator[int]:
    """The short moment in which one process at a time publishes; gives the next number.

    What a failure leaves under that number is removed. Raises Conflict when another process
    has been publishing for too long.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _publish_lock(root):
        _remove(_newer_than(root, _published(root)))
        number = _newest(root) + 1
        try:
            yield number
        except BaseException:
            if not _is_current(root, number):
                _remove(_newer_than(root, number - 1))
            raise


def publish(root: Path, manifest: Manifest, *, on: int | None = None) -> None:
    """Make a manifest the current one, durably; then collect what nobody needs any more.

    `on` is the number of the generation that it builds upon, None for a fresh base. Raises
    Conflict when that one does not serve any more, or when a rebuild of a newer epoch has
    published. After an OSError the one before serves, or (when the very last fsync failed)
    this one.
    """
    _refuse_stale(root, manifest, on)
    name, content = manifests.name_of(manifest.number), manifests.sealed(manifest)
    disk.replace(root / name, content)
    disk.replace(root / manifests.CURRENT, manifests.pointer(name, content))
    _collect(root, manifest)


def _refuse_stale(root: Path, manifest: Manifest, on: int | None) -> None:
    newest = max((older.epoch for older in manifests.previous(root, NEWEST)), default=0)
    if newest > manifest.epoch:
        raise Conflict("A newer rebuild has published; this one comes too late.")
    if max(manifests.numbers(root), default=0) >= manifest.number:
        raise Conflict("Another process has published meanwhile.")
    if on is not None and manifests.read_current(root).number != on:
        raise Conflict("Another generation serves than the one this builds upon.")


def _published(root: Path) -> int:
    """The number up to which generations were published; what is newer was never finished."""
    try:
        return manifests.read_current(root).number
    except SearchUnavailable:
        return max(manifests.numbers(root), default=0)


def _is_current(root: Path, number: int) -> bool:
    """Whether CURRENT names that number, or cannot tell."""
    try:
        return manifests.read_pointer(root).startswith(f"{manifests.name_of(number)} ".encode())
    except NoIndexYet:
        return False
    except SearchUnavailable:
        return True


def _newest(root: Path) -> int:
    """The highest number in use, by a manifest or by a folder whose manifest is lost."""
    return max((*manifests.numbers(root), *map(_number, _sealed(root))), default=0)


def _newer_than(root: Path, number: int) -> list[Path]:
    """Manifests, sealed folders and halves of files that have a higher number, or none."""
    paths = (*_sealed(root), *root.glob("manifest-*.json"), *root.glob("*.tmp"))
    return [path for path in paths if _number(path) > number]


def _number(path: Path) -> int:
    digits = path.name.partition(".")[0].partition("-")[2]
    return int(digits) if digits.isdecimal() else NEWEST


def _sealed(root: Path) -> list[Path]:
    return [path for pattern in SEALED for path in root.glob(pattern)]


def _collect(root: Path, current: Manifest) -> None:
    """Keep the current and the previous generation, and whatever a reader holds."""
    kept = next(manifests.previous(root, current.number), None)
    folders = current.folders | (kept.folders if kept else set())
    names = {manifests.name_of(manifest.number) for manifest in (current, kept) if manifest}
    _remove(path for path in root.glob("manifest-*.json") if path.name not in names)
    _remove(root.glob("*.tmp"))
    _remove(path for path in _sealed(root) if path.name not in folders)
    if left := list(root.glob("building-*")):
        with suppress(Conflict), _build_lock(root):  # who holds it is still building
            _remove(left)


def _remove(paths: Iterable[Path]) -> None:
    """Remove what nobody holds."""
    for path in list(paths):
        with holding.unheld(path) as free:
            if free:
                disk.remove(path)


def _next_epoch(root: Path) -> int:
    """Take an epoch higher than any before, durably."""
    with _publish_lock(root):
        published = max(
            (manifest.epoch for manifest in manifests.previous(root, NEWEST)), default=0
        )
        unfinished = max((epoch_of(path) for path in root.glob("building-*")), default=0)
        epoch = max(_epoch_taken(root), published, unfinished) + 1
        disk.replace(root / EPOCH, f"{epoch}\n".encode())
    return epoch


def _epoch_taken(root: Path) -> int:
    with suppress(OSError, ValueError):
        return int((root / EPOCH).read_text())
    return 0


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(folder.iterdir())
    return dict(zip((path.name for path in paths), _each(_sha256, paths), strict=True))


def _names(folder: Path) -> dict[str, str]:
    return {path.name: "" for path in folder.iterdir()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _each(do: Callable[[Path], T], paths: Sequence[Path]) -> list[T]:
    """Do it to each file, to big ones on threads: hashing and fsync hold no GIL."""
    if sum(path.stat().st_size for path in paths) < BIG:
        return [do(path) for path in paths]
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(do, paths))


@contextmanager
def _build_lock(root: Path) -> Iterator[None]:
    with (root / BUILD_LOCK).open("w") as file:
        if not _locked(file.fileno()):
            raise Conflict("Another rebuild is at work; let it finish.")
        yield


@contextmanager
def _publish_lock(root: Path) -> Iterator[None]:
    """A lock on the folder itself: whoever removes it removes the index with it."""
    folder = os.open(root, os.O_RDONLY)
    try:
        deadline = monotonic() + PATIENCE
        while not _locked(folder):
            if monotonic() > deadline:
                raise Conflict("Another process is publishing, and takes too long.")
            sleep(0.01)
        yield
    finally:
        os.close(folder)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
