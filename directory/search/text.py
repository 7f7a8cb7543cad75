"""Words: how text becomes them, and what a visitor typed.

Shared by every engine, so that all of them read a query alike.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.places import fold
from directory.search.port import Words

# Scripts without spaces between words: each sign is a word, so that a part of a name finds it.
_SIGN = "\\u3005-\\u3007\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff"
_LETTERS = rf"[^\W_{_SIGN}]+"
WORD = re.compile(rf"[{_SIGN}]|{_LETTERS}(?:['’]{_LETTERS})*")
SIGNS = re.compile(f"[{_SIGN}]")
# Said after a name: 山田さん is 山田.
_HONORIFIC = re.compile(
    f"(?<=[{_SIGN}])(?:さん|さま|様|先生|氏|くん|ちゃん|医生|老师|老師|大夫|女士|님|씨|선생님)$"
)
# "I.B.S.", "D.O", "L.Ac.": letters with points between them are one word.
DOTTED = re.compile(r"(?<![^\W_])(?:(?:[^\W\d_]\.)+[^\W\d_]\.?|(?:[^\W\d_]{1,3}\.){2,})(?![^\W_])")
_PART = re.compile(
    rf'(?P<minus>(?<!\S)[-−–](?=\S))?(?:"(?P<phrase>[^"]*)"'
    rf"|(?P<word>{DOTTED.pattern}|[^\W_]+(?:['’][^\W_]+)*))"
)
_DIGRAPH = re.compile(r"([aou])e+")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|un|(?:d|n)?ell|all|dall|sull|quest)['’](?=\w{3})", re.I)
MOST_WORDS = 24


def each(said: str) -> frozenset[str]:
    """The words of a list as it is written here: parted by space."""
    return frozenset(said.split())


# Words that ask rather than name; dropped from free text, kept inside phrases.
STOP_WORDS = each(
    """a about after all also am an and any anyone are around as at be because been but by can close
    could do does find for from get give good got has have help helps her him his how i if im in into
    is it ive just like looking me my near nearby need needs not of on or our out please see seeking she
    so some someone somebody that the their them there these they this those to us very want wants was
    we were what when where which who whos will with would you your"""
)


def words(text: str) -> list[str]:
    """The words of a text as they stand, in order: letters and digits of any script."""
    return WORD.findall(text)


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """One word without case, accents or apostrophes; "" when nothing is left."""
    return fold(word).replace(" ", "")


@lru_cache(maxsize=50_000)
def name_form(word: str) -> str:
    """A word of a name or place: folded, and "Müller" = "Mueller" = "Muller"."""
    return _DIGRAPH.sub(r"\1", folded(word))


@lru_cache(maxsize=50_000)
def form_abroad(word: str) -> str:
    """A word of another language: as `name_form`, without the article of "l'épaule"."""
    return name_form(_ELIDED.sub("", word))


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """A folded English word without its plural ending: for comparing terms only."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


# British spellings of a word, part by part, and the American ones.
_BRITISH = (("ae", "e"), ("oe", "e"), ("our", "or"), ("ise", "ize"), ("yse", "yze"), ("isi", "izi"))
LONG_ENOUGH = 7


@lru_cache(maxsize=50_000)
def american(word: str) -> str:
    """A long folded word as Americans spell it: "oedema" is "edema"; others stay as they are."""
    if len(word) < LONG_ENOUGH - 1:
        return word
    for british, ours in _BRITISH:
        word = word.replace(british, ours)
    return f"{word[:-2]}er" if word.endswith("tre") else word


@lru_cache(maxsize=50_000)
def plain_form(word: str) -> str:
    """A folded English word without its endings -s, -ing, -ed and -e: for comparing terms only.

    However it is spelled on either side of the Atlantic.
    """
    short = american(singular(word))
    for ending in ("ing", "ed"):
        if len(short) - len(ending) >= 3 and short.endswith(ending):
            short = short[: -len(ending)]
            if short[-1] == short[-2] and short[-1] not in "lsz":
                short = short[:-1]
            break
    short = short[:-1] + "y" if short.endswith("ie") else short
    return short.removesuffix("e") if len(short) > 3 else short


@dataclass(frozen=True, slots=True)
class Typed:
    """One piece of a query: a word, a "phrase", or a -without; `text` is as typed."""

    text: str
    phrase: bool = False
    without: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is a simple word, which may stand for something."""
        return not (self.phrase or self.without)

    @property
    def dotted(self) -> bool:
        """Whether it is letters with points between them: "I.B.S."."""
        return self.plain and "." in self.text

    @property
    def stop(self) -> bool:
        """Whether it only asks, and names nothing."""
        return self.plain and folded(self.text) in STOP_WORDS

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if self.phrase else self.text
        return f"-{quoted}" if self.without else quoted


def typed(q: str, most: int = MOST_WORDS) -> list[Typed]:
    """Take a query apart; anything that is no word, "phrase" or -without is passed over."""
    found = []
    for part in _PART.finditer(q):
        text = part["word"] if part["phrase"] is None else " ".join(words(part["phrase"]))
        text = _HONORIFIC.sub("", text)
        if text and folded(text.replace(" ", "")):
            found.append(Typed(text, part["phrase"] is not None, part["minus"] is not None))
    return found[:most]


def free_text(pieces: Iterable[Typed]) -> Words:
    """What is to be found as text: every word that names something, once."""
    kept = [piece for piece in pieces if not piece.stop]
    signs = {piece for piece in kept if piece.plain and SIGNS.search(piece.text)}
    side_by_side = (p for p in kept if p in signs or (p.phrase and not p.without))
    return Words(
        all_of=tuple(dict.fromkeys(p.text for p in kept if p.plain and p not in signs)),
        phrases=tuple(dict.fromkeys(p.text for p in side_by_side)),
        none_of=tuple(dict.fromkeys(p.text for p in kept if p.without)),
    )


def slips(word: str) -> int:
    """How many slips a word may have and still be guessed."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 7 else 2


def nearest_word(word: str, known: Sequence[str]) -> str | None:
    """The known word at the smallest distance: one slip, two from seven letters on.

    Counts insertions, deletions, substitutions and swaps of neighbours (optimal string
    alignment). Words under four letters are never guessed at.
    """
    most = slips(word)
    if not most:
        return None
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)
    # Of those as near: one with the same first letter, then the one that comes first.
    best = min(found, key=lambda one: (one[1], one[0][:1] != word[0], one[2]), default=None)
    return best[0] if best else None
