"""The gazetteer's SQL, made once: making a statement takes longer than SQLite takes to answer it."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Float, Select, String, and_, bindparam, case, cast, func, literal, select

from directory.places import postal
from directory.places.tables import names as n
from directory.places.tables import postcodes as p
from directory.places.tables import region_names as rn
from directory.places.tables import regions as r
from directory.places.tables import towns as t

TIERS = (0, 1, 2, 3)

_TOWN = (t.c.id, t.c.name, t.c.country, t.c.region, t.c.district, t.c.lat, t.c.lon, t.c.population)
_IN_REGION = and_(r.c.country == t.c.country, r.c.code == t.c.region)


def _towns_of(named: Any) -> Select[Any]:
    joined = named.join(t, t.c.id == named.c.town_id).outerjoin(r, _IN_REGION)
    return select(*_TOWN, r.c.name.label("region_name"), named.c.key, named.c.weight).select_from(
        joined
    )


def tiers_for(prefix: str) -> tuple[tuple[int, ...], ...]:
    """Tiers to read together, one after the other until enough is found.

    A long prefix has few names, so that all are read at once.
    """
    if len(prefix) >= 6:
        return (TIERS,)
    return ((0, 1, 2), (3,)) if len(prefix) >= 4 else ((0, 1), (2,), (3,))


@lru_cache
def starting(tiers: tuple[int, ...]) -> Select[Any]:
    """The `most` heaviest towns of the tiers with a key from `first` to before `last`."""
    heaviest = (
        select(n.c.town_id, n.c.weight, n.c.key)
        .where(n.c.tier.in_(tiers), n.c.key >= bindparam("first"), n.c.key < bindparam("last"))
        .order_by(n.c.weight.desc(), n.c.town_id)
        .limit(bindparam("most"))
    )
    return _towns_of(heaviest.subquery())


TOWNS_NAMED = _towns_of(
    select(n.c.town_id, n.c.weight, n.c.key)
    .where(n.c.tier.in_(TIERS), n.c.key.in_(bindparam("keys", expanding=True)))
    .subquery()
)
BY_ID = (
    select(*_TOWN, r.c.name.label("region_name"))
    .outerjoin_from(t, r, _IN_REGION)
    .where(t.c.id.in_(bindparam("ids", expanding=True)))
)
BY_ID_IN = BY_ID.where(t.c.country.in_(bindparam("countries", expanding=True)))
SMALL_NAMED = select(n.c.key, n.c.weight, n.c.town_id).where(
    n.c.tier == 3, n.c.key.in_(bindparam("keys", expanding=True))
)
_SMALL_KEYS = (
    select(n.c.key)
    .where(n.c.tier == 3, n.c.key >= bindparam("first"), n.c.key < bindparam("last"))
    .distinct()
    .subquery()
)
SMALL: Any = select(func.aggregate_strings(_SMALL_KEYS.c.key, "\n").label("keys_"))
_BIG_ROWS = (
    select(n.c.key, n.c.weight, n.c.town_id)
    .where(
        n.c.tier.in_(TIERS[:3]),
        n.c.weight >= 15_000,
        n.c.key >= bindparam("first"),
        n.c.key < bindparam("last"),
    )
    .subquery()
)
BIG: Any = select(
    func.aggregate_strings(_BIG_ROWS.c.key, "\n").label("keys_"),
    func.aggregate_strings(cast(_BIG_ROWS.c.weight, String), "\n").label("weights"),
    func.aggregate_strings(cast(_BIG_ROWS.c.town_id, String), "\n").label("towns"),
).group_by(func.substr(_BIG_ROWS.c.key, 1, 2), func.length(_BIG_ROWS.c.key))
_AREA_KEYS = select(rn.c.key).distinct().subquery()
AREA_KEYS: Any = select(func.aggregate_strings(_AREA_KEYS.c.key, "\n").label("keys_")).group_by(
    func.substr(_AREA_KEYS.c.key, 1, 2)
)
AREAS_IN_FULL = select(rn.c.key).where(rn.c.short.is_(False)).distinct()
_SAME = and_(r.c.country == rn.c.country, r.c.code == rn.c.code)
_AREAS = select(rn.c.key, rn.c.short, r).join_from(rn, r, _SAME)
AREAS_NAMED = _AREAS.where(rn.c.key.in_(bindparam("keys", expanding=True)))
AREAS_CALLED = (
    _AREAS.where(
        rn.c.short.is_(False), rn.c.key >= bindparam("first"), rn.c.key < bindparam("last")
    )
    .order_by(r.c.population.desc(), rn.c.key, rn.c.country, rn.c.code)
    .limit(bindparam("most"))
)
REGIONS_CALLED = AREAS_CALLED.where(r.c.code.not_like("%.%"))
AREA = select(literal("").label("key"), literal(False).label("short"), r).where(
    r.c.country == bindparam("country"), r.c.code == bindparam("code")
)
# Where every other district has namesakes, so that its region belongs to its name.
MANY_NAMESAKES = ("US", "CA")
WHOLE = select(r.c.country, r.c.code, r.c.name).where(
    r.c.country.in_(MANY_NAMESAKES), r.c.code.not_like("%.%")
)
# Of one letter there are hundreds: those around some towns alone.
AREAS_STARTING = select(rn.c.country, rn.c.code).where(
    rn.c.key >= bindparam("first"),
    rn.c.key < bindparam("last"),
    rn.c.country.in_(bindparam("countries", expanding=True)),
    rn.c.code.in_(bindparam("codes", expanding=True)),
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
AROUND = (
    select(*_TOWN, r.c.name.label("region_name"))
    .select_from(_NEAREST.join(t, t.c.id == _NEAREST.c.id).outerjoin(r, _IN_REGION))
    .order_by(_NEAREST.c.away, t.c.id)
)
_POSTCODES = select(p, r.c.name.label("region_name")).outerjoin_from(
    p, r, and_(r.c.country == p.c.country, r.c.code == p.c.region)
)
POSTCODES_NAMED = _POSTCODES.where(p.c.key.in_(bindparam("keys", expanding=True)))
_RANKS = {country: rank for rank, country in enumerate(postal.COUNTRY_ORDER)}
POSTCODES_STARTING = (
    _POSTCODES.where(
        p.c.key >= bindparam("first"), p.c.key < bindparam("last"), p.c.key.not_like("%*")
    )
    .order_by(
        case((p.c.country == bindparam("home"), 0), else_=1),
        case((p.c.key == bindparam("first"), 0), else_=1),
        case(_RANKS, value=p.c.country, else_=len(_RANKS)),
        p.c.key,
        p.c.country,
    )
    .limit(bindparam("most"))
)
