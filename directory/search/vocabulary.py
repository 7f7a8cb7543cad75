"""Which words stand for which terms, in English and in other languages."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from directory.places import fold
from directory.search.text import (
    DOTTED,
    STOP_WORDS,
    Typed,
    folded,
    form_abroad,
    name_form,
    nearest_word,
    plain_form,
    singular,
    slips,
    typed,
    words,
)
from directory.search.tongues import LANGUAGES, stems_in

# A word on its own is compared without its ending from so many letters on.
SHORTEST_FORM = 6
# So is one of another language; its stem has so many.
SHORTEST_STEM = 5
# Of so many words it is kept whether something can begin with them.
WORDS_KEPT = 20_000
# Letters by which a word is known to begin nothing in another language.
HEAD = 2
# It comes after all others.
LAST_LETTER = "\U0010ffff"
# Forms as `form_abroad` makes them.
_COMPLAINT = re.compile(
    r"(?P<head>.{4,})(?:schmerz(?:en)?|probleme?|beschwerden|leiden|erkrankung(?:en)?"
    r"|storung(?:en)?|verspannung(?:en)?|behandlung|pijn(?:en)?|klachten|problemen)"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """Words `start` to `end` (exclusive) of a query stand for the term `kind`, `slug`.

    Several slugs, any of which may be meant, are parted by "|".
    """

    start: int
    end: int
    kind: str
    slug: str

    @property
    def length(self) -> int:
        """How many words it is."""
        return self.end - self.start

    @property
    def slugs(self) -> tuple[str, ...]:
        """All that it may stand for: letters that two bodies give mean either."""
        return tuple(self.slug.split("|"))


class Vocabulary:
    """Which words stand for which terms: labels, synonyms, parents' words.

    Built from (kind, slug, words), and from (language, kind, slug, words) of other languages. A
    phrase of two words or more is also found with its words in another order or with asking
    words between ("pain in my neck"), in other forms ("clicks", "clicking"), and written as one
    ("neckpain"); one long word also in two ("whip lash"). Words of other languages are found
    in the forms of their language, after the English ones. An abbreviation that is an everyday
    word too ("ME", "DO") counts only in capitals; one spelled with points ("D.O.") only so.
    """

    LONGEST, MOST_GLUED = 6, 3

    def __init__(
        self,
        phrases: Iterable[tuple[str, str, str]],
        elsewhere: Iterable[tuple[str, str, str, str]] = (),
    ) -> None:
        self._exact: dict[tuple[str, ...], tuple[str, str]] = {}
        self._loose: dict[frozenset[str], tuple[str, str]] = {}
        self._formed: dict[frozenset[str], tuple[str, str]] = {}
        self._glued: dict[str, tuple[str, str]] = {}
        self._dotted: dict[str, tuple[str, str]] = {}
        self._abroad: dict[tuple[str, ...], tuple[str, str]] = {}
        self._stemmed: dict[tuple[str, frozenset[str]], tuple[str, str]] = {}
        self._capitals: set[tuple[str, ...]] = set()
        self._beginnings: set[str] = set()
        self._phrases: list[tuple[str, str, str, str]] = []
        self.words: dict[str, None] = {}
        self._words_abroad: set[str] = set()
        for kind, slug, text in phrases:
            self._add(kind, slug, text)
        for language, kind, slug, text in elsewhere:
            self._add_abroad(language, kind, slug, text)

    def _add(self, kind: str, slug: str, text: str) -> None:
        if DOTTED.fullmatch(text):
            self._dotted.setdefault(folded(text), (kind, slug))
            return
        parts = [folded(word) for word in words(text)]
        key = tuple(map(singular, parts))
        if not key:
            return
        self._exact.setdefault(key, (kind, slug))
        content, forms = frozenset(k for k in key if k not in STOP_WORDS), _forms(parts)
        if len(key) > 1:
            self._loose.setdefault(content, (kind, slug))
        if len(content) == len(key) and len(glued := "".join((*parts[:-1], key[-1]))) > 5:
            self._glued.setdefault(glued, (kind, slug))
        self._formed.setdefault(forms, (kind, slug))
        self._beginnings |= {key[0], *content, *forms}
        if len(key) == 1 and text.isupper() and (key[0] in STOP_WORDS or key[0] in _EVERYDAY):
            self._capitals.add(key)
        else:
            self.words.update(dict.fromkeys(parts))
        self._phrases.append((" ".join(parts), kind, slug, text))

    def _add_abroad(self, language: str, kind: str, slug: str, text: str) -> None:
        parts = [form_abroad(word) for word in words(text)]
        short = len(parts) == 1 and text.isupper()
        stems = frozenset() if short else stems_in(language, tuple(parts))
        self._abroad.setdefault((text,) if short else tuple(parts), (kind, slug))
        self._beginnings |= set(parts)
        self._words_abroad.update(folded(word) for word in words(text))
        self._words_abroad.update(parts)
        if _tells_enough(stems, parts):
            self._stemmed.setdefault((language, stems), (kind, slug))
            self._beginnings |= stems
        self._phrases.append((fold(text), kind, slug, text))

    def spans(self, pieces: Sequence[Typed]) -> list[Span]:
        """The terms that a query names: longest first, none overlapping, in typed order."""
        taken = [not piece.plain for piece in pieces]
        begins = [at for at, piece in enumerate(pieces) if self._may_begin(piece.text)]
        found: list[Span] = []
        ways = (
            (self._named, begins, self.LONGEST),
            (self._loosely_named, begins, self.LONGEST),
            (self._named_in_other_forms, begins, self.LONGEST),
            (self._named_as_one, range(len(pieces)), self.MOST_GLUED),
            (self._named_abroad, begins, self.LONGEST),
        )
        for length in range(min(self.LONGEST, len(pieces)), 0, -1):
            for find, starts, longest in ways:
                # Most words of a text begin nothing: so few places are looked at.
                for start in starts if length <= longest else ():
                    end = start + length
                    if end > len(pieces) or True in taken[start:end]:
                        continue
                    if term := find(pieces[start:end], alone=length == len(pieces)):
                        found.append(Span(start, end, *term))
                        taken[start:end] = [True] * length
        return sorted(found, key=lambda span: span.start)

    @cached_property
    def _may_begin(self) -> Callable[[str], bool]:
        # Texts say the same words again and again, and six languages' stems of one take long.
        return lru_cache(maxsize=WORDS_KEPT)(self._begins)

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(beginning[:HEAD] for beginning in self._beginnings)

    def _begins(self, text: str) -> bool:
        """Whether a way to name something can begin with it: most words of a text cannot."""
        word, abroad = folded(text), form_abroad(text)
        if (
            _COMPLAINT.fullmatch(abroad)
            or singular(word) in self._beginnings
            or abroad in self._beginnings
        ):
            return True
        if not _forms((word,)).isdisjoint(self._beginnings):
            return True
        # A stem keeps the first two letters of its word.
        if self._heads.isdisjoint(abroad[:end] for end in range(1, HEAD + 1)):
            return False
        form = (abroad,)
        return any(not stems_in(one, form).isdisjoint(self._beginnings) for one in LANGUAGES)

    def _named(self, window: Sequence[Typed], *, alone: bool) -> tuple[str, str] | None:
        key = tuple(singular(folded(piece.text)) for piece in window)
        dotted = len(window) == 1 and window[0].dotted
        if dotted and (term := self._dotted.get(key[0])):
            return term
        capitals = alone or dotted or window[0].text.isupper()
        return None if key in self._capitals and not capitals else self._exact.get(key)

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

    def _named_as_one(self, window: Sequence[Typed], *, alone: bool) -> tuple[str, str] | None:
        """Several words written as one, or one as several."""
        if len(window) > self.MOST_GLUED or any(piece.stop or piece.dotted for piece in window):
            return None
        parts = [folded(piece.text) for piece in window]
        if len(parts) > 1 and len(parts[-1]) == 1:  # "osteopath E Lansing" is no "ostéopathe"
            return None
        return self._glued.get("".join((*parts[:-1], singular(parts[-1]))))

    def _named_abroad(self, window: Sequence[Typed], *, alone: bool) -> tuple[str, str] | None:
        parts = tuple(form_abroad(piece.text) for piece in window)
        if term := self._abroad.get(parts) or self._abroad.get((window[0].text,) * len(window)):
            return term
        if term := self._exact.get(tuple(map(singular, parts))) if _elided(window) else None:
            return term
        for language in LANGUAGES:
            stems = stems_in(language, parts)
            if _tells_enough(stems, parts) and (term := self._stemmed.get((language, stems))):
                return term
        return self._complaint_of(parts[0]) if len(parts) == 1 else None

    def _complaint_of(self, word: str) -> tuple[str, str] | None:
        """What "Kiefergelenksprobleme" are about: words of German and Dutch grow together."""
        what = _COMPLAINT.fullmatch(word)
        for joint in ("", "s", "n", "en") if what else ():
            head = what["head"].removesuffix(joint) if what else ""
            term = self._abroad.get((head,)) if what and what["head"].endswith(joint) else None
            if term and term[0] == "condition":
                return term
        return None

    @cached_property
    def _spellings(self) -> list[str]:
        return [word for word in self.words if word not in STOP_WORDS and slips(word)]

    def knows(self, word: str) -> bool:
        """Whether some term is spelled with this word, in whatever language."""
        return folded(word) in self.words or folded(word) in self._words_abroad

    def spell(self, word: str) -> str | None:
        """A known word near an unknown one, or None."""
        return nearest_word(folded(word), self._spellings)

    def beginning(self, prefix: str, kind: str) -> Iterator[tuple[str, str]]:
        """Terms of a kind of which a word begins so: (slug, the words that match), best first."""
        want = fold(prefix)
        endings = self._endings.get(kind, [])
        first = bisect_left(endings, (want,))
        last = bisect_left(endings, (want + LAST_LETTER,), lo=first)
        hits: dict[str, tuple[bool, str]] = {}
        for number, inside in sorted((number, inside) for _, number, inside in endings[first:last]):
            _, _, slug, shown = self._phrases[number]
            if slug not in hits or inside < hits[slug][0]:
                hits[slug] = (inside, shown)
        for slug, (_, shown) in sorted(hits.items(), key=lambda hit: hit[1][0]):
            yield slug, shown

    @cached_property
    def _endings(self) -> dict[str, list[tuple[str, int, bool]]]:
        """Of each kind its phrases from each of their words on, in alphabetical order: the number
        of the phrase, and whether it begins before.
        """
        found: dict[str, list[tuple[str, int, bool]]] = {}
        for number, (text, kind, _, _) in enumerate(self._phrases):
            starts = (0, *(at + 1 for at, letter in enumerate(text) if letter == " "))
            found.setdefault(kind, []).extend((text[at:], number, at > 0) for at in starts)
        return {kind: sorted(endings) for kind, endings in found.items()}


def _tells_enough(stems: frozenset[str], parts: Sequence[str]) -> bool:
    """Whether stems name something: that of a short word alone is one of too many languages."""
    long = len(parts[0]) >= SHORTEST_FORM and max(map(len, stems), default=0) >= SHORTEST_STEM
    return bool(stems) and (len(stems) > 1 or (len(parts) == 1 and long))


@lru_cache(maxsize=2048)
def sentences_without(vocabulary: Vocabulary, kind: str, but: frozenset[str], text: str) -> str:
    """A text without the sentences that name a term of that kind; slugs of `but` may be named."""
    kept = [one for one in _SENTENCE.findall(text) if not _names(vocabulary, kind, but, one)]
    return "".join(kept).strip()


def _elided(window: Sequence[Typed]) -> bool:
    """Whether a word has its article before it: "l'anxiété"."""
    return any(form_abroad(piece.text) != name_form(piece.text) for piece in window)


@lru_cache(maxsize=8192)
def _names(vocabulary: Vocabulary, kind: str, but: frozenset[str], sentence: str) -> bool:
    """Whether a sentence names a term of that kind; many say what others said."""
    spans = vocabulary.spans(typed(sentence, most=200))
    return any(span.kind == kind and span.slug not in but for span in spans)


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
