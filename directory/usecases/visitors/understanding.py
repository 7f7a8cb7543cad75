"""Plain words read as wishes: "chiropractor for migraines near Boulder".

A reading never hides anything: what was taken stands in the answer, as chips that can
be removed; what was not taken is searched as text. Only words that say how bad or how
good ("terrible", "best") are passed over, once something else was understood.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from directory.places import Place
from directory.search import pasted
from directory.search.port import Words
from directory.search.text import Typed, folded, free_text, typed
from directory.search.vocabulary import Span
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import either, fielded, fillers, labelled, terms, without
from directory.usecases.visitors.reading.either import AND, Either
from directory.usecases.visitors.reading.numbers import amounts, distances
from directory.usecases.visitors.reading.sureness import doubtful
from directory.usecases.visitors.reading.whereabouts import elsewhere
from directory.usecases.visitors.reading.whereabouts.asking import (
    ASKING,
    THE_AROUND,
    only_says_how,
    runs,
)
from directory.usecases.visitors.reading.whereabouts.elsewhere import Apart
from directory.usecases.visitors.reading.whereabouts.places import PlaceReader
from directory.usecases.visitors.reading.whereabouts.towns import is_a_language

# The whole directory is about these: they narrow nothing down.
FIELD_WORDS = (
    "craniosacral therapy", "craniosacral", "cranio sacral therapy", "cranio sacral", "CST",
    "CranioSuisse", "Cranio Suisse", "cranial sacral therapy", "cranial sacral", "cranialsacral", "craniosacral work",
    "craniosacral bodywork", "cranial therapy",
    "practitioner", "therapist", "therapy", "session", "clinic", "specialist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A query's pieces, the terms and the place read from them, and what is left as text.

    `unwanted` are the terms to be without, each with the words that say so; `apart` the places.
    A place that was `pasted` is that one, whatever else its words may name. Of some things
    `either` will do. What is `doubtful` stays text, and is offered. `also` are more places,
    which are not looked at; `fillers` are pieces that name nothing beside what was understood.
    """

    pieces: tuple[Typed, ...] = ()
    spans: tuple[Span, ...] = ()
    place: Place | None = None
    place_span: tuple[int, int] = (0, 0)
    near_me: bool = False
    unwanted: tuple[Span, ...] = ()
    apart: tuple[Apart, ...] = ()
    pasted: bool = False
    either: Either = AND
    doubtful: tuple[Span, ...] = ()
    also: tuple[Apart, ...] = ()
    fillers: frozenset[int] = frozenset()

    def slugs(self, kind: str) -> tuple[str, ...]:
        """The terms of a kind, in typed order, each once."""
        named = (span.slugs for span in self.spans if span.kind == kind)
        return tuple(dict.fromkeys(slug for slugs in named for slug in slugs))

    @property
    def place_words(self) -> str:
        """The words that were taken for the place, folded, without the "near" before them."""
        start, end = self.place_span
        # "A'dam" is no Adam.
        taken = [
            piece.text.lower() if "'" in piece.text[1:2] else folded(piece.text)
            for piece in self.pieces[start:end]
        ]
        while taken and (taken[0] in ASKING or self.near_me or tuple(taken[:2]) in THE_AROUND):
            taken.pop(0)
        return " ".join(taken)

    def words_of(self, span: Span | Apart) -> str:
        """The words behind a span, as typed."""
        return " ".join(piece.text for piece in self.pieces[span.start : span.end])

    def taken(self) -> set[int]:
        """The numbers of the pieces that were understood."""
        spans: tuple[Span | Apart, ...] = (*self.spans, *self.unwanted, *self.apart, *self.also)
        taken = {i for span in spans for i in range(span.start, span.end)}
        return taken | set(range(*self.place_span))

    @property
    def text(self) -> Words:
        """What is left to be found as text."""
        taken = self.taken()
        if taken:
            taken |= self.fillers
        left = [piece for i, piece in enumerate(self.pieces) if i not in taken]
        return free_text(piece for piece in left if not (taken and only_says_how(piece)))

    @property
    def left_over(self) -> list[tuple[int, int]]:
        """Runs of plain words that nothing took, without asking words at their ends; last first."""
        taken = self.taken()
        return runs(self.pieces, [i in taken for i in range(len(self.pieces))])

    def q_without(self, start: int, end: int) -> str:
        """The query without some of its pieces and the asking words that led to them."""
        while start > 0 and self.pieces[start - 1].stop:
            start -= 1
        kept = [*self.pieces[:start], *self.pieces[end:]]
        while kept and kept[0].stop:
            kept.pop(0)
        return " ".join(map(str, kept))

    def q_without_place(self) -> str:
        """The query without its place, and without how far from it."""
        start, end = self.place_span
        far = distances.of(self.spans)
        if far is None:
            return self.q_without(start, end)
        if far.start < start:
            kept = [*self.pieces[: far.start], *self.pieces[far.end : start], *self.pieces[end:]]
        else:
            kept = [*self.pieces[:start], *self.pieces[end : far.start], *self.pieces[far.end :]]
        return replace(self, pieces=tuple(kept)).q_without(0, 0)

    def q_without_unwanted(self) -> str:
        """The query without what it says to be without."""
        unwanted: tuple[Span | Apart, ...] = (*self.unwanted, *self.apart)
        inside = {i for span in unwanted for i in range(span.start, span.end)}
        return " ".join(str(piece) for i, piece in enumerate(self.pieces) if i not in inside)

    def q_without_text(self) -> str:
        """The query with only what was understood."""
        taken = self.taken()
        stops = {i for i, piece in enumerate(self.pieces) if piece.stop}
        return " ".join(str(p) for i, p in enumerate(self.pieces) if i in taken | stops).strip()

    def q_with(self, spelled: dict[str, str]) -> str:
        """The query with some words spelled otherwise; a word spelled "" is left out."""
        said = (
            spelled.get(piece.text, str(piece)) if piece.plain else str(piece)
            for piece in self.pieces
        )
        return " ".join(filter(None, said))

    def q_with_word(self, word: str, before: int) -> str:
        """The query with one word more, before the piece of that number."""
        said = [str(piece) for piece in self.pieces]
        return " ".join((*said[:before], word, *said[before:]))


def vocabulary_phrases(phrases: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """The field's own words first, then every way to say every term."""
    for text in FIELD_WORDS:
        yield "field", "", text
    yield from phrases


def understand(finder: Finder, wanted: Criteria, *, facts: bool = True) -> Reading:
    """Read a query; raises Invalid when "near …" names a place that nobody knows.

    Without `facts`, words for a language, an age and the like are left as text.
    """
    q = fielded.plainly(wanted.q)
    pieces = tuple(typed(q))
    if not pieces:
        return Reading()
    read_place = not (wanted.near or wanted.lat is not None)
    whole = pasted.apart(finder.gazetteer, q) if read_place else None
    pieces = whole.pieces if whole else pieces

    def read(some: Sequence[Typed]) -> list[Span]:
        return terms.spans(finder, some, facts=facts)

    apart = elsewhere.places(pieces, finder.gazetteer, read)
    numbers = _numbers(finder, q, pieces) if facts else []
    far = distances.of(numbers)
    left = distances.leading(q, elsewhere.masked(pieces, (*apart, *numbers)), far)
    if whole:
        spans = _in_order(_spans_beside(read, left, whole.span), numbers)
        spans, unwanted = without.parted(pieces, spans, read)
        found = tuple(spans), whole.place, whole.span, False, tuple(unwanted), apart
        either_of = either.read(q, pieces, spans, whole.span)
        reading = Reading(pieces, *found, pasted=True, either=either_of)
        return replace(reading, fillers=_fillers(finder, reading))
    reader = PlaceReader(finder, read, left, Reading(left).q_without)
    place, place_span, near_me = reader.said_so(wanted) if read_place else (None, (0, 0), False)
    place_span = distances.after(far, place_span)
    spans = _spans_beside(read, left, place_span)
    spans = [span for span in spans if is_a_language(finder, pieces, span)]
    spans, unsure = _sure(finder, pieces, spans)
    spans, unwanted = without.parted(pieces, _in_order(spans, numbers), read)
    if read_place and place is None and not near_me:
        place, place_span = reader.unsaid([*spans, *unwanted])
        unsure = (*unsure, *(span for span in spans if _inside(span, place_span)))
        spans, unwanted = _outside(spans, place_span), _outside(unwanted, place_span)
    parts = tuple(spans), place, place_span, near_me, tuple(unwanted), apart
    reading = Reading(
        pieces, *parts, either=either.read(q, pieces, spans, place_span), doubtful=unsure
    )
    also = tuple(reader.others([*spans, *unwanted, *apart], place_span)) if place else ()
    reading = replace(reading, also=also)
    return replace(reading, fillers=_fillers(finder, reading))


def _fillers(finder: Finder, reading: Reading) -> frozenset[int]:
    return frozenset(fillers.passed_over(finder, reading.pieces, reading.taken()))


def _sure(
    finder: Finder, pieces: Sequence[Typed], spans: Sequence[Span]
) -> tuple[list[Span], tuple[Span, ...]]:
    """The terms that are taken, and those that are offered."""
    unsure = tuple(span for span in spans if doubtful(finder.vocabulary, pieces, span, finder.home))
    return [span for span in spans if span not in unsure], unsure


def _numbers(finder: Finder, q: str, pieces: Sequence[Typed]) -> list[Span]:
    """Distances, prices and hours, but for those in a label of ours: "Mornings, before 9:00"."""
    far = [span for span in distances.spans(q, pieces) if not _is_named_so(finder, pieces, span)]
    amounts_beside = amounts.spans(q, pieces)
    for one in far:
        amounts_beside = tuple(_outside(amounts_beside, (one.start, one.end)))
    found = [*far, *amounts_beside]
    labels = labelled.spans(finder, pieces) if found else []
    return [
        span
        for span in found
        if not any(span.start >= one.start and span.end <= one.end for one in labels)
    ]


def _is_named_so(finder: Finder, pieces: Sequence[Typed], far: Span) -> bool:
    """Whether a place is called by a distance: "100 Mile House"."""
    run = [piece.text for piece in pieces[far.start :]]
    found = finder.gazetteer.find_in(run, start_only=True)
    return bool(found and found[1] >= far.length)


def _outside(spans: Sequence[Span], run: tuple[int, int]) -> list[Span]:
    return [span for span in spans if span.end <= run[0] or span.start >= run[1]]


def _inside(span: Span, run: tuple[int, int]) -> bool:
    """Whether a trade is what letters of a place stand for, too: "dc"."""
    return span.kind == "profession" and run[0] <= span.start < span.end <= run[1]


def _in_order(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    return sorted([*spans, *others], key=lambda span: span.start)


def _spans_beside(
    read: Callable[[Sequence[Typed]], list[Span]],
    pieces: Sequence[Typed],
    place_span: tuple[int, int],
) -> list[Span]:
    start, end = place_span
    before = read(pieces[:start]) if end else read(pieces)
    after = read(pieces[end:]) if end else []
    return [*before, *(Span(s.start + end, s.end + end, s.kind, s.slug) for s in after)]
