"""First names that are places, too: before a surname they name a person."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from directory.search.text import STOP_WORDS, folded
from directory.usecases.visitors.reading import spellings

# First names, from the lists of zxcvbn (MIT) and by us, by which the gazetteer knows a place.
FIRST_NAMES = Path(__file__).parent / "first_names.txt"
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "herr",
        "frau",
        "madame",
        "monsieur",
        "senor",
        "senora",
        "signor",
        "signora",
    ]
)


@cache
def _first_names() -> frozenset[str]:
    return frozenset(FIRST_NAMES.read_text(encoding="ascii").split())


def is_first_name(word: str) -> bool:
    """Whether a word is a first name by which the gazetteer knows a place."""
    return folded(word) in _first_names()


def is_called(run: Sequence[str], at: int) -> bool:
    """Whether a word among others is a first name beside a surname: "Kent Testerly".

    A surname is no everyday word, unless a title says that a name follows.
    """
    if folded(run[at]) not in _first_names() or at + 1 >= len(run):
        return False
    surname = folded(run[at + 1])
    titled = at > 0 and folded(run[at - 1]) in TITLES
    marked = "'" in run[at + 1] or "’" in run[at + 1]
    strange = surname.isalpha() and surname not in STOP_WORDS and not spellings.everyday(surname)
    return titled or marked or strange
