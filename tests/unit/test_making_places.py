"""What the program that makes the places' data decides."""

from directory.places.making.__main__ import taken_keys
from directory.places.making.joining import Town


def test_a_district_that_is_not_shipped_takes_no_countrys_name_away():
    towns = [Town(1, "Grecia", "CR", "01", "", 10.0, -84.0, 60_000)]
    named = {"PE": ("Peru", {"peru": False}), "CR.01": ("Alajuela", {"alajuela": False})}
    named["BR.05.9"] = ("Perou", {"perou": False})

    assert taken_keys(towns, named, shown=["CR.01", "PE"]) == {"grecia", "alajuela"}
