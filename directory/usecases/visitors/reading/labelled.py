"""The site's own words in the search box: the labels of its filters are those filters."""

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from directory.models import ACCESS, AGES, FEES, ONLINE, PRACTITIONERS, TIMES, Taxonomy
from directory.search.text import Typed, folded, typed
from directory.search.vocabulary import Span
from directory.usecases.visitors.finder import Finder

# Beside other words these mean less than their filter ("a woman with migraines"), or are read as terms.
_ALONE = frozenset({"practitioner", "profession", "condition", "credential"})
# So many words of a label are it wherever they stand.
SURE = 2
Labels = dict[tuple[str, ...], tuple[str, str]]
FLAGS = {"accepting": "Accepting new clients", "home_visits": "Home visits"}

_KNOWN: WeakKeyDictionary[Taxonomy, tuple[Labels, frozenset[str]]] = WeakKeyDictionary()


def spans(finder: Finder, pieces: Sequence[Typed]) -> list[Span]:
    """The labels in a line, the longest first at each place; a short one only on its own."""
    labels, first = _labels(finder.taxonomy)
    words = [folded(piece.text) if piece.plain else "" for piece in pieces]
    found: list[Span] = []
    at = 0
    while at < len(words):
        end = _end(words, at, labels) if words[at] in first else at
        if end > at:
            found.append(Span(at, end, *labels[tuple(words[at:end])]))
        at = max(end, at + 1)
    return found


def _end(words: Sequence[str], at: int, labels: Labels) -> int:
    for end in range(len(words), at, -1):
        term = labels.get(tuple(words[at:end]))
        whole = (at, end) == (0, len(words))
        if term and (whole or (end - at >= SURE and term[0] not in _ALONE)):
            return end
    return at


def _labels(taxonomy: Taxonomy) -> tuple[Labels, frozenset[str]]:
    known = _KNOWN.get(taxonomy)
    if known is None:
        labels: Labels = {}
        for kind, slug, label in _every(taxonomy):
            key = tuple(folded(piece.text) for piece in typed(label))
            labels.setdefault(key, (kind, slug))
        known = _KNOWN[taxonomy] = labels, frozenset(key[0] for key in labels)
    return known


def _every(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    for kind, terms in (
        ("profession", taxonomy.professions),
        ("condition", taxonomy.conditions),
        ("credential", taxonomy.credentials),
    ):
        yield from ((kind, slug, term.label) for slug, term in terms.items())
    for kind, offered in (
        *(("ages", AGES), ("access", ACCESS), ("times", TIMES), ("fees", FEES)),
        *(("online", ONLINE), ("practitioner", PRACTITIONERS)),
    ):
        yield from ((kind, slug, label) for slug, label in offered.items())
    yield from ((flag, "1", label) for flag, label in FLAGS.items())
