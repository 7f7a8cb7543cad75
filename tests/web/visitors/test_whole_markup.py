"""What search engines read about a listing, whole: nothing more, and nothing that is empty."""

from dataclasses import replace
from datetime import date

import pytest

from directory.models import Practice
from directory.usecases.visitors.results import Badge, Profile, Term
from directory.web.visitors import markup
from tests.factories import BOULDER, DENVER

URL = "https://site.example/practitioners/rowan-testerly"
EXACT_WITH_VISITS = replace(BOULDER, home_visit_km=30.0)
PROFILE = Profile(
    listing_id=1,
    slug="rowan-testerly",
    name="Rowan Testerly",
    suffix="MD",
    professions=(Term("psychologist", "Psychologist"), Term("medical-doctor", "Medical Doctor")),
    conditions=(Term("migraine", "Migraine"),),
    conditions_allowed=True,
    credentials=(Badge("cst-t", "CST-T", "Upledger Institute", "assessed", 60),),
    languages=(Term("en", "English"), Term("es", "Spanish")),
    ages=(Term("adults", "Adults"),),
    access=(Term("parking", "Parking"),),
    practices=(EXACT_WITH_VISITS, DENVER),
    about="Unhurried.",
    fees="90",
    phone="+1 303-555-0125",
    email="rowan@practice.example",
    website="https://practice.example",
    accepting=False,
    confirmed_on=date(2026, 11, 1),
    is_demo=False,
)
BUSINESS = {
    "@type": "Physician",
    "telephone": "+1 303-555-0125",
    "email": "rowan@practice.example",
    "sameAs": "https://practice.example",
    "isAcceptingNewPatients": False,
}


def test_a_whole_listing_as_schema_org_data():
    document = markup.person(PROFILE, URL)

    assert document == {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": "Rowan Testerly",
        "honorificSuffix": "MD",
        "url": URL,
        "hasOccupation": [
            {"@type": "Occupation", "name": "Psychologist"},
            {"@type": "Occupation", "name": "Medical Doctor"},
        ],
        "knowsLanguage": ["English", "Spanish"],
        "hasCredential": [
            {
                "@type": "EducationalOccupationalCredential",
                "name": "CST-T",
                "recognizedBy": {"@type": "Organization", "name": "Upledger Institute"},
            }
        ],
        "worksFor": [
            {
                **BUSINESS,
                "name": "Stillwater Rooms",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "12 Invented Street",
                    "addressLocality": "Boulder",
                    "addressRegion": "Colorado",
                    "postalCode": "80302",
                    "addressCountry": "US",
                },
                "geo": {"@type": "GeoCoordinates", "latitude": 40.0150, "longitude": -105.2705},
                "areaServed": {"@type": "Place", "name": "Boulder"},
            },
            {
                **BUSINESS,
                "name": "Rowan Testerly, MD",
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": "Denver",
                    "addressRegion": "Colorado",
                    "postalCode": "80202",
                    "addressCountry": "US",
                },
                "areaServed": {"@type": "Place", "name": "Denver"},
            },
        ],
    }


def test_what_nobody_says_is_left_out():
    bare = replace(
        PROFILE, suffix="", professions=(), credentials=(), languages=(), phone="", email="",
        website="", accepting=None, practices=(Practice(locality="Boulder", country="US"),),
    )  # fmt: skip

    document = markup.person(bare, URL)

    assert document == {
        "@context": "https://schema.org",
        "@type": "Person",
        "name": "Rowan Testerly",
        "url": URL,
        "worksFor": [
            {
                "@type": "LocalBusiness",
                "name": "Rowan Testerly",
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": "Boulder",
                    "addressCountry": "US",
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("practice", "has_position"),
    [
        (BOULDER, True),
        (replace(BOULDER, lat=0.0, lon=0.0), True),
        (replace(BOULDER, hide_address=True), False),
        (replace(BOULDER, precision="postcode"), False),
        (replace(BOULDER, lat=None, lon=None), False),
    ],
)
def test_only_an_exact_address_that_is_shown_has_a_position(practice, has_position):
    [business] = markup.person(replace(PROFILE, practices=(practice,)), URL)["worksFor"]

    assert ("geo" in business) is has_position


@pytest.mark.parametrize("accepting", [True, False, None])
def test_whether_there_is_room_is_said_only_when_it_is_known(accepting):
    [business] = markup.person(replace(PROFILE, practices=(BOULDER,), accepting=accepting), URL)[
        "worksFor"
    ]

    assert business.get("isAcceptingNewPatients") is accepting


def test_a_home_that_nobody_is_visited_from_serves_no_area():
    [business] = markup.person(replace(PROFILE, practices=(BOULDER,)), URL)["worksFor"]

    assert "areaServed" not in business
