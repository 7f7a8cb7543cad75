"""Our engine, through the port: built, opened, asked, changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, sleep

from directory.search.port import Changes, Document, Query, Reader, Words
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from tests.bench.engines import Answer
from tests.bench.listings import DAY, document


@dataclass(frozen=True, slots=True)
class Asked:
    """Asks one Reader."""

    reader: Reader

    def ask(self, query: Query) -> Answer:
        """Answer one query. Nothing is left out: all six facets are counted, not two."""
        found = self.reader.search(query)
        return Answer(
            0 if found.partial else found.total,
            tuple(hit.listing_id for hit in found.hits),
            found.facets["profession"],
            found.facets["condition"],
        )


@dataclass(frozen=True, slots=True)
class Change:
    """Seconds that a change took: to be published, and until the open reader had it."""

    published: float
    seen: float


class Ours:
    """The embedded engine under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._writer = WhooshWriter(root)

    def build(self, documents: Iterable[Document]) -> None:
        """A rebuild, as the indexer does it."""
        self._writer.rebuild(documents, cursor=0)

    def fresh(self) -> Asked:
        """A reader opened just now: what a web worker has when it starts."""
        reader = WhooshReader(self.root)
        reader.status()
        return Asked(reader)

    def warm(self, queries: Sequence[Query]) -> Asked:
        """A reader that has seen every word, and none of the queries that have more than one."""
        asked = self.fresh()
        for word in sorted({word for query in queries for word in query.words.all_of}):
            # Not the page that is asked for later, should an engine keep pages.
            asked.reader.search(Query(DAY, Words((word,)), limit=1))
        return asked

    def caught_up(self, asked: Asked, seconds: float = 120) -> Asked:
        """The same reader once it serves the newest generation; it is asked nothing but that."""
        deadline = perf_counter() + seconds
        while asked.reader.status().generation != self.generation():
            if perf_counter() > deadline:
                raise TimeoutError(f"A reader still serves an older index after {seconds} s.")
            sleep(0.01)
        return asked

    def generation(self) -> str:
        """The name of what was published last."""
        status = self._writer.status()
        return status.generation if status else ""

    def changes(self, listings: int, times: int) -> list[Change]:
        """Publish one changed listing at a time, and wait until an open reader finds it."""
        reader = self.fresh().reader
        return [self._change(reader, 1 + i * listings // times, i) for i in range(times)]

    def _change(self, reader: Reader, number: int, cursor: int) -> Change:
        word = f"novelty{cursor}x"
        changed = replace(document(number), about=f"Says {word} now.")
        query = Query(DAY, Words((word,)))
        began = perf_counter()
        self._writer.apply(Changes((changed,), (), cursor))
        published = perf_counter() - began
        while not reader.search(query).total:
            sleep(0.001)
        return Change(published, perf_counter() - began)
