"""The folder of portraits, and the process that draws them."""

import os
import re
import secrets
import shutil
import subprocess  # nosec B404
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import product
from pathlib import Path

from directory.config.folder import sync
from directory.errors import Invalid
from directory.photos import turns
from directory.photos.drawing import (
    BUSY,
    CENTRED,
    FORMATS,
    MOST_BYTES,
    REFUSALS,
    SIZES,
    TOO_HEAVY,
    TOO_SLOW,
    UNREADABLE,
    Crop,
    Drawn,
    refused,
)

NAME = re.compile(r"(?P<id>[0-9a-f]{32})-(?P<size>160|320|640)\.(?P<ext>avif|webp|jpg)")
# How files of those kinds begin; nothing else is worth starting a process for.
BEGINS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP|.{4}ftyp", re.DOTALL)
SECONDS = 12
# An exit status from here on is one of our REFUSALS.
FIRST_REFUSAL = 10
ROOT = Path(__file__).resolve().parent.parent.parent


class Busy(Invalid):
    """Too many photos are being drawn just now; this one may be sent again in a minute."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A portrait in the album; `width` and `height` are those of its largest file."""

    id: str
    width: int
    height: int


class Album:
    """The folder of portraits. Ids come from here and are safe to be part of an address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes, crop: Crop | None = None) -> Kept:
        """Draw what was sent anew and keep it; raises Invalid or Busy, with words for `photo`.

        Whatever goes wrong, nothing half is left. Takes up to a second, and memory in a
        process of its own; so call it outside of any transaction.
        """
        drawn = self._draw(data, crop or CENTRED)
        photo_id = secrets.token_hex(16)
        self._write(photo_id, drawn)
        side = max(one.size for one in drawn)
        return Kept(photo_id, side, side)

    def keep_own(self, photo_id: str, drawn: Sequence[Drawn], *, like: str = "") -> None:
        """Keep what the program itself has drawn, under an id of its choice; once is enough.

        One `like` another that is here already shares its files: a link costs no time.
        """
        if not NAME.fullmatch(f"{photo_id}-160.jpg") or self.sizes_of(photo_id):
            return
        if like and self._linked(like, photo_id, drawn):
            return
        self._write(photo_id, drawn)

    def _linked(self, known: str, photo_id: str, drawn: Sequence[Drawn]) -> bool:
        """Whether the one could be given the files of the other; not every disk can."""
        try:
            self._file(photo_id, SIZES[0], "jpg").parent.mkdir(exist_ok=True)
            for one in drawn:
                there = self._file(known, one.size, one.ext)
                os.link(there, self._file(photo_id, one.size, one.ext))
        except OSError:
            self.remove(photo_id)
            return False
        return True

    def path(self, photo_id: str, size: int, ext: str) -> Path | None:
        """The file for that size, or the largest there is below it; None for anything unknown."""
        if not NAME.fullmatch(f"{photo_id}-{size}.{ext}"):
            return None
        sizes = [known for known in self.sizes_of(photo_id) if known <= size]
        return self._file(photo_id, max(sizes), ext) if sizes else None

    def sizes_of(self, photo_id: str) -> tuple[int, ...]:
        """The sizes that a portrait is there in, smallest first; () when it is not."""
        if not NAME.fullmatch(f"{photo_id}-160.jpg"):
            return ()
        return tuple(size for size in SIZES if self._file(photo_id, size, "jpg").is_file())

    def remove(self, *photo_ids: str) -> None:
        """Delete portraits' files; one that is not there is no error.

        Nothing brings them back: so call it `afterwards`, when the rows are gone for good.
        """
        for photo_id in photo_ids:
            if not NAME.fullmatch(f"{photo_id}-160.jpg"):
                continue
            for size, ext in product(SIZES, FORMATS):
                self._file(photo_id, size, ext).unlink(missing_ok=True)

    def ids(self, *, before: datetime) -> set[str]:
        """The portraits that were kept before that moment, whoever they belong to."""
        names = (path for path in self.folder.glob("??/*") if _changed(path) < before)
        return {found["id"] for path in names if (found := NAME.fullmatch(path.name))}

    def clear(self, *, before: datetime) -> None:
        """Delete what a process left that ended while it wrote."""
        for path in self.folder.glob(".new-*"):
            if _changed(path) < before:
                shutil.rmtree(path, ignore_errors=True)

    def _draw(self, data: bytes, crop: Crop) -> Sequence[Drawn]:
        if len(data) > MOST_BYTES:
            raise refused(TOO_HEAVY)
        if not BEGINS.match(data):
            raise refused(UNREADABLE)
        with turns.turn(self.folder.with_suffix(".lock")) as ours:
            if not ours:
                raise Busy({"photo": [BUSY]})
            return _drawn_apart(data, crop)

    def _write(self, photo_id: str, drawn: Sequence[Drawn]) -> None:
        """All files or none: each is on the disk before the first gets its name."""
        new = self.folder / f".new-{photo_id}"
        try:
            new.mkdir(parents=True)
            for one in drawn:
                _write_through(new / f"{one.size}.{one.ext}", one.data)
            self._file(photo_id, SIZES[0], "jpg").parent.mkdir(exist_ok=True)
            for one in drawn:
                target = self._file(photo_id, one.size, one.ext)
                (new / f"{one.size}.{one.ext}").rename(target)
            sync(target.parent)
        except OSError:
            self.remove(photo_id)
            raise
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _file(self, photo_id: str, size: int, ext: str) -> Path:
        return self.folder / photo_id[:2] / f"{photo_id}-{size}.{ext}"


def _drawn_apart(data: bytes, crop: Crop) -> Sequence[Drawn]:
    """`draw` in a process of its own, which knows no setting and ends when it takes too much."""
    command = [sys.executable, "-m", "directory.photos", str(crop.x), str(crop.y), str(crop.size)]
    try:
        ended = subprocess.run(  # nosec B603
            command, input=data, capture_output=True, cwd=ROOT, env={}, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise refused(TOO_SLOW) from None
    if ended.returncode:
        # Its own refusals have a number; anything else, such as no memory left, is the file's.
        number = ended.returncode - FIRST_REFUSAL
        known = 0 <= number < len(REFUSALS)
        raise refused(REFUSALS[number] if known else UNREADABLE)
    return tuple(_parts(ended.stdout))


def _parts(sent: bytes) -> Iterator[Drawn]:
    """What the process wrote: for each file a line with size, kind and length, then its bytes."""
    file = BytesIO(sent)
    while line := file.readline():
        size, ext, length = line.decode().split()
        yield Drawn(int(size), ext, file.read(int(length)))


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _changed(path: Path) -> datetime:
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.max.replace(tzinfo=UTC)
