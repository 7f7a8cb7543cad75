"""Rosters as people really send them."""

import pytest

from directory.errors import Invalid
from directory.files.rosters import reading, writing
from directory.models import Price
from directory.usecases.imports.rows import Aside, settle_repeats
from tests.unit.rosters.terms import TAXONOMY

HEADER = "name,professions,locality,country"
ROWAN = "Rowan Testerly,massage,Boulder,US"


def read(*lines: str, encoding: str = "utf-8", end: str = "\n") -> reading.Roster:
    return reading.read(end.join(lines).encode(encoding), TAXONOMY)


def read_one(**cells: str):
    given = {"name": "Rowan Testerly", "professions": "massage", "locality": "Boulder"}
    given |= {"country": "US"} | cells
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in given.values())
    (row,) = read(",".join(given), ",".join(quoted)).rows
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_order_marks_and_line_ends_of_any_sort_are_read(encoding, end):
    found = read(HEADER, ROWAN.replace("Boulder", "Köln"), "", encoding=encoding, end=end)

    assert [row.draft.practices[0].locality for row in found.rows] == ["Köln"]
    assert found.notes == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_the_delimiter(delimiter):
    found = read(HEADER.replace(",", delimiter), ROWAN.replace(",", delimiter))

    assert found.rows[0].draft.professions == ("massage-therapist",)


def test_a_file_in_an_older_encoding_is_read_and_said_so():
    found = read(HEADER, ROWAN.replace("Boulder", "Köln"), encoding="cp1252")

    assert found.rows[0].draft.practices[0].locality == "Köln"
    assert "not UTF-8" in found.notes[0]


def test_unknown_columns_are_named_as_they_are_written():
    found = read(f"{HEADER},Archived,Shoe size", f"{ROWAN},1,2")

    assert found.rows[0].draft is not None
    assert found.notes == ("Unknown columns, not read: “Archived”, “Shoe size”.",)


def test_column_names_may_have_capitals_and_spaces():
    found = read("Name,PROFESSIONS, Locality ,Country,Home visit km", f"{ROWAN},25 km")

    assert found.rows[0].draft.practices[0].home_visit_km == 25


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"name\nRowan", b"locality,country\nBoulder,US", b"\x00\x01\x02", b"name,name"],
)
def test_what_is_no_roster_is_refused_as_a_whole(content):
    with pytest.raises(Invalid):
        reading.read(content, TAXONOMY)


def test_of_a_column_that_stands_twice_the_first_is_read():
    found = read(f"{HEADER},email,email", f"{ROWAN},a@b.example,c@d.example")

    assert found.rows[0].draft.email == "a@b.example"
    assert found.notes == ("Unknown columns, not read: “email (2)”.",)


def test_a_header_alone_has_no_rows():
    assert read(HEADER).rows == ()


def test_lines_are_counted_as_an_editor_counts_them():
    found = read(f"{HEADER},about", f'{ROWAN},"one\ntwo\nthree"', "", f"{ROWAN},four")

    assert [row.line for row in found.rows] == [2, 6]


def test_empty_lines_and_lines_of_commas_are_passed_over():
    assert len(read(HEADER, ",,,", ROWAN, "", " , , , ").rows) == 1


def test_a_line_with_too_many_cells_fails_and_one_with_too_few_need_not():
    surplus, short = read(f"{HEADER},email", f"{ROWAN},,what is this", ROWAN).rows

    assert surplus.draft is None
    assert "more cells" in surplus.errors[0]
    assert short.draft is not None


def test_a_cell_too_long_to_read_fails_its_line_alone():
    found = read(HEADER, f"{'x' * 200_000},massage,Boulder,US", ROWAN)

    assert [row.draft is None for row in found.rows] == [True, False]


def test_terms_go_by_slug_label_or_synonym_in_any_case_and_accents():
    row = read_one(
        professions="massage-therapist|PHYSICAL THERAPIST;ostéopathe",
        conditions="Bell’s Palsy; tmj | Fürsorge",
        credentials="CST 2|cst-t",
    )

    assert row.draft.professions == ("massage-therapist", "physical-therapist", "osteopath")
    assert row.draft.conditions == ("bells-palsy", "tmj")
    assert row.draft.credentials == ("cst2", "cst-t")
    assert row.notes == ("conditions: we do not know “Fürsorge”; left out",)


def test_one_unknown_profession_among_others_is_kept_aside():
    row = read_one(professions="wizard; massage")

    assert row.draft.professions == ("massage-therapist",)
    assert row.asides == (Aside("professions", "wizard", "we do not know %s"),)


def test_a_row_whose_every_profession_is_unknown_costs_those_and_not_the_person():
    row = read_one(professions="wizard|witch")

    assert row.draft.professions == ()
    assert [one.value for one in row.asides] == ["wizard", "witch"]


def test_a_row_without_any_profession_goes_in_with_a_warning():
    row = read_one(professions="")

    assert row.draft is not None
    assert row.warnings == ("professions: none given",)


@pytest.mark.parametrize(
    ("country", "slug"), [("GB", ("rcst-uk",)), ("US", ("rcst-na",)), ("CA", ("rcst-na",))]
)
def test_the_letters_rcst_mean_the_register_of_the_country(country, slug):
    assert read_one(country=country, credentials="RCST®").draft.credentials == slug


def test_the_north_american_rcst_elsewhere_is_left_out_with_a_warning():
    row = read_one(country="NZ", credentials="rcst-na|cst1")

    assert row.draft.credentials == ("cst1",)
    assert "US and Canada" in row.notes[0]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
@pytest.mark.parametrize("column", ["about", "fees", "address", "website", "email", "external_id"])
def test_a_cell_that_a_spreadsheet_would_run_is_kept_aside(column, sign):
    row = read_one(**{column: f"{sign}1+1"})

    assert row.draft is not None
    assert any(note.startswith(f"{column}: “") and "formula" in note for note in row.notes)
    assert "1+1" not in str(row.draft) + row.external_id


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_that_a_spreadsheet_would_run_is_no_name(sign):
    row = read_one(name=f"{sign}1+1")

    assert row.draft is None
    assert "begins with" in row.notes[0]


def test_a_plus_before_a_phone_number_and_a_minus_before_a_number_are_no_formula():
    row = read_one(phone="+1 303 555 0102", latitude="-33.9", longitude="-0")

    assert row.errors == ()
    assert row.draft.phone == "+1 303-555-0102"
    assert (row.draft.practices[0].lat, row.draft.practices[0].lon) == (-33.9, 0.0)


def test_an_apostrophe_that_guards_an_exported_cell_is_taken_off():
    assert read_one(about="'- one\n- two").draft.about == "- one\n- two"
    assert read_one(about="'tis quiet").draft.about == "'tis quiet"


def test_what_cannot_be_used_is_told_by_its_column_as_it_stands_in_the_file():
    row = read_one(latitude="191", longitude="105", home_visit_km="900", region="CO", country="Oz")

    assert {one.column for one in row.asides} == {"latitude", "home_visit_km", "country"}
    assert row.draft.practices[0].country == "US"


def test_every_fault_of_a_row_is_told_at_once():
    row = read_one(name="", email="nobody", website="javascript:alert(1)", conditions="gout")

    assert row.errors == ("name: The name is needed.",)
    assert [one.column for one in row.asides] == ["conditions", "email", "website"]


def test_what_is_shown_of_a_bad_name_cannot_move_the_cursor():
    row = read_one(name="\x1b[2JRowan\u202e\nTesterly")

    assert row.draft is None
    assert row.name.isprintable()


def test_decimal_commas_are_read():
    practice = read_one(latitude="5,6", longitude="0").draft.practices[0]

    assert (practice.lat, practice.lon) == (5.6, 0.0)


def test_the_last_good_row_about_somebody_counts():
    lines = (
        f"A-1,{ROWAN},",
        "A-2,Somebody Else,massage,Boulder,US,",
        f"A-1,{ROWAN},yes",
        f"A-1,{ROWAN},perhaps",
    )
    rows = settle_repeats(read(f"external_id,{HEADER},accepting", *lines).rows)

    assert [row.replaced_by for row in rows] == [5, None, 5, None]
    assert settle_repeats(rows) == rows


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"external_id": " A-1 ", "email": "r@x.example"}, "id:A-1"),
        ({"email": "Rowan@X.example"}, "email:rowan@x.example"),
        ({"postcode": "V6B 1A1"}, "name:rowan testerly|v6b1a1"),
        ({"postcode": ""}, "name:rowan testerly|boulderus"),
    ],
)
def test_a_row_is_known_by_its_id_else_its_email_else_name_and_postcode(cells, key):
    assert read_one(**cells).key == key


def test_what_is_offered_comes_in_and_goes_out_by_columns():
    row = read_one(
        by_appointment="yes", sliding_scale="yes", free_talk="y", receipts="1",
        price_amount="95,50", price_minutes="60", online="yes", serves="Canada|IE",
        practitioner="A woman",
    )  # fmt: skip
    draft = row.draft

    assert draft.price == Price(95.5, "USD", 60)
    assert draft.fee_terms == ("sliding-scale", "free-talk", "receipts", "price")
    assert (draft.countries_served, draft.practitioner) == (("CA", "IE"), "woman")
    (again,) = read(*"".join(writing.written([("7", draft)])).splitlines()).rows
    assert again.draft == draft


def test_a_price_that_cannot_be_read_is_told_by_its_column():
    assert [one.column for one in read_one(price_amount="a lot").asides] == ["price_amount"]
    beads = read_one(price_amount="95", price_currency="beads")
    assert [one.column for one in beads.asides] == ["price_currency"]
    assert beads.draft.price is None
