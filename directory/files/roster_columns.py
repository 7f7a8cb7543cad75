"""The columns of a roster, and what other people call them."""

import re
from collections.abc import Iterable

from directory.models import Kind
from directory.places.names import fold

TERMS = {
    "professions": Kind.PROFESSION,
    "conditions": Kind.CONDITION,
    "credentials": Kind.CREDENTIAL,
}
# Column → field of a Practice.
PLACE = {
    "practice": "name",
    "address": "address",
    "locality": "locality",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "latitude": "lat",
    "longitude": "lon",
    "hide_address": "hide_address",
    "home_visit_km": "home_visit_km",
}
PERSON = (
    *("name", "suffix", "languages", "about", "phone", "email", "website"),
    *("accepting", "ages", "access", "fees", "by_appointment", "sliding_scale", "free_talk"),
    *("receipts", "online", "online_only", "serves", "practitioner"),
)
# Column → field of a Price.
PRICE = {"price_amount": "amount", "price_currency": "currency", "price_minutes": "minutes"}
# In the order of the contract, which is the order of an export.
ORDER = (
    *("external_id", "name", "suffix", "professions", "conditions", "credentials", "languages"),
    *("about", "practice", "address", "locality", "region", "postcode", "country"),
    *("latitude", "longitude", "hide_address", "phone", "email", "website", "accepting"),
    *("home_visit_km", "ages", "access", "fees", "by_appointment", "sliding_scale", "free_talk"),
    *("receipts", *PRICE, "online", "online_only", "serves", "practitioner"),
)
COLUMNS = frozenset(ORDER)
# What other people call our columns; folded, without spaces.
ALSO_CALLED = {
    "external_id": "id memberid memberno membernumber membershipno membershipnumber number ref",
    "name": "fullname practitionername member displayname therapist nom",
    "suffix": "letters titles postnominals designation",
    "professions": "profession occupation trade discipline licence license",
    "conditions": "condition issues specialties specialities specialty focus",
    "credentials": "credential training qualifications qualification certifications courses",
    "languages": "language spokenlanguages",
    "about": "bio biography description profile text summary",
    "practice": "clinic business company practicename clinicname businessname organisation",
    "address": "street streetaddress address1 addressline1",
    "locality": "town city suburb place ort stadt ville",
    "region": "state province county stateprovince",
    "postcode": "zip zipcode postalcode postal plz",
    "country": "nation land countrycode pays",
    "latitude": "lat",
    "longitude": "lon lng long",
    "hide_address": "hideaddress privateaddress",
    "phone": "telephone tel mobile phonenumber telephonenumber cell",
    "email": "mail emailaddress",
    "website": "web url site homepage webpage",
    "accepting": "acceptingnewclients newclients acceptingclients",
    "home_visit_km": "homevisits homevisitradius travelradius",
    "ages": "agegroups agerange clients",
    "access": "accessibility facilities",
    "fees": "fee price prices cost rates",
    "by_appointment": "byappointmentonly appointment",
    "sliding_scale": "slidingfees reducedfees",
    "free_talk": "freeconsultation freefirsttalk freecall",
    "receipts": "insurancereceipts superbill superbills",
    "price_amount": "amount sessionprice sessionfee",
    "price_currency": "currency",
    "price_minutes": "minutes sessionlength duration",
    "online": "worksonline telehealth onlinesessions",
    "online_only": "onlyonline",
    "serves": "countriesserved servedcountries",
    "practitioner": "gender",
}


def guess(columns: Iterable[str]) -> dict[str, str]:
    """Which of our columns each of the file's seems to be, "" when we cannot tell; each once.

    A column that bears our own name is meant before one that only sounds like it.
    """
    own = {_plain(name): name for name in ORDER}
    alike = {word: name for name, words in ALSO_CALLED.items() for word in words.split()}
    guessed = dict.fromkeys(columns, "")
    for known in (own, alike):
        for column in guessed:
            name = known.get(_plain(column), "")
            if not guessed[column] and name not in guessed.values():
                guessed[column] = name
    return guessed


def _plain(column: str) -> str:
    """A column's name without blanks, underscores and accents."""
    return "".join(re.findall(r"[^\W_]+", fold(column)))
