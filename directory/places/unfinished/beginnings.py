"""Towns, codes and areas that begin with what has been typed so far."""

from collections.abc import Iterable, Iterator, Sequence

from directory.places import postal
from directory.places.areas import everyday
from directory.places.areas.meaning import named_so
from directory.places.exact import Exact
from directory.places.lookups import Lookups
from directory.places.names import fold, place_key, shortened
from directory.places.place import Match, Place, Scope

SECOND_NAME_DISCOUNT = 3
# An area holds its towns: it comes before them when it has so many times the people of the biggest.
AREA_DISCOUNT = 20
# From so many letters on counties are offered, too: before, hundreds begin so.
COUNTY_LETTERS = 4
MOST_AREAS = 40


class Beginnings:
    """Suggests places, those first whose name begins as it was typed, the biggest first."""

    def __init__(self, lookups: Lookups, exact: Exact) -> None:
        self._lookups = lookups
        self._exact = exact

    def places(self, prefix: str, limit: int, home: str = "") -> tuple[Place, ...]:
        """See `Gazetteer.suggest`."""
        name, comma, qualifier = prefix.rpartition(",")
        if any(char.isdigit() for char in prefix):
            return self._codes(name or prefix, limit, home)
        if comma and place_key(qualifier):
            found = self._qualified(name, place_key(qualifier), limit)
            return _places(found or self._exact.named(prefix), limit)
        key = place_key(prefix)
        if len(key) < 2:
            return ()
        words = fold(prefix).split()
        towns, areas = self._lookups.towns_starting(key, limit), self._areas(key)
        # "portland m" is Portland in a region rather than an area that is called so, too.
        aside = [area for area, own in areas if len(words) > 1 and not own]
        likely = [(town, town.own_name) for town in towns]
        likely += [pair for pair in areas if len(words) == 1 or pair[1]]
        typed = shortened(prefix)
        found = [
            match
            for match, _ in sorted(likely, key=lambda pair: _likelier(pair[0], pair[1], typed))
        ]
        for cut in range(len(words) - 1, 0, -1):
            if len(found) >= limit:
                break
            found += self._qualified(" ".join(words[:cut]), place_key(" ".join(words[cut:])), limit)
        return _places([*found, *aside], limit)

    def _areas(self, key: str) -> list[tuple[Match, bool]]:
        """Countries, regions, everyday regions and, of enough letters, counties; is it their own name?"""
        found = list(
            self._lookups.areas_called(key, MOST_AREAS, counties=len(key) >= COUNTY_LETTERS)
        )
        found += [
            one.match(name)
            for name in everyday.keys_starting(key)
            for one in everyday.by_key()[name]
        ]
        pairs = [(match, named_so(match)) for match in found]
        pairs.sort(key=lambda pair: (not pair[1], pair[0].place.kind != "area"))
        return list({pair[0].place.label: pair for pair in reversed(pairs)}.values())

    def _qualified(self, name: str, qualifier: str, limit: int) -> list[Match]:
        """Towns called so, or whose name begins so, in a region or country that begins so."""
        key = place_key(name)
        if len(key) < 2 or not qualifier:
            return []
        for towns in self._called(key, limit * 4):
            # Most of what is typed is no town: then its region need not be looked up.
            around = {scope for town in towns for scope in _around(town.scope)}
            scopes = self._lookups.areas_starting(qualifier, around) if towns else frozenset()
            # Somebody means the state rather than a county that begins so, too.
            for part in (frozenset(one for one in scopes if "." not in one.code), scopes):
                if found := [town for town in towns if not part.isdisjoint(_around(town.scope))]:
                    return found
        return []

    def _called(self, key: str, limit: int) -> Iterator[Sequence[Match]]:
        yield self._lookups.towns([key])[key]
        yield self._lookups.towns_starting(key, limit)

    def _codes(self, text: str, limit: int, home: str) -> tuple[Place, ...]:
        found: list[Match] = []
        for start in postal.typed(text):
            found += self._lookups.postcodes_starting(start, limit, home)
        return _places(found or self._exact.postcodes(text), limit)


def _likelier(match: Match, own: bool, typed: str) -> tuple[bool, int, str]:
    """Sorts by prefix quality, then by size; other names and areas count for less."""
    weight = match.weight // AREA_DISCOUNT if match.place.is_area else match.weight
    weight = weight if own else weight // SECOND_NAME_DISCOUNT
    # "bay a" begins Bay Area, and Bayamón only when spaces do not count.
    broken = " " in typed and own and not shortened(match.place.name).startswith(typed)
    return broken, -weight, match.place.label


def _around(scope: Scope) -> Iterator[Scope]:
    """The country, region and district that a scope is or lies in."""
    yield Scope(scope.country)
    parts = scope.code.split(".")
    yield from (Scope(scope.country, ".".join(parts[:end])) for end in range(1, len(parts) + 1))


def _places(matches: Iterable[Match], limit: int) -> tuple[Place, ...]:
    return tuple({match.place.label: match.place for match in matches}.values())[:limit]
