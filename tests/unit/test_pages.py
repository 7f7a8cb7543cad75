"""The pages of the editor as forms: what comes out of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from directory.errors import Invalid
from directory.files import terms as taxonomy
from directory.models import Kind, Opening, Price, Taxonomy
from directory.promises import lint, rewritten
from directory.schemas import hours, read
from directory.schemas.pages import SCHEMAS, PlaceSchema


@pytest.fixture(scope="module")
def known() -> Taxonomy:
    terms = taxonomy.read()
    by_kind = {kind: {one.slug: one for one in terms if one.kind is kind} for kind in Kind}
    return Taxonomy(
        professions=by_kind[Kind.PROFESSION],
        conditions=by_kind[Kind.CONDITION],
        credentials=by_kind[Kind.CREDENTIAL],
        synonyms={},
    )


@pytest.fixture
def answer(known):
    """Call it with a page and its boxes."""

    def answer(page, boxes, countries=()):
        return read(SCHEMAS[page](known, countries), MultiDict(boxes))

    return answer


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("9-5", "09:00–17:00"),
        ("9–17", "09:00–17:00"),
        ("9:30 to 12, 14-18.30", "09:30–12:00, 14:00–18:30"),
        ("9-12, 2-5", "09:00–12:00, 14:00–17:00"),
        ("1-5pm", "13:00–17:00"),
        ("8-9pm", "20:00–21:00"),
        ("11-1pm", "11:00–13:00"),
        ("9h-17h30", "09:00–17:30"),
        ("10 a.m. – 4 p.m.", "10:00–16:00"),
        ("02:00-05:00", "02:00–05:00"),
        ("0-24", "00:00–24:00"),
        ("Closed", ""),
        ("–", ""),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(typed, shown):
    assert hours.shown(hours.stretches(0, typed), 0) == shown


@pytest.mark.parametrize(
    "typed", ["9-5, 4-6", "25-26", "nine to five", "9:75-10", "13pm-14pm", "9"]
)
def test_hours_that_cannot_be_read_say_how_to_write_them(typed):
    with pytest.raises(ValidationError, match="Write it like 9:00–17:00"):
        hours.stretches(0, typed)


minutes = st.integers(0, 24 * 60).map(lambda m: f"{m // 60:02}:{m % 60:02}")


@given(st.lists(minutes, min_size=0, max_size=8, unique=True), st.integers(0, 6))
def test_hours_that_are_shown_are_read_back_the_same(times, day):
    times = sorted(times)
    week = tuple(Opening(day, *pair) for pair in zip(times[::2], times[1::2], strict=False))

    assert hours.stretches(day, hours.shown(week, day)) == week


@given(st.text(max_size=40))
def test_no_text_for_a_day_does_worse_than_to_be_refused(typed):
    try:
        found = hours.stretches(3, typed)
    except ValidationError:
        return

    assert list(found) == sorted(found)
    assert {one.day for one in found} <= {3}


def test_a_week_with_days_away_comes_out_in_order(answer):
    boxes = {
        "day0": "9-5",
        "day2": "9-12, 2-5",
        "closed1_first": "2026-12-24",
        "closed1_last": "2027-01-02",
        "closed1_note": "Back on Monday",
        "closed4_first": "2026-11-20",
        "accepting": "no",
        "sliding_scale": "yes",
    }

    times = answer("times", boxes)

    assert [(one.day, one.opens) for one in times["hours"]] == [
        (0, "09:00"),
        (2, "09:00"),
        (2, "14:00"),
    ]
    assert [(one.first, one.last) for one in times["closures"]] == [
        ("2026-11-20", "2026-11-20"),
        ("2026-12-24", "2027-01-02"),
    ]
    assert (times["accepting"], times["sliding_scale"]) == (False, True)


def test_each_wrong_time_is_told_at_its_box(answer):
    boxes = {"day1": "often", "closed2_first": "2026-12-24", "closed2_last": "2026-12-01"}

    with pytest.raises(Invalid) as refused:
        answer("times", boxes)

    assert set(refused.value.fields) == {"day1", "closed2_first"}


def test_nothing_but_the_boxes_of_a_page_comes_out(answer):
    boxes = {
        "name": "Rowan Testerly",
        "role": "admin",
        "status": "live",
        "owner_id": "1",
        "approved_at": "2026-01-01",
        "about": "Words of another page",
    }

    said = answer("you", boxes)

    assert said == {"name": "Rowan Testerly", "suffix": "", "practitioner": ""}


@pytest.mark.parametrize(
    ("page", "boxes", "wrong"),
    [
        ("you", {"name": "=1+1"}, "name"),
        ("you", {"name": " "}, "name"),
        ("work", {}, "professions"),
        ("work", {"professions": "wizard"}, "professions"),
        ("people", {"conditions": "no-such-thing"}, "conditions"),
        ("people", {"languages": "klingonisch"}, "languages"),
        ("contact", {"website": "javascript:alert(1)"}, "website"),
        ("contact", {"website": "java\tscript:alert(1)"}, "website"),
        ("contact", {"website": "data:text/html,hi"}, "website"),
        ("contact", {"phone": "12"}, "phone"),
        ("contact", {"email": "a\r\nBcc: b@example.org"}, "email"),
        ("words", {"about": "a" * 2001}, "about"),
        ("words", {"about": "\u202eevil"}, "about"),
    ],
)
def test_what_will_not_do_is_told_at_its_box(answer, page, boxes, wrong):
    with pytest.raises(Invalid) as refused:
        answer(page, boxes)

    assert list(refused.value.fields) == [wrong]


def test_rcst_is_for_practices_in_north_america(answer):
    boxes = {"professions": "massage-therapist", "credentials": "rcst-na"}

    with pytest.raises(Invalid):
        answer("work", boxes, countries=("DE",))

    assert answer("work", boxes, countries=("DE", "CA"))["credentials"] == ("rcst-na",)


def test_a_telephone_number_is_one_of_the_first_places_country(answer):
    there = answer("contact", {"phone": "030 901820"}, countries=("DE", "US"))

    assert there["phone"] == "+49 30 901820"


def test_a_place_needs_its_country_and_its_town_or_postcode():
    with pytest.raises(Invalid) as nothing:
        read(PlaceSchema(), MultiDict())
    with pytest.raises(Invalid) as no_town:
        read(PlaceSchema(), MultiDict({"country": "US"}))

    assert list(nothing.value.fields) == ["country"]
    assert list(no_town.value.fields) == ["locality"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It heals.", "It supports."),
        ("Healing hands", "Supporting hands"),
        ("I cured her", "I supported people with her"),
        ("Treats pain", "Works with pain"),
        ("a treatment", "a session"),
    ],
)
def test_a_promise_is_said_in_the_other_way_in_its_own_form(text, said):
    assert rewritten(text, lint(text)[0]) == said


@given(st.lists(st.sampled_from(["cures", "Heal", "quiet", "proven", "room", "**", "\n"])))
def test_every_rewrite_leaves_fewer_promises(parts):
    text = " ".join(parts)

    while flags := lint(text):
        text = rewritten(text, flags[0])
        assert len(lint(text)) == len(flags) - 1


def test_a_price_is_in_the_money_of_the_country_unless_another_is_said(answer):
    bare = answer("times", {"price_amount": "95,50", "price_minutes": "60"}, ("CH", "DE"))
    said = answer("times", {"price_amount": "1,200", "price_currency": "sek"}, ("CH",))
    none = answer("times", {"price_currency": "USD", "price_minutes": "60"}, ("US",))

    assert bare["price"] == Price(95.5, "CHF", 60)
    assert said["price"] == Price(1200, "SEK")
    assert none["price"] is None
    assert not {"price_amount", "price_currency", "price_minutes"} & said.keys()


@pytest.mark.parametrize(
    ("boxes", "box"),
    [
        ({"price_amount": "cheap"}, "price_amount"),
        ({"price_amount": "0"}, "price_amount"),
        ({"price_amount": "1e3"}, "price_amount"),
        ({"price_amount": "9" * 9}, "price_amount"),
        ({"price_amount": "95", "price_currency": "XYZ"}, "price_currency"),
        ({"price_amount": "95", "price_minutes": "an hour"}, "price_minutes"),
        ({"price_amount": "95"}, "price_amount"),  # and no place tells the currency
    ],
)
def test_what_is_no_price_is_told_at_its_box(answer, boxes, box):
    with pytest.raises(Invalid) as refused:
        answer("times", boxes)

    assert set(refused.value.fields) == {box}


def test_countries_served_are_named_as_people_name_them(answer):
    said = answer("places", {"online_only": "yes", "serves": "United Kingdom, Irland; fr"})

    assert said == {
        "access": (),
        "online": True,
        "online_only": True,
        "serves": ("GB", "IE", "FR"),
    }


def test_a_country_that_is_none_is_told(answer):
    with pytest.raises(Invalid) as refused:
        answer("places", {"serves": "Ireland, Narnia"})

    assert "Narnia" in str(refused.value.fields["serves"])
