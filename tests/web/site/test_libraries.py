"""What the site stands on is named: on its page, and in a bill that others' tools can read."""

import json
import re

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.markers import Marker

from directory.web.site import libraries
from directory.web.site.about import LIBRARIES
from tests import sbom
from tests.full import FULL

# The names that people know, by those of npm.
KNOWN_AS = {
    "htmx": "htmx.org",
    "Leaflet": "leaflet",
    "Leaflet.markercluster": "leaflet.markercluster",
    "topojson-client": "topojson-client",
    "Swagger UI": "swagger-ui-dist",
}


@pytest.fixture(scope="module")
def bill():
    return sbom.bill()


def locked():
    """Names and versions of the lock that hold for this Python and system."""
    lines = re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", sbom.LOCK.read_text(), re.MULTILINE)
    return {(name, version) for name, version, when in lines if not when or Marker(when).evaluate()}


def test_the_page_names_every_package_of_the_lock_with_its_version_and_licence(client):
    page = client.get("/about/attribution").text
    found = libraries.installed()

    assert {(sbom.canonicalize_name(one.name), one.version) for one in found} == locked()
    assert len(found) > 40
    for one in found:
        assert one.licence
        assert f"<li>{one.name} {one.version} ({one.licence})</li>" in page


def test_no_tool_for_tests_is_among_them():
    names = {one.name.lower() for one in libraries.installed()}

    assert names.isdisjoint({"pytest", "hypothesis", "mypy", "ruff", "playwright", "cyclonedx-bom"})


def test_the_bill_is_sound_and_names_the_same_packages_and_licences(bill):
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill))
    told = {
        str(sbom.canonicalize_name(one["name"])): (one["version"], one["licenses"])
        for one in bill["components"]
        if one["purl"].startswith("pkg:pypi/")
    }

    assert wrong is None
    assert told == {
        str(sbom.canonicalize_name(one.name)): (
            one.version,
            [{"expression": one.licence} if one.is_spdx else {"license": {"name": one.licence}}],
        )
        for one in libraries.installed()
    }


def test_the_bill_names_what_the_browser_gets_as_the_page_does(bill):
    lock = json.loads(sbom.NPM_LOCK.read_text())["packages"]
    npm = {one["name"] for one in bill["components"] if one["purl"].startswith("pkg:npm/")}

    assert npm == {path.rpartition("node_modules/")[2] for path in lock if path}
    for name, licence, _ in LIBRARIES:
        told = lock[f"node_modules/{KNOWN_AS[name]}"]["license"]
        assert told.replace("-", " ").lower() == licence.replace("-", " ").lower()


@pytest.mark.skipif(not FULL, reason="it is made twice; FULL=1 does")
def test_the_bill_is_the_same_whenever_nothing_changed(bill):
    text = json.dumps(bill)

    assert json.dumps(sbom.bill()) == text
    assert "timestamp" not in bill["metadata"]
    assert "serialNumber" not in bill
    assert str(sbom.ROOT) not in text


def test_whoever_stands_on_another_is_told(bill):
    refs = {one["bom-ref"] for one in bill["components"]}
    graph = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}

    root = bill["metadata"]["component"]["bom-ref"]
    assert set(graph) == refs | {root}
    assert {ref for needs in graph.values() for ref in needs} == refs
    assert any(ref.startswith("pkg:pypi/flask@") for ref in graph[root])
