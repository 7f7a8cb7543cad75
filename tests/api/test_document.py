"""The OpenAPI document, and the page that shows it."""

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from directory.api.asking import names_of
from directory.schemas.search import ApiSearchSchema


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json


def test_the_document_is_valid_openapi_3_1(document):
    OPENAPI_31_VALIDATOR.validate(document)

    assert document["openapi"].startswith("3.1")


def test_the_document_bears_the_name_of_the_site(runtime, document):
    assert document["info"]["title"] == runtime.config.site_name


def test_every_address_of_the_api_is_documented(app, document):
    served = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }

    assert set(document["paths"]) == served
    assert "/api/v1/practitioners" in served


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    for path in document["paths"].values():
        operation = path["get"]

        assert operation["summary"]
        assert operation["description"]
        assert {"200", "304", "500"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]


def test_every_operation_has_a_name_of_its_own_and_says_what_is_fair(document):
    ways = [(how, one) for path in document["paths"].values() for how, one in path.items()]
    operations = [one for how, one in ways if how in ("get", "post")]
    names = [one["operationId"] for one in operations]

    assert len(set(names)) == len(names) == 8
    for operation in operations:
        for status, response in operation["responses"].items():
            assert {"RateLimit", "RateLimit-Policy"} <= set(response["headers"]), status
        assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_the_document_says_where_the_site_is_whom_to_ask_and_on_which_terms(runtime, document):
    info = document["info"]

    assert document["servers"][0]["url"] == runtime.config.base_url
    assert info["contact"]["url"] == runtime.config.base_url
    assert info["license"]["identifier"] == "MIT"
    assert info["termsOfService"].startswith(f"{runtime.config.base_url}/api/docs#")


def test_every_example_in_the_document_is_a_good_question(indexed, client, document):
    asked = document["paths"]["/api/v1/practitioners"]["get"]["parameters"]
    told = {one["name"]: one["schema"].get("examples") for one in asked}
    examples = {name: given[0] for name, given in told.items() if given}

    assert len(examples) > 10
    for name, example in examples.items():
        pair = {"lat": 40, "lon": -105} if name in ("lat", "lon") else {}
        answer = client.get("/api/v1/practitioners", query_string={**pair, name: example})
        assert answer.status_code == 200, answer.text


def test_every_address_that_a_problem_names_is_a_part_of_the_page(indexed, client):
    page = client.get("/api/docs").text
    named = client.get("/api/v1/practitioners?nonsense=1").json["type"]
    terms = client.get("/api/openapi.json").json["info"]["termsOfService"]

    for address in (named, terms, "#fair-use", "#changes", "#changelog", "#deprecation"):
        assert f'id="{address.rpartition("#")[2]}"' in page


@pytest.mark.parametrize("path", ["openapi.json", "v1/professions", "v1/conditions"])
def test_what_names_nobody_may_be_kept_for_an_hour(client, path):
    assert client.get(f"/api/{path}").headers["Cache-Control"] == "public, max-age=3600"


def test_every_search_parameter_is_documented(document):
    parameters = document["paths"]["/api/v1/practitioners"]["get"]["parameters"]

    queried = {found["name"]: found for found in parameters if found["in"] == "query"}

    assert set(queried) == set(names_of(ApiSearchSchema()))
    for name, found in queried.items():
        assert isinstance(found["schema"]["type"], str), name


def test_every_answer_lists_all_its_fields(document):
    for name, schema in document["components"]["schemas"].items():
        if name in ("Problem", "WayOn", "InvalidParameter"):
            continue
        if name in ("Person", "Result"):
            assert schema["required"] == ["id"]  # `fields` leaves the others out
            continue
        assert schema["required"] == sorted(schema["properties"]), name
        assert schema["additionalProperties"] is False, name


def test_the_document_that_still_holds_is_304(client):
    first = client.get("/api/openapi.json")

    again = client.get("/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_the_page_has_no_inline_script_or_style(client):
    page = client.get("/api/docs")

    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert all("src=" in tag for tag in page.text.split("<script")[1:])
    assert "unsafe" not in page.headers["Content-Security-Policy"]
