"""Answers that many pages give alike."""

import csv
import io
import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map

from directory.errors import Conflict, Invalid
from directory.said import Said
from directory.web import responses

LARGEST = 2_147_483_647


@pytest.fixture
def rows():
    """A client of a site whose one page says which row was asked for."""
    app = Flask("rows", static_folder=None)
    responses.init(app)
    app.add_url_rule("/rows/<id:row_id>", view_func=lambda row_id: repr(row_id))
    app.add_url_rule("/rows/new", view_func=lambda: "new", endpoint="new")
    return app.test_client()


@pytest.mark.parametrize(
    ("written", "row"), [("0", 0), ("1", 1), ("007", 7), (str(LARGEST), LARGEST)]
)
def test_an_address_names_a_row_by_its_number(rows, written, row):
    answer = rows.get(f"/rows/{written}")

    assert (answer.status_code, answer.text) == (200, str(row))


@pytest.mark.parametrize("written", [str(LARGEST + 1), "9" * 30, "-1", "+1", "1.0", "one", "%20"])
def test_what_numbers_no_row_is_at_no_address(rows, written):
    assert rows.get(f"/rows/{written}").status_code == 404


def test_a_word_may_stand_where_a_number_may(rows):
    assert rows.get("/rows/new").text == "new"


def test_every_address_that_names_a_row_names_it_so(app):
    named = {
        (rule.rule, name): type(converter)
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if name.endswith("_id")
    }

    assert len(named) > 40
    assert set(named.values()) == {responses.Id}


def test_seeing_what_came_of_a_form_is_a_new_request():
    answer = responses.see("/my/listing?done=sent")

    assert (answer.status_code, answer.location) == (303, "/my/listing?done=sent")


def test_a_table_is_a_file_that_a_spreadsheet_reads_as_utf_8():
    answer = responses.csv_file(iter(["name,town\r\n", "Zoë,Orléans\r\n"]), "listings.csv")

    [header, row] = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert (header, row) == (["name", "town"], ["Zoë", "Orléans"])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="listings.csv"'
    assert answer.get_data().startswith(b"\xef\xbb\xbf")


def test_a_page_has_the_status_of_the_error_that_it_tells_of(app):
    wrong = Invalid({"name": ["Say your name."]})

    with app.test_request_context("/"):
        answers = [
            responses.rendered("robots.txt"),
            responses.rendered("robots.txt", wrong),
            responses.rendered("robots.txt", Conflict("Somebody was quicker.")),
            responses.rendered("robots.txt", wrong, status=413),
        ]

    assert [answer.status_code for answer in answers] == [200, 422, 409, 413]


def test_an_error_is_told_at_the_box_that_it_is_about():
    clash = Conflict("Half of 100% is taken.")

    assert responses.problems(Invalid({"name": ["Say your name."]}), clash="email") == {
        "name": ["Say your name."]
    }
    assert responses.problems(clash, clash="email") == {"email": [Said("Half of 100% is taken.")]}
    assert responses.problems(clash) == responses.problems(None, clash="email") == {}


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_a_number_fits_an_address_just_when_it_is_no_larger_than_the_most(most, number):
    pattern = responses.Number(Map(), max=most).regex

    for one in (number, most, most + 1, max(most - 1, 0)):
        assert bool(re.fullmatch(pattern, str(one))) == (one <= most)
