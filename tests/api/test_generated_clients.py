"""A client that somebody generates from the OpenAPI document: nothing is left out, and it gets everybody."""

import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

import httpx
import pytest

NAME = "generated_client"
GENERATOR = Path(sys.executable).parent / "openapi-python-client"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def generated(client, tmp_path, monkeypatch):
    """What gives a module of the client that `openapi-python-client` makes without a warning."""
    (tmp_path / "openapi.json").write_bytes(client.get("/api/openapi.json").data)
    (tmp_path / "config.yaml").write_text("post_hooks: []\n")
    command = [GENERATOR, "generate", "--path", "openapi.json", "--config", "config.yaml",
               "--meta", "none", "--output-path", NAME, "--fail-on-warning"]  # fmt: skip
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: import_module(f"{NAME}.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


class Partner:
    """Somebody who knows nothing of us but the generated client; `seen` are the answers as they came."""

    def __init__(self, app, generated):
        self._generated, self.seen = generated, []
        transport = httpx.WSGITransport(app=app)
        args = {"transport": transport, "event_hooks": {"response": [self._see]}}
        made = generated("client").Client(
            base_url="http://127.0.0.1:8000", httpx_args=args, raise_on_unexpected_status=True
        )
        self._client = made

    def _see(self, response):
        response.read()
        self.seen.append(response.json())

    def ask(self, operation, *args, **named):
        answer = self._generated(f"api.api.{operation}").sync(*args, client=self._client, **named)
        assert list(_lost(self.seen[-1], answer.to_dict())) == [], "nothing lost or misread"
        return answer


def _lost(told, read, at=""):
    """Where two answers differ, but for how the same time is written."""
    if isinstance(told, dict) and isinstance(read, dict):
        for name in told.keys() | read.keys():
            yield from _lost(told.get(name, ""), read.get(name, ""), f"{at}.{name}")
    elif isinstance(told, list) and isinstance(read, list) and len(told) == len(read):
        for one, other in zip(told, read, strict=True):
            yield from _lost(one, other, at)
    elif told != read and not _same_time(told, read):
        yield at, told, read


def _same_time(told, read):
    try:
        return datetime.fromisoformat(told) == datetime.fromisoformat(read)
    except (TypeError, ValueError):
        return False


@pytest.fixture
def partner(app, indexed, generated, monkeypatch):
    monkeypatch.setattr("directory.api.v1.TOLD_AT_ONCE", 5)
    return Partner(app, generated)


def test_a_generated_client_pages_through_everything(partner, generated, client):
    found, page = [], 1
    while True:
        answer = partner.ask("search", page=page, per_page=5)
        found += answer.results
        if not answer.next_:
            break
        page += 1
    assert page > 1
    assert len({one.slug for one in found}) == len(found) == answer.total

    told, since = {}, ""
    while True:
        changes = partner.ask("changes", **({"since": since} if since else {}))
        told |= {one.id: one for one in changes.listings}
        since = changes.since
        if not changes.more:
            break
    assert {one.id for one in found} == told.keys()
    for one in found:
        assert partner.ask("practitioner", one.slug) == told[one.id]


def test_a_generated_client_asks_what_it_says(partner, generated):
    terms = [partner.ask(name) for name in ("professions", "conditions", "credentials")]
    assert all(terms)
    assert partner.ask("suggest", q="bou").to_dict()["groups"]

    models = generated("models")
    yes = models.SearchAccepting.VALUE_1
    asked = {"near": "Boulder, CO", "condition": ["migraine"], "accepting": yes}
    found = partner.ask("search", **asked)
    body = models.SearchByBodyJsonBody(
        near="Boulder, CO",
        condition=["migraine"],
        accepting=models.SearchByBodyJsonBodyAccepting.VALUE_1,
    )
    assert found.total > 0
    assert partner.ask("search_by_body", body=body).results == found.results
    assert yes.value == "1"


def test_a_generated_client_reads_what_was_wrong(partner):
    problem = partner.ask("search", near="Nowhere At All")

    assert problem.status == 422
    assert problem.invalid_params[0].name == "near"
