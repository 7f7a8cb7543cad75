"""Numbers, and yes or no, however they are written: read, or refused with what to write."""

import pytest
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from directory.schemas import read
from directory.schemas.draft import PracticeSchema
from directory.schemas.hours import OpeningSchema
from directory.schemas.offers import Amount, PriceSchema
from directory.schemas.search import SearchSchema

SAID = {
    "95": 95,
    "95.": 95,
    "95,": 95,
    "95.5": 95.5,
    "95,50": 95.5,
    ".5": 0.5,
    ",75": 0.75,
    "1,250": 1250,
    "1 250": 1250,
    "1'250": 1250,
    "1.250,00": 1250,
    "1,250.50": 1250.5,
    "010": 10,
    " 80 ": 80,
}


@pytest.mark.parametrize(("said", "amount"), [*SAID.items(), (95, 95), (95.555, 95.56)])
def test_an_amount_is_read_as_people_and_programs_write_it(said, amount):
    assert Amount().deserialize(said) == pytest.approx(amount, abs=0.01)


NO_AMOUNTS = (
    *(".", ",", "-5", "+5", "0", ".0", "1e3", "abc", "nan", "95.5.5", "1,25,0", "9" * 9),
    *(True, False, [95], ["95"], {"amount": 95}, float("nan"), float("inf")),
)


@pytest.mark.parametrize("said", NO_AMOUNTS)
def test_what_is_no_amount_is_refused_with_what_to_write(said):
    with pytest.raises(ValidationError, match=r"Write a number such as|Between 1 and"):
        Amount().deserialize(said)


@pytest.mark.parametrize("said", ["95.555", "0.555", "10.000"])
def test_a_point_that_may_part_thousands_or_cents_is_asked_about(said):
    with pytest.raises(ValidationError, match=f"“{said}” may be read in two ways"):
        Amount().deserialize(said)


@pytest.mark.parametrize("wrong", [True, False, [60], {"minutes": 60}, 2.5])
def test_a_number_in_json_is_a_number(wrong):
    def faults(schema, data):
        return set(schema.validate(data))

    price = {"amount": 95, "currency": "USD", "minutes": wrong}
    assert faults(PriceSchema(), price) == {"minutes"}
    day = {"day": wrong, "opens": "09:00", "closes": "17:00"}
    assert faults(OpeningSchema(), day) == {"day"}
    if wrong != 2.5:
        place = {"country": "US", "locality": "Boulder", "lat": wrong, "lon": 1}
        assert faults(PracticeSchema(), place) == {"lat"}
        visits = {"country": "US", "locality": "Boulder", "home_visit_km": wrong}
        assert faults(PracticeSchema(), visits) == {"home_visit_km"}


def asked(**said):
    return read(SearchSchema(), MultiDict(said))


@pytest.mark.parametrize("yes", ["1", "true", "TRUE", "yes", "Yes", "on", "y", "t"])
def test_yes_is_said_in_many_ways(yes):
    wanted = asked(online=yes, accepting=yes, home_visits=yes)

    assert (wanted.online, wanted.accepting, wanted.home_visits) == (("1",), True, True)
    assert dict(wanted.params()) == {"online": "1", "accepting": "1", "home_visits": "1"}


@pytest.mark.parametrize("no", ["0", "false", "False", "no", "NO", "off", "n", "f"])
def test_what_says_no_asks_for_nothing(no):
    wanted = asked(online=no, accepting=no, home_visits=no)

    assert (wanted.online, wanted.accepting, wanted.home_visits) == ((), False, False)
    assert not wanted.params()


def test_what_is_neither_yes_nor_no_is_told():
    assert asked(online="maybe").online == ("maybe",)  # the search says that nobody knows it
    with pytest.raises(Exception, match=r"Use 1, or leave it out|accepting"):
        asked(accepting="maybe")
