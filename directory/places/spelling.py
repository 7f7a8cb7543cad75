"""The nearest spellings, for words that name no place."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
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


class Packed:
    """Many spellings with two numbers each, in little room: side by side, by their length.

    Also by their first letter when `apart`, so that one letter is compared alone.
    """

    def __init__(self, rows: Iterable[tuple[str, int, int]], *, apart: bool) -> None:
        groups: dict[tuple[str, int], list[tuple[str, int, int]]] = defaultdict(list)
        for key, weight, town_id in rows:
            groups[key[0] if apart else "", len(key)].append((key, weight, town_id))
        self._groups = {
            group: (
                "\n".join(key for key, _, _ in found).encode(),
                array("i", (weight for _, weight, _ in found)),
                array("i", (town_id for _, _, town_id in found)),
            )
            for group, found in groups.items()
        }
        self._initials = frozenset(initial for initial, _ in groups)

    def alike(
        self, key: str, limit: int, fitting: Callable[[str], bool]
    ) -> Iterator[tuple[int, str, int, int]]:
        """(slips, spelling, weight, town) of those at most `limit` slips away, of fitting first letters."""
        for initial in filter(fitting, self._initials):
            for length in range(len(key) - limit, len(key) + limit + 1):
                if group := self._groups.get((initial, length)):
                    keys = group[0].decode().split("\n")
                    for distance, line in _alike(key, keys, limit):
                        yield distance, keys[line], group[1][line], group[2][line]


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
        keys, towns = self._lookups.small_towns(key[:3], len(key) - limit, len(key) + limit)
        found = [(distance, False, *towns(line)) for distance, line in _alike(key, keys, limit)]
        found += self._bigger_alike(key, limit, lambda initial: initial == key[0])
        # The first letter is seldom wrong: look further only when nothing else is like it.
        yield from found or self._bigger_alike(key, limit, lambda initial: initial != key[0])

    def _bigger_alike(
        self, key: str, limit: int, fitting: Callable[[str], bool]
    ) -> Iterator[tuple[int, bool, int, int]]:
        for distance, name, weight, town_id in self._bigger().towns.alike(key, limit, fitting):
            yield distance, name[0] != key[0], -weight, town_id

    def _areas(self, key: str, country: str) -> list[Match]:
        limit = min(_tolerance(key), 2)
        alike = self._bigger().areas.alike(key, limit, lambda _: True) if limit else ()
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
                towns = Packed(
                    (
                        (row.key, row.weight, row.town_id)
                        for row in self._lookups.keys_of_big_towns()
                    ),
                    apart=True,
                )
                areas = ((key, 0, 0) for key in self._lookups.keys_of_areas())
                self._known = Known(towns, Packed(areas, apart=False))
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
