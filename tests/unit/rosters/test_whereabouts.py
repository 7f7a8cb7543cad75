"""Countries, states, codes and positions as rosters hold them."""

import pytest

from directory.files.rosters import whereabouts
from directory.schemas.names import country_code


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("GB", "GBR|UK|England, UK|Scotland|Großbritannien|Royaume-Uni|Reino Unido|Inghilterra"),
        ("US", "USA|U.S.|United States of America (USA)|EEUU|EE. UU.|EUA|États-Unis d'Amérique"),
        ("KR", "Korea, Republic of|South Korea (ROK)|Republic of Korea"),
        ("KP", "Korea, Democratic People's Republic of"),
        ("NL", "Netherlands (the)|Holland|Pays-Bas|Países Bajos|Paesi Bassi|Holanda|NED"),
        ("RU", "Russian Federation|Россия|RUS"),
        ("CZ", "Czech Rep.|Czechia|República Checa|Tschechische Republik"),
        ("DE", "Deutschland|Federal Republic of Germany|Allemagne|Germania|GER|Deutschland (DE)"),
        ("CD", "Congo, Democratic Republic of the|DR Congo|Zaire"),
        ("MM", "Burma|Myanmar"),
        ("IE", "Ireland (Republic of)|Éire|Rep. of Ireland"),
        ("TW", "Taiwan, Province of China|Republic of China"),
        ("NZ", "New Zealand / Aotearoa|Nouvelle-Zélande"),
    ],
)
def test_a_country_is_known_by_codes_and_by_names_long_old_and_foreign(code, names):
    assert {name: country_code(name) for name in names.split("|")} == dict.fromkeys(
        names.split("|"), code
    )


def test_what_is_no_country_is_none():
    assert [country_code(text) for text in ("Atlantis", "the", "Republic", "", "n/a")] == [None] * 5


@pytest.mark.parametrize(
    ("given", "region", "country", "read"),
    [
        ("2134", "MA", "US", "02134"),
        ("2138.0", "", "US", "02138"),
        ('="02134"', "MA", "US", "02134"),
        ("'02134", "MA", "US", "02134"),
        ("80302.0", "CO", "US", "80302"),
        ("680", "PR", "US", "00680"),
        ("802", "US Virgin Islands", "US", "00802"),
        ("21341000", "MA", "US", "02134-1000"),
        ("2,134", "MA", "US", "02134"),
        ("2.134E+03", "MA", "US", "02134"),
        ("ZIP 80302", "CO", "US", "80302"),
        ("1067", "Sachsen", "DE", "01067"),
        ("800", "NT", "AU", "0800"),
        ("8030", "CO", "US", "8030"),
        ("1010", "", "AT", "1010"),
        ("SW1A 1AA", "", "GB", "SW1A 1AA"),
    ],
)
def test_a_code_that_a_spreadsheet_took_for_a_number_is_mended_where_it_can_be(
    given, region, country, read
):
    assert whereabouts.postcode(given, region, country)[0] == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("40.015° N", "40.015"),
        ("105.27° W", "-105.27"),
        ("W105.27", "-105.27"),
        ("40°00'54\" N", "40.015"),
        ("105,27", "105.27"),
        ("−33.9", "-33.9"),
        ("0", "0"),
        ("abc", "abc"),
    ],
)
def test_degrees_are_read_as_maps_and_people_write_them(given, read):
    assert whereabouts.degrees(given) == read


@pytest.mark.parametrize("text", ["40.015, -105.27", "40,015; -105,27", "40.015N 105.27W"])
def test_a_position_in_one_cell_is_parted(text):
    assert whereabouts.pair(text) == ("40.015", "-105.27")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Boulder, CO 80302", ("Boulder", "CO", "80302", None)),
        ("80331 München", ("München", None, "80331", None)),
        ("Montréal, QC H2X 1Y4, Canada", ("Montréal", "QC", "H2X 1Y4", "CA")),
        ("Denver CO", ("Denver", "CO", None, None)),
        ("Atlanta, Georgia", ("Atlanta", "Georgia", None, None)),
    ],
)
def test_a_town_with_all_that_stands_around_it_is_parted(text, parts):
    found = whereabouts.apart(text)

    assert tuple(found.get(n) for n in ("locality", "region", "postcode", "country")) == parts


@pytest.mark.parametrize(
    ("region", "postcode", "phone", "country"),
    [
        ("CO", "", "", "US"),
        ("WA", "98101", "", "US"),
        ("WA", "6000", "", "AU"),
        ("WA", "", "", ""),
        ("BC", "", "", "CA"),
        ("", "SW1A 1AA", "", "GB"),
        ("", "", "+44 20 7946 0000", "GB"),
        ("England", "", "", "GB"),
    ],
)
def test_the_country_of_a_row_that_names_none_is_told_by_the_rest(region, postcode, phone, country):
    assert whereabouts.country_of(region, postcode, phone) == country
