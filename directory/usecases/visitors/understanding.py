"""Plain words read as wishes: "chiropractor for migraines near Boulder".

A reading never hides anything: what was taken stands in the answer, as chips that can
be removed; what was not taken is searched as text. Only words that say how bad or how
good ("terrible", "best") are passed over, once something else was understood.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from directory.errors import Invalid
from directory.places import Gazetteer, Place, place_key
from directory.said import said
from directory.search.port import Words
from directory.search.text import STOP_WORDS, Typed, folded, free_text, typed
from directory.search.tongues import asks
from directory.search.vocabulary import Span
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import (
    amounts,
    elsewhere,
    genders,
    stations,
    terms,
    without,
)
from directory.usecases.visitors.reading.elsewhere import Apart
from directory.usecases.visitors.reading.sureness import (
    CITY_BY_ANOTHER_NAME,
    only_a_thing,
    says_more,
    sure_enough,
)

# The whole directory is about these: they narrow nothing down.
FIELD_WORDS = (
    "craniosacral therapy", "craniosacral", "cranio sacral therapy", "cranio sacral", "CST",
    "CranioSuisse", "Cranio Suisse", "cranial sacral therapy", "cranial sacral", "cranialsacral", "craniosacral work",
    "craniosacral bodywork", "cranial therapy",
    "practitioner", "therapist", "therapy", "session", "clinic", "specialist",
)  # fmt: skip
# How bad it is, how good they are, that they treat, a greeting: beside a name these name nothing.
_DEGREES = """
    ache aches achy affordable annoying awful bad badly best better certified cheap dealing
    deals difficulties difficulty experienced expert feel feeling feels gentle great horrible
    hurt hurting hurts issue issues kind local nice offering offers pain painful pains problem
    problems professional qualified recommended relief sees severe sore specialises
    specialising specializes specializing suffer suffering suffers support symptom symptoms
    take takes taking terrible top treat treated treating treatment treatments treats trouble
    troubles trusted working works
    hi hello hey thanks thank cheers hallo danke merci bonjour gracias hola grazie ciao obrigado
    obrigada bedankt dank
"""
DEGREES = frozenset(_DEGREES.split())
SURE = frozenset({"near", "nearby", "around", "nr"})
LIKELY = frozenset({"in", "at", "by", "from", "to", "of"})


def _set(said: str) -> frozenset[str]:
    return frozenset(said.split())


# What says "near" and "in" in other languages; what may stand between that and the place.
ELSEWHERE = _set(
    "pres autour cerca vicino perto nabij dichtbij nahe bei im en dans em nel nei nelle te zu aus"
)
_TO = _set("to the of de du des d da do von vom van der del di a al het")
# "In der Umgebung von", "dans les environs de", "in de buurt van": the same with more words.
_AROUND = _set(
    """umgebung nahe gegend raum region environs alentours proximite peripherie alrededores cercanias
    zona dintorni vicinanze zone arredores proximidades regiao buurt omgeving nabijheid regio area
    vicinity"""
)
_THE = _set("les los las le la el lo nei nelle os as den dem der die das")
_THE_AROUND = frozenset((the, around) for the in _THE for around in _AROUND)
ASKING = SURE | LIKELY | ELSEWHERE | _TO | _AROUND
HERE = frozenset({"me", "here", "us"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A query's pieces, the terms and the place read from them, and what is left as text.

    `unwanted` are the terms to be without, each with the words that say so; `apart` the places.
    """

    pieces: tuple[Typed, ...] = ()
    spans: tuple[Span, ...] = ()
    place: Place | None = None
    place_span: tuple[int, int] = (0, 0)
    near_me: bool = False
    unwanted: tuple[Span, ...] = ()
    apart: tuple[Apart, ...] = ()

    def slugs(self, kind: str) -> tuple[str, ...]:
        """The terms of a kind, in typed order, each once."""
        named = (span.slugs for span in self.spans if span.kind == kind)
        return tuple(dict.fromkeys(slug for slugs in named for slug in slugs))

    @property
    def place_words(self) -> str:
        """The words that were taken for the place, folded, without the "near" before them."""
        start, end = self.place_span
        taken = [folded(piece.text) for piece in self.pieces[start:end]]
        while taken and (taken[0] in ASKING or self.near_me or tuple(taken[:2]) in _THE_AROUND):
            taken.pop(0)
        return " ".join(taken)

    def words_of(self, span: Span) -> str:
        """The words behind a span, as typed."""
        return " ".join(piece.text for piece in self.pieces[span.start : span.end])

    def _taken(self) -> set[int]:
        spans: tuple[Span | Apart, ...] = (*self.spans, *self.unwanted, *self.apart)
        taken = {i for span in spans for i in range(span.start, span.end)}
        return taken | set(range(*self.place_span))

    @property
    def text(self) -> Words:
        """What is left to be found as text."""
        taken = self._taken()
        left = [piece for i, piece in enumerate(self.pieces) if i not in taken]
        return free_text(piece for piece in left if not (taken and _only_says_how(piece)))

    @property
    def left_over(self) -> list[tuple[int, int]]:
        """Runs of plain words that nothing took, without asking words at their ends; last first."""
        taken = self._taken()
        return _runs(self.pieces, [i in taken for i in range(len(self.pieces))])

    def q_without(self, start: int, end: int) -> str:
        """The query without some of its pieces and the asking words that led to them."""
        while start > 0 and self.pieces[start - 1].stop:
            start -= 1
        kept = [*self.pieces[:start], *self.pieces[end:]]
        while kept and kept[0].stop:
            kept.pop(0)
        return " ".join(map(str, kept))

    def q_without_unwanted(self) -> str:
        """The query without what it says to be without."""
        unwanted: tuple[Span | Apart, ...] = (*self.unwanted, *self.apart)
        inside = {i for span in unwanted for i in range(span.start, span.end)}
        return " ".join(str(piece) for i, piece in enumerate(self.pieces) if i not in inside)

    def q_without_text(self) -> str:
        """The query with only what was understood."""
        taken = self._taken()
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


def _only_says_how(piece: Typed) -> bool:
    word = folded(piece.text) if piece.plain else ""
    return word in DEGREES or word in genders.TELLING or asks(word)


def _runs(pieces: Sequence[Typed], taken: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of plain words that are not taken, trimmed of asking words; the last comes first."""
    runs, start = [], None
    free = [piece.plain and not gone for piece, gone in zip(pieces, taken, strict=True)]
    for i, is_free in enumerate([*free, False]):
        if is_free and start is None:
            start = i
        elif not is_free and start is not None:
            runs.append(_trimmed(pieces, start, i))
            start = None
    return [(start, end) for start, end in reversed(runs) if end > start]


def _trimmed(pieces: Sequence[Typed], start: int, end: int) -> tuple[int, int]:
    while start < end and pieces[start].stop:
        start += 1
    while end > start and pieces[end - 1].stop:
        end -= 1
    return start, end


def vocabulary_phrases(phrases: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """The field's own words first, then every way to say every term."""
    for text in FIELD_WORDS:
        yield "field", "", text
    yield from phrases


def understand(finder: Finder, wanted: Criteria, *, facts: bool = True) -> Reading:
    """Read a query; raises Invalid when "near …" names a place that nobody knows.

    Without `facts`, words for a language, an age and the like are left as text.
    """
    pieces = tuple(typed(wanted.q))
    if not pieces:
        return Reading()
    read_place = not (wanted.near or wanted.lat is not None)

    def read(some: Sequence[Typed]) -> list[Span]:
        return terms.spans(finder, some, facts=facts)

    apart = elsewhere.places(pieces, finder.gazetteer, read)
    numbers = amounts.spans(wanted.q, pieces) if facts else ()
    left = elsewhere.masked(pieces, (*apart, *numbers))
    reader = _PlaceReader(finder.gazetteer, read, left)
    place, place_span, near_me = reader.said_so(wanted) if read_place else (None, (0, 0), False)
    spans = _spans_beside(read, left, place_span)
    spans = sorted([*spans, *numbers], key=lambda span: span.start)
    spans, unwanted = without.parted(pieces, spans, read)
    if read_place and place is None and not near_me:
        place, place_span = reader.unsaid([*spans, *unwanted])
        spans, unwanted = _outside(spans, place_span), _outside(unwanted, place_span)
    return Reading(pieces, tuple(spans), place, place_span, near_me, tuple(unwanted), apart)


def _outside(spans: Sequence[Span], run: tuple[int, int]) -> list[Span]:
    return [span for span in spans if span.end <= run[0] or span.start >= run[1]]


def _spans_beside(
    read: Callable[[Sequence[Typed]], list[Span]],
    pieces: Sequence[Typed],
    place_span: tuple[int, int],
) -> list[Span]:
    start, end = place_span
    before = read(pieces[:start]) if end else read(pieces)
    after = read(pieces[end:]) if end else []
    return [*before, *(Span(s.start + end, s.end + end, s.kind, s.slug) for s in after)]


@dataclass(frozen=True, slots=True)
class _PlaceReader:
    gazetteer: Gazetteer
    read: Callable[[Sequence[Typed]], list[Span]]
    pieces: tuple[Typed, ...]

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
        while run and _leads_on(run):
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
            for first, last in self._without_asking(start, end):
                run = [piece.text for piece in self.pieces[first:last]]
                found = self.gazetteer.find_in(run, start_only=True)
                if found and found[1] == len(run) and sure_enough(run, found[2]):
                    return found[2], (first, last)
        return None, (0, 0)

    def _without_asking(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A run as it stands, and without the words at its ends that only ask or say how."""
        yield start, end
        first, last = start, end
        while first < last - 1 and _only_says_how(self.pieces[first]):
            first += 1
        while last - 1 > first and _only_says_how(self.pieces[last - 1]):
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
        return _runs(self.pieces, [i in taken for i in range(len(self.pieces))])


def _leads_on(run: Sequence[str]) -> bool:
    """Whether a run begins with a word that only leads to a place: "de Paris", "Nähe von Ulm"."""
    first, *rest = (folded(word) for word in run[:2])
    goes_on = first in _THE and bool(_AROUND.intersection(rest))
    leads = first in ELSEWHERE and bool(_TO.intersection(rest))
    return first in _TO or goes_on or leads or (first in _AROUND and bool(rest))
