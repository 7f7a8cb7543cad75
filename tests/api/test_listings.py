"""GET /api/v1/practitioners/<slug>: one listing, or why there is none."""

import pytest

from directory.models import Closure, Listing, Opening, Price, Slug, State
from tests import factories
from tests.databases import BOTH

URL = "/api/v1/practitioners"
LISTING = [
    "id",
    "slug",
    "name",
    "suffix",
    "professions",
    "conditions",
    "credentials",
    "languages",
    "ages",
    "access",
    "about",
    "first_visit",
    "background",
    "hours",
    "closures",
    "fees",
    "sliding_scale",
    "free_talk",
    "receipts",
    "price",
    "times",
    "online",
    "online_only",
    "serves",
    "practitioner",
    "phone",
    "email",
    "website",
    "accepting",
    "confirmed_on",
    "locations",
    "photo",
    "is_demo",
    "updated_at",
    "shown_until",
    "url",
]
PRACTICE = [
    "locality",
    "region",
    "country",
    "postcode",
    "lat",
    "lon",
    "name",
    "address",
    "home_visit_km",
]


@pytest.fixture
def listed(runtime):
    """Call it to make a public listing."""

    def make(**changes):
        with runtime.transaction() as session:
            return factories.listing(session, **changes).id

    return make


def test_a_listing_tells_what_its_page_tells_and_no_more(runtime, listed, client):
    listed(
        accepting=True,
        access=("parking",),
        fees="60 to 90",
        hours=(Opening(0, "09:00", "17:00"),),
        closures=(
            Closure("2026-12-24", "2027-01-02", "Holidays"),
            Closure("2025-01-01", "2025-01-02"),
        ),
    )

    answer = client.get(f"{URL}/rowan-testerly").json

    assert list(answer) == LISTING
    assert answer["hours"] == [{"day": 0, "opens": "09:00", "closes": "17:00"}]
    assert [closure["last"] for closure in answer["closures"]] == ["2027-01-02"]
    assert answer["name"] == "Rowan Testerly"
    assert answer["suffix"] == "LMT"
    assert answer["professions"] == ["massage-therapist"]
    assert answer["access"] == ["parking"]
    assert answer["accepting"] is True
    assert answer["confirmed_on"] == factories.TODAY.isoformat()
    assert answer["url"] == f"{runtime.config.base_url}/practitioners/rowan-testerly"
    assert list(answer["locations"][0]) == PRACTICE
    assert answer["locations"][0]["address"] == "12 Invented Street"


def test_a_listing_in_great_britain_names_no_conditions(listed, client):
    listed(practices=(factories.LONDON,), conditions=("migraine",))

    assert client.get(f"{URL}/rowan-testerly").json["conditions"] == []


def test_a_listing_that_still_holds_is_304(listed, client):
    listed()
    first = client.get(f"{URL}/rowan-testerly")

    again = client.get(f"{URL}/rowan-testerly", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_a_listing_is_read_without_an_index(listed, client):
    listed()

    assert client.get(f"{URL}/rowan-testerly").status_code == 200


def test_an_old_address_leads_to_the_new_one(runtime, listed, client):
    listing_id = listed()
    with runtime.transaction() as session:
        session.add(Slug(slug="rowan-before", listing_id=listing_id))

    response = client.get(f"{URL}/rowan-before")

    assert response.status_code == 301
    assert response.headers["Location"] == f"{URL}/rowan-testerly"


def test_an_erased_listing_is_gone(runtime, listed, client):
    listing_id = listed()
    with runtime.transaction() as session:
        session.get(Listing, listing_id).state = State.ERASED

    response = client.get(f"{URL}/rowan-testerly")

    assert response.status_code == 410
    assert response.json["status"] == 410


@pytest.mark.parametrize(
    "state", [state for state in State if state not in (State.LIVE, State.ERASED)]
)
def test_a_listing_that_is_not_live_is_not_found(listed, client, state):
    listed(state=state)

    response = client.get(f"{URL}/rowan-testerly")

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert "Rowan" not in response.text


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
@pytest.mark.parametrize("slug", ["nobody", "%00", "%F0%9F%92%9C", "..%2F..%2Fetc", "a" * 3000])
def test_a_slug_of_nobody_is_not_found(client, slug):
    response = client.get(f"{URL}/{slug}")

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_a_listing_tells_its_times_its_price_and_whom_it_serves_online(runtime, listed, client):
    listed(
        hours=(Opening(5, "08:00", "12:00"),),
        price=Price(95.5, "USD", 60),
        free_talk=True,
        online=True,
        practitioner="another",
    )

    answer = client.get(f"{URL}/rowan-testerly").json

    assert answer["times"] == ["saturday", "early"]
    assert answer["price"] == {"amount": 95.5, "currency": "USD", "minutes": 60}
    assert (answer["free_talk"], answer["receipts"], answer["online_only"]) == (True, False, False)
    assert (answer["serves"], answer["practitioner"]) == (["US"], "another")


def test_of_who_works_online_only_the_country_is_all_that_is_told(runtime, listed, client):
    listed(online=True, online_only=True, serves=("US", "CA"))

    answer = client.get(f"{URL}/rowan-testerly")

    (place,) = answer.json["locations"]
    told = {name: value for name, value in place.items() if value}
    assert told == {"country": "US"}
    assert "Boulder" not in answer.text
