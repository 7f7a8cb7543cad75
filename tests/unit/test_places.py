"""Folding, distances, and how the gazetteer's tables are filled."""

import gzip
import json
from math import inf, isclose, nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from directory.db import Base, make_engine, make_file
from directory.places import Point, distance_km, fold, loader, miles, place_key, tables, uses_miles

texts = st.text(st.characters(), max_size=80)  # lone surrogates and NUL included
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Bell's palsy", "bells palsy"),
        ("Bell’s palsy", "bells palsy"),
        ("Hay-on-Wye", "hay on wye"),
        ("  São   Tomé ", "sao tome"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Tromsø", "tromso"),
        ("Þingeyri", "thingeyri"),
        ("Ærø", "aero"),
        ("ＴＯＫＹＯ", "tokyo"),
        ("ブエノスアイレス", "ブエノスアイレス"),
        ("뉴욕", "뉴욕"),
        ("Αθήνα", "αθηνα"),
        ("a\0b\u202ec", "a bc"),
        ("\ud800", ""),
        ("!?", ""),
    ],
)
def test_folding_leaves_the_words(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "spellings",
    [
        ("München", "Muenchen", "Munchen", "MÜNCHEN"),
        ("Hay-on-Wye", "hay on wye", "Hay on Wye"),
        ("St. Louis", "Saint Louis", "st louis", "Sainte-Louis"),
        ("St. Gallen", "Sankt Gallen"),
        ("Mount Vernon", "Mt. Vernon"),
        ("Fort Worth", "Ft Worth"),
        ("Tromsø", "Tromsoe", "Tromso"),
        ("L'Aquila", "L’Aquila", "LAquila"),
        ("Washington, D.C.", "Washington DC"),
    ],
)
def test_spellings_of_one_place_have_one_key(spellings):
    assert len({place_key(spelling) for spelling in spellings}) == 1


@given(texts)
def test_folding_never_raises_and_is_done_after_once(text):
    assert fold(fold(text)) == fold(text)
    assert " " not in place_key(text)


@given(texts)
def test_folding_ignores_case_where_case_is_reversible(text):
    if text.isascii():
        assert fold(text.upper()) == fold(text.lower())


@pytest.mark.parametrize(
    ("lat", "lon"), [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (nan, 0), (0, inf)]
)
def test_a_point_off_the_globe_is_refused(lat, lon):
    with pytest.raises(ValueError, match="lies between"):
        Point(lat, lon)


def test_zero_is_a_coordinate_like_any_other():
    assert distance_km(Point(0, 0), Point(0, 0)) == 0


def test_a_known_distance_is_right():
    london, paris = Point(51.5074, -0.1278), Point(48.8566, 2.3522)

    assert distance_km(london, paris) == pytest.approx(343.6, abs=0.5)


def test_the_way_across_the_date_line_is_short():
    assert distance_km(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(22.24, abs=0.01)


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_globe(a, b):
    assert isclose(distance_km(a, b), distance_km(b, a), abs_tol=1e-9)
    assert 0 <= distance_km(a, b) <= 20_016


@given(points, points, points)
def test_a_detour_is_never_shorter(a, b, c):
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-4


def test_miles_are_used_where_roads_use_them():
    assert miles(1.609344) == pytest.approx(1)
    assert uses_miles("US")
    assert uses_miles("gb")
    assert not uses_miles("CA")


@given(points)
def test_every_point_has_a_cell(point):
    assert 0 <= tables.cell_of(point.lat, point.lon) < 360 * tables.CELLS_PER_ROW


def write(folder: Path, name: str, *rows: tuple[object, ...]) -> None:
    text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
    (folder / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'small.db'}")
    make_file(engine)
    Base.metadata.create_all(engine, tables=tables.TABLES)
    yield engine
    engine.dispose()


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    write(folder, "regions", ("XX", "", "Nowhere", 900, 1.0, 2.0, "nowhere", "xx xxx"))
    write(folder, "towns", (7, "Ämton", "XX", "", "", 1.0, 2.0, 900))
    write(folder, "names", (3, "amton", 0, 1), (3, "oldham", 0, 0))
    write(folder, "postcodes_us", ("00001", "US", "Town", "NY", 0.0, 2.0, 2))
    write(folder, "postcodes_odbl", ("1234", "XX", "Ämton", "", 1.0, 2.0, 1))
    for name in ("postcodes_gb", "postcodes_geonames", "postcodes_in"):
        write(folder, name)
    return folder


def count(engine, table):
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_loading_fills_every_table(engine, data):
    report = loader.load(engine, data=data)

    assert report.loaded
    assert report.rows == {
        "gazetteer_regions": 1,
        "gazetteer_region_names": 3,
        "gazetteer_towns": 1,
        "gazetteer_names": 2,
        "gazetteer_postcodes": 2,
    }


def test_another_name_weighs_a_tenth(engine, data):
    loader.load(engine, data=data)

    with engine.connect() as connection:
        weights = dict(connection.execute(select(tables.names.c.key, tables.names.c.weight)).all())
    assert weights == {"amton": 900, "oldham": 90}


def test_loading_again_does_nothing(engine, data):
    loader.load(engine, data=data)

    again = loader.load(engine, data=data)

    assert not again.loaded
    assert again.seconds < 0.05
    assert count(engine, tables.towns) == 1


def test_changed_data_replaces_what_was_there(engine, data):
    loader.load(engine, data=data)
    write(data, "names", (3, "amton", 0, 1))

    report = loader.load(engine, data=data)

    assert report.loaded
    assert count(engine, tables.names) == 1
    assert count(engine, tables.version) == 1


def test_broken_data_leaves_the_old_tables(engine, data):
    loader.load(engine, data=data)
    write(data, "postcodes_odbl", ("1234", "XX", "no coordinates"))

    with pytest.raises(ValueError, match="unpack"):
        loader.load(engine, data=data)

    assert count(engine, tables.names) == 2
    assert count(engine, tables.postcodes) == 2


def test_loading_tells_its_progress(engine, data):
    heard = []

    loader.load(engine, lambda name, rows: heard.append((name, rows)), data=data)

    assert ("gazetteer_names", 2) in heard


def lines(name):
    with gzip.open(loader.DATA / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def test_the_stored_keys_are_those_that_we_look_for():
    towns = lines("towns")

    stored = {(int(line), key) for _, key, line, _ in lines("names")}

    assert all((n, place_key(towns[n][1])) in stored for n in range(0, len(towns), 500))


def test_each_data_file_is_credited_once():
    credited = json.loads((loader.DATA / "credits.json").read_text(encoding="utf-8"))

    named = [name for credit in credited for name in credit["files"]]

    assert sorted(named) == sorted(path.name for path in loader.DATA.glob("*.tsv*"))
    assert all(credit["licence_url"].startswith("https://") for credit in credited)


def test_the_data_stays_small_and_without_a_time_stamp():
    files = list(loader.DATA.iterdir())

    assert sum(path.stat().st_size for path in files) < 8_600_000
    assert all(path.read_bytes()[4:8] == b"\0\0\0\0" for path in files if path.suffix == ".gz")
