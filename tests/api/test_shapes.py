"""How an answer is written: less of it, as a map, page by page."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from directory.models import Listing
from tests import factories

URL = "/api/v1/practitioners"


def ask(client, **asked):
    answer = client.get(URL, query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer


def go(client, address, runtime):
    assert address.startswith(runtime.config.base_url)
    return client.get(address.removeprefix(runtime.config.base_url))


def test_the_next_page_is_named_until_all_were_shown_once(indexed, client):
    everybody = [one["id"] for one in ask(client, per_page=100).json["results"]]
    answer = ask(client, per_page=4, facets=0, fields="slug")
    seen, pages = [], 0

    while True:
        pages += 1
        seen += [one["id"] for one in answer.json["results"]]
        assert answer.json["facets"] is None
        following = answer.json["next"]
        assert (f'<{following}>; rel="next"' in answer.headers.getlist("Link")) == bool(following)
        assert ('rel="prev"' in str(answer.headers)) == (pages > 1)
        if following is None:
            break
        answer = go(client, following, indexed)

    assert seen == everybody
    assert pages == -(-len(everybody) // 4)
    before = go(client, answer.json["prev"], indexed).json
    assert before["page"] == pages - 1


def test_paging_past_midnight_keeps_the_order_that_it_began_with(indexed, client):
    whole = [one["id"] for one in ask(client, per_page=100).json["results"]]
    first = ask(client, per_page=4).json

    indexed.clock = lambda: factories.NOW + timedelta(days=1)
    second = go(client, first["next"], indexed).json
    anew = [one["id"] for one in ask(client, per_page=100).json["results"]]

    assert [one["id"] for one in second["results"]] == whole[4:8]
    assert second["day"] == first["day"]
    assert anew != whole


def test_what_is_hidden_today_is_not_shown_in_the_order_of_yesterday(indexed, client):
    first = ask(client, per_page=4).json
    following = [one["id"] for one in go(client, first["next"], indexed).json["results"]]
    with indexed.transaction() as session:
        session.get(Listing, following[0]).pause()

    indexed.clock = lambda: factories.NOW + timedelta(days=1)

    shown = [one["id"] for one in go(client, first["next"], indexed).json["results"]]
    assert shown == following[1:]


def test_beyond_the_end_the_last_page_is_the_one_before(indexed, client):
    answer = ask(client, per_page=4, page=99).json

    assert (answer["results"], answer["next"]) == ([], None)
    assert go(client, answer["prev"], indexed).json["results"]


def test_what_is_asked_in_a_body_stands_in_no_header(indexed, client):
    answer = client.post(URL, json={"q": "massage", "per_page": 1})

    assert answer.json["next"]
    assert "Link" not in answer.headers


def test_only_the_fields_that_are_named_are_there_and_the_number(indexed, client):
    by_commas = ask(client, fields="slug,distance_km", near="Boulder, CO").json["results"]
    repeated = ask(client, fields=["slug", "distance_km"], near="Boulder, CO").json["results"]

    assert by_commas == repeated
    assert {tuple(one) for one in by_commas} == {("id", "slug", "distance_km")}


def test_a_small_answer_without_filters_is_a_quarter_of_a_whole_one(indexed, client):
    small = ask(client, q="osteopath", facets=0, fields="slug")

    assert small.content_length * 4 < ask(client, q="osteopath").content_length


def test_a_warm_answer_tells_what_changed_since(indexed, client):
    before = ask(client, q="osteopath").json["results"]
    with indexed.transaction() as session:
        session.get(Listing, before[0]["id"]).slug = "another-address"

    after = ask(client, q="osteopath").json["results"]

    assert after[0]["slug"] == "another-address"
    assert after[0]["url"].endswith("/another-address")
    assert after[0]["id"] == before[0]["id"]


def test_a_map_has_everybody_at_the_practice_that_is_shown(indexed, client):
    plain = ask(client, near="Denver, CO").json
    mapped = ask(client, near="Denver, CO", format="geojson")
    accepted = client.get(
        URL, query_string={"near": "Denver, CO"}, headers={"Accept": "application/geo+json"}
    )

    assert mapped.mimetype == accepted.mimetype == "application/geo+json"
    assert mapped.json["features"] == accepted.json["features"]
    assert "Accept" in accepted.headers["Vary"].split(", ")
    assert mapped.json["type"] == "FeatureCollection"
    assert [one["properties"] for one in mapped.json["features"]] == plain["results"]
    for one in mapped.json["features"]:
        lon, lat = one["geometry"]["coordinates"]
        spots = [(spot["lat"], spot["lon"]) for spot in one["properties"]["locations"]]
        assert (lat, lon) in spots


def test_a_box_finds_who_practises_in_it_and_nobody_else(indexed, client):
    everybody = ask(client, per_page=100).json["results"]
    west, south, east, north = -106.0, 39.0, -104.0, 41.0

    answer = ask(client, bbox=f"{west},{south},{east},{north}", per_page=100).json

    inside = {
        one["id"]
        for one in everybody
        for spot in one["locations"]
        if spot["lat"] and south <= spot["lat"] <= north and west <= spot["lon"] <= east
    }
    assert {one["id"] for one in answer["results"]} == inside
    assert answer["total"] == len(inside) > 0
    counted = {value["value"]: value["count"] for value in answer["facets"]["profession"]}
    assert sum(counted.values()) >= len(inside)


def test_every_address_that_is_offered_asks_for_the_same_shape(indexed, client):
    asked = {"profession": "chiropractor", "language": "es", "facets": "0", "fields": "slug"}

    for way in ask(client, **asked, bbox="-180,-90,180,90").json["relaxations"]:
        there = dict(parse_qsl(urlsplit(way["url"]).query))
        assert (there["facets"], there["fields"]) == ("0", "slug")
        assert there["bbox"] == "-180,-90,180,90"
        assert go(client, way["url"], indexed).json["total"] == way["total"]
