"""Typed words marked where a card shows them, and the passage of a text that has most of them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from directory.search.port import Words
from directory.search.stems import term_of
from directory.search.text import WORD, words
from directory.usecases.visitors.understanding import Reading

# A text in parts, in order: each part, and whether it is a match.
Pieces = tuple[tuple[str, bool], ...]
SNIPPET = 160
CUT = "…"
# A passage that ends with a sentence may be this much shorter than one that does not.
LEAST = 0.5
# A passage that begins inside a sentence has about so many characters before its first match.
LEAD = 40
# Matches tried as the first of a passage: enough for a text that repeats a word on every line.
TRIED = 40
# Texts of which it is kept where their words stand; one of 60 words takes about 6 KB.
TEXTS_KEPT = 1000
_FIELD = {True: "name", False: "about"}
_SENTENCE_END = re.compile(r"\n|(?<=[.!?…])[^\w\s]*\s+")


@dataclass(frozen=True, slots=True)
class Match:
    """Characters `start` to `end` (exclusive) of a text are the wish number `wish`."""

    start: int
    end: int
    wish: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters `start` to `end` of a text, and whether it begins and ends as sentences do."""

    text: str
    start: int
    end: int
    begins: bool
    ends: bool
    matches: tuple[Match, ...]

    def worth(self) -> tuple[int, bool, bool, int]:
        """What makes one passage better than another: different words first."""
        wishes = {match.wish for match in self.matches}
        return len(wishes), self.begins, self.ends, len(self.matches)

    def pieces(self) -> Pieces:
        """The passage with its matches, and with ellipses where a sentence is cut."""
        before = () if self.begins else ((f"{CUT} ", False),)
        after = () if self.ends else ((f" {CUT}", False),)
        shown = _pieces(self.text, self.start, self.end, self.matches)
        return (*before, *((text.replace("\n", " "), match) for text, match in shown), *after)


class Highlights:
    """What a visitor's words are, found in any text by the forms that the search compares.

    `wishes` are the words one by one, and phrases: of a phrase only the whole is marked.
    `terms` are the slugs of the professions and conditions that were read from them.
    """

    def __init__(self, wishes: Iterable[str], terms: Iterable[str] = ()) -> None:
        runs = dict.fromkeys(tuple(words(wish)) for wish in wishes)
        self._terms = frozenset(terms)
        self._wishes = {named: _forms(runs, _FIELD[named]) for named in _FIELD}
        self._begin = {
            named: frozenset(run[0] for run in wishes) for named, wishes in self._wishes.items()
        }
        self._longest = max(map(len, runs), default=0)

    def __bool__(self) -> bool:
        return bool(self._longest or self._terms)

    def may_be_in(self, forms: Set[str], *, named: bool) -> bool:
        """Whether a text whose words have these forms (`term_of`) may hold a match."""
        return not self._begin[named].isdisjoint(forms)

    def means(self, slugs: Iterable[str]) -> bool:
        """Whether the words were read as one of these terms."""
        return not self._terms.isdisjoint(slugs)

    def name(self, text: str) -> Pieces:
        """A name or a place with its matches."""
        return _pieces(text, 0, len(text), self._matches(text, named=True))

    def marks(self, name: str) -> bool:
        """Whether anything of a name is marked."""
        return any(match for _, match in self.name(name))

    def prose(self, text: str) -> Pieces:
        """A text in words with its matches."""
        return _pieces(text, 0, len(text), self._matches(text, named=False))

    def term(self, slug: str, label: str) -> Pieces:
        """The label of a term: the whole of it when the words were read as this term."""
        return ((label, True),) if slug in self._terms else self.prose(label)

    def on(self, slug: str, label: str) -> bool:
        """Whether anything of a term's label is marked."""
        return bool(self) and any(match for _, match in self.term(slug, label))

    def snippet(self, *texts: str, most: int = SNIPPET) -> Pieces:
        """The passage with most of the words, of at most `most` characters; () without any.

        No word is cut. A line's end is a sentence's end; white space is evened out.
        """
        found = [self._best(_lines(text), most) for text in texts]
        best = max(filter(None, found), key=Passage.worth, default=None)
        return best.pieces() if best else ()

    def _best(self, text: str, most: int) -> Passage | None:
        """The first of the best passages of a text."""
        matches = self._matches(text, named=False)
        best: Passage | None = None
        for passage in self._passages(text, most, matches):
            if best is None or passage.worth() > best.worth():
                best = passage
                if passage.begins and passage.ends and len(passage.matches) == len(matches):
                    break  # none can be better
        return best

    def _passages(self, text: str, most: int, matches: Sequence[Match]) -> Iterator[Passage]:
        starts = _sentence_starts(text) if matches else []
        tried: set[int] = set()
        for match in matches[:TRIED]:
            own = starts[bisect_right(starts, match.start) - 1]
            for start in {own, _lead(text, own, match.start)} - tried:
                tried.add(start)
                room = most if start in starts else most - len(CUT) - 1
                for end in _ends(text, start, room, starts):
                    if end >= match.end:
                        yield _passage(text, start, end, starts, matches)

    def _matches(self, text: str, *, named: bool) -> list[Match]:
        """Matches in a text, in order, the longest where several begin."""
        wishes, field = self._wishes[named], _FIELD[named]
        if not wishes:
            return []
        found: list[Match] = []
        begin, longest = self._begin[named], self._longest
        forms, spans = _worded(field, text)
        for i, form in enumerate(forms):
            if form not in begin:
                continue
            for length in range(min(longest, len(forms) - i), 0, -1):
                wish = wishes.get(forms[i : i + length])
                if wish is not None:
                    found.append(Match(spans[i][0], spans[i + length - 1][1], wish))
                    break
        return found


def highlights(
    reading: Reading, labels: Mapping[str, Mapping[str, str]], searched: Words | None = None
) -> Highlights:
    """What to mark in the results of a search. `labels` are by kind and slug.

    `searched` are the words that were looked for, when they are others than the reading left.

    Words that say where to look are none to find, nor are those of the whole field.
    """
    text = searched or reading.text
    spans = [span for span in reading.spans if span.slug and span.kind in labels]
    typed = [reading.words_of(span) for span in spans]
    meant = [labels[span.kind].get(slug, slug) for span in spans for slug in span.slugs]
    return Highlights([*text.all_of, *text.phrases, *typed, *meant], {span.slug for span in spans})


@lru_cache(maxsize=TEXTS_KEPT)
def _worded(field: str, text: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """The words of a text: their forms in a field, and where each begins and ends."""
    found = list(WORD.finditer(text))
    forms = tuple(term_of(field, word[0]) for word in found)
    return forms, tuple(word.span() for word in found)


def _forms(runs: Iterable[Sequence[str]], field: str) -> dict[tuple[str, ...], int]:
    """Each wish as the forms of its words in a field, with its number."""
    forms = (tuple(filter(None, (term_of(field, word) for word in run))) for run in runs)
    return {run: number for number, run in enumerate(dict.fromkeys(forms)) if run}


def _pieces(text: str, start: int, end: int, matches: Sequence[Match]) -> Pieces:
    """Part of a text as pieces; matches with nothing but space between them are one."""
    marked: list[list[int]] = []
    for match in matches:
        if marked and not text[marked[-1][1] : match.start].strip():
            marked[-1][1] = max(marked[-1][1], match.end)
        else:
            marked.append([match.start, match.end])
    cuts = [start, *(cut for pair in marked for cut in pair), end]
    parts = ((text[a:b], i % 2 == 1) for i, (a, b) in enumerate(pairwise(cuts)))
    return tuple(part for part in parts if part[0])


def _passage(
    text: str, start: int, end: int, starts: Sequence[int], matches: Sequence[Match]
) -> Passage:
    first = bisect_left(matches, start, key=_start)
    last = bisect_left(matches, end, key=_start)
    return Passage(
        text,
        start,
        end,
        begins=start in starts,
        ends=_closed(text, end),
        matches=tuple(match for match in matches[first:last] if match.end <= end),
    )


def _start(match: Match) -> int:
    return match.start


@lru_cache(maxsize=TEXTS_KEPT)
def _lines(text: str) -> str:
    """A text with single spaces and line ends, and no empty lines."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=TEXTS_KEPT)
def _sentence_starts(text: str) -> Sequence[int]:
    """Where sentences begin, 0 first; after "e.g." a small letter goes on with the old one."""
    ends = (found.end() for found in _SENTENCE_END.finditer(text))
    return [0, *(i for i in ends if text[i - 1] == "\n" or not text[i : i + 1].islower())]


def _lead(text: str, own: int, match: int) -> int:
    """Where a passage begins that shows a few words before a match, in the match's sentence."""
    space = text.find(" ", max(own, match - LEAD), match)
    return space + 1 if space >= 0 else max(own, text.rfind(" ", 0, match) + 1)


def _closed(text: str, end: int) -> bool:
    return end == len(text) or text[end] == "\n" or text[end - 1] in ".!?…"


def _ends(text: str, start: int, room: int, starts: Sequence[int]) -> Iterator[int]:
    """Where a passage may end: with a sentence, or as far as whole words go."""
    if len(text) - start <= room:
        yield len(text)
        return
    limit = start + room
    sentence = starts[bisect_right(starts, limit + 1) - 1] - 1
    if sentence >= start + LEAST * room:
        yield len(text[:sentence].rstrip())
    spaces = (text.rfind(space, start, limit - len(CUT)) for space in " \n")
    if (end := max(spaces)) > start:
        yield start + len(text[start:end].rstrip(" \n,;:–-"))
