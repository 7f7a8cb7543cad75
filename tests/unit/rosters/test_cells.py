"""Single cells as people fill them in: what is used, what is kept aside, and what is put right."""

import pytest

from directory.files.rosters import reading
from directory.files.rosters.cells import value_key
from tests.unit.rosters.terms import TAXONOMY


def read_one(corrections=None, **cells: str):
    given = {"name": "Rowan Testerly", "professions": "massage", "locality": "Boulder"}
    given |= {"region": "CO", "country": "US"} | cells
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in given.values())
    text = f"{','.join(given)}\n{','.join(quoted)}"
    (row,) = reading.read(text.encode(), TAXONOMY, corrections=corrections).rows
    return row


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        *(("phone", one) for one in ("n/a", "1.5551E+10", "call after 6", "ex-directory", "-")),
        *(("email", one) for one in ("none", "nobody", "o4@u", "#N/A")),
        *(("website", one) for one in ("none", "@hands", "coming soon", "instagram: @x", "#REF!")),
        *(("accepting", one) for one in ("waiting list", "maybe", "full", "call first")),
        *(("languages", one) for one in ("Klingon", "ASL", "n/a")),
        *(("home_visit_km", one) for one in ("yes", "local", "as far as needed")),
        *(("conditions", one) for one in ("whatever", "n/a")),
        *(("credentials", one) for one in ("in training", "Level 9")),
        *(("ages", one) for one in ("whoever comes",)),
        *(("price_amount", one) for one in ("$$$", "ask")),
        *(("about", one) for one in ("=1+1", "n/a", "@hands")),
        *(("latitude", one) for one in ("abc", "40")),
    ],
)
def test_a_cell_that_cannot_be_used_costs_that_cell(column, cell):
    row = read_one(**{column: cell})

    assert row.draft is not None
    assert {one.column for one in row.asides} == {column}
    assert row.notes[0].startswith(f"{column}: ")


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("email", "mailto:r@p.example", "email", "r@p.example"),
        ("email", "a@p.example; b@p.example", "email", "a@p.example"),
        ("email", "r (at) p (dot) example", "email", "r@p.example"),
        ("phone", "303-555-0101 / 303-555-0102", "phone", "+1 303-555-0101"),
        ("phone", "303 555 0101 (mobile)", "phone", "+1 303-555-0101"),
        ("phone", "(303) 555-0101 x12", "phone", "+1 303-555-0101 ext. 12"),
        ("website", "http:/p.example", "website", "http://p.example"),
        ("website", "www.p.example and p2.example", "website", "https://www.p.example"),
        ("accepting", "Yes - mornings", "accepting", True),
        ("accepting", "nein", "accepting", False),
        ("languages", "EN, ES", "languages", ("en", "es")),
        ("languages", "English and Spanish", "languages", ("en", "es")),
        ("languages", "eng/deu", "languages", ("en", "de")),
        ("languages", "fluent Spanish; a little French", "languages", ("es", "fr")),
        ("ages", "Babies, Kinder & seniors", "ages", ("infants", "children", "older")),
        ("ages", "all ages", "ages", ("infants", "children", "teens", "adults", "older")),
        ("conditions", "TMJ/TMD, post-concussion", "conditions", ("tmj", "concussion")),
        ("conditions", "1) migraine 2) colic", "conditions", ("migraine", "colic")),
        ("professions", "L.M.T.", "professions", ("massage-therapist",)),
        ("professions", "Licensed Massage Therapist (LMT)", "professions", ("massage-therapist",)),
        ("professions", "Cranio-Sacral Therapist", "professions", ("craniosacral-therapist",)),
        ("professions", "Midwife & Doula", "professions", ("midwife", "doula")),
        ("professions", "Fisioterapeuta", "professions", ("physical-therapist",)),
        ("credentials", "Techniques", "credentials", ("cst-t",)),
        ("practitioner", "female", "practitioner", "woman"),
    ],
)
def test_what_people_write_is_read_as_they_mean_it(column, cell, field, value):
    assert getattr(read_one(**{column: cell}).draft, field) == value


@pytest.mark.parametrize(
    ("cell", "km"), [("10 miles", 16.1), ("25 km", 25), ("10-15 mi", 24.1), ("no", 0), ("30", 30)]
)
def test_distances_are_read_in_miles_too(cell, km):
    assert read_one(home_visit_km=cell).draft.practices[0].home_visit_km == km


def test_ages_that_stand_among_conditions_are_ages():
    draft = read_one(conditions="Babies; migraine").draft

    assert (draft.ages, draft.conditions) == (("infants",), ("migraine",))


@pytest.mark.parametrize(
    ("column", "cell", "meant", "field", "value"),
    [
        ("accepting", "Waiting list", "no", "accepting", False),
        ("professions", "massage; Energy Healer", "bodyworker", "professions", None),
        ("languages", "Swiss German", "de", "languages", ("de",)),
        ("phone", "call after 6", "303 555 0101", "phone", "+1 303-555-0101"),
        ("country", "Oz", "Australia", "town", "Boulder, CO, AU"),
    ],
)
def test_a_value_that_was_put_right_is_read_so(column, cell, meant, field, value):
    wrong = cell.split("; ")[-1]

    row = read_one({(column, value_key(wrong)): meant}, **{column: cell})

    expected = ("massage-therapist", "bodyworker") if value is None else value
    assert getattr(row.draft, field) == expected
    assert row.asides == ()


def test_a_correction_that_cannot_be_used_is_kept_aside_itself():
    row = read_one({("accepting", "waiting list"): "perhaps"}, accepting="waiting list")

    assert [one.value for one in row.asides] == ["perhaps"]
