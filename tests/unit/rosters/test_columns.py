"""Which column is which: by its name in six languages, and by what stands in it."""

import pytest

from directory.errors import Invalid
from directory.files.rosters import columns, reading
from tests.unit.rosters.terms import TAXONOMY

ENGLISH = {
    "Member No.": "external_id",
    "First Name": "first_name",
    "Surname": "last_name",
    "Type": "professions",
    "Works with": "conditions",
    "Level": "credentials",
    "Town/City": "locality",
    "State/Province": "region",
    "Zip/Postcode": "postcode",
    "Nation": "country",
    "Taking new clients?": "accepting",
    "Tel. (required)": "phone",
}
GERMAN = {
    "Mitglieds-Nr.": "external_id",
    "Vorname": "first_name",
    "Name": "last_name",
    "Beruf": "professions",
    "Straße": "address",
    "PLZ": "postcode",
    "Ort": "locality",
    "Land": "country",
    "Sprachen": "languages",
    "Nimmt neue Klienten": "accepting",
}
FRENCH = {
    "Prénom": "first_name",
    "Nom": "last_name",
    "Métier": "professions",
    "Ville": "locality",
    "Code postal": "postcode",
    "Pays": "country",
    "Courriel": "email",
    "Téléphone": "phone",
    "Langues": "languages",
}
SPANISH = {
    "Nombre": "first_name",
    "Apellidos": "last_name",
    "Profesión": "professions",
    "Ciudad": "locality",
    "CP": "postcode",
    "País": "country",
    "Correo electrónico": "email",
}
ITALIAN = {
    "Nome": "first_name",
    "Cognome": "last_name",
    "Professione": "professions",
    "Città": "locality",
    "CAP": "postcode",
    "Sito web": "website",
}
PORTUGUESE = {
    "Nome completo": "name",
    "Profissão": "professions",
    "Cidade": "locality",
    "Telemóvel": "phone",
    "Idiomas": "languages",
}
OF_PROGRAMS = {
    "[Contact | Name]": "name",
    "[Email | Primary]": "email",
    "[Address | Primary | City]": "locality",
    "[Address | Primary | State]": "region",
    "Internal Contact ID": "external_id",
    "Supplemental Address 1": "address_2",
    "Practice ZIP": "postcode",
    "Work phone": "phone",
}


@pytest.mark.parametrize(
    "names", [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, OF_PROGRAMS]
)
def test_columns_are_known_by_what_people_and_programs_call_them(names):
    assert columns.guess(names) == names


def head(*lines: str, line: int = 0) -> reading.Head:
    return reading.head("\n".join(lines).encode(), TAXONOMY, header=line)


def test_columns_of_strange_names_are_known_by_what_stands_in_them():
    found = head(
        "A;B;C;D;E;F",
        "Rowan Testerly;r@p.example;+1 303 555 0101;Massage Therapist;Germany;www.p.example",
        "Ola Fiktiv;o@p.example;030 5550102;Osteopath;France;https://o.example",
        "Kit Sample;k@p.example;(303) 555-0103;Midwife;US;www.k.example",
    )

    assert list(found.guessed.values()) == [
        *("name", "email", "phone", "professions", "country", "website")
    ]


def test_a_telephone_column_that_holds_addresses_of_mail_is_none():
    found = head("Name;Contact number;City", "A B;a@p.example;Rome", "C D;c@p.example;Rome")

    assert found.guessed["Contact number"] == "email"


def test_names_of_columns_are_found_below_titles_and_blank_lines():
    found = head("Members 2026", "", "Name,City,Country", "Rowan Testerly,Boulder,US")

    assert (found.line, found.columns, found.rows) == (3, ("Name", "City", "Country"), 1)


def test_the_line_that_names_the_columns_can_be_chosen():
    lines = ("Name,City,Country", "Praxis,Ort,Staat", "Rowan Testerly,Boulder,US")

    assert head(*lines).line == 1
    assert head(*lines, line=2).columns == ("Praxis", "Ort", "Staat")


def test_names_that_a_page_break_repeats_are_no_row():
    row = "Rowan Testerly,Boulder,US"

    assert head("Name,City,Country", row, "Name,City,Country", row).rows == 2


def test_a_list_of_one_country_need_not_name_it():
    text = "Name,Profession,City,State,Zip\nRowan Testerly,LMT,Boston,MA,2134\nKit Sample,RN,Oz,,\n"

    rows = reading.read(text.encode(), TAXONOMY).rows

    assert [row.draft.practices[0].country for row in rows] == ["US", "US"]


@pytest.mark.parametrize("text", ["", "\n\n", "Name\nRowan", "City,Country\nBoulder,US"])
def test_without_names_or_places_it_is_no_roster(text):
    with pytest.raises(Invalid):
        reading.read(text.encode(), TAXONOMY)
