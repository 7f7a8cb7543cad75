"""Words: how text becomes them, what a visitor typed, and which words stand for terms.

Shared by every engine, so that all of them read a query alike.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.places import fold
from directory.search.port import Words

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PART = re.compile(
    r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\W_]+(?:[\'’][^\W_]+)*))'
)
_DIGRAPH = re.compile(r"([aou])e+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*\s*")
MOST_WORDS = 24
# A word on its own is compared without its ending from so many letters on.
SHORTEST_FORM = 6

# Words that ask rather than name; dropped from free text, kept inside phrases.
STOP_WORDS = frozenset(
    """a about after all also am an and any anyone are around as at be because been but by can close
    could do does find for from get give good got has have help helps her him his how i if im in into
    is it ive just like looking me my near nearby need needs not of on or our out please see seeking she
    so some someone somebody that the their them there these they this those to us very want wants was
    we were what when where which who whos will with would you your""".split()  # noqa: SIM905
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
def singular(word: str) -> str:
    """A folded English word without its plural ending: for comparing terms only."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=50_000)
def plain_form(word: str) -> str:
    """A folded English word without its endings -s, -ing, -ed and -e: for comparing terms only."""
    short = singular(word)
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
        if text and folded(text.replace(" ", "")):
            found.append(Typed(text, part["phrase"] is not None, part["minus"] is not None))
    return found[:most]


def free_text(pieces: Iterable[Typed]) -> Words:
    """What is to be found as text: every word that names something, once."""
    kept = [piece for piece in pieces if not piece.stop]
    return Words(
        all_of=tuple(dict.fromkeys(p.text for p in kept if p.plain)),
        phrases=tuple(dict.fromkeys(p.text for p in kept if p.phrase and not p.without)),
        none_of=tuple(dict.fromkeys(p.text for p in kept if p.without)),
    )


@dataclass(frozen=True, slots=True)
class Span:
    """Words `start` to `end` (exclusive) of a query stand for the term `kind`, `slug`."""

    start: int
    end: int
    kind: str
    slug: str


class Vocabulary:
    """Which words stand for which terms: labels, synonyms, parents' words.

    Built from (kind, slug, words). A phrase of two words or more is also found with its
    words in another order or with asking words between ("pain in my neck"), and in other
    forms ("clicks", "clicking"). An
    abbreviation that is an everyday word too ("ME", "DO") counts only in capitals.
    """

    LONGEST = 6

    def __init__(self, phrases: Iterable[tuple[str, str, str]]) -> None:
        self._exact: dict[tuple[str, ...], tuple[str, str]] = {}
        self._loose: dict[frozenset[str], tuple[str, str]] = {}
        self._formed: dict[frozenset[str], tuple[str, str]] = {}
        self._capitals: set[tuple[str, ...]] = set()
        self._beginnings: set[str] = set()
        self._phrases: list[tuple[str, str, str, str]] = []
        self.words: dict[str, None] = {}
        for kind, slug, text in phrases:
            self._add(kind, slug, text)

    def _add(self, kind: str, slug: str, text: str) -> None:
        parts = [folded(word) for word in words(text)]
        key = tuple(map(singular, parts))
        if not key:
            return
        self._exact.setdefault(key, (kind, slug))
        content, forms = frozenset(k for k in key if k not in STOP_WORDS), _forms(parts)
        if len(key) > 1:
            self._loose.setdefault(content, (kind, slug))
        self._formed.setdefault(forms, (kind, slug))
        self._beginnings |= {key[0], *content, *forms}
        if len(key) == 1 and text.isupper() and (key[0] in STOP_WORDS or key[0] in _EVERYDAY):
            self._capitals.add(key)
        else:
            self.words.update(dict.fromkeys(parts))
        self._phrases.append((" ".join(parts), kind, slug, text))

    def spans(self, pieces: Sequence[Typed]) -> list[Span]:
        """The terms that a query names: longest first, none overlapping, in typed order."""
        taken = [not piece.plain for piece in pieces]
        begins = [self._begins(folded(piece.text)) for piece in pieces]
        found: list[Span] = []
        for length in range(min(self.LONGEST, len(pieces)), 0, -1):
            for find in (self._named, self._loosely_named, self._named_in_other_forms):
                for start in range(len(pieces) - length + 1):
                    if not begins[start] or any(taken[start : start + length]):
                        continue
                    window = pieces[start : start + length]
                    if term := find(window, alone=length == len(pieces)):
                        found.append(Span(start, start + length, *term))
                        taken[start : start + length] = [True] * length
        return sorted(found, key=lambda span: span.start)

    def _begins(self, word: str) -> bool:
        """Whether a way to name something can begin with it: most words of a text cannot."""
        return singular(word) in self._beginnings or not _forms((word,)).isdisjoint(
            self._beginnings
        )

    def _named(self, window: Sequence[Typed], *, alone: bool) -> tuple[str, str] | None:
        key = tuple(singular(folded(piece.text)) for piece in window)
        if key in self._capitals and not (alone or window[0].text.isupper()):
            return None
        return self._exact.get(key)

    def _loosely_named(self, window: Sequence[Typed], *, alone: bool) -> tuple[str, str] | None:
        if not _one_phrase(window):
            return None
        content = frozenset(singular(folded(p.text)) for p in window if not p.stop)
        return self._loose.get(content) if len(content) > 1 else None

    def _named_in_other_forms(
        self, window: Sequence[Typed], *, alone: bool
    ) -> tuple[str, str] | None:
        if not _one_phrase(window):
            return None
        forms = _forms(folded(piece.text) for piece in window)
        short = len(window) == 1 and len(window[0].text) < SHORTEST_FORM
        return None if short else self._formed.get(forms)

    @cached_property
    def _spellings(self) -> list[str]:
        return [word for word in self.words if word not in STOP_WORDS and slips(word)]

    def knows(self, word: str) -> bool:
        """Whether some term is spelled with this word."""
        return folded(word) in self.words

    def spell(self, word: str) -> str | None:
        """A known word near an unknown one, or None."""
        return nearest_word(folded(word), self._spellings)

    def beginning(self, prefix: str, kind: str) -> Iterator[tuple[str, str]]:
        """Terms of a kind of which a word begins so: (slug, the words that match), best first."""
        want = fold(prefix)
        hits: dict[str, tuple[int, str]] = {}
        for text, its_kind, slug, shown in self._phrases:
            if its_kind != kind or (rank := _prefix_rank(text, want)) is None:
                continue
            if slug not in hits or rank < hits[slug][0]:
                hits[slug] = (rank, shown)
        for slug, (_, shown) in sorted(hits.items(), key=lambda hit: hit[1][0]):
            yield slug, shown


@lru_cache(maxsize=2048)
def sentences_without(vocabulary: Vocabulary, kind: str, but: frozenset[str], text: str) -> str:
    """A text without the sentences that name a term of that kind; slugs of `but` may be named."""
    kept = [
        sentence
        for sentence in _SENTENCE.findall(text)
        if all(
            span.kind != kind or span.slug in but
            for span in vocabulary.spans(typed(sentence, most=200))
        )
    ]
    return "".join(kept).strip()


def _one_phrase(window: Sequence[Typed]) -> bool:
    """Whether words may belong together: no asking words at the ends, no "and" between."""
    if window[0].stop or window[-1].stop:
        return False
    return not any(folded(piece.text) in _PARTING for piece in window)


def _forms(parts: Iterable[str]) -> frozenset[str]:
    forms = (plain_form(part) for part in parts if part not in STOP_WORDS)
    return frozenset("pain" if form in _HURTING else form for form in forms)


# "Knee pain", "sore knee" and "my knee hurts" are one, in plain forms.
_HURTING = frozenset({"ach", "achy", "hurt", "painful", "sor"})
# What stands on either side of these is not one phrase.
_PARTING = frozenset({"and", "but", "or", "with"})


# Abbreviations in capitals that mean something else in small letters.
_EVERYDAY = frozenset({"pa", "ms", "add", "oa", "ome", "tots", "aura", "fits", "cp", "nd", "md"})


def _prefix_rank(text: str, want: str) -> int | None:
    """0 when the text begins with the letters, 1 when a word in it does, else None."""
    if text.startswith(want):
        return 0
    return 1 if f" {want}" in f" {text}" else None


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
