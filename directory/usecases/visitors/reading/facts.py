"""Facts among the words: a language, a credential, an age, access, times, fees, home visits …"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from babel import Locale

from directory.models import Kind, Taxonomy
from directory.places import fold
from directory.search.text import STOP_WORDS, Typed, folded, words
from directory.search.tongues import LANGUAGES, asks
from directory.search.vocabulary import Span, Vocabulary
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import genders
from directory.usecases.visitors.reading.fact_words import (
    AFTER_HOME,
    AFTER_LANGUAGE,
    AFTER_RECEIPTS,
    ALSO_CREDENTIALS,
    ALSO_LANGUAGES,
    BEFORE_LANGUAGE,
    BEFORE_WHEELCHAIR,
    FACTS,
    FLAGS,
    METHODS,
    MOBILE,
    NOT_AT_HOME,
    OCCASIONS,
    OWN_NAMES,
    THERAPISTS,
)
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.reading.numbers import ages
from directory.usecases.visitors.reading.offer_words import (
    ALSO_NAMES,
    AT_WORK,
    BEFORE_TIMES,
    NO_TIMES,
    ONLY,
)
from directory.usecases.visitors.reading.people import is_first_name
from directory.usecases.visitors.reading.whereabouts import stations
from directory.usecases.visitors.reading.whereabouts.towns import BIG

# Kinds whose words say nothing when they only stand somewhere in a text.
OFFERED = frozenset({"times", "fees", "online", "practitioner", "up_to"})
KINDS = FLAGS | OFFERED | {"language", "credential", "ages", "access"}
_SHORT_FORM = re.compile(r"[A-Z][A-Z0-9-]{2,}\d?")
# What somebody does who is mobile; "therapist" is a word of the field.
_WORK = frozenset({"profession", "field"})
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
        and not _is_a_name(finder, known, span, pieces)
    ]
    said = _beside([*stations.spans(pieces), *_mobile(finder, pieces)], _outermost(said))
    return _as_one(ages.with_numbers(pieces, said), pieces)


def _as_one(said: Sequence[Span], pieces: Sequence[Typed]) -> list[Span]:
    """Facts, of which those that say the same one after the other are one."""
    found: list[Span] = []
    for span in sorted(said, key=lambda one: one.start):
        before = found[-1] if found else None
        same = before and (before.kind, before.slug) == (span.kind, span.slug)
        if before and same and all(map(_joins, pieces[before.end : span.start])):
            found[-1] = Span(before.start, span.end, span.kind, span.slug)
        else:
            found.append(span)
    return found


def _joins(piece: Typed) -> bool:
    return piece.plain and (piece.stop or asks(folded(piece.text)))


def _outermost(said: Sequence[Span]) -> list[Span]:
    """Facts that are no part of a longer one: "acessível" before a wheelchair is no price."""
    return [
        one
        for one in said
        if not any(
            other.length > one.length and other.start <= one.start and other.end >= one.end
            for other in said
        )
    ]


def _mobile(finder: Finder, pieces: Sequence[Typed]) -> Iterator[Span]:
    """Who comes, by one word beside the trade: "mobile massage"; alone it is a town."""
    for at, piece in enumerate(pieces):
        if piece.plain and folded(piece.text) in MOBILE:
            after = finder.vocabulary.spans(pieces[at + 1 : at + 3])
            works = any(one.start == 0 and one.kind in _WORK for one in after)
            works = works or any(folded(p.text) in THERAPISTS for p in pieces[at + 1 : at + 2])
            before = finder.vocabulary.spans(pieces[max(0, at - 2) : at])
            ends = any(one.end == min(at, 2) and one.kind == "profession" for one in before)
            if works or (ends and piece.text.islower()):
                yield Span(at, at + 1, "home_visits", "1")


def _is_a_name(finder: Finder, known: Vocabulary, span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether a day is what somebody is called: "Plácido Domingo", "Eve Testerly"."""
    if span.length > 1 or folded(pieces[span.start].text) not in ALSO_NAMES:
        return False
    before = pieces[span.start - 1] if span.start else None
    if before and before.plain and folded(before.text) in BEFORE_TIMES:
        return False
    named = before and before.plain and is_first_name(before.text)
    if len(pieces) == 1 or (named and not _is_around(finder, pieces, span, span.start - 1)):
        return True
    sides = [at for at in (span.start - 1, span.end) if not _is_around(finder, pieces, span, at)]
    return genders.beside_a_name(finder, known, span, pieces, sides)


def _is_around(finder: Finder, pieces: Sequence[Typed], span: Span, at: int) -> bool:
    """Whether what stands beside a day is an appointment, or the end of a place: "Buenos Aires"."""
    if not 0 <= at < len(pieces) or folded(pieces[at].text) in OCCASIONS | AT_WORK:
        return True
    run = [piece.text for piece in pieces[max(0, at - 2) : at + 1]] if at < span.start else []
    ends = (finder.gazetteer.find_in(run[i:], start_only=True) for i in range(len(run)))
    return any(
        found and found[1] == len(run) - i and (found[1] > 1 or found[2].population >= BIG)
        for i, found in enumerate(ends)
    )


def _beside(said: list[Span], more: Iterable[Span]) -> list[Span]:
    """Some spans, and of some more those that share no word with them."""
    taken = {i for span in said for i in range(span.start, span.end)}
    return [*said, *(span for span in more if taken.isdisjoint(range(span.start, span.end)))]


def beginning(finder: Finder, letters: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Facts that are said with a word that begins so: their kind, slugs, and the words.

    Words that only ask may stand before it: "domic" begins "à domicile".
    """
    known = _known(finder)
    begun = fold(letters)
    for kind in (*sorted(KINDS - OFFERED), *sorted(OFFERED)):
        for slug, said in known.beginning(letters, kind):
            before, found, _ = f" {fold(said)}".partition(f" {begun}")
            if found and all(asks(word) or word in STOP_WORDS for word in before.split()):
                yield kind, tuple(slug.split("|")), said


def _means_it(span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether a fact is meant: not by "Swedish massage", nor by "early pregnancy"."""
    after = pieces[span.end : span.end + 1]
    if span.kind == "language":
        exact = span.length > 1 or folded(pieces[span.start].text) in _language_words()
        return exact and not _names_a_method(after)
    if span.slug == "early" and span.length == 1:
        return all(piece.stop or folded(piece.text) in OCCASIONS for piece in after)
    if span.kind == "daytime":
        return not any(folded(piece.text) in NO_TIMES for piece in after)
    if span.kind == "home_visits":
        return not any(folded(piece.text) in NOT_AT_HOME for piece in pieces[: span.start][-2:])
    return _is_no_verb(span, pieces)


def _is_no_verb(span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether "sat" is a day: it has its capital, or an appointment beside it."""
    word = pieces[span.start].text
    if folded(word) != "sat" or span.length > 1 or not word.islower():
        return True
    around = [
        folded(p.text) for p in (*pieces[: span.start][-1:], *pieces[span.end : span.end + 1])
    ]
    return any(one in OCCASIONS | AT_WORK | {"on"} for one in around)


@cache
def _language_words() -> frozenset[str]:
    """What languages are called in one word: "France" is no form of "francés"."""
    return frozenset(folded(said) for _, said in _languages())


def _names_a_method(after: Sequence[Typed]) -> bool:
    return any(folded(piece.text) in METHODS for piece in after)


_NONE: frozenset[str] = frozenset()
# By kind or value, the words before and after that only go with it.
_GOES_WITH = {
    "language": (BEFORE_LANGUAGE, AFTER_LANGUAGE),
    "times": (BEFORE_TIMES, OCCASIONS | AT_WORK | ONLY),
    "online": (_NONE, OCCASIONS),
    "practitioner": (genders.BEFORE, genders.AFTER),
    "home_visits": (_NONE, AFTER_HOME),
    "receipts": (_NONE, AFTER_RECEIPTS),
    "wheelchair": (BEFORE_WHEELCHAIR, _NONE),
}


def _with_its_words(span: Span, pieces: Sequence[Typed]) -> Span:
    """A fact with what only goes with it: "speaks" before a language, "call" after "video"."""
    before, after = _GOES_WITH.get(span.slug) or _GOES_WITH.get(span.kind, (_NONE, _NONE))
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
