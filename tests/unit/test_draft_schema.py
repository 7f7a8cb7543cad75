"""What practitioners may say, by any door."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from directory.models import Draft, Practice
from directory.schemas.draft import DraftSchema

PLACE = {"country": "US", "locality": "Boulder"}
PLAIN = {"name": "Rowan Testerly", "practices": [PLACE]}


def load(**changes) -> Draft:
    return DraftSchema().load(PLAIN | changes)


def load_practice(**changes) -> Practice:
    return load(practices=[PLACE | changes]).practices[0]


def refused(**changes) -> dict:
    with pytest.raises(ValidationError) as caught:
        load(**changes)
    return caught.value.messages_dict


def test_a_full_draft_comes_back_equal_from_its_own_json():
    draft = load(
        suffix="LMT",
        professions=["massage-therapist"],
        conditions=["migraine", "tmj"],
        credentials=["cst-t"],
        languages=["en", "es"],
        ages=["adults"],
        access=["wheelchair"],
        about="One.\n\nTwo.",
        fees="$95 / 60 min",
        phone="(503) 555-0101",
        email="rowan@practice.example",
        website="https://rowan.example/about?x=1",
        accepting=False,
        by_appointment=True,
        free_talk=True,
        receipts=True,
        price={"amount": 95.5, "currency": "USD", "minutes": 60},
        online=True,
        serves=["US", "CA"],
        practitioner="another",
        practices=[PLACE | {"lat": 40.0, "lon": 0, "hide_address": True, "home_visit_km": 25}],
    )

    again = DraftSchema().load(json.loads(json.dumps(draft.to_json())))

    assert again == draft


def test_a_form_a_cell_and_json_say_the_same():
    as_text = load(languages="English; Spanish", ages="Babies|adults", accepting="yes", phone="")
    as_json = load(languages=["en", "es"], ages=["infants", "adults"], accepting=True)

    assert as_text == as_json


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//x.example",
        "java\tscript:alert(1)",
        "javascript://x.example/%0aalert(1)",
        "data:text/html,hello",
        "vbscript:x",
        "ftp://rowan.example",
        "//rowan.example",
        "https:\\\\rowan.example",
        "https://",
        "https://localhost",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[",
        "https://rowan",
        "https://-rowan.example",
        "https://rowan.example:99999999",
        "https://rowan.example/a b",
        'https://rowan.example/"onclick',
        "&#106;avascript:alert(1)",
    ],
)
def test_a_website_that_is_no_plain_web_address_is_refused(address):
    assert refused(website=address).keys() == {"website"}


def test_a_website_cannot_carry_a_password():
    assert "password" in refused(website="https://rowan:secret@rowan.example")["website"][0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://rowan.example", "https://rowan.example"),
        ("http://rowan.example:8080/a?b=c#d", "http://rowan.example:8080/a?b=c#d"),
        ("www.rowan.example", "https://www.rowan.example"),
        ("https://münchen.example/über", "https://münchen.example/über"),
        ("", ""),
    ],
)
def test_a_plain_web_address_is_kept(typed, kept):
    assert load(website=typed).website == kept


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("US", "(503) 555-0101", "+1 503-555-0101"),
        ("DE", "0221 5550103", "+49 221 5550103"),
        ("GB", "+1 303 555 0102", "+1 303-555-0102"),
        ("GB", "020 7946 0123", "+44 20 7946 0123"),
    ],
)
def test_a_phone_number_is_read_as_one_of_its_country(country, typed, kept):
    draft = load(phone=typed, practices=[PLACE | {"country": country}])

    assert draft.phone == kept


@pytest.mark.parametrize("typed", ["12", "call me", "+999 1234567", "555-0101-5550101-555-0101"])
def test_what_cannot_be_dialled_is_no_phone_number(typed):
    assert refused(phone=typed).keys() == {"phone"}


@pytest.mark.parametrize("typed", ["not an email", "a@b", "@practice.example", "a b@c.example"])
def test_an_email_without_its_shape_is_refused(typed):
    assert refused(email=typed).keys() == {"email"}


@pytest.mark.parametrize("char", ["\0", "\x1b", "\x85", "\u202e", "\u2066", "\ud800"])
@pytest.mark.parametrize("field", ["name", "suffix", "about", "fees"])
def test_characters_that_nobody_can_read_are_refused(field, char):
    messages = refused(**{field: f"Rowan{char}Testerly"})

    assert f"U+{ord(char):04X}" in messages[field][0]


def test_languages_written_from_right_to_left_are_welcome():
    assert load(name="נועה לדוגמה", about="מרפאה שקטה").name == "נועה לדוגמה"


@pytest.mark.parametrize("sign", "=+-@")
def test_a_name_that_a_spreadsheet_would_run_is_refused(sign):
    assert refused(name=f'{sign}HYPERLINK("x")').keys() == {"name"}


@pytest.mark.parametrize(
    ("field", "most"),
    [("name", 120), ("suffix", 80), ("about", 4000), ("fees", 400)],
)
def test_texts_have_a_longest_length(field, most):
    assert len(getattr(load(**{field: "x" * most}), field)) == most
    assert refused(**{field: "x" * (most + 1)}).keys() == {field}


def test_a_name_is_needed_and_so_is_a_place():
    with pytest.raises(ValidationError) as caught:
        DraftSchema().load({"name": "  "})

    assert caught.value.messages_dict == {
        "name": ["The name is needed."],
        "practices": ["A place of work is needed."],
    }


@pytest.mark.parametrize("field", ["role", "status", "owner_id", "approved_at", "is_demo"])
def test_fields_that_are_not_ours_to_set_are_refused(field):
    assert refused(**{field: "1"}) == {field: ["We do not know this."]}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("de", "de"),
        ("pt-BR", "pt"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("español", "es"),
        ("Englisch", "en"),
        ("te reo Māori", "mi"),
        ("Mandarin", "zh"),
        ("Norwegian", "no"),
    ],
)
def test_a_language_goes_by_code_or_any_name(typed, code):
    assert load(languages=[typed]).languages == (code,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("us", "US"),
        ("United States", "US"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("Scotland", "GB"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("Suisse", "CH"),
        ("the Netherlands", "NL"),
        ("Aotearoa", "NZ"),
        ("Éire", "IE"),
    ],
)
def test_a_country_goes_by_code_or_any_name(typed, code):
    assert load_practice(country=typed).country == code


@pytest.mark.parametrize("typed", ["ZZ", "EU", "Atlantis", "U", ""])
def test_what_is_no_country_is_refused(typed):
    assert "country" in refused(practices=[PLACE | {"country": typed}])["practices"][0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((word, True) for word in ("yes", "Y", "true", "1", True)),
        *((word, False) for word in ("no", "N", "false", "0", False)),
        *((word, None) for word in ("", " ", None)),
    ],
)
def test_accepting_is_yes_no_or_nothing(said, meant):
    assert load(accepting=said).accepting is meant


def test_a_given_position_is_exact_and_zero_is_a_coordinate():
    practice = load_practice(lat="5.6", lon="0")

    assert (practice.lat, practice.lon, practice.precision) == (5.6, 0.0, "exact")


def test_a_position_that_was_looked_up_keeps_its_precision():
    practice = load_practice(lat=40.0, lon=-105.0, precision="locality")

    assert practice.precision == "locality"


def test_a_precision_without_a_position_means_nothing():
    assert load_practice(precision="exact").precision == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lat": 1}, "lon"),
        ({"lon": 1}, "lat"),
        ({"lat": 91, "lon": 0}, "lat"),
        ({"lat": 0, "lon": -181}, "lon"),
        ({"lat": "nan", "lon": 0}, "lat"),
        ({"lat": 0, "lon": "inf"}, "lon"),
        ({"lat": "north", "lon": 0}, "lat"),
        ({"home_visit_km": 301}, "home_visit_km"),
        ({"home_visit_km": -1}, "home_visit_km"),
        ({"home_visit_km": "far"}, "home_visit_km"),
        ({"locality": ""}, "locality"),
    ],
)
def test_a_practice_that_cannot_be_is_refused_by_field(changes, field):
    assert refused(practices=[PLACE | changes])["practices"][0].keys() == {field}


@pytest.mark.parametrize("practices", [[], [PLACE] * 11, "Boulder", ["Boulder"], None])
def test_there_are_between_one_and_ten_practices(practices):
    assert refused(practices=practices).keys() == {"practices"}


@pytest.mark.parametrize("slug", ["Massage Therapist", "a--b", "migraine<script>", "-"])
def test_a_term_is_a_slug(slug):
    assert refused(professions=[slug]).keys() == {"professions"}


def test_terms_repeat_once():
    assert load(conditions=["tmj", "migraine", "tmj"]).conditions == ("tmj", "migraine")


@pytest.mark.parametrize(("country", "allowed"), [("US", True), ("CA", True), ("GB", False)])
def test_rcst_of_north_america_is_for_practices_there(country, allowed):
    changes = {"credentials": ["rcst-na"], "practices": [PLACE | {"country": country}]}

    if allowed:
        assert load(**changes).credentials == ("rcst-na",)
    else:
        assert refused(**changes).keys() == {"credentials"}


TEXT = st.text(max_size=60)
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.lists(TEXT))


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(DraftSchema().fields)), ANYTHING),
    st.dictionaries(st.sampled_from(["lat", "lon", "locality", "country", "precision"]), ANYTHING),
)
def test_whatever_comes_in_is_a_sound_draft_or_a_clear_refusal(given, practice):
    try:
        draft = DraftSchema().load(PLAIN | given | {"practices": [PLACE | practice]})
    except ValidationError:
        return

    assert DraftSchema().load(json.loads(json.dumps(draft.to_json()))) == draft
