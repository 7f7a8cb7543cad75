"""The field's own words, and suggestions as somebody types."""

import pytest

SHAPES = {
    "professions": ["slug", "label", "plural", "nucc", "synonyms"],
    "conditions": ["slug", "label", "group", "group_label", "icd10cm", "serious", "synonyms"],
    "credentials": ["slug", "label", "issuer", "kind", "synonyms"],
}


@pytest.mark.parametrize("kind", SHAPES)
def test_every_term_is_told_in_full(runtime, client, kind):
    answer = client.get(f"/api/v1/{kind}").json

    assert list(answer) == [kind]
    assert [term["slug"] for term in answer[kind]] == list(getattr(runtime.taxonomy, kind))
    assert all(list(term) == SHAPES[kind] for term in answer[kind])


def test_a_condition_has_its_code_its_group_and_other_ways_to_say_it(client):
    terms = {term["slug"]: term for term in client.get("/api/v1/conditions").json["conditions"]}

    migraine = terms["migraine"]
    assert migraine["label"] == "Migraine"
    assert migraine["icd10cm"].startswith("G43")
    assert migraine["group"] == "head"
    assert migraine["group_label"] == "Head, jaw, ears and eyes"
    assert migraine["serious"] is False
    assert migraine["synonyms"]
    assert any(term["serious"] for term in terms.values())


@pytest.mark.parametrize("path", [*SHAPES, "suggest?q=mig"])
def test_words_that_still_hold_are_304(indexed, client, path):
    first = client.get(f"/api/v1/{path}")

    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_suggestions_come_in_groups_with_searches_that_work(indexed, client):
    groups = client.get("/api/v1/suggest?q=mig").json["groups"]

    conditions = next(group for group in groups if group["kind"] == "condition")
    suggestion = conditions["items"][0]
    assert list(suggestion) == ["label", "words", "slug", "url"]
    assert suggestion["label"] == "Migraine"
    assert suggestion["url"].startswith(f"{indexed.config.base_url}/api/v1/practitioners?")
    there = client.get(suggestion["url"].removeprefix(indexed.config.base_url)).json
    assert there["total"] > 0


def test_a_suggested_practitioner_leads_to_the_public_page(indexed, client):
    groups = client.get("/api/v1/suggest?q=Juni").json["groups"]

    people = next(group for group in groups if group["kind"] == "practitioner")
    assert people["items"][0]["slug"] == "juniper-exampleton"
    assert people["items"][0]["url"].endswith("/practitioners/juniper-exampleton")


@pytest.mark.parametrize("asked", ["", "q=", "q=a", "q=%00%00", "q=%28%28%28"])
def test_too_little_to_go_by_suggests_nothing(indexed, client, asked):
    response = client.get(f"/api/v1/suggest?{asked}")

    assert response.status_code == 200
    assert response.json == {"groups": []}


@pytest.mark.parametrize("asked", ["q=a&q=b", f"q={'a' * 201}"])
def test_suggestions_for_what_cannot_be_meant_are_refused(client, asked):
    response = client.get(f"/api/v1/suggest?{asked}")

    assert response.status_code == 422
    assert list(response.json["errors"]) == ["q"]
