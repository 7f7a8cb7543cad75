"""A place that is pasted into the search box whole: coordinates, a code, a label of ours."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from directory.places import Gazetteer, Place
from directory.search.text import Typed, typed

# Signs of coordinates, of a code with a hyphen, and of a label: "…, TR".
_POINT = re.compile(r"\d[°º˚]|\d\.\d{2}.*\d\.\d|\d,\d{3,}.*\d,\d|\d\s*[NSEW]\b.*\d", re.I | re.S)
_CODE = re.compile(r"(?<![^\s,])\d{4,5}-\d{3,4}(?![^\s,])")
_LABEL = re.compile(r",\s*[A-Z]{2}\s*$")
# Words before the place, or after it.
MOST_BESIDE = 6


class Pasted(NamedTuple):
    """A place, the pieces of the whole line, and which of them are the place."""

    place: Place
    pieces: tuple[Typed, ...]
    span: tuple[int, int]


def apart(gazetteer: Gazetteer, q: str) -> Pasted | None:
    """The place in a line and the words beside it; None when nothing is pasted."""
    words = q.split()
    for start, end, place in _places(gazetteer, q, words):
        before, inside, after = (
            tuple(typed(" ".join(part))) for part in (words[:start], words[start:end], words[end:])
        )
        if place and inside:
            span = len(before), len(before) + len(inside)
            return Pasted(place, (*before, *inside, *after), span)
    return None


def _places(
    gazetteer: Gazetteer, q: str, words: Sequence[str]
) -> Iterator[tuple[int, int, Place | None]]:
    if "://" in q:
        yield from ((i, i + 1, gazetteer.at(word)) for i, word in enumerate(words) if "://" in word)
    elif _POINT.search(q):
        yield from (
            (start, end, gazetteer.at(" ".join(words[start:end])))
            for start, end in _runs_with_numbers(words)
        )
    if _CODE.search(q):
        code = next(i for i, word in enumerate(words) if _CODE.search(word))
        yield code, len(words), gazetteer.labelled(" ".join(words[code:]), code=True)
    if _LABEL.search(q):
        comma = next(i for i, word in enumerate(words) if "," in word)
        for start in range(min(comma, MOST_BESIDE) + 1):
            yield start, len(words), gazetteer.labelled(" ".join(words[start:]))


def _runs_with_numbers(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs that hold all the numbers, the longest first."""
    numbers = [i for i, word in enumerate(words) if any(map(str.isdecimal, word))]
    for start in range(min(numbers[0], MOST_BESIDE) + 1):
        for end in range(len(words), max(numbers[-1], len(words) - MOST_BESIDE), -1):
            yield start, end
