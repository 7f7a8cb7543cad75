"""The place in a line: said to be one ("near", "in"), or standing on its own."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from directory.errors import Invalid
from directory.places import Gazetteer, Place, distance_km, place_key
from directory.said import said
from directory.search.text import STOP_WORDS, Typed, each, folded
from directory.search.tongues import asks
from directory.search.vocabulary import Span
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading.sureness import (
    CITY_BY_ANOTHER_NAME,
    is_meant,
    only_a_thing,
    only_asks,
    says_more,
    sure_enough,
)
from directory.usecases.visitors.reading.whereabouts import near_me, stations
from directory.usecases.visitors.reading.whereabouts.asking import (
    ELSEWHERE,
    HERE,
    LIKELY,
    SURE,
    leads_on,
    only_says_how,
    runs,
)
from directory.usecases.visitors.reading.whereabouts.elsewhere import Apart
from directory.usecases.visitors.reading.whereabouts.towns import BIG, Towns

# A place so many times as big, and so far away, is meant rather than a word after "in".
TIMES_BIGGER, ANOTHER_KM = 10, 100.0
# A number with no more digits, among words, is as well a year.
YEAR = 4
# What stands after the name of a street.
_STREETS = each(
    "st street ave avenue rd road blvd boulevard drive lane ln way court ct square strasse str"
)


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
        me = near_me.said(self.pieces)
        if me and not self._beside(*me):
            return None, me, True
        for i, word in self._asking():
            run = self._plain_run(i + 1)
            start = i + 1 + len(run) - len(run := self._after_to(run))
            if word in SURE and (not run or folded(run[0]) in HERE):
                return None, (i, start + min(len(run), 1)), True
            if not run or (word not in SURE and self._leads_elsewhere(i, run)):
                continue
            if word == "of" and (whole := self._with_of(i)):
                return whole[2], whole[:2], False
            if found := self._led_to(word, i, start, run):
                return found[2], (i, start + found[1]), False
            if word in SURE and not self._beside(i, start) and not self._a_thing(i, start, run):
                self._unknown(wanted, run, start)
        return None, (0, 0), False

    def _led_to(
        self, asking: str, at: int, start: int, run: list[str]
    ) -> tuple[int, int, Place] | None:
        """The place that "near" or "in" leads to, when it is one."""
        found = self._beginning(run)
        if not found or self._a_thing(at, start, run) or self._rather_another(asking, start, found):
            return None
        return found if asking in SURE or self._likely(run, start, found) else None

    def _a_thing(self, at: int, start: int, run: list[str]) -> bool:
        """Whether it is "near the beach"."""
        found = self._beginning(run) if start > at + 1 else None
        return found is not None and only_a_thing(run[: found[1]], found[2])

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

    def _rather_another(self, asking: str, start: int, found: tuple[int, int, Place]) -> bool:
        """Whether words after "in" are what else they say, such as "la" and "Kiefer": words that
        only ask or join, or one of a small place far from a much bigger one in the same line.
        """
        _, length, place = found
        if only_asks([piece.text for piece in self.pieces[start : start + length]]):
            return True
        if asking in SURE or length > 1 or place.kind != "town":
            return False
        by_another = self._by_another_name((start, start + length, place))
        if place.population >= BIG and not by_another:
            return False
        other = self._beside(start, start + length)
        return (
            other is not None
            and (by_another or other.population >= TIMES_BIGGER * place.population)
            and distance_km(other.point, place.point) > ANOTHER_KM
        )

    def _by_another_name(self, found: tuple[int, int, Place]) -> bool:
        """Whether one word in small letters is a place by another name than its own."""
        start, end, place = found
        word = self.pieces[start].text
        return end - start == 1 and word.islower() and place_key(word) != place_key(place.name)

    def _beside(self, start: int, end: int) -> Place | None:
        """The biggest place that the words before and after some others name for certain."""
        read = self.read(self.pieces)
        taken = {i for span in read for i in range(span.start, span.end)} | {*range(start, end)}
        named = [place for _, _, place in self._named(taken)]
        return max(named, key=lambda place: place.population, default=None)

    def _named(self, taken: Container[int]) -> Iterator[tuple[int, int, Place]]:
        """The places that words name for certain, but for those that are taken; each with the
        numbers of its words.
        """
        at = 0
        while at < len(self.pieces):
            run = [] if at in taken else self._free_run(at, taken)
            found = self.gazetteer.find_in(run, start_only=True) if run else None
            length = found[1] if found else 1
            if found and not self._is_else(at, length) and is_meant(run[:length], found[2]):
                yield at, at + length, found[2]
            at += length

    def _is_else(self, at: int, length: int) -> bool:
        """Whether a word is rather a year, or the name of a street."""
        word = self.pieces[at].text
        year = word.isdecimal() and len(word) <= YEAR
        after = self.pieces[at + 1].text if at + 1 < len(self.pieces) else ""
        return length == 1 and (year or folded(after) in _STREETS)

    def _free_run(self, start: int, taken: Container[int]) -> list[str]:
        run = self._plain_run(start)
        end = next((i for i in range(start, start + len(run)) if i in taken), start + len(run))
        return run[: end - start]

    def others(self, spans: Sequence[Span | Apart], place_span: tuple[int, int]) -> Iterator[Apart]:
        """More places beside the one that was read: "Denver or Boulder"."""
        taken = {i for span in spans for i in range(span.start, span.end)}
        towns = Towns(self.finder, self.pieces, [])
        for start, end, place in self._named(taken | {*range(*place_span)}):
            words = [piece.text for piece in self.pieces[start:end]]
            sure = not self._by_another_name((start, end, place))
            if sure and not towns.is_a_name(words, place):
                yield Apart(start, end, place, end - start)

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
        if found and self._several(whole, found) and self._longest(found, spans):
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
        return self._among(spans, towns) or towns.by_letters()

    @staticmethod
    def _several(whole: Sequence[str], found: tuple[int, int, Place]) -> bool:
        return found[1] - found[0] > 1 and not only_asks(whole[found[0] : found[1]])

    def _among(self, spans: Sequence[Span], towns: Towns) -> tuple[Place, tuple[int, int]] | None:
        """A place among words that say nothing to us, beside a wish: "colic since 2019 Denver"."""
        taken = {i for span in spans for i in range(span.start, span.end)}
        named = [
            (start, end, place)
            for start, end, place in (self._named(taken) if spans else ())
            if not towns.is_a_name([piece.text for piece in self.pieces[start:end]], place)
        ]
        # "en las manos Valladolid" is no Manaus.
        named = [one for one in named if not self._by_another_name(one)] or named
        if not named:
            return None
        start, end, place = named[0]
        for first, last, other in named[1:2]:  # a quarter, and its town: "Lincoln Park Chicago"
            if first == end and other.population > place.population:
                return other, (start, last)
        return place, (start, end)

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
