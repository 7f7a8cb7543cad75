"""The gazetteer's SQL: keys in, matches out, the latest kept at hand.

Nothing here holds a connection between calls, so a process may fork, and all
of it may be called from many threads.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from itertools import groupby, pairwise
from math import cos, radians
from string import ascii_lowercase
from threading import local
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Select, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from directory.places import postal
from directory.places.areas import everyday
from directory.places.geo import Point
from directory.places.place import Match, Place, Scope, heavier
from directory.places.selects import statements as sql
from directory.places.selects.recent import Recent
from directory.places.tables import CELLS_PER_DEGREE, CELLS_PER_ROW, cell_of, version

KEPT_BEGINNINGS = 16  # of small towns: at most 0.1 MB each, 0.01 MB mostly
LAST = "\U0010ffff"  # sorts after every letter, in both databases

Row = Any
Asking = TypeVar("Asking", bound=Callable[..., Any])


def on_one_connection(method: Asking) -> Asking:
    """All that a method of whoever has `_lookups` asks of the database is asked on one connection."""

    @wraps(method)
    def held(self: Any, *args: Any, **named: Any) -> Any:
        with self._lookups.at_once():
            return method(self, *args, **named)

    return cast(Asking, held)


class Lookups:
    """Reads the gazetteer's tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._towns = Recent(self._fetch_towns)
        self._areas = Recent(self._fetch_areas)
        self._postcodes = Recent(self._fetch_postcodes)
        self._small = Recent(self._fetch_small, kept=KEPT_BEGINNINGS)
        # One line is read in several ways, which begin alike.
        self._apart = lru_cache(maxsize=2)(self._take_apart)
        self._regions: dict[tuple[str, str], str] = {}
        self._area_keys: dict[str, str] = {}
        self._held = local()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What this thread asks inside is asked on one connection: to get one takes as long as to ask."""
        if hasattr(self._held, "connection"):
            yield
            return
        self._held.connection, self._held.told = None, [""]
        try:
            yield
        finally:
            connection: Connection | None = self._held.__dict__.pop("connection")
            del self._held.told
            if connection:
                connection.close()

    def is_new(self, words: str) -> bool:
        """Whether these words have not been told yet inside `at_once`, alone or among others."""
        told: list[str] | None = getattr(self._held, "told", None)
        if told is None:
            return True
        run = f" {words} "
        if any(run in one for one in told):
            return False
        told.append(run)
        return True

    def is_loaded(self) -> bool:
        try:
            return bool(self._rows(select(version.c.digest)))
        except (OperationalError, ProgrammingError):  # the tables are not there yet
            return False

    def towns(self, keys: Iterable[str]) -> dict[str, tuple[Match, ...]]:
        """Towns of that name, heaviest first."""
        return self._towns.get(keys)

    def areas(self, keys: Iterable[str]) -> dict[str, tuple[Match, ...]]:
        """Regions, districts and countries of that name or code, heaviest first."""
        wanted = set(keys)
        found = self._areas.get(filter(self._is_area, wanted))
        return {key: found.get(key, ()) for key in wanted}

    def areas_named(self, key: str) -> tuple[Match, ...]:
        """`areas` of one name, and at once when there are none."""
        return self._areas.get([key])[key] if self._is_area(key) else ()

    def area(self, country: str, code: str) -> Match | None:
        """The country (code ""), region or district of that code."""
        rows = self._rows(sql.AREA, country=country, code=code)
        return _area(rows[0], self._region_of(rows[0])) if rows else None

    def postcodes(self, keys: Sequence[str]) -> list[Match]:
        """Codes in every country that has them, those of the first key first.

        A key such as "150*" stands for every code that begins so.
        """
        found = self._postcodes.get(keys)
        return [match for key in keys for match in found[key]]

    def towns_starting(self, prefix: str, limit: int) -> list[Match]:
        """Some towns whose key starts so, the heaviest among them."""
        found: dict[int, Match] = {}
        for tiers in sql.tiers_for(prefix):
            most = limit * 8  # a town comes once for each of its names
            for row in self._rows(sql.starting(tiers), first=prefix, last=prefix + LAST, most=most):
                if row.id not in found:
                    found[row.id] = _town(row)
            if len(found) >= limit:
                break
        return sorted(found.values(), key=heavier)

    def areas_starting(self, prefix: str, among: Collection[Scope]) -> frozenset[Scope]:
        """Where a qualifier that is still being typed may lead, of some areas."""
        countries, codes = {one.country for one in among}, {one.code for one in among}
        rows = self._rows(
            sql.AREAS_STARTING,
            first=prefix,
            last=prefix + LAST,
            countries=sorted(countries),
            codes=sorted(codes),
        )
        return frozenset(Scope(row.country, row.code) for row in rows)

    def areas_called(self, prefix: str, most: int, *, counties: bool) -> list[Match]:
        """The biggest areas with a full name that begins so."""
        query = sql.AREAS_CALLED if counties else sql.REGIONS_CALLED
        rows = self._rows(query, first=prefix, last=prefix + LAST, most=most)
        return [_area(row, self._region_of(row)) for row in rows]

    def postcodes_starting(self, prefix: str, limit: int, home: str = "") -> list[Match]:
        """Codes that start so: those at home, the whole code, then by where our readers are."""
        rows = self._rows(
            sql.POSTCODES_STARTING, first=prefix, last=prefix + LAST, most=limit, home=home
        )
        return [_postcode(row) for row in rows]

    def towns_by_id(self, ids: Sequence[int], countries: Collection[str] = ()) -> dict[int, Match]:
        """Those towns, of these countries if any is given."""
        if countries:
            rows = self._rows(sql.BY_ID_IN, ids=list(ids), countries=sorted(countries))
            return {row.id: _town(row) for row in rows}
        return {row.id: _town(row) for row in self._rows(sql.BY_ID, ids=list(ids))}

    def names_of_big_towns(self) -> Iterator[list[Row]]:
        """The names of towns with 15,000 people or more: a list for all that begin with the same
        two letters, in it a row for each length, of (keys, weights, towns), each joined by line.

        The database joins them: making ten thousands of rows takes half a second. Letter by
        letter, as what is freed of all at once stays with the process.
        """
        for first, last in pairwise(("", *ascii_lowercase[1:], "{", LAST)):
            rows = self._rows(sql.BIG, first=first, last=last)
            yield from map(list, (of for _, of in groupby(sorted(rows, key=_head), _head)))

    def small_keys(self, prefix: str) -> Sequence[str]:
        """Smaller towns' names that start so.

        The database joins them: making thousands of rows takes longer than finding them.
        """
        return self._apart(prefix)

    def small_towns(self, keys: Collection[str]) -> list[Row]:
        """(key, weight, town_id) of smaller towns of those names."""
        return self._rows(sql.SMALL_NAMED, keys=list(keys)) if keys else []

    def _take_apart(self, prefix: str) -> list[str]:
        return [key for keys in self._small.get([prefix])[prefix] for key in keys.split("\n")]

    def _fetch_small(self, prefixes: list[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for prefix in prefixes:
            (row,) = self._rows(sql.SMALL, first=prefix, last=prefix + LAST)
            found[prefix] = (row.keys_,) if row.keys_ else ()
        return found

    def keys_of_areas(self) -> list[str]:
        """The full names of every region and country, everyday regions too."""
        return sorted({row.key for row in self._rows(sql.AREAS_IN_FULL)} | everyday.by_key().keys())

    def towns_around(self, point: Point, rings: int) -> list[Match]:
        """The 40 nearest towns in the square of half-degree cells that reaches `rings` cells each way."""
        rows = self._rows(
            sql.AROUND,
            cells=_cells_around(point, rings),
            lat=point.lat,
            lon=point.lon,
            narrow=cos(radians(point.lat)),
        )
        return [_town(row) for row in rows]

    def _fetch_towns(self, keys: list[str]) -> dict[str, tuple[Match, ...]]:
        return _grouped(_town(row) for row in self._rows(sql.TOWNS_NAMED, keys=keys))

    def _fetch_areas(self, keys: list[str]) -> dict[str, tuple[Match, ...]]:
        named = [_area(row, self._region_of(row)) for row in self._rows(sql.AREAS_NAMED, keys=keys)]
        known = everyday.by_key()
        named += [one.match(key) for key in keys for one in known.get(key, ())]
        return _grouped(named)

    def _is_area(self, key: str) -> bool:
        """Whether anything is called so: of the runs of words in a line hardly one is."""
        if not self._area_keys:  # side by side, by their two first letters: 0.2 MB
            rows = self._rows(sql.AREA_KEYS)
            self._area_keys = {row.keys_[:2]: f"\n{row.keys_}\n" for row in rows}
        return f"\n{key}\n" in self._area_keys.get(key[:2], "") or key in everyday.by_key()

    def _region_of(self, row: Row) -> str:
        """The name of the region that a district lies in, where its own does not say enough."""
        if row.country not in sql.MANY_NAMESAKES or "." not in row.code:
            return ""
        if not self._regions:
            self._regions = {(row.country, row.code): row.name for row in self._rows(sql.WHOLE)}
        return self._regions.get((row.country, row.code.partition(".")[0]), "")

    def _fetch_postcodes(self, keys: list[str]) -> dict[str, tuple[Match, ...]]:
        return _grouped(_postcode(row) for row in self._rows(sql.POSTCODES_NAMED, keys=keys))

    def _rows(self, query: Select[Any], **values: object) -> list[Row]:
        held = self._held
        if not hasattr(held, "connection"):
            with self._engine.connect() as connection:
                return list(connection.execute(query, values))
        held.connection = held.connection or self._engine.connect()
        return list(held.connection.execute(query, values))


def _head(row: Row) -> str:
    head: str = row.keys_[:2].rstrip("\n")
    return head


def _cells_around(point: Point, rings: int) -> list[int]:
    """The numbers of the cells at most `rings` away; west of the first column comes the last."""
    row, column = divmod(cell_of(point.lat, point.lon), CELLS_PER_ROW)
    rows = range(max(row - rings, 0), min(row + rings, 180 * CELLS_PER_DEGREE - 1) + 1)
    columns = {x % CELLS_PER_ROW for x in range(column - rings, column + rings + 1)}
    return [y * CELLS_PER_ROW + x for y in rows for x in columns]


def _grouped(matches: Iterable[Match]) -> dict[str, tuple[Match, ...]]:
    groups: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        groups[match.key].append(match)
    return {key: tuple(sorted(group, key=heavier)) for key, group in groups.items()}


def _town(row: Row) -> Match:
    point = Point(row.lat, row.lon)
    place = Place(
        row.name, row.region_name or "", row.region, row.country, point, row.population, "town"
    )
    found = row._mapping
    scope = Scope(row.country, row.district or row.region)
    return Match(place, found.get("weight", row.population), scope, found.get("key", ""))


def _area(row: Row, region: str) -> Match:
    kind = "region" if row.code else "country"
    code = row.code.partition(".")[0]
    place = Place(
        row.name,
        region,
        code,
        row.country,
        Point(row.lat, row.lon),
        row.population,
        kind,  # type: ignore[arg-type]
        areas=(f"{row.country}.{row.code}" if row.code else row.country,),
    )
    return Match(place, row.population, Scope(row.country, row.code), row.key, short=row.short)


def _postcode(row: Row) -> Match:
    place = Place(
        row.locality,
        row.region_name or "",
        row.region,
        row.country,
        Point(row.lat, row.lon),
        0,
        "postcode",
        postal.shown(row.key, row.country),
    )
    return Match(place, 0, Scope(row.country, row.region), row.key, quality=row.quality)
