"""Words and numbers that, beside a wish, name nothing to look for: "since 2019", "my wife has"."""

import re
from collections.abc import Container, Iterator, Sequence
from functools import cache
from pathlib import Path

from directory.search.text import Typed, folded
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading.whereabouts.towns import called

TABLE = Path(__file__).parent / "fillers.txt"
_NUMBER = re.compile(r"\d{1,4}(?:st|nd|rd|th|er|eme|x|%)?")


@cache
def words() -> frozenset[str]:
    """All of them, folded."""
    lines = TABLE.read_text(encoding="ascii").splitlines()
    return frozenset(word for line in lines if line[:1] != "#" for word in line.split()[1:])


def passed_over(finder: Finder, pieces: Sequence[Typed], taken: Container[int]) -> Iterator[int]:
    """Of the pieces that nothing took, the numbers of those that are passed over.

    A word with a capital by which somebody here is called stays.
    """
    for i, piece in enumerate(pieces):
        if i in taken or not piece.plain:
            continue
        word = folded(piece.text)
        if _NUMBER.fullmatch(word) or (
            word in words() and not (piece.text[0].isupper() and called(finder, piece.text))
        ):
            yield i
