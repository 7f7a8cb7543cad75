"""Values as HTML, JSON-LD, vCard and words: small things that must not go wrong."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Practice
from directory.usecases.visitors.results import Badge, Profile, Term
from directory.web.formatting import filters, prose
from directory.web.formatting.telephones import telephone
from directory.web.visitors import markup
from directory.web.visitors.vcards import vcard
from tests import factories

FACE = Profile(
    listing_id=1,
    slug="rowan-testerly",
    name="Rowan Testerly",
    suffix="LMT",
    professions=(Term("massage-therapist", "Massage Therapist"),),
    conditions=(Term("migraine", "Migraine"),),
    conditions_allowed=True,
    credentials=(Badge("cst-t", "CST-T", "Upledger Institute", "assessed", 60),),
    languages=(Term("en", "English"),),
    ages=(),
    access=(),
    practices=(factories.BOULDER,),
    about="",
    fees="",
    phone="+1 303-555-0125",
    email="rowan@practice.example",
    website="https://practice.example",
    accepting=True,
    confirmed_on=date(2026, 11, 1),
    is_demo=False,
)
URL = "https://site.example/practitioners/rowan-testerly"


def of_profession(slug):
    return replace(FACE, professions=(Term(slug, slug),))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**calm** and *slow*", "<p><strong>calm</strong> and <em>slow</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("<b>loud</b>", "<p>&lt;b&gt;loud&lt;/b&gt;</p>"),
        ("# No heading", "<p># No heading</p>"),
        ("![x](https://a.example/x.png)", None),
    ],
)
def test_prose_knows_a_little_markdown_and_no_html(written, shown):
    html = str(prose.render(written)).strip()

    assert html == shown if shown else "<img" not in html


def test_links_in_prose_carry_no_weight_and_tell_nothing():
    html = prose.render("[mine](https://practice.example)")

    assert 'href="https://practice.example"' in html
    assert 'rel="nofollow noreferrer ugc"' in html


@pytest.mark.parametrize(
    "evil",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "<script>alert(1)</script>",
        "[x](java\tscript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "[x](&#106;avascript:alert(1))",
    ],
)
def test_nothing_in_prose_can_run(evil):
    html = str(prose.render(evil))

    assert "<script" not in html
    assert "<img" not in html
    assert "href=" not in html


@given(st.text(max_size=200))
def test_prose_takes_any_text(text):
    assert "<script" not in prose.render(text)


def test_an_excerpt_is_plain_and_cut_between_words():
    assert prose.excerpt("**Calm** & slow", 50) == "Calm & slow"
    assert prose.excerpt("one two three four", 9) == "one two …"


def test_a_hidden_address_is_a_town_without_a_position_in_json_ld():
    hidden = replace(factories.BOULDER, hide_address=True, address="", postcode="")

    [business] = markup.person(replace(FACE, practices=(hidden,)), URL)["worksFor"]

    assert business["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Boulder",
        "addressRegion": "Colorado",
        "addressCountry": "US",
    }
    assert "geo" not in business


@pytest.mark.parametrize(
    ("profession", "kind", "says_accepting"),
    [
        ("medical-doctor", "Physician", True),
        ("dentist", "Dentist", True),
        ("physical-therapist", "Physiotherapy", False),
        ("registered-nurse", "Nursing", False),
        ("midwife", "Midwifery", False),
        ("massage-therapist", "HealthAndBeautyBusiness", False),
        ("psychologist", "LocalBusiness", False),
    ],
)
def test_a_business_is_typed_by_profession(profession, kind, says_accepting):
    [business] = markup.person(of_profession(profession), URL)["worksFor"]

    assert business["@type"] == kind
    assert ("isAcceptingNewPatients" in business) is says_accepting


def test_json_ld_names_no_condition():
    assert "migraine" not in str(markup.person(FACE, URL)).lower()


def test_a_vcard_escapes_what_its_format_speaks_in():
    profile = replace(FACE, name="Ro;wan, the\\Second", suffix="", email="a@b.example\r\nEND:VCARD")

    lines = vcard(profile, URL).split("\r\n")

    assert "FN:Ro\\;wan\\, the\\\\Second" in lines
    assert "EMAIL;TYPE=work:a@b.example\\nEND:VCARD" in lines
    assert lines.count("END:VCARD") == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_vcard_lines_are_short_and_unfold_to_what_was_said(name):
    text = vcard(replace(FACE, name=name, suffix=""), URL)

    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert sum(line.startswith("FN:") for line in text.replace("\r\n ", "").split("\r\n")) == 1


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("+44 (0)20 7946 0000", "GB", "+442079460000"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("303.555.0125", "US", "+13035550125"),
        ("ask at the desk: 12", "US", "12"),
    ],
)
def test_a_telephone_number_is_dialled_from_anywhere(written, country, dialled):
    assert telephone(written, country) == dialled


@pytest.mark.parametrize(
    ("km", "miles", "said"),
    [
        (1.609344, True, "1 mile away"),
        (3.4, True, "2.1 miles away"),
        (3.4, False, "3.4 km away"),
        (42.4, False, "42 km away"),
        (0.2, False, "under 500 m away"),
        (0.2, True, "under half a mile away"),
    ],
)
def test_distances_read_as_people_say_them(app, km, miles, said):
    with app.test_request_context():
        assert filters.away(km, factories.BOULDER, miles) == said


def test_a_place_known_by_its_town_is_never_told_to_the_yard(app):
    somewhere = Practice(
        country="US", locality="Boulder", lat=40.0, lon=-105.3, precision="locality"
    )
    with app.test_request_context():
        assert filters.away(0.3, somewhere, in_miles=True) == "close by"
        assert filters.away(9.7, somewhere, in_miles=False) == "about 10 km away"


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (10**9, 3, [1, 2, 3]),
    ],
)
def test_page_numbers_are_the_ends_and_the_neighbours(page, pages, shown):
    assert list(filters.page_window(page, pages)) == shown


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Confirmed today"),
        (1, "Confirmed 1 day ago"),
        (12, "Confirmed 12 days ago"),
        (90, "Confirmed 3 months ago"),
    ],
)
def test_confirmation_is_told_in_days_then_months(app, days, said):
    with app.test_request_context():
        day = factories.TODAY.fromordinal(factories.TODAY.toordinal() - days)
        assert filters.ago(day) == said
