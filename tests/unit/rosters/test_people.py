"""Names as rosters hold them, and rows that are about one person."""

import pytest

from directory.files.rosters import people, reading
from tests.unit.rosters.terms import TAXONOMY

KNOWN = {"LMT", "L.M.T.", "CST-D", "RN", "licensed massage therapist", "Doula"}


@pytest.mark.parametrize(
    ("given", "name", "letters"),
    [
        ("Dr. Maria de la Fuente, LMT, CST-D", "Maria de la Fuente", ("LMT", "CST-D")),
        ("SURNAME, First", "First Surname", ()),
        ("Beispielfrau, Dr. Heike", "Heike Beispielfrau", ()),
        ("LUDWIG VAN DER PROBE", "Ludwig van der Probe", ()),
        ("SINÉAD O'PROBE-MCTEST", "Sinéad O'Probe-McTest", ()),
        ("DUPONT Marie", "Marie Dupont", ()),
        ("maria lopez", "Maria Lopez", ()),
        ("McDONALD, Jo, PhD", "Jo McDonald", ("PhD",)),
        ("Jane Doe LMT CST-D", "Jane Doe", ("LMT", "CST-D")),
        ("Alma Quist, M.A., L.M.T.", "Alma Quist", ("M.A.", "L.M.T.")),
        ("Mary Smith, licensed massage therapist", "Mary Smith", ("licensed massage therapist",)),
        ("Martin King, Jr.", "Martin King Jr.", ()),
        ("Frau Dr. med. Heike Muster", "Heike Muster", ()),
        ("Mary Probe (she/her)", "Mary Probe", ()),
        ("García Márquez, Ana María", "Ana María García Márquez", ()),
    ],
)
def test_a_name_is_parted_and_what_it_was_is_kept(given, name, letters):
    person = people.parted(given, KNOWN.__contains__)

    assert (person.name, person.letters, person.as_given) == (name, letters, given)


@pytest.mark.parametrize(
    "name",
    [
        *("Rowan Testerly", "M. Dupont", "JJ Smith", "Li Ma", "Don Quixote", "Quiet Hands, Inc."),
        *("山田 太郎", "Kit O", "Angus MacLeod", "Mary & John Probe"),
    ],
)
def test_a_name_that_is_one_stays(name):
    assert people.parted(name, KNOWN.__contains__) == people.Person(name)


def read(*lines: str):
    return reading.read("\n".join(lines).encode(), TAXONOMY).rows


def test_first_name_and_surname_are_joined_and_letters_tell_a_trade():
    (row,) = read("First Name,Surname,Town,Country", 'Alma,"Splitname, RN",Boulder,US')

    assert row.draft.title == "Alma Splitname, RN"
    assert row.draft.professions == ("registered-nurse",)


HEADER = "name,email,phone,locality,country,languages"


def test_several_rows_of_one_person_become_several_practices():
    first, other, last = read(
        HEADER,
        "Inés Ficticia,i@p.example,,Alicante,ES,es",
        "Somebody Else,s@p.example,,Elche,ES,",
        "Inés Ficticia,i@p.example,965 55 01 10,Elche,ES,en",
    )

    assert (first.replaced_by, first.joined, other.replaced_by) == (4, True, None)
    assert [one.locality for one in last.draft.practices] == ["Alicante", "Elche"]
    assert set(last.draft.languages) == {"es", "en"}


def test_people_of_one_address_of_a_clinic_stay_several():
    rows = read(
        HEADER,
        "Inés Ficticia,info@p.example,,Elche,ES,",
        "Raúl Inventado,info@p.example,,Elche,ES,",
    )

    assert [row.replaced_by for row in rows] == [None, None]
    assert len({row.key for row in rows}) == 2


def test_a_name_without_trade_or_place_is_no_person():
    somebody, total = read("name,professions,locality,country", "A Name,massage,,US", "Total,,,")

    assert somebody.doubts
    assert somebody.draft is not None
    assert total.draft is None
