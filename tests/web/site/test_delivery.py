"""How pages reach people and search engines: packed, in parts, and under one policy."""

import re

import brotli
import pytest

from directory.app import HERE, create_app
from directory.config import Config
from directory.web.visitors import crawlers
from tests import factories


@pytest.mark.parametrize("path", ["/", "/search", "/api/v1/practitioners", "/sitemap.xml"])
def test_answers_are_packed_for_whoever_can_unpack_them(client, indexed, path):
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(plain.data)
    assert brotli.decompress(packed.data)[:40] == plain.data[:40]


def test_a_sitemap_that_outgrows_one_file_becomes_an_index_of_parts(client, indexed, monkeypatch):
    whole = client.get("/sitemap.xml").text
    monkeypatch.setattr(crawlers, "MOST_IN_ONE", 5)

    index = client.get("/sitemap.xml").text
    parts = [client.get(f"/sitemap-{n}.xml").text for n in range(1, index.count("<loc>") + 1)]

    assert "<sitemapindex" in index
    assert sum(part.count("<loc>") for part in parts) == whole.count("<loc>")
    assert all(part.count("<loc>") <= 5 for part in parts)
    assert client.get("/sitemap-0.xml").status_code == 404
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404


ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search",
        "/nowhere",
        "/account/sign-in",
        "/robots.txt",
        "/healthz",
        "/api/v1/practitioners",
        "/api/v1/nowhere",
        "/api/openapi.json",
        "/static/css/base.css",
        "/static/js/map.js",
        "/static/img/icons.svg",
        "/static/nowhere.js",
    ],
)
def test_pages_and_files_alike_are_kept_from_other_sites(client, indexed, path):
    headers = client.get(path, buffered=True).headers

    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    # Any page may read the API; nobody's cookie comes along.
    assert headers.get("Access-Control-Allow-Origin") == ("*" if "/api/" in path else None)
    assert "Access-Control-Allow-Credentials" not in headers


def test_files_are_asked_for_by_https_alone_where_the_site_is(tmp_path):
    there = {"DATA_DIR": str(tmp_path), "BASE_URL": "https://find.example"}

    answer = create_app(Config.from_env(there)).test_client().get("/static/css/base.css")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    answer.close()


def test_maps_may_load_tiles_from_the_tile_server_alone(tmp_path):
    tiles = {"DATA_DIR": str(tmp_path), "TILE_URL": "https://{s}.tiles.example/{z}/{x}/{y}.png"}

    policy = create_app(Config.from_env(tiles)).test_client().get("/healthz").headers

    assert "img-src 'self' data: https://*.tiles.example;" in policy["Content-Security-Policy"]


def test_whoever_runs_the_site_is_reached_at_its_own_domain_unless_they_say_otherwise(tmp_path):
    base = {"DATA_DIR": str(tmp_path), "BASE_URL": "https://find.example"}
    said = base | {"CONTACT_EMAIL": "help@find.example"}

    assert Config.from_env(base).contact_email == "postmaster@find.example"
    assert Config.from_env(said).contact_email == "help@find.example"


def test_in_great_britain_neither_fees_nor_the_practice_name_a_condition(client, runtime):
    from dataclasses import replace

    clinic = replace(factories.LONDON, name="The Migraine Clinic")
    with runtime.transaction() as session:
        factories.listing(
            session, slug="quiet", practices=(clinic,), fees="Migraine hour £60. Relaxation £50."
        )

    page = client.get("/practitioners/quiet").text

    assert "Relaxation £50." in page
    assert "migraine" not in page.casefold()


def test_what_modules_import_is_asked_for_again_soon(client):
    scripts = {path.name: path.read_text() for path in (HERE / "static" / "js").glob("*.js")}
    imported = {name for text in scripts.values() for name in re.findall(r'from "\./(.+?)"', text)}

    assert imported
    for name in imported:
        held = client.get(f"/static/js/{name}", buffered=True).headers["Cache-Control"]
        assert held == "max-age=300, public"
    assert (
        "max-age=31536000"
        in client.get("/static/js/map.js", buffered=True).headers["Cache-Control"]
    )
