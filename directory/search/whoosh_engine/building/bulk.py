"""Building: documents in, a finished segment folder out, on as many cores as are given.

Documents become *parts*: each process flushes one whenever its buffers pass its share of
the memory. A part is its postings and columns, with a Whoosh segment beside them; at the end
the parts are numbered, and their columns joined into one file.
"""

import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from whoosh.codec.whoosh3 import W3Segment

from directory.errors import SearchUnavailable
from directory.search.port import Divisible, Document, Share
from directory.search.whoosh_engine.arrays import columns, files
from directory.search.whoosh_engine.arrays.columns import Gathered
from directory.search.whoosh_engine.arrays.postings import postings_file
from directory.search.whoosh_engine.building import whoosh_segments
from directory.search.whoosh_engine.building.inverting import Inverter

Progress = Callable[[int], None]

MEMORY_MB = 512
REPORTED_EVERY = 200


@dataclass(frozen=True, slots=True)
class BuiltPart:
    """A part on the disk, not numbered yet: its files, and its Whoosh segment if it has one."""

    documents: int
    postings: str
    columns: str
    segment: W3Segment | None


def build(
    folder: Path,
    documents: Iterable[Document],
    *,
    progress: Progress = lambda done: None,
    memory_mb: int = MEMORY_MB,
    processes: int | None = None,
) -> int:
    """Fill an empty folder with the segment of these documents; gives how many there are.

    Divisible documents are read by child processes, others in this one. `memory_mb` bounds
    the buffers of all of them together. Raises SearchUnavailable when a child fails or is
    killed; all have ended by then.
    """
    shares = documents.shares(processes or cores()) if isinstance(documents, Divisible) else ()
    memory = memory_mb << 20
    if len(shares) > 1:
        parts = _built_by_children(folder, shares, memory // len(shares), progress)
    else:
        parts = _parts(folder, "0", documents, memory, progress)
    parts = parts or [_flushed(folder, "none", Inverter(), Gathered())]
    return _join(folder, parts)


def build_small(folder: Path, documents: Iterable[Document]) -> int:
    """The same of few documents, in this process, without Whoosh's own files."""
    inverter, gathered = Inverter(), Gathered()
    for document in documents:
        inverter.add(document)
        gathered.add(document)
    return _join(folder, [_flushed(folder, "0", inverter, gathered, whoosh=False)])


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _parts(
    folder: Path, name: str, documents: Iterable[Document], memory: int, progress: Progress
) -> list[BuiltPart]:
    """Write parts of so many bytes of buffers each."""
    parts: list[BuiltPart] = []
    inverter, gathered = Inverter(), Gathered()
    for done, document in enumerate(documents, start=1):
        inverter.add(document)
        gathered.add(document)
        progress(done)
        if inverter.bytes >= memory:
            parts.append(_flushed(folder, f"{name}-{len(parts)}", inverter, gathered))
            inverter, gathered = Inverter(), Gathered()
    if len(inverter):
        parts.append(_flushed(folder, f"{name}-{len(parts)}", inverter, gathered))
    return parts


def _flushed(
    folder: Path, name: str, inverter: Inverter, gathered: Gathered, *, whoosh: bool = True
) -> BuiltPart:
    """Write a part under a name of its own."""
    found, meta = gathered.columns()
    inverted = inverter.inverted()
    part = BuiltPart(
        documents=inverted.documents,
        postings=f"part-{name}.postings",
        columns=f"part-{name}.columns",
        segment=whoosh_segments.write(folder, inverted, found["ids"]) if whoosh else None,
    )
    whoosh_segments.write_arrays(folder / part.postings, inverted)
    files.write(folder / part.columns, found, meta)
    return part


def _join(folder: Path, parts: Sequence[BuiltPart]) -> int:
    """Number the parts, join their columns and list their segments; gives how many documents."""
    for number, part in enumerate(parts):
        (folder / part.postings).rename(folder / postings_file(number))
    mapped = [files.read(folder / part.columns) for part in parts]
    columns.save(folder, [(dict(found), found.meta) for found in mapped])
    for part in parts:
        (folder / part.columns).unlink()
    if segments := [part.segment for part in parts if part.segment]:
        whoosh_segments.list_segments(folder, segments)
    return sum(part.documents for part in parts)


@dataclass(frozen=True, slots=True)
class _Child:
    """A builder process, and this end of what it says: progress, its parts, or its failure."""

    process: SpawnProcess
    line: Connection

    def heard(self) -> int | list[BuiltPart]:
        """The next thing that it says; raises SearchUnavailable when it failed or is gone."""
        try:
            said: int | list[BuiltPart] | _Failure = self.line.recv()
        except (EOFError, OSError):
            self.process.join()
            raise SearchUnavailable(f"A builder process {_end(self.process.exitcode)}.") from None
        if isinstance(said, _Failure):
            error = SearchUnavailable(f"A builder process failed: {said.reason}")
            error.add_note(said.trace)
            raise error
        return said


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a builder process gave up."""

    reason: str
    trace: str


def _end(exitcode: int | None) -> str:
    """How a process ended that said nothing."""
    if exitcode is not None and exitcode < 0:
        return f"was killed ({signal.Signals(-exitcode).name})"
    return f"ended without a word (status {exitcode})"


def _built_by_children(
    folder: Path, shares: Sequence[Share], memory: int, progress: Progress
) -> list[BuiltPart]:
    """Let each share be built by a process of its own; gives all parts in the shares' order."""
    with _children(folder, shares, memory) as children:
        waiting = {child.line: number for number, child in enumerate(children)}
        done, built = [0] * len(children), [list[BuiltPart]()] * len(children)
        while waiting:
            ready = connection.wait(list(waiting))
            for line in [line for line in waiting if line in ready]:
                number = waiting[line]
                said = children[number].heard()
                if not isinstance(said, int):
                    built[number] = said
                    del waiting[line]
                    said = sum(part.documents for part in said)
                done[number] = said
                progress(sum(done))
    return list(chain.from_iterable(built))


@contextmanager
def _children(folder: Path, shares: Sequence[Share], memory: int) -> Iterator[list[_Child]]:
    """A process for each share; none of them outlives the block.

    They are spawned, not forked: this process may have threads.
    """
    spawn, children = get_context("spawn"), list[_Child]()
    try:
        for number, share in enumerate(shares):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(
                target=_build_share, args=(theirs, share, folder, str(number), memory), daemon=True
            )
            process.start()
            theirs.close()
            children.append(_Child(process, ours))
        yield children
    finally:
        for child in children:
            child.process.kill()
        for child in children:
            child.process.join()
            child.process.close()
            child.line.close()


def _build_share(line: Connection, share: Share, folder: Path, name: str, memory: int) -> None:
    """What a child does. It ends when its parent does, and leaves Ctrl-C to its parent."""

    def report(done: int) -> None:
        if done % REPORTED_EVERY == 0:
            line.send(done)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()
    try:
        line.send(_parts(folder, name, share(), memory, report))
    except Exception as error:
        line.send(_Failure(f"{type(error).__name__}: {error}", traceback.format_exc()))


def _end_with_parent(line: Connection) -> None:
    """Wait for the parent's end of the line to close, which the kernel sees to when it dies."""
    try:
        line.recv()
    except (EOFError, OSError):
        os._exit(1)
