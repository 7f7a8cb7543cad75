"""A search that looks at a part of the map, and in the order of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from directory.places import Point
from directory.search.port import Box, IndexStatus, Query, Ranking, Reader
from directory.usecases.visitors.finder import Finder

# Whoever began to page yesterday may go on to the end of today.
ORDER_HOLDS_FOR = timedelta(days=1)


def narrowed(finder: Finder, *, box: Box | None, day: date) -> Finder:
    """The same finder, but for where and in which order its reader looks.

    What SQL says of today holds all the same: the day is the order's alone.
    """
    if box is None and day == finder.today:
        return finder
    return replace(finder, reader=Narrowed(finder.reader, box, day))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A reader whose searches all look in one box, in the order of one day."""

    reader: Reader
    box: Box | None
    day: date

    def search(self, query: Query) -> Ranking:
        """As the Reader's."""
        return self.reader.search(self._narrow(query))

    def totals(self, queries: Sequence[Query]) -> list[int]:
        """As the Reader's."""
        return self.reader.totals([self._narrow(query) for query in queries])

    def spell(self, words: Sequence[str]) -> list[str | None]:
        """As the Reader's."""
        return self.reader.spell(words)

    def names(self, prefix: str, *, limit: int) -> list[int]:
        """As the Reader's."""
        return self.reader.names(prefix, limit=limit)

    def called(self, word: str) -> int:
        """As the Reader's."""
        return self.reader.called(word)

    def currency(self) -> str:
        """As the Reader's."""
        return self.reader.currency()

    def crowds(self, *, most: int) -> list[Point]:
        """As the Reader's."""
        return self.reader.crowds(most=most)

    def generation(self) -> str:
        """As the Reader's."""
        return self.reader.generation()

    def ids(self) -> Mapping[int, str]:
        """As the Reader's."""
        return self.reader.ids()

    def status(self) -> IndexStatus:
        """As the Reader's."""
        return self.reader.status()

    def _narrow(self, query: Query) -> Query:
        return replace(query, box=self.box, day=self.day)
