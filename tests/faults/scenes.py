"""A small directory whose truth is known at every version, and what publishes it.

Version v changes every third of eight listings; now and then one of them is withdrawn.
"""

from collections.abc import Iterable
from pathlib import Path

from directory.errors import SearchUnavailable
from directory.search.port import Changes, Document
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.generations import manifests
from tests.search.documents import document

LISTINGS = range(1, 9)
ACTS = ("apply", "rebuild")


def truth(version: int) -> dict[int, Document]:
    """Every public listing at that version."""
    found = ((listing, _state(listing, _changed_at(listing, version))) for listing in LISTINGS)
    return {listing: state for listing, state in found if state}


def digests(version: int) -> dict[int, str]:
    """What an index of that version must hold."""
    return {listing: state.digest() for listing, state in truth(version).items()}


def changes(version: int) -> Changes:
    """What the outbox tells of one version."""
    states = {one: _state(one, version) for one in LISTINGS if one % 3 == version % 3}
    gone = tuple(one for one, state in states.items() if state is None)
    return Changes(tuple(state for state in states.values() if state), gone, version)


def act(root: Path, kind: str, version: int) -> None:
    """Publish a version on top of the one before, by an overlay or by a rebuild."""
    writer = WhooshWriter(root)
    if kind == "apply":
        writer.apply(changes(version))
    else:
        documents = truth(version - 1).values()
        writer.rebuild(documents, cursor=version - 1, catch_up=lambda _: changes(version))


def prepared(root: Path) -> Path:
    """An index at version 3: a base, an overlay, and a generation before them."""
    WhooshWriter(root).rebuild(truth(1).values(), cursor=1)
    for version in (2, 3):
        act(root, "apply", version)
    return root


def opened(root: Path) -> dict[int, str]:
    """What a fresh reader finds; raises SearchUnavailable when the current one is refused."""
    reader = WhooshReader(root)
    reader.status()
    return dict(reader.ids())


def wrong(root: Path, *versions: int) -> str:
    """Why the index does not hold one of these versions, read by a fresh reader; "" if it does."""
    try:
        found = opened(root)
    except SearchUnavailable as error:
        return f"refused: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if any(found == digests(version) for version in versions):
        return ""
    return f"holds {sorted(found)}, none of the versions {versions}"


def orphans(root: Path) -> set[str]:
    """What lies there and neither the current nor the previous generation needs."""
    current = manifests.read_current(root)
    kept = next(manifests.previous(root, current.number), None)
    both = [manifest for manifest in (current, kept) if manifest]
    needed: set[str] = {"CURRENT", "epoch", "build.lock"}
    for manifest in both:
        needed |= manifest.folders | {f"manifest-{manifest.number}.json"}
    return {path.name for path in root.iterdir()} - needed


def files(root: Path) -> list[Path]:
    """Every file that the current generation is made of: sealed ones, manifest, CURRENT."""
    current = manifests.read_current(root)
    sealed = (root / one.folder / name for one in current.segments for name in one.files)
    return [*sealed, root / f"manifest-{current.number}.json", root / "CURRENT"]


def kind_of(path: Path) -> str:
    """A file's type: its name without numbers."""
    name = "".join(letter for letter in path.name if not letter.isdigit())
    return name.removeprefix("_MAIN_").rpartition("_")[2] if "." in name else name


def spread(count: int, of: Iterable[int]) -> list[int]:
    """So many of these at most, evenly spread, the first and the last among them."""
    every = list(of)
    if count >= len(every):
        return every
    step = (len(every) - 1) / max(count - 1, 1)
    return sorted({every[round(i * step)] for i in range(count)})


def _changed_at(listing: int, version: int) -> int:
    return version - (version - listing) % 3


def _state(listing: int, changed_at: int) -> Document | None:
    if changed_at >= 1 and (changed_at // 3 + listing) % 4 == 0:
        return None
    return document(listing, name=f"Rowan Version{max(changed_at, 0)}")
