"""Either of two wishes: "colic or migraine", "Migräne oder Tinnitus", "colic, reflux or colds"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from directory.search.port import ALL_OF, FACETS
from directory.search.text import STOP_WORDS, Typed, each, folded
from directory.search.tongues import asks
from directory.search.vocabulary import Span
from directory.usecases.visitors.reading import spellings

_OR = each("or oder ou o of")
# These say so beside what is Dutch or joins anything in other languages: "o" is an article, too.
_SURELY = each("or oder ou")
_ALTERNATIVES = frozenset(FACETS) - ALL_OF


@dataclass(frozen=True, slots=True)
class Either:
    """Sets of values of which any will do; and whether an "or" stands between what must all be."""

    groups: frozenset[frozenset[str]] = frozenset()
    unread: bool = False


AND = Either()


def read(
    q: str, pieces: Sequence[Typed], spans: Sequence[Span], place: tuple[int, int] = (0, 0)
) -> Either:
    """What a line says to be either of; `spans` are in typed order, `place` is no wish."""
    ors = [i for i, piece in enumerate(pieces) if piece.plain and folded(piece.text) in _OR]
    taken = {i for span in spans for i in range(span.start, span.end)} | set(range(*place))
    ors = [at for at in ors if at not in taken]
    if not ors:
        return AND
    joined: set[int] = set()
    groups = frozenset(map(frozenset, _groups(q, pieces, spans, ors, joined)))
    unread = (at for at in ors if at not in joined and folded(pieces[at].text) in _SURELY)
    return Either(groups, any(_parts_wishes(pieces, taken, at) for at in unread))


def _groups(
    q: str, pieces: Sequence[Typed], spans: Sequence[Span], ors: Iterable[int], joined: set[int]
) -> Iterator[set[str]]:
    """Values of a facet of which all must match, but for the "or" that stands between them."""
    for at in ors:
        before = [number for number, span in enumerate(spans) if span.end <= at]
        last = before[-1] if before else None
        if last is None or last + 1 == len(spans) or not _beside(pieces, spans[last : last + 2]):
            continue
        kind = spans[last].kind
        joined.add(at)
        if kind in ALL_OF:
            first = last
            while first and _listed(q, spans[first - 1], spans[first]):
                first -= 1
            # "a or b or c" is one set.
            yield from _chained(pieces, spans, first, last + 1)


def _chained(
    pieces: Sequence[Typed], spans: Sequence[Span], first: int, last: int
) -> Iterator[set[str]]:
    while last + 1 < len(spans) and _beside(pieces, spans[last : last + 2]):
        last += 1
    while first and _beside(pieces, spans[first - 1 : first + 1]):
        first -= 1
    yield {slug for span in spans[first : last + 1] for slug in span.slugs}


def _beside(pieces: Sequence[Typed], two: Sequence[Span]) -> bool:
    """Whether nothing but an "or" stands between two wishes of one kind."""
    one, other = two
    between = pieces[one.end : other.start]
    words = [folded(piece.text) for piece in between if piece.plain]
    only = len(words) == len(between) and all(word in STOP_WORDS or asks(word) for word in words)
    said = not _OR.isdisjoint(words)
    if said and _OR.intersection(words) == {"of"}:  # "hoofdpijn of migraine" says so, in Dutch
        beside = pieces[one.start : one.end], pieces[other.start : other.end]
        said = len(words) == 1 and any(map(_is_foreign, beside))
    of_one_kind = one.kind == other.kind and one.kind in _ALTERNATIVES | ALL_OF
    return of_one_kind and only and said


def _is_foreign(words: Sequence[Typed]) -> bool:
    return not any(spellings.everyday(folded(piece.text)) for piece in words)


def _listed(q: str, one: Span, other: Span) -> bool:
    """Whether two wishes stand side by side in a list: commas are no words."""
    return "," in q and one.end == other.start and one.kind == other.kind


def _parts_wishes(pieces: Sequence[Typed], taken: set[int], at: int) -> bool:
    """Whether something is wished on both sides of an "or"."""

    def wished(side: Iterable[int]) -> bool:
        return any(i in taken or not (pieces[i].stop or asks(folded(pieces[i].text))) for i in side)

    return wished(range(at)) and wished(range(at + 1, len(pieces)))
