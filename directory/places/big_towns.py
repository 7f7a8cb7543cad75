"""Whole countries' towns at once, to put demo people in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, and_, select
from sqlalchemy.orm import Session

from directory.places import Point, tables


class Spot(NamedTuple):
    """A postcode's own point; `exact` is False when it is only its town's."""

    postcode: str
    lat: float
    lon: float
    exact: bool

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Town:
    """A town in words, how many live there, and the postcodes in it that we know."""

    name: str
    region: str
    country: str
    point: Point
    population: int
    spots: tuple[Spot, ...] = ()


def of(session: Session, countries: Iterable[str], *, least_people: int) -> tuple[Town, ...]:
    """Every town of these countries with that many people, in an order that never changes."""
    wanted = tuple(countries)
    spots = _spots(session, wanted)
    table = tables.towns
    query = _with_region(table).where(
        table.c.country.in_(wanted), table.c.population >= least_people
    )
    return tuple(
        Town(
            row.name,
            row.region_name or "",
            row.country,
            Point(row.lat, row.lon),
            row.population,
            tuple(spots.get((row.country, row.region, row.name), ())),
        )
        for row in session.execute(query.order_by(table.c.id))
    )


def _spots(session: Session, wanted: tuple[str, ...]) -> dict[tuple[str, str, str], list[Spot]]:
    table = tables.postcodes
    found: dict[tuple[str, str, str], list[Spot]] = defaultdict(list)
    c = table.c
    columns = (c.country, c.region, c.locality, c.key, c.lat, c.lon, c.quality == tables.EXACT)
    query = select(*columns).where(c.country.in_(wanted), c.quality > tables.NEARBY)
    for row in session.execute(query.order_by(c.country, c.key)):
        country, region, locality, *spot = row
        found[country, region, locality].append(Spot(*spot))
    return found


def _with_region(table: Table) -> Select[Any]:
    region = tables.regions
    same = and_(region.c.country == table.c.country, region.c.code == table.c.region)
    return select(table, region.c.name.label("region_name")).outerjoin_from(table, region, same)
