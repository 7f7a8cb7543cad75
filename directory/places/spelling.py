"""The nearest spellings, for words that name no place."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from threading import Lock
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from directory.places.exact import MAX_LENGTH, MAX_WORDS, Exact
from directory.places.lookups import Lookups
from directory.places.names import fold, place_key
from directory.places.place import TERRITORIES, Match, Scope, heavier

SUGGESTED = 5
LOOKED_AT = 20
LOOKED_AT_IN_SCOPE = 200
WELL_KNOWN = 100_000
HALF_RIGHT = 0.5


class Part(NamedTuple):
    """Spellings of one beginning and one length with a weight and a town each, all joined by line."""

    keys_: str
    weights: str
    towns: str


class Alike(NamedTuple):
    """Spellings that begin with the same two letters, one a line, the shortest first; which of
    all is the first of them; and by turns a length and how many are that long."""

    lines: str
    first: int
    lengths: "array[int]"

    def long(self, shortest: int, longest: int) -> tuple[str, int, int]:
        """The lines of these lengths, which of all is the first of them, and how many there are."""
        first = self.first
        at = start = end = many = 0
        for length, count in zip(self.lengths[::2], self.lengths[1::2], strict=True):
            if length < shortest:
                first, start = first + count, at + count * (length + 1)
            elif length <= longest:
                many, end = many + count, at + count * (length + 1)
            at += count * (length + 1)
        return self.lines[start : end - 1] if many else "", first, many


class Packed:
    """Many spellings with two numbers each, in little room: side by side, by their two first letters."""

    def __init__(self, groups: Iterable[Sequence[Part]]) -> None:
        """Of a list for each beginning, in which are parts for each length."""
        self._groups: dict[str, Alike] = {}
        self._weights, self._towns = array("i"), array("i")
        for group in groups:
            self._add(sorted(group, key=lambda part: len(_first(part.keys_))))
        # One line is read in several ways, most of which begin alike.
        self._chosen = lru_cache(maxsize=2)(self._choose)
        self._first, self._second = _heads(self._groups, 0), _heads(self._groups, 1)

    def _add(self, parts: Sequence[Part]) -> None:
        lengths = array("H")
        head, first = _first(parts[0].keys_)[:2], len(self._towns)
        for part in parts:
            self._weights.extend(map(int, part.weights.split("\n")))
            self._towns.extend(map(int, part.towns.split("\n")))
            lengths.extend((len(_first(part.keys_)), part.keys_.count("\n") + 1))
        self._groups[head] = Alike("\n".join(part.keys_ for part in parts), first, lengths)

    def _choose(
        self, heads: frozenset[str], shortest: int, longest: int
    ) -> tuple[list[str], list[int], list[int]]:
        """All spellings of some beginnings and lengths; by beginning where they start in that
        list, and which of all is the first."""
        parts, starts, firsts = [], [0], []
        for head in heads:
            lines, first, many = self._groups[head].long(shortest, longest)
            if many:
                parts.append(lines)
                starts.append(starts[-1] + many)
                firsts.append(first)
        return "\n".join(parts).split("\n") if parts else [], starts, firsts

    def right(self, key: str) -> frozenset[str]:
        """Beginnings with the first letter of a key."""
        return self._first.get(key[0], frozenset())

    def wrong(self, key: str) -> frozenset[str]:
        """Beginnings that a key may stand for with its first letter wrong: another, one too many or too few, or swapped."""
        start, then = key[:1], key[1:2]
        others = (self._second.get(start), self._second.get(then), self._first.get(then))
        return frozenset().union(*filter(None, others)) - self.right(key)

    def alike(
        self, key: str, limit: int, heads: frozenset[str]
    ) -> Iterator[tuple[int, str, int, int]]:
        """(slips, spelling, weight, town) of those at most `limit` slips away, of these beginnings."""
        # What is longer or shorter by more than the slips need not be looked at.
        keys, starts, firsts = self._chosen(heads, len(key) - limit, len(key) + limit)
        for distance, line in _alike(key, keys, limit):
            at = bisect_right(starts, line) - 1
            number = firsts[at] + line - starts[at]
            yield distance, keys[line], self._weights[number], self._towns[number]


class Known(NamedTuple):
    """Names worth comparing with everything: the bigger towns, the regions."""

    towns: Packed
    areas: Packed


class Spelling:
    """Suggests labels of places that are spelt nearly so.

    The first call reads the names of the bigger towns (about 1 MB, once per
    process); smaller towns are compared when their first three letters are right.
    """

    def __init__(self, lookups: Lookups, exact: Exact) -> None:
        self._lookups = lookups
        self._exact = exact
        self._known: Known | None = None
        self._lock = Lock()

    def near(self, text: str, country: str = "") -> tuple[str, ...]:
        """At most five labels, nearest first, bigger first among equals; () when nothing is near."""
        parts = [fold(part).split() for part in text[:MAX_LENGTH].split(",")]
        words = [word for part in parts for word in part]
        if not 0 < len(words) <= MAX_WORDS:
            return ()
        for cut in dict.fromkeys((len(parts[0]), *range(len(words) - 1, 0, -1))):
            scopes = self._exact.scopes(words[cut:])
            found = (
                self._labels(self._towns(place_key(" ".join(words[:cut])), scopes, country))
                if scopes and cut
                else ()
            )
            if found:
                return found
        # A comma says that the rest is a region, even when it is spelt like none.
        farthest = 1.0 if len(parts) > 1 else HALF_RIGHT
        return self._misqualified(words, country, farthest) or self._whole(words, country)

    def _whole(self, words: Sequence[str], country: str) -> tuple[str, ...]:
        key = place_key(" ".join(words))
        towns = self._towns(key, (), country)
        covered = {place_key(town.place.name) for town in towns if town.weight >= WELL_KNOWN}
        areas = [
            area for area in self._areas(key, country) if place_key(area.place.name) not in covered
        ]
        return self._labels([*areas, *towns])

    def _misqualified(self, words: Sequence[str], country: str, farthest: float) -> tuple[str, ...]:
        """A known town, then words that are no region: those of its namesakes whose region is spelt most alike."""
        for cut in range(len(words) - 1, 0, -1):
            key, said = place_key(" ".join(words[:cut])), place_key(" ".join(words[cut:]))
            towns = [
                town
                for town in self._lookups.towns([key])[key]
                if country in ("", town.place.country)
            ]
            if towns and len(said) > 1:
                alike = sorted(
                    ((_far(said, town), heavier(town), town) for town in towns),
                    key=itemgetter(0, 1),
                )
                limit = min(farthest, max(alike[0][0], HALF_RIGHT))
                return self._labels([town for far, _, town in alike if far <= limit])
        return ()

    def _towns(self, key: str, scopes: tuple[Scope, ...], country: str) -> list[Match]:
        if country and not (len(country) == 2 and country.isascii()):
            return []  # no country at all, and perhaps nothing that a database takes
        countries = {country} if country else {scope.country for scope in scopes}
        if "US" in countries:
            countries |= TERRITORIES
        ranked = sorted(self._candidates(key))[: LOOKED_AT_IN_SCOPE if countries else LOOKED_AT]
        ids = [town_id for _, _, _, town_id in ranked]
        towns = self._lookups.towns_by_id(ids, countries) if ids else {}
        found = [towns[town_id] for _, _, _, town_id in ranked if town_id in towns]
        if scopes:
            found = [town for town in found if town.within(scopes)]
        return [town for town in found if country in ("", town.place.country)]

    def _candidates(self, key: str) -> Iterator[tuple[int, bool, int, int]]:
        """(distance, wrong first letter, minus weight or rank, town)."""
        limit = _tolerance(key)
        if not limit:
            return
        keys = self._lookups.small_keys(key[:3])
        away = {keys[line]: distance for distance, line in _alike(key, keys, limit)}
        small = self._lookups.small_towns(away)
        found = [(away[row.key], False, -row.weight, row.town_id) for row in small]
        bigger = self._bigger().towns
        found += _ranked(key, bigger.alike(key, limit, bigger.right(key)))
        # The first letter is seldom wrong, and then the second is right or one place off: look
        # there only when nothing else is like it.
        yield from found or _ranked(key, bigger.alike(key, limit, bigger.wrong(key)))

    def _areas(self, key: str, country: str) -> list[Match]:
        limit = min(_tolerance(key), 2)
        known = self._bigger().areas
        alike = known.alike(key, limit, known.right(key) | known.wrong(key)) if limit else ()
        near = sorted((distance, name) for distance, name, _, _ in alike)[:3]
        found = self._lookups.areas(name for _, name in near)
        areas = [
            match
            for _, name in near
            for match in found[name]
            if not match.short and "." not in match.scope.code
        ]
        return [match for match in areas if country in ("", match.place.country)]

    def _bigger(self) -> Known:
        with self._lock:
            if self._known is None:
                self._known = Known(
                    Packed(self._lookups.names_of_big_towns()),
                    Packed(_weightless(self._lookups.keys_of_areas())),
                )
            return self._known

    @staticmethod
    def _labels(matches: Sequence[Match]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(match.place.label for match in matches))[:SUGGESTED]


def _alike(key: str, names: Sequence[str], limit: int) -> Iterator[tuple[int, int]]:
    """(distance, line) of the names at most `limit` slips away, swapped letters counting once.

    Levenshtein sifts first: it is many times faster, and counts a swap twice.
    """
    for name, _, line in process.extract(
        key, names, scorer=Levenshtein.distance, score_cutoff=limit + 1, limit=None
    ):
        distance = OSA.distance(key, name)
        if distance <= limit:
            yield distance, line


def _first(lines: str) -> str:
    return lines.partition("\n")[0]


def _weightless(keys: Iterable[str]) -> Iterator[list[Part]]:
    """Parts of no weight and no town."""
    alike: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in keys:
        alike[key[:2]][len(key)].append(key)
    for lengths in alike.values():
        yield [Part("\n".join(of), *["\n".join("0" for _ in of)] * 2) for of in lengths.values()]


def _heads(groups: Iterable[str], place: int) -> dict[str, frozenset[str]]:
    """Beginnings by one of their letters."""
    found: dict[str, set[str]] = defaultdict(set)
    for head in groups:
        found[head[place : place + 1]].add(head)
    return {letter: frozenset(heads) for letter, heads in found.items()}


def _ranked(
    key: str, alike: Iterable[tuple[int, str, int, int]]
) -> Iterator[tuple[int, bool, int, int]]:
    for distance, name, weight, town_id in alike:
        yield distance, name[0] != key[0], -weight, town_id


def _tolerance(key: str) -> int:
    """How many letters may be wrong in a word of that length."""
    return 0 if len(key) < 4 else 1 if len(key) < 6 else 2 if len(key) < 11 else 3


def _far(said: str, town: Match) -> float:
    region = place_key(town.place.region)
    return round(OSA.normalized_distance(said, region), 1) if region else 1.0
