"""Demo people: clearly invented, in real towns, the same every time."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import phonenumbers
import pytest
from sqlalchemy import Engine, func, select

from directory.db import make_engine, reading
from directory.files.demo import people as demo
from directory.files.demo import pictures
from directory.models import AuditEvent, IndexChange, Listing, Photo, Taxonomy
from directory.photos import CENTRED, Album, draw
from directory.places import Gazetteer, Point, big_towns, distance_km, fold
from directory.promises import lint
from directory.schemas.draft import DraftSchema
from directory.usecases.imports import intake
from tests.factories import NOW, TODAY

# Relaxation may be said where no condition may be named; "me" is ME only in capitals.
MAY_BE_SAID = {"relaxation", "me"}


@pytest.fixture(scope="module")
def filled(templates, tmp_path_factory) -> Iterator[Engine]:
    """A database to read from, the same one for all tests here."""
    with templates.copy("sqlite", tmp_path_factory.mktemp("demo")) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def taxonomy(filled) -> Taxonomy:
    with reading(filled) as session:
        return Taxonomy.load(session)


@pytest.fixture(scope="module")
def there(filled) -> tuple[big_towns.Town, ...]:
    with reading(filled) as session:
        return big_towns.of(session, demo.COUNTRIES, least_people=demo.LEAST_PEOPLE)


@pytest.fixture(scope="module")
def people(taxonomy, there) -> list[intake.Newcomer]:
    return list(demo.demo_drafts(600, 1, taxonomy, there, TODAY))


def test_either_database_knows_the_same_towns_in_the_same_order(session, there):
    few = big_towns.of(session, ("NZ", "CH"), least_people=demo.LEAST_PEOPLE)

    assert few == tuple(town for town in there if town.country in ("NZ", "CH"))
    assert any(town.spots for town in few)


def test_the_same_seed_makes_the_same_people_and_another_seed_others(taxonomy, there, people):
    again = list(demo.demo_drafts(600, 1, taxonomy, there, TODAY))
    few = list(demo.demo_drafts(20, 1, taxonomy, there, TODAY))
    others = list(demo.demo_drafts(20, 2, taxonomy, there, TODAY))

    assert again == people
    assert few == people[:20]
    assert not {one.draft.name for one in few} & {one.draft.name for one in others[:3]}


def test_only_the_confirmation_depends_on_the_day(taxonomy, there, people):
    later = demo.demo_drafts(20, 1, taxonomy, there, TODAY + timedelta(days=7))

    for then, now in zip(later, people, strict=False):
        assert then.draft == now.draft
        assert then.confirmed_on == now.confirmed_on + timedelta(days=7)


def test_everybody_passes_the_rules_that_practitioners_must_pass(taxonomy, people):
    schema = DraftSchema(taxonomy)

    for one in people:
        assert schema.load(one.draft.to_json()) == one.draft


def test_they_live_in_real_towns_of_many_countries(filled, people):
    gazetteer = Gazetteer(filled)
    practices = [place for one in people for place in one.draft.practices]
    shares = Counter(place.country for place in practices)

    assert len(shares) >= 15
    assert 0.35 < shares["US"] / len(practices) < 0.55
    for place in islice(practices, 60):
        town = gazetteer.nearest(Point(place.lat, place.lon))
        assert town is not None
        assert distance_km(town.point, Point(place.lat, place.lon)) < 30


def test_the_towns_that_people_try_first_have_several(people):
    found = Counter(
        (place.locality, place.region) for one in people for place in one.draft.practices
    )

    for town in (("Boulder", "Colorado"), ("Portland", "Oregon"), ("London", "England")):
        assert found[town] >= 3
    assert sum(1 for count in found.values() if count == 1) > 100


def test_nobody_can_be_reached_or_mistaken_for_somebody(people):
    for one in people:
        said = one.draft
        assert not said.email or re.fullmatch(r"[a-z.]+@[a-z-]+\.example", said.email)
        assert not said.website or re.fullmatch(r"https://[a-z-]+\.example", said.website)
        assert not said.phone or _is_kept_for_fiction(said.phone)


def _is_kept_for_fiction(phone: str) -> bool:
    number = phonenumbers.parse(phone)
    digits = str(number.national_number)
    ranges = {
        1: r"\d{3}55501\d\d",
        44: r"(207946|1[1-6]1496|11[3-7]496|1632960)0?\d{3}",
        61: r"[2378]5550\d{4}",
    }
    return re.fullmatch(ranges[number.country_code], digits) is not None


def test_bios_are_of_a_readable_length_and_promise_nothing(people):
    for one in people:
        assert 60 <= len(one.draft.about.split()) <= 230
        assert lint(one.draft.about) == ()
        assert "{" not in one.draft.about

    assert len({one.draft.about for one in people}) == len(people)


def test_british_bios_name_no_condition(taxonomy, people):
    words = {
        fold(phrase)
        for kind, _, phrase in taxonomy.phrases()
        if kind.value == "condition" and fold(phrase) not in MAY_BE_SAID
    }
    british = [one for one in people if one.draft.practices[0].country == "GB"]

    assert len(british) > 20
    for one in british:
        said = f" {fold(one.draft.about)} "
        assert not [phrase for phrase in words if f" {phrase} " in said]


def test_other_bios_mostly_say_what_the_practitioner_works_with(taxonomy, people):
    labels = [fold(term.label.partition(" (")[0]) for term in taxonomy.conditions.values()]
    others = [one for one in people if one.draft.practices[0].country != "GB"]
    naming = [one for one in others if any(label in fold(one.draft.about) for label in labels)]

    assert len(naming) > len(others) * 0.8


def test_they_differ_in_all_that_can_be_searched(people):
    drafts = [one.draft for one in people]

    assert len({said.name for said in drafts}) > 500
    assert len({slug for said in drafts for slug in said.professions}) >= 20
    assert len({slug for said in drafts for slug in said.conditions}) >= 60
    assert len({slug for said in drafts for slug in said.credentials}) >= 15
    assert len({code for said in drafts for code in said.languages}) >= 12
    assert {said.accepting for said in drafts} == {True, False, None}
    assert {place.precision for said in drafts for place in said.practices} == {
        "exact",
        "postcode",
        "locality",
    }
    for trait in (
        lambda said: len(said.practices) > 1,
        lambda said: said.practices[0].home_visit_km > 0,
        lambda said: said.practices[0].hide_address,
        lambda said: said.fees,
        lambda said: said.phone,
        lambda said: "infants" in said.ages,
        lambda said: "wheelchair" in said.access,
    ):
        assert 60 < sum(1 for said in drafts if trait(said)) < 600


def test_professions_meet_the_conditions_that_fit(taxonomy, people):
    for one in people:
        groups = {taxonomy.conditions[slug].group for slug in one.draft.conditions}
        if one.draft.professions == ("lactation-consultant",):
            assert groups <= {"baby", "child", "maternal"}
        if one.draft.professions == ("dentist",):
            assert groups <= {"head"}


def test_credentials_climb_in_order_and_keep_to_their_countries(people):
    for one in people:
        held, country = set(one.draft.credentials), one.draft.practices[0].country
        assert held
        assert "cst2" not in held or "cst1" in held
        assert "cst-d" not in held or "cst-t" in held
        assert "rcst-na" not in held or country in ("US", "CA")
        assert "rcst-uk" not in held or country == "GB"


def test_loading_makes_them_public_and_says_that_they_are_a_demo(session, people):
    made = intake.load_demo(session, people[:50], by="tests", at=NOW)
    session.commit()

    there = session.scalars(select(Listing)).all()
    assert made == len(there) == 50
    assert all(one.is_demo and one.shown(TODAY) for one in there)
    assert len({one.confirmed_on for one in there}) > 20
    assert {one.accepting(TODAY) for one in there} == {True, False, None}
    assert session.scalar(select(func.count()).select_from(IndexChange)) == 50
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 50


def test_loading_again_adds_only_who_is_new(session, people):
    intake.load_demo(session, people[:20], by="tests", at=NOW)
    session.commit()

    made = intake.load_demo(session, people[:30], by="tests", at=NOW)
    session.commit()

    assert made == 10
    assert session.scalar(select(func.count()).select_from(Listing)) == 30


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_loads_as_many_as_asked_and_no_more_the_second_time(app, runtime):
    runner = app.test_cli_runner()

    first = runner.invoke(args=["load-demo", "--count", "25", "--seed", "7"])
    second = runner.invoke(args=["load-demo", "--count", "30", "--seed", "7"])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "25 new, 0 already there" in first.output
    assert "5 new, 25 already there" in second.output
    with runtime.reading() as session:
        keys = session.scalars(select(Listing.import_key).order_by(Listing.id)).all()
    assert keys == [f"demo:7:{number}" for number in range(1, 31)]


def test_there_are_no_people_without_towns(taxonomy):
    with pytest.raises(ValueError, match="load the gazetteer"):
        next(demo.demo_drafts(1, 1, taxonomy, (), TODAY))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_second_has_a_portrait_that_is_a_pattern_and_the_same_each_time(app, runtime, client):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["load-demo", "--count", "30", "--seed", "7"]).exit_code == 0
    album = Album(runtime.config.data_dir / "photos")

    with runtime.reading() as session:
        photos = {photo.listing_id: photo for photo in session.scalars(select(Photo))}
        drafts = {row.import_key: row.public for row in session.scalars(select(Listing))}
    had = {int(key.rpartition(":")[2]): draft.photo for key, draft in drafts.items()}

    assert {number for number, photo in had.items() if photo} == set(range(2, 31, 2))
    assert {photo.id for photo in photos.values()} == {photo for photo in had.values() if photo}
    assert all(had[number] == pictures.of(7, number)[0] for number in range(2, 31, 2))
    assert all(album.sizes_of(photo.id) == (160, 320) for photo in photos.values())
    with client.get(f"/photos/{had[2]}-160.webp") as seen:
        assert seen.status_code == 200


def test_portraits_that_share_a_pattern_are_thrown_away_one_by_one(tmp_path):
    album = Album(tmp_path / "photos")
    drawn = tuple(draw(pictures.drawn(1), CENTRED))
    first, second = "1" * 32, "2" * 32
    album.keep_own(first, drawn)
    album.keep_own(second, drawn, like=first)
    album.keep_own(second, (), like="")  # is there: nothing is to be done
    files = [album.path(one, 320, "webp") for one in (first, second)]
    assert files[0].samefile(files[1])

    album.remove(first)

    assert album.path(first, 320, "webp") is None
    assert files[1].read_bytes() == next(d.data for d in drawn if (d.size, d.ext) == (320, "webp"))
    album.keep_own("3" * 32, drawn, like=first)  # what it was to be like is gone
    assert album.sizes_of("3" * 32) == (160, 320)
    assert sum(len(one.data) for one in drawn) < 40_000


def test_no_two_patterns_are_alike():
    assert len({pictures.drawn(pattern) for pattern in range(pictures.PATTERNS)}) == 12
