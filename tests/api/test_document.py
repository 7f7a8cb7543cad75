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
