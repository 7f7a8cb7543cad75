"""The terms and facts that a line names, the longest first."""

from collections.abc import Sequence
from dataclasses import replace

from directory.search.text import Typed, folded, plain_form, singular
from directory.search.vocabulary import Span
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import facts as facts_of
from directory.usecases.visitors.reading import labelled, spellings

# A term, and those that say more of the same: side by side they are one.
NARROWER = {
    "headache": {"migraine", "tension-headache"},
    "back-pain": {"low-back-pain", "sciatica"},
    "digestion": {"ibs", "reflux", "constipation"},
    "chronic-pain": {"fibromyalgia", "back-pain", "low-back-pain", "neck-pain"},
    "low-energy": {"chronic-fatigue"},
    "anxiety": {"panic"},
    "unsettled-baby": {"colic"},
    "concussion": {"brain-injury"},
}

# What babies have, by what others have: it says "baby" itself.
OF_BABIES = {"reflux": "infant-reflux"}


def spans(finder: Finder, pieces: Sequence[Typed], *, facts: bool = True) -> list[Span]:
    """What a line names, none overlapping, in typed order; without facts when not asked for."""
    plain = _named(finder, pieces, facts=facts)
    labels = labelled.spans(finder, pieces) if facts else []
    news = [label for label in labels if label not in plain]
    named = [label for label in news if not any(_says_more(span, label) for span in plain)]
    if not named:
        return plain
    inside = {i for span in named for i in range(span.start, span.end)}
    rest = [replace(p, phrase=True) if i in inside else p for i, p in enumerate(pieces)]
    return sorted([*_named(finder, rest, facts=True), *named], key=lambda span: span.start)


def _says_more(span: Span, label: Span) -> bool:
    """Whether a label is only a part of what is said: "by appointment only"."""
    return span.start <= label.start and span.end >= label.end and span.length > label.length


def _named(finder: Finder, pieces: Sequence[Typed], *, facts: bool) -> list[Span]:
    main = [
        term for term in finder.vocabulary.spans(pieces) if _in_its_language(finder, term, pieces)
    ]
    said = facts_of.spans(finder, pieces) if facts else []
    kept = [fact for fact in said if _outweighs(fact, main)]
    if kept:
        inside = {i for fact in kept for i in range(fact.start, fact.end)}
        rest = [replace(p, phrase=True) if i in inside else p for i, p in enumerate(pieces)]
        main = sorted([*finder.vocabulary.spans(rest), *kept], key=lambda span: span.start)
    return _of_babies(_as_one(main))


def _in_its_language(finder: Finder, term: Span, pieces: Sequence[Typed]) -> bool:
    """Whether a trade is meant: not by a form in another language of an everyday English word."""
    word = folded(pieces[term.start].text)
    if term.kind != "profession" or term.length > 1 or not spellings.everyday(word):
        return True
    return any(map(finder.vocabulary.knows, (word, singular(word), plain_form(word))))


def _of_babies(terms: list[Span]) -> list[Span]:
    """What babies have otherwise than others: "my baby with reflux" has no acid one."""
    if not any(term.kind == "ages" and term.slug == "infants" for term in terms):
        return terms
    return [replace(t, slug=OF_BABIES.get(t.slug, t.slug)) for t in terms]


def _outweighs(fact: Span, terms: Sequence[Span]) -> bool:
    """Whether a fact has more words than every term that it shares some with."""
    rivals = [term for term in terms if term.start < fact.end and term.end > fact.start]
    return all(
        fact.length > term.length
        or term.kind == "field"
        or (fact.kind in ("credential", "fees") and fact.length == term.length)
        for term in rivals
    )


def _as_one(terms: Sequence[Span]) -> list[Span]:
    """Side by side, what says less means what says more: "migraine headache" is one."""
    found: list[Span] = []
    for term in terms:
        before = found[-1] if found and found[-1].end == term.start else None
        if before and before.slug in NARROWER.get(term.slug, ()):
            found[-1] = replace(before, end=term.end)
        elif before and term.slug in NARROWER.get(before.slug, ()):
            found[-1] = replace(term, start=before.start)
        else:
            found.append(term)
    return found
