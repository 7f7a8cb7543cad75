"""GET /api/v1/practitioners: the contract's answer, field by field."""

from datetime import date

from directory.models import Practice
from tests import factories
from tests.sites import rebuild_index

URL = "/api/v1/practitioners"
ANSWER = [
    "total",
    "page",
    "per_page",
    "day",
    "next",
    "prev",
    "took_ms",
    "results",
    "facets",
    "place",
    "currency",
    "understood",
    "did_you_mean",
    "relaxations",
    "partial",
    "notes",
]
RESULT = [
    "id",
    "slug",
    "name",
    "professions",
    "conditions",
    "credentials",
    "languages",
    "accepting",
    "price",
    "online",
    "phone",
    "photo",
    "is_demo",
    "confirmed_on",
    "updated_at",
    "locations",
    "url",
    "distance_km",
    "score",
    "why",
]
FACETS = [
    *("profession", "condition", "language", "credential", "ages", "access"),
    *("times", "fees", "online", "serves", "practitioner"),
]


def ask(client, **params):
    response = client.get(URL, query_string=params)
    assert response.status_code == 200, response.text
    return response.json


def found(answer):
    return [result["slug"] for result in answer["results"]]


def relisted(runtime, **changes):
    """One more listing, findable at once."""
    with runtime.transaction() as session:
        factories.listing(session, **changes)
    rebuild_index(runtime.config)


def test_plain_words_give_the_whole_answer_of_the_contract(indexed, client):
    answer = ask(client, q="chiropractor for migraines near Boulder")

    assert list(answer) == ANSWER
    assert (answer["total"], answer["page"], answer["per_page"]) == (1, 1, 20)
    assert isinstance(answer["took_ms"], float)
    assert answer["understood"]["profession"] == ["chiropractor"]
    assert answer["understood"]["condition"] == ["migraine"]
    assert answer["understood"]["place"].casefold() == "boulder"
    assert answer["understood"]["text"] == ""
    assert answer["did_you_mean"] is None


def test_a_result_says_what_the_contract_promises_and_no_more(indexed, client):
    result = ask(client, q="chiropractor for migraines near Boulder")["results"][0]

    assert list(result) == RESULT
    assert result["slug"] == "juniper-exampleton"
    assert result["name"] == "Juniper Exampleton"
    assert result["professions"] == ["chiropractor"]
    assert sorted(result["conditions"]) == ["migraine", "neck-pain"]
    assert result["credentials"] == ["cst-t"]
    assert result["languages"] == ["en", "es"]
    assert result["accepting"] is True
    assert date.fromisoformat(result["confirmed_on"]) == factories.TODAY
    assert isinstance(result["score"], float)
    assert result["url"] == f"{indexed.config.base_url}/practitioners/juniper-exampleton"
    assert [list(spot) for spot in result["locations"]] == [
        ["locality", "region", "country", "postcode", "lat", "lon"]
    ] * 2


def test_the_place_says_what_was_searched_around(indexed, client):
    place = ask(client, near="Boulder, CO", within="25mi")["place"]

    assert list(place) == ["label", "kind", "lat", "lon", "within_km", "alternatives", "beyond"]
    assert place["label"].startswith("Boulder, Colorado")
    assert abs(place["lat"] - 40.01) < 0.1
    assert abs(place["lon"] + 105.27) < 0.1
    assert (place["kind"], place["within_km"]) == ("point", 40.23)


def test_an_area_says_so_and_has_no_radius(indexed, client):
    place = ask(client, near="Colorado", within="25mi")["place"]

    assert (place["label"], place["kind"]) == ("Colorado, US", "area")
    assert place["within_km"] is None


def test_other_places_of_the_name_are_offered(indexed, client):
    place = ask(client, near="Portland")["place"]

    labels = [other["label"] for other in place["alternatives"]]
    assert place["label"].startswith("Portland, Oregon")
    assert any("Maine" in label for label in labels)
    assert [list(other) for other in place["alternatives"]] == [["label", "lat", "lon"]] * len(
        labels
    )


def test_an_offered_place_can_be_asked_for_by_its_label(indexed, client):
    other = ask(client, near="Portland")["place"]["alternatives"][0]

    place = ask(client, near=other["label"])["place"]

    assert place["label"] == other["label"]


def test_without_a_place_there_is_none_and_no_distance(indexed, client):
    answer = ask(client, profession="midwife")

    assert answer["place"] is None
    assert [result["distance_km"] for result in answer["results"]] == [None]


def test_a_place_gives_distances_nearest_first_and_among_the_reasons(indexed, client):
    results = ask(client, near="Denver, CO")["results"]

    distances = [result["distance_km"] for result in results]
    assert distances == sorted(distances)
    assert any("km away" in reason for reason in results[0]["why"])


def test_longitude_zero_is_a_coordinate(indexed, client):
    answer = ask(client, lat="51.4779", lon="0", within="5km")

    assert answer["place"]["lon"] == 0
    assert "alder-specimen" in found(answer)


def test_every_facet_is_there_most_results_first(indexed, client):
    facets = ask(client)["facets"]

    assert list(facets) == FACETS
    for values in facets.values():
        assert values == sorted(values, key=lambda value: (-value["count"], value["label"]))
        assert all(list(value) == ["value", "label", "count"] for value in values)
    counts = {value["value"]: value["count"] for value in facets["profession"]}
    assert counts["chiropractor"] == 2
    assert facets["condition"]


def test_few_results_come_with_ways_on_that_give_what_they_promise(indexed, client):
    answer = ask(client, profession="chiropractor", language="es")

    ways = answer["relaxations"]
    assert [way["drop"] for way in ways].count("language") == 1
    for way in ways:
        assert list(way) == ["drop", "label", "total", "url"]
        assert way["url"].startswith(f"{indexed.config.base_url}{URL}")
        there = client.get(way["url"].removeprefix(indexed.config.base_url)).json
        assert there["total"] == way["total"] > answer["total"]


def test_another_spelling_is_offered_when_nothing_is_found(indexed, client):
    answer = ask(client, q="Exampletom")

    assert answer["did_you_mean"] == "Exampleton" or answer["did_you_mean"] == "exampleton"
    assert ask(client, q=answer["did_you_mean"])["total"] == 1


def test_a_serious_condition_comes_with_advice(indexed, client):
    serious = next(term.slug for term in indexed.taxonomy.conditions.values() if term.serious)

    notes = ask(client, condition=serious)["notes"]

    assert any("see a doctor first" in note for note in notes)


def test_a_listing_in_great_britain_names_no_conditions(indexed, client):
    results = ask(client, near="London", per_page="100")["results"]

    assert "willow-sampleford" in [result["slug"] for result in results]
    assert [result["conditions"] for result in results] == [[]] * len(results)


def test_a_hidden_address_is_shown_to_about_a_kilometre(indexed, client):
    exact = Practice(
        locality="Boulder",
        region="Colorado",
        country="US",
        address="7 Secret Lane",
        lat=40.018273,
        lon=-105.276451,
        precision="exact",
        hide_address=True,
    )
    relisted(indexed, name="Fern Hidden", practices=(exact,))

    answer = ask(client, q="Fern Hidden", near="Boulder, CO")

    (result,) = answer["results"]
    assert (result["locations"][0]["lat"], result["locations"][0]["lon"]) == (40.02, -105.28)
    assert result["distance_km"] == round(result["distance_km"])


def test_what_was_hidden_since_the_index_was_built_is_not_shown(indexed, client):
    assert "birch-unseen" not in found(ask(client, per_page="100"))


def test_text_is_told_as_it_is(indexed, client):
    (result,) = ask(client, profession="bodyworker")["results"]

    assert result["name"] == "Maple <script>alert(1)</script>"


def test_pages_cover_all_results_once(indexed, client):
    whole = found(ask(client, per_page="100"))

    pages = [found(ask(client, per_page="4", page=str(number))) for number in (1, 2, 3, 4)]

    assert [slug for page in pages for slug in page] == whole
    assert pages[-1] == []


def test_an_answer_that_still_holds_is_304(indexed, client):
    first = client.get(URL, query_string={"q": "osteopath"})

    again = client.get(
        URL, query_string={"q": "osteopath"}, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_another_answer_has_another_tag(indexed, client):
    first = client.get(URL, query_string={"q": "osteopath"})

    other = client.get(
        URL, query_string={"q": "midwife"}, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


def test_an_answer_is_private_and_sets_no_cookie(indexed, client):
    response = client.get(URL, headers={"Origin": "https://evil.example"})

    assert "private" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_without_an_index_the_search_says_so(runtime, client):
    response = client.get(URL)

    assert response.status_code == 503
    assert response.content_type == "application/problem+json"
    assert str(runtime.config.data_dir) not in response.text
    assert "SearchUnavailable" not in response.text
