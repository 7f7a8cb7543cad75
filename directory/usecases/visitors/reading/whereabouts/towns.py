"""A word alone as a town or as somebody's name: by who practises there, and who is called so."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.errors import SearchUnavailable
from directory.places import Place, place_key
from directory.search.port import Circle, Query
from directory.search.text import DOTTED, Typed, folded
from directory.search.tongues import asks
from directory.search.vocabulary import Span
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import spellings
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.reading.sureness import NOT_A_PLACE, TOWN_ENOUGH

# So near its middle somebody practises in a town.
IN_TOWN_KM = 12.0
# A town of so many people is meant by its name, whoever is called so.
BIG = 100_000
# The name of a town in another language has so many letters.
SHORTEST_ABROAD = 5
# Letters of states and provinces that a line may end with after a wish.
STATES = {
    "US": """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH
        NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC""",
    "CA": "AB BC MB NB NL NS ON PE QC SK YT",
    "AU": "NSW VIC QLD TAS ACT",
}
_STATES = {code: country for country, codes in STATES.items() for code in codes.split()}
# Small letters that are a city to most who type them before what they have, and a trade as well.
_CITIES = {"dc": ("DC", "US")}
_WHO = frozenset({"profession", "field"})


@dataclass(frozen=True, slots=True)
class Towns:
    """Judges words among others, whose terms are `spans`."""

    finder: Finder
    pieces: Sequence[Typed]
    spans: Sequence[Span]

    def state(self) -> tuple[Place, tuple[int, int]] | None:
        """A state by its letters at the end of the line: "massage in or"; or, when they are no
        term, "massage OR"."""
        found = self.state_or_term()
        at = len(self.pieces) - 1
        term = any(span.start <= at < span.end for span in self.spans)
        return None if term and not self._after_in(at) else found

    def state_or_term(self) -> tuple[Place, tuple[int, int]] | None:
        """A state by its letters at the end of the line, after "in", or in capitals after a wish,
        whatever else they mean."""
        at = len(self.pieces) - 1
        inside = self._after_in(at)
        code = self.pieces[at].text if at > 0 and self.pieces[at].plain else ""
        code = code.upper() if inside else code
        if code not in _STATES or not (inside or self._after_a_wish(at)):
            return None
        found = self.finder.gazetteer.state(code, _STATES[code])
        return (found, (at - inside, at + 1)) if found else None

    def by_letters(self) -> tuple[Place | None, tuple[int, int]]:
        """A city by its letters at the beginning of a line, before a wish: "dc anxiety"."""
        said = self.pieces[0].text if self.pieces and self.pieces[0].plain else ""
        wishes = any(span.start == 1 and span.kind not in _WHO for span in self.spans)
        if said not in _CITIES or not wishes:
            return None, (0, 0)
        found = self.finder.gazetteer.state(*_CITIES[said])
        return (found, (0, 1)) if found else (None, (0, 0))

    def with_state(self, place: Place, run: tuple[int, int]) -> tuple[Place, tuple[int, int]]:
        """A place with the letters of its state before it: "dc 20001"."""
        start, end = run
        before = (
            self.pieces[start - 1].text.upper() if start and self.pieces[start - 1].plain else ""
        )
        state = place.kind == "postcode" and before == place.region_code
        return place, (start - state, end)

    def is_a_name(self, words: Sequence[str], place: Place) -> bool:
        """Whether a word is rather somebody's name here than that place.

        Not of a big town, nor when it is said beside a wish and somebody practises there.
        """
        if len(words) != 1 or not called(self.finder, words[0]):
            return False
        if place.kind == "town" and place.population >= BIG and _own_name(words[0], place):
            return False
        return len(self.pieces) == 1 or not self._practised((place,))

    def here(self, first: int, last: int, place: Place) -> Place | None:
        """A town that is meant by these words since somebody practises there."""
        words = [piece.text for piece in self.pieces[first:last]]
        if place.kind != "town" or not self._may_mean(words, first, last, place):
            return None
        found = self.finder.gazetteer.resolve(" ".join(words))
        towns = [one for one in (place, found.place, *found.alternatives) if one]
        return self._practised([one for one in towns if one.kind == "town"])

    def _may_mean(self, words: Sequence[str], first: int, last: int, place: Place) -> bool:
        """Whether words may be a town's name rather than what else they say."""
        if len(words) > 1:
            return not all(self.finder.vocabulary.knows(word) for word in words)
        word = folded(words[0])
        if DOTTED.fullmatch(words[0]) or asks(word) or called(self.finder, words[0]):
            return False
        own = _own_name(words[0], place)
        if word in NOT_A_PLACE or (words[0].islower() and spellings.everyday(word)):
            big = place.population >= TOWN_ENOUGH and own
            return big and last == len(self.pieces) and self._after_a_wish(first)
        long_enough = own or (len(word) >= SHORTEST_ABROAD and place.population >= TOWN_ENOUGH)
        return long_enough and not self.finder.vocabulary.knows(word)

    def _after_in(self, at: int) -> bool:
        return at > 0 and folded(self.pieces[at - 1].text) == "in"

    def _after_a_wish(self, at: int) -> bool:
        return any(span.end == at and span.kind in _WHO for span in self.spans)

    def _practised(self, towns: Sequence[Place]) -> Place | None:
        """The first of some places where somebody practises."""
        day = self.finder.today
        asked = [
            Query(day, areas=frozenset(place.areas))
            if place.is_area
            else Query(day, circle=Circle(place.point, IN_TOWN_KM))
            for place in towns
        ]
        try:
            totals = self.finder.reader.totals(asked)
        except SearchUnavailable:
            return None
        return next((place for place, n in zip(towns, totals, strict=True) if n), None)


def is_a_language(finder: Finder, pieces: Sequence[Typed], span: Span) -> bool:
    """Whether one word alone is that language, and not what somebody here is called: "Noor"."""
    word = pieces[span.start].text
    if len(pieces) > 1 or span.kind != "language":
        return True
    names = {folded(language_names()[slug]) for slug in span.slugs if slug in language_names()}
    return folded(word) in names or not called(finder, word)


def called(finder: Finder, word: str) -> int:
    """How many people here are called so; nobody while there is no index."""
    try:
        return finder.reader.called(word)
    except SearchUnavailable:
        return 0


def _own_name(word: str, place: Place) -> bool:
    """Whether it is how the place is spelled, rather than one of its other names."""
    same = folded(word) == folded(place.name.replace(" ", ""))
    return same or (place_key(word) == place_key(place.name) and not word.isascii())
