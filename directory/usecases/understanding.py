"""Plain words read as wishes: "chiropractor for migraines near Boulder".

A reading never hides anything: what was taken stands in the answer, as chips that can
be removed; what was not taken is searched as text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from directory.errors import Invalid
from directory.places import Gazetteer, Place
from directory.said import said
from directory.search.port import Words
from directory.search.text import (
    STOP_WORDS,
    Span,
    Typed,
    Vocabulary,
    folded,
    free_text,
    typed,
    words,
)
from directory.usecases.finder import Finder
from directory.usecases.wanted import Wanted

# The whole directory is about these: they narrow nothing down.
FIELD_WORDS = (
    "craniosacral therapy", "craniosacral", "cranio sacral therapy", "cranio sacral", "CST",
    "cranial sacral therapy", "craniosacral work", "craniosacral bodywork", "cranial therapy",
    "practitioner", "therapist", "therapy", "session", "clinic",
)  # fmt: skip
SURE = frozenset({"near", "nearby", "around", "nr"})
LIKELY = frozenset({"in", "at", "by", "from", "to", "of"})
ASKING = SURE | LIKELY | {"the"}
HERE = frozenset({"me", "here", "us"})
# Towns whose names mean something else to most who type them on their own.
NOT_A_PLACE = frozenset({"mobile", "nice", "bath", "reading", "male", "best", "orange", "hope"})
TOWN_ENOUGH = 15_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A query's pieces, the terms and the place read from them, and what is left as text."""

    pieces: tuple[Typed, ...] = ()
    spans: tuple[Span, ...] = ()
    place: Place | None = None
    place_span: tuple[int, int] = (0, 0)
    near_me: bool = False

    def slugs(self, kind: str) -> tuple[str, ...]:
        """The terms of a kind, in typed order, each once."""
        return tuple(dict.fromkeys(span.slug for span in self.spans if span.kind == kind))

    @property
    def place_words(self) -> str:
        """The words that were taken for the place, folded, without the "near" before them."""
        start, end = self.place_span
        taken = [folded(piece.text) for piece in self.pieces[start:end]]
        while taken and (taken[0] in ASKING or self.near_me):
            taken.pop(0)
        return " ".join(taken)

    def words_of(self, span: Span) -> str:
        """The words behind a span, as typed."""
        return " ".join(piece.text for piece in self.pieces[span.start : span.end])

    def _taken(self) -> set[int]:
        taken = {i for span in self.spans for i in range(span.start, span.end)}
        return taken | set(range(*self.place_span))

    @property
    def text(self) -> Words:
        """What is left to be found as text."""
        taken = self._taken()
        return free_text(piece for i, piece in enumerate(self.pieces) if i not in taken)

    def q_without(self, start: int, end: int) -> str:
        """The query without some of its pieces and the asking words that led to them."""
        while start > 0 and self.pieces[start - 1].stop:
            start -= 1
        kept = [*self.pieces[:start], *self.pieces[end:]]
        while kept and kept[0].stop:
            kept.pop(0)
        return " ".join(map(str, kept))

    def q_without_text(self) -> str:
        """The query with only what was understood."""
        taken = self._taken()
        stops = {i for i, piece in enumerate(self.pieces) if piece.stop}
        return " ".join(str(p) for i, p in enumerate(self.pieces) if i in taken | stops).strip()

    def q_with(self, spelled: dict[str, str]) -> str:
        """The query with some words spelled otherwise."""
        return " ".join(
            spelled.get(piece.text, str(piece)) if piece.plain else str(piece)
            for piece in self.pieces
        )


def vocabulary_phrases(phrases: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """The field's own words first, then every way to say every term."""
    for text in FIELD_WORDS:
        yield "field", "", text
    yield from phrases


def understand(finder: Finder, wanted: Wanted) -> Reading:
    """Read a query; raises Invalid when "near …" names a place that nobody knows."""
    pieces = tuple(typed(wanted.q))
    if not pieces:
        return Reading()
    read_place = not (wanted.near or wanted.lat is not None)
    reader = _PlaceReader(finder.gazetteer, finder.vocabulary, pieces)
    place, place_span, near_me = reader.said_so(wanted) if read_place else (None, (0, 0), False)
    spans = _spans_beside(finder.vocabulary, pieces, place_span)
    if read_place and place is None and not near_me:
        place, place_span = reader.unsaid(spans)
        spans = [s for s in spans if s.end <= place_span[0] or s.start >= place_span[1]]
    return Reading(pieces, tuple(spans), place, place_span, near_me)


def _spans_beside(
    vocabulary: Vocabulary, pieces: Sequence[Typed], place_span: tuple[int, int]
) -> list[Span]:
    start, end = place_span
    before = vocabulary.spans(pieces[:start]) if end else vocabulary.spans(pieces)
    after = vocabulary.spans(pieces[end:]) if end else []
    moved = [Span(s.start + end, s.end + end, s.kind, s.slug) for s in after]
    return [*before, *moved]


@dataclass(frozen=True, slots=True)
class _PlaceReader:
    gazetteer: Gazetteer
    vocabulary: Vocabulary
    pieces: tuple[Typed, ...]

    def _plain_run(self, start: int) -> list[str]:
        run = []
        for piece in self.pieces[start:]:
            if not piece.plain:
                break
            run.append(piece.text)
        return run

    def said_so(self, wanted: Wanted) -> tuple[Place | None, tuple[int, int], bool]:
        """A place after "near", or after "in" when it is no term."""
        for i, piece in enumerate(self.pieces):
            word = folded(piece.text) if piece.plain else ""
            if word not in SURE | LIKELY:
                continue
            run = self._after_to(self._plain_run(i + 1))
            skipped = len(self._plain_run(i + 1)) - len(run)
            if word in SURE and (not run or folded(run[0]) in HERE):
                return None, (i, i + 1 + skipped + min(len(run), 1)), True
            if not run or (word in LIKELY and folded(run[0]) in STOP_WORDS):
                continue
            found = self.gazetteer.find_in(run, start_only=True)
            if found and (word in SURE or self._no_term(i + 1 + skipped, found[1])):
                return found[2], (i, i + 1 + skipped + found[1]), False
            if word in SURE:
                self._unknown(wanted, run, i + 1 + skipped)
        return None, (0, 0), False

    @staticmethod
    def _after_to(run: list[str]) -> list[str]:
        return run[1:] if run and folded(run[0]) in ("to", "the") else run

    def _no_term(self, start: int, length: int) -> bool:
        return not self.vocabulary.spans(self.pieces[start : start + length])

    def _unknown(self, wanted: Wanted, run: list[str], start: int) -> None:
        """Say that the words after "near" are no place we know, with the nearest spellings."""
        spans = self.vocabulary.spans(self.pieces[start:])
        ends = [s.start for s in spans] + [
            i for i, piece in enumerate(self.pieces[start:]) if piece.stop
        ]
        unknown = run[: min(ends, default=len(run))]
        if not unknown:
            return
        name = " ".join(unknown)
        near = self.gazetteer.resolve(name).suggestions
        rest = Reading(self.pieces).q_without(start, start + len(unknown))
        raise Invalid(
            {"q": [said("We could not find a place called “%(name)s”.", name=name)]},
            [(label, wanted.but(q=rest, near=label)) for label in near],
        )

    def unsaid(self, spans: Sequence[Span]) -> tuple[Place | None, tuple[int, int]]:
        """A place that stands on its own among what is left: "massage Boulder CO"."""
        whole = self._plain_run(0)
        found = self.gazetteer.find_in(whole) if len(whole) > 1 else None
        if found and found[1] - found[0] > 1 and self._longest(found, spans):
            return found[2], (found[0], found[1])
        for start, end in self._left_over(spans):
            run = [piece.text for piece in self.pieces[start:end]]
            found = self.gazetteer.find_in(run, start_only=True)
            if found and found[1] == len(run) and self._sure_enough(run, found[2]):
                return found[2], (start, end)
        return None, (0, 0)

    def _longest(self, found: tuple[int, int, Place], spans: Sequence[Span]) -> bool:
        start, end, place = found
        run = [piece.text for piece in self.pieces[start:end]]
        rivals = [span for span in spans if span.start < end and span.end > start]
        longer = all(end - start > span.end - span.start for span in rivals)
        return longer and (len(run) > len(words(place.name)) or self._fills(found, spans))

    def _fills(self, found: tuple[int, int, Place], spans: Sequence[Span]) -> bool:
        return (found[0], found[1]) in self._left_over(spans) and self._sure_enough(
            [piece.text for piece in self.pieces[found[0] : found[1]]], found[2]
        )

    def _left_over(self, spans: Sequence[Span]) -> list[tuple[int, int]]:
        """Runs of plain words that no term took, without asking words at their ends."""
        taken = {i for span in spans for i in range(span.start, span.end)}
        free = [i not in taken and piece.plain for i, piece in enumerate(self.pieces)]
        runs, start = [], None
        for i, is_free in enumerate([*free, False]):
            if is_free and start is None:
                start = i
            elif not is_free and start is not None:
                runs.append(self._trimmed(start, i))
                start = None
        return [(start, end) for start, end in reversed(runs) if end > start]

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.pieces[start].stop:
            start += 1
        while end > start and self.pieces[end - 1].stop:
            end -= 1
        return start, end

    @staticmethod
    def _sure_enough(run: list[str], place: Place) -> bool:
        if len(run) == 1 and folded(run[0]) in NOT_A_PLACE:
            return False
        said_more = len(run) > len(words(place.name))
        return said_more or place.kind != "town" or place.population >= TOWN_ENOUGH
