"""The first minute of a new site: nobody is listed, and everything says so kindly."""

from dataclasses import replace

import pytest

from directory.app import create_app
from tests.sites import rebuild_index


def test_with_nobody_listed_every_page_answers_and_shows_a_way_on(runtime, client):
    rebuild_index(runtime.config)

    home = client.get("/")
    search = client.get("/search")
    asked = client.get("/search?q=chiropractor+for+migraines+near+Boulder")
    api = client.get("/api/v1/practitioners?q=chiropractor+for+migraines+near+Boulder")
    suggestions = client.get("/suggest?q=mig")

    assert [one.status_code for one in (home, search, asked, api, suggestions)] == [200] * 5
    assert "0 practitioners" not in home.text
    assert "Nobody yet" in search.text
    assert "Nobody yet" in asked.text
    assert api.json["total"] == 0
    assert api.json["results"] == api.json["relaxations"] == []
    assert api.json["understood"]["profession"] == ["chiropractor"]
    assert api.json["place"]["label"] == "Boulder, Colorado, US"
    assert "Migraine" in suggestions.text
    assert client.get("/readyz").json["index"]["listings"] == 0
    assert client.get("/sitemap.xml").status_code == 200


def test_before_anything_was_made_the_pages_stand_and_readyz_says_what_is_missing(client):
    """A database with places and terms, and no index at all."""
    assert client.get("/").status_code == 200
    assert client.get("/search").status_code == 503
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["reasons"]) == (
        503,
        {"index": "There is no index yet. Run `python -m indexer rebuild`."},
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_a_database_without_tables_the_site_starts_and_says_so(config, tmp_path):
    bare = create_app(replace(config, database_url=f"sqlite:///{tmp_path / 'bare.db'}"))
    client = bare.test_client()

    ready = client.get("/readyz")
    home = client.get("/")
    api = client.get("/api/v1/practitioners")

    assert ready.status_code == 503
    assert ready.json["reasons"]["database"].startswith(
        "The database cannot be used: there is no such file."
    )
    assert home.status_code in (500, 503)
    assert "Traceback" not in home.text
    assert api.headers["Content-Type"] == "application/problem+json"
