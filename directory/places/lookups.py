"""The gazetteer's SQL: keys in, matches out, the latest kept at hand.

Nothing here holds a connection between calls, so a process may fork, and all
of it may be called from many threads.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from math import cos, radians
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Engine,
    Float,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.exc import OperationalError, ProgrammingError

from directory.places import postal
from directory.places.areas import everyday
from directory.places.geo import Point
from directory.places.place import Match, Place, Scope, heavier
from directory.places.tables import CELLS_PER_DEGREE, CELLS_PER_ROW, cell_of, version
from directory.places.tables import names as n
from directory.places.tables import postcodes as p
from directory.places.tables import region_names as rn
from directory.places.tables import regions as r
from directory.places.tables import towns as t

KEPT = 2048  # keys at hand of each sort: about 2 MB in all when full
KEPT_BEGINNINGS = 16  # of small towns: at most 0.2 MB each, 0.02 MB mostly
TIERS = (0, 1, 2, 3)
LAST = "\U0010ffff"  # sorts after every letter, in both databases

Found = TypeVar("Found")
Row = Any

_TOWN = (t.c.id, t.c.name, t.c.country, t.c.region, t.c.district, t.c.lat, t.c.lon, t.c.population)
_IN_REGION = and_(r.c.country == t.c.country, r.c.code == t.c.region)


class Recent(Generic[Found]):
    """Answers by key, least recently used ones forgotten."""

    def __init__(
        self, fetch: Callable[[list[str]], dict[str, tuple[Found, ...]]], kept: int = KEPT
    ) -> None:
        self._fetch = fetch
        self._most = kept
        self._kept: OrderedDict[str, tuple[Found, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Iterable[str]) -> dict[str, tuple[Found, ...]]:
        """An answer for each key, empty ones too, with at most one query for all."""
        wanted = set(keys)
        with self._lock:
            known = {key: self._kept[key] for key in wanted & self._kept.keys()}
            for key in known:
                self._kept.move_to_end(key)
        missing = sorted(wanted - known.keys())
        if missing:
            fresh = self._fetch(missing)
            fresh = {key: fresh.get(key, ()) for key in missing}
            known |= fresh
            with self._lock:
                self._kept |= fresh
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return known


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
        return self._areas.get(keys)

    def area(self, country: str, code: str) -> Match | None:
        """The country (code ""), region or district of that code."""
        rows = self._rows(_AREA, country=country, code=code)
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
        for tiers in _tiers_for(prefix):
            most = limit * 8  # a town comes once for each of its names
            for row in self._rows(_starting(tiers), first=prefix, last=prefix + LAST, most=most):
                if row.id not in found:
                    found[row.id] = _town(row)
            if len(found) >= limit:
                break
        return sorted(found.values(), key=heavier)

    def areas_starting(self, prefix: str) -> tuple[Scope, ...]:
        """Where a qualifier that is still being typed may lead."""
        rows = self._rows(_AREAS_STARTING, first=prefix, last=prefix + LAST)
        return tuple(Scope(row.country, row.code) for row in rows)

    def areas_called(self, prefix: str, most: int, *, counties: bool) -> list[Match]:
        """The biggest areas with a full name that begins so."""
        query = _AREAS_CALLED if counties else _REGIONS_CALLED
        rows = self._rows(query, first=prefix, last=prefix + LAST, most=most)
        return [_area(row, self._region_of(row)) for row in rows]

    def postcodes_starting(self, prefix: str, limit: int) -> list[Match]:
        """Codes that start so: the whole code first, then by where our readers are."""
        ranks = {country: rank for rank, country in enumerate(postal.COUNTRY_ORDER)}
        country = case(ranks, value=p.c.country, else_=len(ranks))
        whole = case((p.c.key == prefix, 0), else_=1)
        query = _postcode_query().where(
            p.c.key >= prefix, p.c.key < prefix + LAST, p.c.key.not_like("%*")
        )
        rows = self._rows(query.order_by(whole, country, p.c.key, p.c.country).limit(limit))
        return [_postcode(row) for row in rows]

    def towns_by_id(self, ids: Sequence[int], countries: Collection[str] = ()) -> dict[int, Match]:
        """Those towns, of these countries if any is given."""
        if countries:
            rows = self._rows(_BY_ID_IN, ids=list(ids), countries=sorted(countries))
            return {row.id: _town(row) for row in rows}
        return {row.id: _town(row) for row in self._rows(_BY_ID, ids=list(ids))}

    def names_of_big_towns(self) -> list[Row]:
        """The own names of towns with 15,000 people or more: (keys, weights, towns), each joined
        by line, one row for all that begin with the same two letters."""
        return self._rows(_BIG)

    def small_towns(self, prefix: str) -> tuple[list[str], Callable[[int], tuple[int, int]]]:
        """Smaller towns' names that start so; and by line: (minus weight, town).

        The database joins them: making thousands of rows takes longer than finding them.
        """
        keys, numbers = self._apart(prefix)

        def town(line: int) -> tuple[int, int]:
            weight, town_id = numbers[line].split(" ")
            return -int(weight), int(town_id)

        return keys, town

    def _take_apart(self, prefix: str) -> tuple[list[str], list[str]]:
        keys, numbers = self._small.get([prefix])[prefix]
        return (keys.split("\n"), numbers.split("\n")) if keys else ([], [])

    def _fetch_small(self, prefixes: list[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for prefix in prefixes:
            row = self._rows(_SMALL, first=prefix, last=prefix + LAST)[0]
            found[prefix] = (row.keys_ or "", row.numbers or "")
        return found

    def keys_of_areas(self) -> list[str]:
        """The full names of every region and country, everyday regions too."""
        query = select(rn.c.key).where(rn.c.short.is_(False)).distinct()
        return sorted({row.key for row in self._rows(query)} | everyday.by_key().keys())

    def towns_around(self, point: Point, rings: int) -> list[Match]:
        """The 40 nearest towns in the square of half-degree cells that reaches `rings` cells each way."""
        rows = self._rows(
            _AROUND,
            cells=_cells_around(point, rings),
            lat=point.lat,
            lon=point.lon,
            narrow=cos(radians(point.lat)),
        )
        return [_town(row) for row in rows]

    def _fetch_towns(self, keys: list[str]) -> dict[str, tuple[Match, ...]]:
        return _grouped(_town(row) for row in self._rows(_TOWNS_NAMED, keys=keys))

    def _fetch_areas(self, keys: list[str]) -> dict[str, tuple[Match, ...]]:
        named = [_area(row, self._region_of(row)) for row in self._rows(_AREAS_NAMED, keys=keys)]
        known = everyday.by_key()
        named += [one.match(key) for key in keys for one in known.get(key, ())]
        return _grouped(named)

    def _region_of(self, row: Row) -> str:
        """The name of the region that a district lies in, where its own does not say enough."""
        if row.country not in MANY_NAMESAKES or "." not in row.code:
            return ""
        if not self._regions:
            self._regions = {(row.country, row.code): row.name for row in self._rows(_WHOLE)}
        return self._regions.get((row.country, row.code.partition(".")[0]), "")

    def _fetch_postcodes(self, keys: list[str]) -> dict[str, tuple[Match, ...]]:
        return _grouped(
            _postcode(row) for row in self._rows(_postcode_query().where(p.c.key.in_(keys)))
        )

    def _rows(self, query: Select[Any], **values: object) -> list[Row]:
        with self._engine.connect() as connection:
            return list(connection.execute(query, values))


def _towns_of(named: Any) -> Select[Any]:
    joined = named.join(t, t.c.id == named.c.town_id).outerjoin(r, _IN_REGION)
    return select(*_TOWN, r.c.name.label("region_name"), named.c.key, named.c.weight).select_from(
        joined
    )


def _tiers_for(prefix: str) -> tuple[tuple[int, ...], ...]:
    """Tiers to read together, one after the other until enough is found.

    A long prefix has few names, so that all are read at once.
    """
    if len(prefix) >= 6:
        return (TIERS,)
    return ((0, 1, 2), (3,)) if len(prefix) >= 4 else ((0, 1), (2,), (3,))


# Statements made once: making one takes longer than SQLite takes to answer it.
@lru_cache
def _starting(tiers: tuple[int, ...]) -> Select[Any]:
    """The `most` heaviest towns of the tiers with a key from `first` to before `last`."""
    heaviest = (
        select(n.c.town_id, n.c.weight, n.c.key)
        .where(n.c.tier.in_(tiers), n.c.key >= bindparam("first"), n.c.key < bindparam("last"))
        .order_by(n.c.weight.desc(), n.c.town_id)
        .limit(bindparam("most"))
    )
    return _towns_of(heaviest.subquery())


_TOWNS_NAMED = _towns_of(
    select(n.c.town_id, n.c.weight, n.c.key)
    .where(n.c.tier.in_(TIERS), n.c.key.in_(bindparam("keys", expanding=True)))
    .subquery()
)
_BY_ID = (
    select(*_TOWN, r.c.name.label("region_name"))
    .outerjoin_from(t, r, _IN_REGION)
    .where(t.c.id.in_(bindparam("ids", expanding=True)))
)
_BY_ID_IN = _BY_ID.where(t.c.country.in_(bindparam("countries", expanding=True)))
_SMALL_ROWS = (
    select(n.c.key, (cast(n.c.weight, String) + " " + cast(n.c.town_id, String)).label("numbers"))
    .where(n.c.tier == 3, n.c.key >= bindparam("first"), n.c.key < bindparam("last"))
    .limit(12_000)
    .subquery()
)
_BIG_ROWS = (
    select(n.c.key, n.c.weight, n.c.town_id)
    .where(n.c.tier < 3, n.c.weight >= 15_000)
    .order_by(n.c.weight.desc(), n.c.town_id)
    .subquery()
)
_BIG: Any = select(
    func.aggregate_strings(_BIG_ROWS.c.key, "\n").label("keys_"),
    func.aggregate_strings(cast(_BIG_ROWS.c.weight, String), "\n").label("weights"),
    func.aggregate_strings(cast(_BIG_ROWS.c.town_id, String), "\n").label("towns"),
).group_by(func.substr(_BIG_ROWS.c.key, 1, 2))
_SMALL: Any = select(
    func.aggregate_strings(_SMALL_ROWS.c.key, "\n").label("keys_"),
    func.aggregate_strings(_SMALL_ROWS.c.numbers, "\n").label("numbers"),
)
_SAME = and_(r.c.country == rn.c.country, r.c.code == rn.c.code)
_AREAS = select(rn.c.key, rn.c.short, r).join_from(rn, r, _SAME)
_AREAS_NAMED = _AREAS.where(rn.c.key.in_(bindparam("keys", expanding=True)))
_AREAS_CALLED = (
    _AREAS.where(
        rn.c.short.is_(False), rn.c.key >= bindparam("first"), rn.c.key < bindparam("last")
    )
    .order_by(r.c.population.desc(), rn.c.key, rn.c.country, rn.c.code)
    .limit(bindparam("most"))
)
_REGIONS_CALLED = _AREAS_CALLED.where(r.c.code.not_like("%.%"))
_AREA = select(literal("").label("key"), literal(False).label("short"), r).where(
    r.c.country == bindparam("country"), r.c.code == bindparam("code")
)
# Where every other district has namesakes, so that its region belongs to its name.
MANY_NAMESAKES = ("US", "CA")
_WHOLE = select(r.c.country, r.c.code, r.c.name).where(
    r.c.country.in_(MANY_NAMESAKES), r.c.code.not_like("%.%")
)
_AREAS_STARTING = (
    select(rn.c.country, rn.c.code)
    .where(rn.c.key >= bindparam("first"), rn.c.key < bindparam("last"))
    .order_by(rn.c.code.like("%.%"))  # of one letter there are hundreds of districts
    .limit(400)
)


_APART = func.abs(t.c.lon - bindparam("lon", type_=Float))
_EAST = case((_APART > 180, 360 - _APART), else_=_APART) * bindparam("narrow", type_=Float)
_NORTH = t.c.lat - bindparam("lat", type_=Float)
_AWAY = (_NORTH * _NORTH + _EAST * _EAST).label("away")
_NEAREST = (
    select(t.c.id, _AWAY)
    .where(t.c.cell.in_(bindparam("cells", expanding=True)))
    .order_by(_AWAY, t.c.id)
    .limit(40)
    .subquery()
)
_AROUND = (
    select(*_TOWN, r.c.name.label("region_name"))
    .select_from(_NEAREST.join(t, t.c.id == _NEAREST.c.id).outerjoin(r, _IN_REGION))
    .order_by(_NEAREST.c.away, t.c.id)
)


def _cells_around(point: Point, rings: int) -> list[int]:
    """The numbers of the cells at most `rings` away; west of the first column comes the last."""
    row, column = divmod(cell_of(point.lat, point.lon), CELLS_PER_ROW)
    rows = range(max(row - rings, 0), min(row + rings, 180 * CELLS_PER_DEGREE - 1) + 1)
    columns = {x % CELLS_PER_ROW for x in range(column - rings, column + rings + 1)}
    return [y * CELLS_PER_ROW + x for y in rows for x in columns]


def _postcode_query() -> Select[Any]:
    return select(p, r.c.name.label("region_name")).outerjoin_from(
        p, r, and_(r.c.country == p.c.country, r.c.code == p.c.region)
    )


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
