"""The index missing, broken or half built: pages stand, the search says so, a rebuild mends all.

Here the site and its commands run; tests/faults has the index alone, under many more faults.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from directory.config import Config
from directory.db import make_engine, writing
from directory.errors import SearchUnavailable
from directory.search.whoosh_engine import WhooshReader
from tests import factories, sites
from tests.journeys.visits import Settings, following, get, index_of, slugs, until, web

# What happens to files is the same whatever the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


OTHERS = ("/", "/practitioners/rowan-testerly", "/shortlist?s=rowan-testerly", "/healthz")


def add(settings: Settings, **changes: str) -> None:
    """Another listing in the database, and in the outbox."""
    engine = make_engine(settings["DATABASE_URL"])
    with writing(engine) as session:
        factories.listing(session, **changes)
    engine.dispose()


@pytest.fixture
def indexed_once(settings):
    """One listing in the database and in the index."""
    add(settings)
    sites.rebuild_index(Config.from_env(settings))


def remove(root):
    shutil.rmtree(root)


def flip_a_bit(root):
    for path in root.glob("base-*/*"):
        content = bytearray(path.read_bytes())
        if content:
            content[len(content) // 2] ^= 1
            path.write_bytes(content)


def truncate(root):
    for path in root.glob("base-*/*"):
        path.write_bytes(path.read_bytes()[:-1])


def scribble(root):
    for path in root.glob("manifest-*.json"):
        path.write_text('{"format": 1')


def point_nowhere(root):
    (root / "CURRENT").write_text("manifest-999.json\n")
    for path in root.glob("manifest-*.json"):
        path.unlink()


HARMS = [remove, flip_a_bit, truncate, scribble, point_nowhere]


@pytest.mark.parametrize("harm", HARMS)
def test_without_a_usable_index_pages_stand_and_the_search_says_so(runtime, client, harm):
    with runtime.transaction() as session:
        factories.listing(session)
    sites.rebuild_index(runtime.config)
    harm(runtime.config.index_dir)

    ready, search = client.get("/readyz"), client.get("/search?q=massage")
    api = client.get("/api/v1/practitioners?q=massage")
    suggestions = client.get("/suggest?q=bould")

    assert (ready.status_code, ready.json["status"]) == (503, "unavailable")
    assert ready.json["reasons"]["index"]
    assert (search.status_code, search.headers["Retry-After"]) == (503, "30")
    assert "Search is resting" in search.text
    assert (api.status_code, api.content_type) == (503, "application/problem+json")
    assert "Traceback" not in search.text + api.text + ready.text
    assert suggestions.status_code == 200
    assert {path: client.get(path).status_code for path in OTHERS} == dict.fromkeys(OTHERS, 200)


@pytest.mark.usefixtures("indexed_once")
def test_a_rebuild_mends_a_site_that_serves_without_an_index(settings, indexer):
    flip_a_bit(index_of(settings))
    with web(settings) as address:
        before = get(f"{address}/search?q=massage").status
        built = indexer("rebuild")
        until(lambda: get(f"{address}/readyz").status == 200, what="ready after the rebuild")
        after = get(f"{address}/search?q=massage").status
        found = slugs(address, "q=massage")
        remove(index_of(settings))
        # It looks for a new generation ten times a second.
        statuses = {get(f"{address}/readyz").status for _ in range(30)}
        still = slugs(address, "q=massage")

    assert built.exit_code == 0, built.output
    assert (before, after) == (503, 200)
    assert found == still == ["rowan-testerly"]
    assert statuses <= {200, 503}


@pytest.mark.usefixtures("indexed_once")
def test_the_indexer_that_follows_mends_a_harmed_index_with_the_next_change(settings):
    root = index_of(settings)
    flip_a_bit(root)
    with following(settings) as process:
        for listings, harm in enumerate((None, remove, point_nowhere, scribble), start=2):
            if harm:
                harm(root)
            add(settings, slug=f"sample-{listings}")
            what = f"the new listing is found after {harm}"
            until(lambda wanted=listings: found(process, root) == wanted, what=what)


def found(process: subprocess.Popen, root: Path) -> int:
    """How many listings a reader that opens the index finds; 0 when it cannot."""
    assert process.poll() is None, "the indexer ended"
    try:
        return WhooshReader(root).status().listings
    except SearchUnavailable:
        return 0


@pytest.mark.usefixtures("indexed_once")
def test_a_rebuild_killed_in_the_middle_is_as_if_it_had_never_been(settings, client):
    root = index_of(settings)
    for number in range(9):
        add(settings, name="Sage Arrived", slug=f"sage-{number}")
    before = {path.name for path in root.iterdir()}

    rebuild = subprocess.Popen(
        [sys.executable, "-m", "indexer", "rebuild"],
        cwd=sites.ROOT,
        # Two take a second to start: time enough to be killed in.
        env=sites.environment(**settings, INDEX_PROCESSES="2"),
        stdout=subprocess.DEVNULL,
    )
    half_built = until_half_built(root, rebuild)
    os.kill(rebuild.pid, signal.SIGKILL)
    killed = rebuild.wait(10)
    meanwhile, serving = who(client, "rowan"), generation(client)
    sites.rebuild_index(Config.from_env(settings))
    until(lambda: generation(client) != serving, what="the next rebuild serves")
    afterwards = who(client, "rowan")

    assert (killed, len(half_built)) == (-signal.SIGKILL, 1)
    assert meanwhile == afterwards == ["rowan-testerly"]
    left = {path.name for path in root.iterdir()}
    assert not [name for name in left if name.startswith("building") or name.endswith(".tmp")]
    # The generation before is kept for who may be reading it: one base, one manifest.
    assert len(left - before) == 2


def who(client, word: str) -> list[str]:
    return [one["slug"] for one in client.get(f"/api/v1/practitioners?q={word}").json["results"]]


def generation(client) -> int:
    return client.get("/readyz").json["index"]["generation"]


def until_half_built(root: Path, rebuild: subprocess.Popen) -> list[Path]:
    """Wait for what a rebuild is making, and stop it there."""
    until(lambda: list(root.glob("building-*")), what="the rebuild has begun")
    os.kill(rebuild.pid, signal.SIGSTOP)
    return list(root.glob("building-*"))
