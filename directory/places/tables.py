"""The gazetteer's tables: written by `loader`, read by `gazetteer`.

Every look-up is one seek. Names carry a tier (0: a million people and more,
1: 100,000, 2: 15,000, 3: the rest), so that a prefix of two letters reads the
few big towns first instead of sorting thousands. There are no foreign keys:
the tables are only ever replaced together.
"""

from sqlalchemy import Boolean, Column, Float, Integer, SmallInteger, String, Table

from directory.db import Base


def _key(length: int) -> String:
    """Text that compares byte by byte in both databases, for prefix ranges."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


towns = Table(
    "gazetteer_towns",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # GeoNames id
    Column("name", String(100), nullable=False),
    Column("country", String(2), nullable=False),
    Column("region", String(10), nullable=False),  # GeoNames admin1 code, "" unknown
    Column("district", String(20), nullable=False),  # GeoNames admin2 code, "" unknown
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("population", Integer, nullable=False),
    Column("cell", Integer, nullable=False, index=True),  # see `cell_of`
)

names = Table(
    "gazetteer_names",
    Base.metadata,
    Column("tier", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", _key(80), primary_key=True),
    Column("town_id", Integer, primary_key=True, autoincrement=False),
    Column("weight", Integer, nullable=False),  # population; a tenth of it for other names
    sqlite_with_rowid=False,
)

# Countries (code ""), regions (admin1 code) and districts (admin2 code, with dots).
regions = Table(
    "gazetteer_regions",
    Base.metadata,
    Column("country", String(2), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("population", Integer, nullable=False),
    Column("lat", Float, nullable=False),  # of its biggest town
    Column("lon", Float, nullable=False),
    sqlite_with_rowid=False,
)

region_names = Table(
    "gazetteer_region_names",
    Base.metadata,
    Column("key", _key(80), primary_key=True),
    Column("country", String(2), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("short", Boolean, nullable=False),  # a code such as CO or NSW
    sqlite_with_rowid=False,
)

postcodes = Table(
    "gazetteer_postcodes",
    Base.metadata,
    Column("key", _key(12), primary_key=True),
    Column("country", String(2), primary_key=True),
    Column("locality", String(100), nullable=False),
    Column("region", String(10), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("quality", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

version = Table(
    "gazetteer_version",
    Base.metadata,
    Column("digest", String(64), primary_key=True),
)

TABLES = (towns, names, regions, region_names, postcodes, version)


def tier_of(population: int) -> int:
    """The tier in which a town's names are stored."""
    return (
        0
        if population >= 1_000_000
        else 1
        if population >= 100_000
        else 2
        if population >= 15_000
        else 3
    )


# How well a postcode's point is known: its own, its town's, a place within about 20 km.
EXACT, TOWN, NEARBY = 2, 1, 0

CELLS_PER_DEGREE = 2
CELLS_PER_ROW = 360 * CELLS_PER_DEGREE


def cell_of(lat: float, lon: float) -> int:
    """The number of the half-degree cell that holds a coordinate, row by row from the south."""
    row = min(int((lat + 90) * CELLS_PER_DEGREE), 180 * CELLS_PER_DEGREE - 1)
    return row * CELLS_PER_ROW + int((lon + 180) * CELLS_PER_DEGREE) % CELLS_PER_ROW
