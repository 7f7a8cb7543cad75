"""Parameters are read strictly, and all that is wrong is told at once, for programs too."""

import re
from pathlib import Path

import pytest

from directory import app
from directory.api.asking import names_of
from directory.schemas.search import ApiSearchSchema, SearchSchema

URL = "/api/v1/practitioners"


def faults(client, path=URL, **asked):
    answer = client.get(path, query_string=asked)
    assert answer.status_code == 422, answer.text
    return {one["name"]: (one["type"], one["nearest"]) for one in answer.json["invalid_params"]}


def test_every_parameter_with_a_slip_in_it_is_refused_and_the_right_one_named(indexed, client):
    for name in names_of(ApiSearchSchema()):
        if len(name) > 3:
            slipped = "x" + name[1:]
            assert faults(client, **{slipped: "1"}) == {slipped: ("unknown-parameter", name)}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("query", "q"), ("location", "near"), ("limit", "per_page"), ("Profession", "profession")],
)
def test_what_others_call_a_parameter_leads_to_ours(indexed, client, typed, meant):
    assert faults(client, **{typed: "x"})[typed] == ("unknown-parameter", meant)


def test_what_resembles_no_parameter_is_refused_without_a_guess(indexed, client):
    assert faults(client, utm_source="x") == {"utm_source": ("unknown-parameter", None)}


def test_all_that_is_wrong_is_told_at_once_whoever_finds_it(indexed, client):
    found = faults(
        client,
        frofession="midwife",
        sort=["name", "distance"],
        page="0",
        lat="1",
        condition="dragons",
        near="Xyzzyqq",
        fields="slug,password",
        day="2020-01-01",
    )

    assert {name: kind for name, (kind, _) in found.items()} == {
        "frofession": "unknown-parameter",
        "sort": "repeated-parameter",
        "page": "invalid-value",
        "lon": "invalid-value",
        "near": "unknown-value",
        "condition": "unknown-value",
        "fields": "unknown-value",
        "day": "invalid-value",
    }


def test_a_body_is_read_as_strictly(indexed, client):
    answer = client.post(URL, json={"frofession": "midwife", "condition": "dragons"})

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["frofession", "condition"]


@pytest.mark.parametrize(
    "path", ["suggest", "professions", "conditions", "credentials", "practitioners/maple"]
)
def test_no_address_of_the_api_takes_what_it_does_not_know(indexed, client, path):
    answer = client.get(f"/api/v1/{path}?nonsense=1")

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["nonsense"]


def test_the_map_sends_all_that_a_search_can_ask_and_nothing_else():
    script = (Path(app.__file__).parent / "static/js/map.js").read_text()
    told = re.search(r"const ASKED = \((.*?)\)", script, re.S)[1]

    names = set("".join(re.findall(r'"(.*?)"', told)).split())

    assert names == set(names_of(SearchSchema())) - {"page", "per_page"}


def test_a_page_passes_over_what_it_does_not_know(indexed, client):
    assert client.get("/search?frofession=midwife&utm_source=x").status_code == 200
