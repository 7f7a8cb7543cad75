"""The place in a line: said to be one ("near", "in"), or standing on its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from directory.errors import Invalid
from directory.places import Gazetteer, Place, place_key
from directory.said import said
from directory.search.text import STOP_WORDS, Typed, folded
from directory.search.tongues import asks
from directory.search.vocabulary import Span
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading.sureness import (
    CITY_BY_ANOTHER_NAME,
    only_a_thing,
    says_more,
    sure_enough,
)
from directory.usecases.visitors.reading.whereabouts import stations
from directory.usecases.visitors.reading.whereabouts.asking import (
    ELSEWHERE,
    HERE,
    LIKELY,
    SURE,
    leads_on,
    only_says_how,
    runs,
)
from directory.usecases.visitors.reading.whereabouts.towns import Towns


@dataclass(frozen=True, slots=True)
class PlaceReader:
    """Finds where to look in a line of `pieces`.

    `read` names the terms in some of them; `without` is the line as typed, but for the pieces
    from one number to before another.
    """

    finder: Finder
    read: Callable[[Sequence[Typed]], list[Span]]
    pieces: tuple[Typed, ...]
    without: Callable[[int, int], str]

    @property
    def gazetteer(self) -> Gazetteer:
        return self.finder.gazetteer

    def _plain_run(self, start: int) -> list[str]:
        run = []
        for piece in self.pieces[start:]:
            if not piece.plain:
                break
            run.append(piece.text)
        return run

    def said_so(self, wanted: Criteria) -> tuple[Place | None, tuple[int, int], bool]:
        """A place after "near", or after "in" when it is no term."""
        for i, word in self._asking():
            run = self._after_to(self._plain_run(i + 1))
            skipped = len(self._plain_run(i + 1)) - len(run)
            if word in SURE and (not run or folded(run[0]) in HERE):
                return None, (i, i + 1 + skipped + min(len(run), 1)), True
            if not run or (word not in SURE and self._leads_elsewhere(i, run)):
                continue
            if word == "of" and (whole := self._with_of(i)):
                return whole[2], whole[:2], False
            found = self._beginning(run)
            if found and skipped and only_a_thing(run[: found[1]], found[2]):
                continue
            if found and (word in SURE or self._likely(run, i + 1 + skipped, found)):
                return found[2], (i, i + 1 + skipped + found[1]), False
            if word in SURE:
                self._unknown(wanted, run, i + 1 + skipped)
        return None, (0, 0), False

    def _leads_elsewhere(self, at: int, run: Sequence[str]) -> bool:
        """Whether what "in" leads to is no place: "in the evening", "en ligne"."""
        spans = self.read(self.pieces[at:])
        return folded(run[0]) in STOP_WORDS or any(s.start == 0 and s.length > 1 for s in spans)

    def _asking(self) -> Iterator[tuple[int, str]]:
        """Words that may lead to a place, and where they stand."""
        wishes = {i for span in stations.spans(self.pieces) for i in range(span.start, span.end)}
        for i, piece in enumerate(self.pieces):
            word = folded(piece.text) if piece.plain and i not in wishes else ""
            if word in SURE | LIKELY | ELSEWHERE:
                yield i, word

    def _with_of(self, at: int) -> tuple[int, int, Place] | None:
        """A place that this "of" is a part of: "Isle of Skye"."""
        whole = self._plain_run(0)
        found = self.gazetteer.find_in(whole) if at < len(whole) else None
        return found if found and found[0] < at < found[1] else None

    def _after_to(self, run: list[str]) -> list[str]:
        """The words after "near", without those that only lead to a place: "près de Paris"."""
        while run and leads_on(run):
            named = self.gazetteer.find_in(run, start_only=True)
            if named and named[1] > 1 and folded(run[0]) not in ("to", "the"):
                break
            run = run[1:]
        return run

    def _beginning(self, run: Sequence[str]) -> tuple[int, int, Place] | None:
        """The place that a run begins with; not "Câlnic" of "Köln ik zoek"."""
        found = self.gazetteer.find_in(run, start_only=True)
        if found and found[1] > 1 and asks(folded(run[found[1] - 1])):
            shorter = self.gazetteer.find_in(run[: found[1] - 1], start_only=True)
            if shorter and shorter[2].population > found[2].population:
                return shorter
        return found

    def _likely(self, run: list[str], start: int, found: tuple[int, int, Place]) -> bool:
        """Whether words after "in" are a place: no term, and no small town's other name."""
        _, length, place = found
        if self.read(self.pieces[start : start + length]):
            return False
        other_name = length == 1 and place_key(run[0]) != place_key(place.name)
        return place.kind != "town" or not other_name or place.population >= CITY_BY_ANOTHER_NAME

    def _unknown(self, wanted: Criteria, run: list[str], start: int) -> None:
        """Say that the words after "near" are no place we know, with the nearest spellings."""
        spans = self.read(self.pieces[start:])
        ends = [s.start for s in spans] + [
            i for i, piece in enumerate(self.pieces[start:]) if piece.stop
        ]
        unknown = run[: min(ends, default=len(run))]
        if not unknown:
            return
        name = " ".join(unknown)
        near = self.gazetteer.resolve(name).suggestions
        rest = self.without(start, start + len(unknown))
        raise Invalid(
            {"q": [said("We could not find a place called “%(name)s”.", name=name)]},
            [(label, wanted.but(q=rest, near=label)) for label in near],
        )

    def unsaid(self, spans: Sequence[Span]) -> tuple[Place | None, tuple[int, int]]:
        """A place that stands on its own among what is left: "massage Boulder CO"."""
        towns = Towns(self.finder, self.pieces, spans)
        if state := towns.state():
            return state
        whole = self._plain_run(0)
        found = self.gazetteer.find_in(whole) if len(whole) > 1 else None
        if found and found[1] - found[0] > 1 and self._longest(found, spans):
            return found[2], (found[0], found[1])
        for start, end in self._left_over(spans):
            for first, last in self._without_asking(start, end):
                run = [piece.text for piece in self.pieces[first:last]]
                found = self.gazetteer.find_in(run, start_only=True)
                if found is None or found[1] != len(run):
                    continue
                if sure_enough(run, found[2]) and not towns.is_a_name(run, found[2]):
                    return towns.with_state(found[2], (first, last))
                if here := towns.here(first, last, found[2]):
                    return here, (first, last)
        return towns.by_letters()

    def _without_asking(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A run as it stands, and without the words at its ends that only ask or say how."""
        yield start, end
        first, last = start, end
        while first < last - 1 and only_says_how(self.pieces[first]):
            first += 1
        while last - 1 > first and only_says_how(self.pieces[last - 1]):
            last -= 1
        if (first, last) != (start, end):
            yield first, last

    def _longest(self, found: tuple[int, int, Place], spans: Sequence[Span]) -> bool:
        start, end, place = found
        run = [piece.text for piece in self.pieces[start:end]]
        rivals = [span for span in spans if span.start < end and span.end > start]
        longer = all(end - start > span.end - span.start for span in rivals)
        return longer and (says_more(run, place) or self._fills(found, spans))

    def _fills(self, found: tuple[int, int, Place], spans: Sequence[Span]) -> bool:
        return (found[0], found[1]) in self._left_over(spans) and sure_enough(
            [piece.text for piece in self.pieces[found[0] : found[1]]], found[2]
        )

    def _left_over(self, spans: Sequence[Span]) -> list[tuple[int, int]]:
        """Runs of plain words that no term took, without asking words at their ends."""
        taken = {i for span in spans for i in range(span.start, span.end)}
        return runs(self.pieces, [i in taken for i in range(len(self.pieces))])
