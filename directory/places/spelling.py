"""The nearest spellings, for words that name no place."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from threading import Lock
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from directory.places.exact import MAX_LENGTH, MAX_WORDS, Exact
from directory.places.lookups import Lookups, heavier
from directory.places.names import fold, place_key
from directory.places.place import Match, Scope

SUGGESTED = 5
LOOKED_AT = 40
LOOKED_AT_IN_SCOPE = 200
WELL_KNOWN = 100_000
HALF_RIGHT = 0.5


# By length and first letter: keys, and beside each its weight and town.
Buckets = dict[tuple[int, str], tuple[list[str], list[tuple[int, int]]]]


class Known(NamedTuple):
    """Names worth comparing with everything: the bigger towns, the regions."""

    towns: Buckets
    areas: list[str]


class Spelling:
    """Suggests labels of places that are spelt nearly so.

    The first call reads the names of the bigger towns (about 4 MB, once per
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
        looked_at = LOOKED_AT_IN_SCOPE if scopes or country else LOOKED_AT
        ranked = sorted(self._candidates(key))[:looked_at]
        towns = (
            self._lookups.towns_by_id([town_id for _, _, _, town_id in ranked]) if ranked else {}
        )
        found = [towns[town_id] for _, _, _, town_id in ranked if town_id in towns]
        if scopes:
            found = [town for town in found if town.within(scopes)]
        return [town for town in found if country in ("", town.place.country)]

    def _candidates(self, key: str) -> Iterator[tuple[int, bool, int, int]]:
        """(distance, wrong first letter, minus weight or rank, town)."""
        limit = _tolerance(key)
        if not limit:
            return
        smaller = self._lookups.keys_of_small_towns(key[:3], len(key) - limit, len(key) + limit)
        found = [
            (distance, False, -smaller[line].weight, smaller[line].town_id)
            for distance, line in _alike(key, [row.key for row in smaller], limit)
        ]
        found += self._bigger_alike(key, limit, lambda initial: initial == key[0])
        # The first letter is seldom wrong: look further only when nothing else is like it.
        yield from found or self._bigger_alike(key, limit, lambda initial: initial != key[0])

    def _bigger_alike(
        self, key: str, limit: int, fitting: Callable[[str], bool]
    ) -> Iterator[tuple[int, bool, int, int]]:
        for (length, initial), (names, ids) in self._bigger().towns.items():
            if abs(length - len(key)) <= limit and fitting(initial):
                for distance, line in _alike(key, names, limit):
                    yield distance, initial != key[0], -ids[line][0], ids[line][1]

    def _areas(self, key: str, country: str) -> list[Match]:
        limit = min(_tolerance(key), 2)
        near = (
            process.extract(
                key, self._bigger().areas, scorer=OSA.distance, score_cutoff=limit, limit=3
            )
            if limit
            else []
        )
        found = self._lookups.areas(name for name, _, _ in near)
        areas = [
            match
            for name, _, _ in near
            for match in found[name]
            if not match.short and "." not in match.scope.code
        ]
        return [match for match in areas if country in ("", match.place.country)]

    def _bigger(self) -> Known:
        with self._lock:
            if self._known is None:
                towns: Buckets = defaultdict(lambda: ([], []))
                for row in self._lookups.keys_of_big_towns():
                    keys, weights = towns[len(row.key), row.key[0]]
                    keys.append(row.key)
                    weights.append((row.weight, row.town_id))
                self._known = Known(dict(towns), self._lookups.keys_of_areas())
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


def _tolerance(key: str) -> int:
    """How many letters may be wrong in a word of that length."""
    return 0 if len(key) < 4 else 1 if len(key) < 6 else 2 if len(key) < 11 else 3


def _far(said: str, town: Match) -> float:
    region = place_key(town.place.region)
    return round(OSA.normalized_distance(said, region), 1) if region else 1.0
