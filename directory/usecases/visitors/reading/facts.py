"""Facts among the words: a language, a credential, an age, access, times, fees, home visits …"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from babel import Locale

from directory.models import Kind, Taxonomy
from directory.places import fold
from directory.search.text import Typed, folded, words
from directory.search.tongues import LANGUAGES
from directory.search.vocabulary import Span, Vocabulary
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import genders
from directory.usecases.visitors.reading.fact_words import (
    AFTER_LANGUAGE,
    ALSO_CREDENTIALS,
    ALSO_LANGUAGES,
    BEFORE_LANGUAGE,
    FACTS,
    FLAGS,
    METHODS,
    OCCASIONS,
    OWN_NAMES,
)
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.reading.numbers import ages
from directory.usecases.visitors.reading.offer_words import AT_WORK, BEFORE_TIMES
from directory.usecases.visitors.reading.whereabouts import stations

# Kinds whose words say nothing when they only stand somewhere in a text.
OFFERED = frozenset({"times", "fees", "online", "practitioner", "up_to"})
KINDS = FLAGS | OFFERED | {"language", "credential", "ages", "access"}
_SHORT_FORM = re.compile(r"[A-Z][A-Z0-9-]{2,}\d?")
# Anybody may say so of themselves: in words that are typed it praises, and narrows nothing.
_ONLY_PRAISE = frozenset({"license", "licensed", "licence", "licenced"})


def spans(finder: Finder, pieces: Sequence[Typed]) -> list[Span]:
    """The facts that a query names, each with the words that belong to it."""
    known = _known(finder)
    said = [
        _with_its_words(span, pieces)
        for span in known.spans(pieces)
        if _means_it(span, pieces)
        and (span.kind != "practitioner" or genders.wanted(finder, known, span, pieces))
    ]
    said = _beside(list(stations.spans(pieces)), said)
    return ages.with_numbers(pieces, said)


def _beside(said: list[Span], more: Iterable[Span]) -> list[Span]:
    """Some spans, and of some more those that share no word with them."""
    taken = {i for span in said for i in range(span.start, span.end)}
    return [*said, *(span for span in more if taken.isdisjoint(range(span.start, span.end)))]


def beginning(finder: Finder, letters: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Facts that are said with a word that begins so: their kind, slugs, and the words."""
    known = _known(finder)
    for kind in (*sorted(KINDS - OFFERED), *sorted(OFFERED)):
        for slug, said in known.beginning(letters, kind):
            if fold(said).startswith(fold(letters)):
                yield kind, tuple(slug.split("|")), said


def _means_it(span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether a fact is meant: not by "Swedish massage", nor by "early pregnancy"."""
    after = pieces[span.end : span.end + 1]
    if span.kind == "language":
        exact = span.length > 1 or folded(pieces[span.start].text) in _language_words()
        return exact and not _names_a_method(after)
    if span.slug == "early" and span.length == 1:
        return all(piece.stop or folded(piece.text) in OCCASIONS for piece in after)
    return True


@cache
def _language_words() -> frozenset[str]:
    """What languages are called in one word: "France" is no form of "francés"."""
    return frozenset(folded(said) for _, said in _languages())


def _names_a_method(after: Sequence[Typed]) -> bool:
    return any(folded(piece.text) in METHODS for piece in after)


def _with_its_words(span: Span, pieces: Sequence[Typed]) -> Span:
    """A fact with what only goes with it: "speaks" before a language, "call" after "video"."""
    before, after = frozenset[str](), frozenset[str]()
    if span.kind == "language":
        before, after = BEFORE_LANGUAGE, AFTER_LANGUAGE
    elif span.kind == "times":
        before, after = BEFORE_TIMES, OCCASIONS | AT_WORK
    elif span.kind == "online":
        after = OCCASIONS
    elif span.kind == "practitioner":
        before, after = genders.BEFORE, genders.AFTER
    start, end = span.start, span.end
    while start > 0 and pieces[start - 1].plain and folded(pieces[start - 1].text) in before:
        start -= 1
    while end < len(pieces) and pieces[end].plain and folded(pieces[end].text) in after:
        end += 1
    return Span(start, end, span.kind, span.slug)


# What facts are called, for as long as the words for terms stay what they are.
_BESIDE: WeakKeyDictionary[Vocabulary, Vocabulary] = WeakKeyDictionary()


def _known(finder: Finder) -> Vocabulary:
    known = _BESIDE.get(finder.vocabulary)
    if known is None:
        known = _vocabulary(tuple(_credential_phrases(finder.taxonomy)))
        _BESIDE[finder.vocabulary] = known
    return known


@lru_cache(maxsize=4)
def _vocabulary(credentials: tuple[tuple[str, str], ...]) -> Vocabulary:
    return Vocabulary(_phrases(credentials))


def _phrases(credentials: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for slug, said in credentials:
        yield "credential", slug, said
    for name, value, ways in FACTS:
        for said in ways.split("|"):
            yield name, value, " ".join(said.split())
    for code, said in _languages():
        yield "language", code, said


@cache
def _languages() -> tuple[tuple[str, str], ...]:
    """Languages by their English names, their own, and those in the languages that we read."""
    english = language_names()
    named = [*ALSO_LANGUAGES, *english.items(), *OWN_NAMES.items()]
    for here in LANGUAGES:
        names = Locale(here).languages
        named += [(code, names[code]) for code in ("en", *OWN_NAMES) if code in names]
    german = Locale("de").languages
    compounds = [(code, f"{german[code]}sprachig") for code in ("en", *OWN_NAMES)]
    inflected = [(code, f"{said}{end}") for code, said in compounds for end in ("e", "er", "en")]
    return tuple(dict.fromkeys((*named, *compounds, *inflected)))


def _credential_phrases(taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    """Every way to say a credential; what several share stands for all of them."""
    meant: dict[str, list[str]] = defaultdict(list)
    for slug, said in _credentials(taxonomy):
        if said.casefold() not in _ONLY_PRAISE and slug not in meant[said]:
            meant[said].append(slug)
    for said, slugs in meant.items():
        yield "|".join(slugs), said


def _credentials(taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    known = taxonomy.credentials
    for slugs, said in ALSO_CREDENTIALS:
        yield from ((slug, said) for slug in slugs if slug in known)
    for kind, slug, said in taxonomy.phrases():
        if kind is Kind.CREDENTIAL:
            yield slug, said
    for slug, term in known.items():
        plain = re.sub(r"\(.*?\)", "", term.label).strip()
        if len(words(plain)) > 1:
            yield slug, plain
        for inside in re.findall(r"\((.*?)\)", term.label):
            yield from ((slug, form) for form in _SHORT_FORM.findall(inside))
        if any(letter.isdigit() for letter in slug) or "-" in slug:
            yield slug, slug.upper()
            yield slug, slug.upper().replace("-", "")
            yield slug, re.sub(r"(?<=[a-z])(?=\d)", " ", slug).upper()
