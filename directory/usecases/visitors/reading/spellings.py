"""Other ways to write a word: in two, as one, and how sure a guess is."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from directory.search.text import folded

# Common English words and names, from the lists of zxcvbn (MIT).
COMMON = Path(__file__).parent / "common_words.txt"
# Of shorter words a slip makes another word; only of long ones are two slips still one.
SHORTEST_GUESSED, SHORTEST_OF_TWO = 5, 8
SHORTEST_PART, LONGEST_PARTED = 2, 30
# What a surname begins with, when it is written as one word.
_PARTICLES = """
    al ben bin da dal de del della den der des di do dos du el la las le lo los mac mc o san st ter
    ten van vande vander von vonder zu zum zur
"""
PARTICLES = frozenset(_PARTICLES.split())
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="ascii").split())


def everyday(word: str) -> bool:
    """Whether a folded word is an everyday one."""
    return word in _common()


def sure(word: str, guess: str) -> bool:
    """Whether a guess may stand in for a folded word unasked: an everyday word is spelled so."""
    if everyday(word) or len(word) < SHORTEST_GUESSED:
        return False
    distance = OSA.distance(word, guess)
    return distance < 2 or (len(word) >= SHORTEST_OF_TWO and word[0] == guess[0])


def joined(first: str, second: str) -> Iterator[str]:
    """Two folded words as one; Mac is Mc, too."""
    yield first + second
    if first in ("mac", "mc"):
        yield ("mc" if first == "mac" else "mac") + second


def parted(word: str) -> list[str]:
    """A word in parts: where its capitals say so, after particles, else in two anywhere."""
    if len(word) > LONGEST_PARTED:
        return []
    humps = _HUMP.sub(" ", word)
    ways = [humps] if " " in humps else []
    plain = folded(word)
    ways += [" ".join((*before, rest)) for before, rest in _after_particles(plain)]
    cuts = range(SHORTEST_PART, len(plain) - SHORTEST_PART + 1)
    return [*ways, *(f"{plain[:cut]} {plain[cut:]}" for cut in cuts)]


def _after_particles(word: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for size in range(5, 0, -1):
        if word[:size] in PARTICLES and len(word) - size >= SHORTEST_PART:
            rest = word[size:]
            yield from (((word[:size], *more), last) for more, last in _after_particles(rest))
            yield (word[:size],), rest
