"""Rows 8, 9, 10 and 30: what lies on the disk is not what was published."""

import os
import pickle
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from directory.errors import SearchUnavailable
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.search.whoosh_engine.generations import manifests, publishing
from directory.search.whoosh_engine.generations.manifests import Manifest
from tests.faults import children
from tests.faults.outcomes import Outcome, Scale
from tests.faults.scenes import act, digests, files, kind_of, opened, prepared
from tests.faults.shim import rewind


def flipped(folder: Path, scale: Scale) -> Outcome:
    """Row 8: one bit is another, in every type of file."""
    outcome = Outcome(8, "bit flip")
    root, dice = prepared(folder / "root"), random.Random(8)
    kinds: dict[str, list[Path]] = {}
    for path in files(root):
        if path.stat().st_size:
            kinds.setdefault(kind_of(path), []).append(path)
    for kind, paths in kinds.items():
        for _ in range(scale.of(300, least=3)):
            path = dice.choice(paths)
            with _changed(path, _flip(path, dice)):
                outcome.runs += 1
                _refused(outcome, root, f"a bit of {path.name} ({kind}) flipped")
    with outcome.recovering():
        act(root, "rebuild", 4)
        outcome.sound(root, 4, when="after a rebuild")
    outcome.notes.append(f"{len(kinds)} types of file")
    return outcome


def _flip(path: Path, dice: random.Random) -> bytes:
    content = bytearray(path.read_bytes())
    bit = dice.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    return bytes(content)


@contextmanager
def _changed(path: Path, content: bytes) -> Iterator[None]:
    sound = path.read_bytes()
    path.write_bytes(content)
    yield
    path.write_bytes(sound)


def _refused(outcome: Outcome, root: Path, when: str) -> None:
    """The reader says what is wrong, and serves the generation before or nothing.

    When CURRENT alone is damaged, the newest generation is sound and serves.
    """
    reader = WhooshReader(root)
    served = [digests(version) for version in (2, 3)[: 1 + ("CURRENT" in when)]]
    try:
        reader.status()
        outcome.violations.append(f"{when}: not noticed")
    except SearchUnavailable:
        pass
    except Exception as error:
        outcome.violations.append(f"{when}: {type(error).__name__}: {error}")
    try:
        found = dict(reader.ids())
        outcome.holds(found in served, f"{when}: serves {found}")
    except SearchUnavailable:
        pass


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _halve(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _fold(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _accompany(path: Path) -> None:
    path.with_name("stranger").write_text("hello")


def _remove_all(path: Path) -> None:
    shutil.rmtree(path.parent)


HARMS: tuple[Callable[[Path], None], ...] = (Path.unlink, _truncate, _halve, _empty, _zero, _fold)


def harmed(folder: Path, scale: Scale) -> Outcome:
    """Row 9: a file is missing, truncated, empty, zeroed, a folder, or one too many."""
    outcome = Outcome(9, "missing, truncated, zeroed, extra file")
    origin = prepared(folder / "origin")
    names = [path.relative_to(origin) for path in files(origin)]
    cases = [(name, harm) for name in names for harm in HARMS]
    cases += [(name, harm) for name in names[:-2] for harm in (_accompany, _remove_all)]
    dice = random.Random(9)
    for name, harm in dice.sample(cases, scale.of(len(cases), least=12)):
        root = rewind(origin, folder / "root")
        if harm is not _accompany and not (root / name).stat().st_size:
            continue
        harm(root / name)
        outcome.runs += 1
        when = f"{harm.__name__} {name}"
        if (root / "CURRENT").exists():
            _refused(outcome, root, when)
        with outcome.recovering():
            _mend(outcome, root, when)
    return outcome


def _mend(outcome: Outcome, root: Path, when: str) -> None:
    if (root / "CURRENT").is_dir():
        (root / "CURRENT").rmdir()
    act(root, "rebuild", 4)
    outcome.sound(root, 4, when=f"{when}, after a rebuild")


# Whoosh's own files; who searches never opens them.
WHOOSH = (".seg", ".toc")


class _Canary:
    """Unpickling it makes a folder."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return os.mkdir, (self.path,)


def hostile(folder: Path, scale: Scale) -> Outcome:
    """Row 10: files that run a command when they are unpickled, with and without right hashes."""
    outcome = Outcome(10, "hostile pickle")
    origin, canary = prepared(folder / "origin"), folder / "executed"
    names = [path.relative_to(origin) for path in files(origin)]
    for protocol in range(6)[-scale.of(6, least=1) :]:
        poison = pickle.dumps(_Canary(str(canary)), protocol)
        for name in names:
            root = rewind(origin, folder / "root")
            (root / name).write_bytes(poison)
            _used(outcome, root, canary, f"{name} hostile")
            if name.suffix in WHOOSH:
                root = rewind(origin, folder / "root")
                (root / name).write_bytes(poison)
                _reseal(root)
                outcome.sound(root, 3, when=f"{name} hostile, with right hashes")
                _used(outcome, root, canary, f"{name} hostile, with right hashes")
    outcome.notes.append("0 executions" if not outcome.violations else "EXECUTED")
    return outcome


def _used(outcome: Outcome, root: Path, canary: Path, when: str) -> None:
    children.run(_use, str(root))
    outcome.runs += 1
    outcome.holds(not canary.exists(), f"{when}: it was executed")
    if canary.exists():
        canary.rmdir()
    with outcome.recovering():
        _mend(outcome, root, when)


def _reseal(root: Path) -> None:
    """What somebody would publish who may write the folder."""
    current = manifests.read_current(root)
    overlay = current.overlay and publishing.seal(root / current.overlay.folder)
    base = publishing.seal(root / current.base.folder)
    _publish_as_is(root, replace(current, base=base, overlay=overlay))


def _use(root: str) -> None:
    reader = WhooshReader(Path(root))
    for use in (reader.status, reader.ids, lambda: WhooshWriter(Path(root)).overlaid()):
        try:
            use()
        except Exception:
            continue


def skewed(folder: Path, _: Scale) -> Outcome:
    """Row 30: the index is of another format or schema than the program."""
    outcome = Outcome(30, "version skew")
    for said, change in (
        ("format", {"format": manifests.FORMAT + 1}),
        ("format", {"format": manifests.FORMAT - 1}),
        ("schema", {"schema": "0" * 32}),
    ):
        root = prepared(folder / f"{said}{outcome.runs}")
        serving = WhooshReader(root)
        before = dict(serving.ids())
        _republish(root, change)
        outcome.runs += 1
        try:
            opened(root)
            outcome.violations.append(f"{change} was not noticed")
        except SearchUnavailable as error:
            clear = said in str(error) and "rebuild" in str(error)
            outcome.holds(clear, f"{change}: the reason is not clear: {error}")
        outcome.holds(dict(serving.ids()) == before, f"{change}: what served is gone")
        with outcome.recovering():
            _mend(outcome, root, f"{change}")
    return outcome


def _republish(root: Path, change: dict[str, object]) -> None:
    """What another version of the program would have published: whole, with right hashes."""
    _publish_as_is(root, replace(manifests.read_current(root), **change))  # type: ignore[arg-type]


def _publish_as_is(root: Path, manifest: Manifest) -> None:
    name, content = f"manifest-{manifest.number}.json", manifests.sealed(manifest)
    (root / name).write_bytes(content)
    (root / "CURRENT").write_bytes(manifests.pointer(name, content))
