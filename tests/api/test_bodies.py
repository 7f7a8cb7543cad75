"""The search of the API by POST: the same answer, to what no address holds."""

import json

import pytest

from directory.api.asking import names_of
from directory.schemas.search import ApiSearchSchema

PATH = "/api/v1/practitioners"
ASKED = (
    {},
    {"q": "migraine", "sort": "name"},
    {"profession": ["massage-therapist", "chiropractor"], "page": 1, "per_page": 2},
    {"near": "Boulder, CO", "within": "40km", "accepting": True},
    {"lat": 40.015, "lon": -105.27, "home_visits": False, "q": None},
)


def in_address(asked):
    """As an address says it."""
    values = {True: "1", False: "0"}
    return {
        name: values[value] if isinstance(value, bool) else value
        for name, value in asked.items()
        if value is not None
    }


def found(answer):
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json.items() if name != "took_ms"}


@pytest.mark.parametrize("asked", ASKED)
def test_an_address_a_form_and_json_get_the_same_answer(client, indexed, asked):
    by_address = client.get(PATH, query_string=in_address(asked))
    by_form = client.post(PATH, data=in_address(asked))
    by_json = client.post(PATH, json=asked)

    assert found(by_address) == found(by_form) == found(by_json)
    assert by_json.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in by_json.headers


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, {"data": "{", "content_type": "application/json"}),
        (400, {"data": "[" * 100_000, "content_type": "application/json"}),
        (400, {"data": b"\xff", "content_type": "application/json"}),
        (400, {"data": f'{{"page": {"9" * 5000}}}', "content_type": "application/json"}),
        (400, {"json": ["q"]}),
        (400, {"json": "q"}),
        (415, {"data": "q=x", "content_type": "text/plain"}),
        (415, {"data": "<q/>", "content_type": "application/xml"}),
        (422, {"json": {"q": {"nested": "x"}}}),
        (422, {"json": {"q": [["x"]]}}),
        (422, {"json": {"q": ["a", "b"]}}),
        (422, {"json": {"lat": float("nan"), "lon": 1}}),
        (422, {"json": {"page": 0}}),
        (422, {"json": {"profession": ["\ud800"]}}),
        (422, {"data": {"sort": "price"}}),
        (413, {"data": {"q": "x" * 2_000_000}}),
    ],
)
def test_what_cannot_be_read_is_a_problem_told_in_our_words(client, indexed, status, sent):
    answer = client.post(PATH, **sent)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert "JSON object" not in answer.json["detail"]


def test_the_document_names_the_same_parameters_for_both(client):
    ways = json.loads(client.get("/api/openapi.json").data)["paths"][PATH]

    named = {one["name"] for one in ways["get"]["parameters"] if one["in"] == "query"}
    bodies = ways["post"]["requestBody"]["content"]
    assert set(bodies) == {"application/json", "application/x-www-form-urlencoded"}
    for body in bodies.values():
        assert set(body["schema"]["properties"]) == named == set(names_of(ApiSearchSchema()))
