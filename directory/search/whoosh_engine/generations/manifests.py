"""Manifests: which files serve, with a SHA-256 of each and of the manifest itself."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from directory.errors import SearchUnavailable
from directory.places.areas import holding
from directory.search.port import FACETS, Gaps, Heard, IndexStatus
from directory.search.stems import term_of
from directory.search.text import WORD
from directory.search.whoosh_engine.arrays.schema import BOOSTS, FIELDS

FORMAT = 4
CURRENT = "CURRENT"
# What the analysers make of these tells one version of them from another.
PROBES = ("Müller", "O'Brien's", "migraines", "generalising", "Łódź", "straße", "2nd", "naïve")


class NoIndexYet(SearchUnavailable):
    """Nothing was ever published here."""


@cache
def schema_digest() -> str:
    """A fingerprint of fields, weights, facets, areas and analysis: equal where an index is readable."""
    terms = [[field, probe, term_of(field, probe)] for field in FIELDS for probe in PROBES]
    said = json.dumps([list(BOOSTS.items()), FACETS, WORD.pattern, terms, holding.digest()])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed folder and the SHA-256 of each file in it."""

    folder: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What serves: `hidden` are listing ids whose base documents no longer count.

    `epoch` is the fencing epoch of the rebuild that made the base; a rebuild with a lower
    one comes too late.
    """

    number: int
    epoch: int
    built_at: str
    cursor: int
    listings: int
    base: Segment
    overlay: Segment | None
    hidden: tuple[int, ...]
    gaps: Gaps = ()
    schema: str = ""
    format: int = FORMAT

    def __post_init__(self) -> None:
        if not self.schema:
            object.__setattr__(self, "schema", schema_digest())

    @property
    def heard(self) -> Heard:
        """The outbox rows that it holds."""
        return Heard(self.cursor, self.gaps)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The base, and the overlay if there is one."""
        return (self.base, self.overlay) if self.overlay else (self.base,)

    @property
    def folders(self) -> set[str]:
        """The folders it needs."""
        return {segment.folder for segment in self.segments}


def sealed(manifest: Manifest) -> bytes:
    """A manifest as it lies on the disk: JSON that carries the SHA-256 of its body."""
    return _envelope(manifest.format, json.dumps(_body(manifest)).encode())


def _body(manifest: Manifest) -> dict[str, Any]:
    values = {spec.name: getattr(manifest, spec.name) for spec in fields(manifest)}
    overlay = asdict(manifest.overlay) if manifest.overlay else None
    if not manifest.gaps:
        del values["gaps"]  # nearly always: a program from before reads it, too
    return values | {"base": asdict(manifest.base), "overlay": overlay}


def stamp_of_pointer(root: Path) -> tuple[int, ...] | None:
    """What differs once another generation was published, by one `stat`; None without any."""
    try:
        found = (root / CURRENT).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size


def read_pointer(root: Path) -> bytes:
    """What CURRENT holds, unchecked; it differs when another generation was published."""
    try:
        return (root / CURRENT).read_bytes()
    except FileNotFoundError:
        raise NoIndexYet("There is no index yet.") from None
    except OSError as error:
        raise SearchUnavailable(f"{CURRENT} cannot be read: {error.strerror}") from None


def read_current(root: Path) -> Manifest:
    """The manifest that CURRENT names; raises SearchUnavailable with the reason."""
    while True:
        held = read_pointer(root)
        try:
            return _pointed_at(root, held)
        except SearchUnavailable:
            # Another one was published meanwhile, and this one collected.
            if read_pointer(root) == held:
                raise


def _pointed_at(root: Path, held: bytes) -> Manifest:
    name = held.decode(errors="replace").partition(" ")[0].strip()
    if not _number_in(name):
        raise SearchUnavailable(f"{CURRENT} is damaged.")
    manifest, raw = _read(root, name)
    if held != pointer(name, raw):
        raise SearchUnavailable(f"{CURRENT} is damaged.")
    return manifest


def read_manifest(root: Path, name: str) -> Manifest:
    """One manifest, checked bit by bit, for format and schema; raises SearchUnavailable."""
    return _read(root, name)[0]


def _read(root: Path, name: str) -> tuple[Manifest, bytes]:
    try:
        raw = (root / name).read_bytes()
        stored = json.loads(raw)
        if stored["format"] != FORMAT:
            raise SearchUnavailable(
                f"{name} is of format {stored['format']}, and this program reads format {FORMAT}:"
                " rebuild the index."
            )
        body = stored["manifest"]
        if raw != _envelope(FORMAT, json.dumps(body).encode()):
            raise SearchUnavailable(f"{name} is damaged.")
        if body["schema"] != schema_digest():
            raise SearchUnavailable(f"{name} is of another schema: rebuild the index.")
        return _manifest(body), raw
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SearchUnavailable(f"{name} cannot be read: {error}") from None


def _manifest(body: dict[str, Any]) -> Manifest:
    overlay = Segment(**body["overlay"]) if body["overlay"] else None
    values = {"base": Segment(**body["base"]), "overlay": overlay, "hidden": tuple(body["hidden"])}
    gaps = tuple((low, high) for low, high in body.get("gaps", ()))
    return Manifest(**body | values | {"gaps": gaps})


def previous(root: Path, before: int) -> Iterator[Manifest]:
    """Older manifests that can be read and still lie here, newest first."""
    for number in sorted(numbers(root), reverse=True):
        if number < before:
            try:
                yield read_manifest(root, name_of(number))
            except SearchUnavailable:
                continue


def name_of(number: int) -> str:
    """The file name of a manifest."""
    return f"manifest-{number}.json"


def numbers(root: Path) -> list[int]:
    """The numbers of all manifests that lie here, sound or not, in no order."""
    found = (_number_in(path.name) for path in root.glob("manifest-*.json"))
    return [number for number in found if number]


def _number_in(name: str) -> int:
    digits = name.removeprefix("manifest-").removesuffix(".json")
    return int(digits) if digits.isdecimal() and name == name_of(int(digits)) else 0


def _envelope(number: int, body: bytes) -> bytes:
    digest = hashlib.sha256(body).hexdigest().encode()
    return b'{"format": %d, "sha256": "%s", "manifest": %s}\n' % (number, digest, body)


def pointer(name: str, content: bytes) -> bytes:
    """What CURRENT holds: a manifest's name and the SHA-256 of its file."""
    return f"{name} {hashlib.sha256(content).hexdigest()}\n".encode()


def status_of(manifest: Manifest) -> IndexStatus:
    """A manifest in the port's words."""
    return IndexStatus(
        generation=str(manifest.number),
        listings=manifest.listings,
        cursor=manifest.cursor,
        built_at=manifest.built_at,
        gaps=manifest.gaps,
    )
