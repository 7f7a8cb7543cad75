"""The index missing, broken or half built: pages stand, the search says so, a rebuild mends all."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from directory.config import Config
from directory.db import make_engine, writing
from tests import factories, sites
from tests.journeys.visits import following, get, index_of, slugs, until, web

# What happens to files is the same whatever the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def indexed(settings):
    """One listing in the database and in the index."""
    engine = make_engine(settings["DATABASE_URL"])
    with writing(engine) as session:
        factories.listing(session)
    engine.dispose()
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
def test_without_a_usable_index_all_else_works_and_a_rebuild_mends_it_in_place(
    indexed, settings, indexer, harm
):
    harm(index_of(settings))
    with web(settings) as address:
        ready = get(f"{address}/readyz")
        search = get(f"{address}/search?q=massage")
        api = get(f"{address}/api/v1/practitioners?q=massage")
        suggestions = get(f"{address}/suggest?q=bould")
        others = ("/", "/practitioners/rowan-testerly", "/shortlist?s=rowan-testerly", "/healthz")
        standing = {path: get(f"{address}{path}").status for path in others}
        built = indexer("rebuild")
        assert built.returncode == 0, built.stderr
        until(lambda: get(f"{address}/readyz").status == 200, what="ready after the rebuild")
        found = slugs(address, "q=massage")
        page = get(f"{address}/search?q=massage")

    assert (ready.status, ready.json["status"]) == (503, "unavailable")
    assert ready.json["reasons"]["index"]
    assert (search.status, search.headers["Retry-After"]) == (503, "30")
    assert "Search is resting" in search.text
    assert (api.status, api.headers["Content-Type"]) == (503, "application/problem+json")
    assert "Traceback" not in search.text + api.text + ready.text
    assert suggestions.status == 200
    assert standing == dict.fromkeys(others, 200)
    assert (found, page.status) == (["rowan-testerly"], 200)


@pytest.mark.parametrize("harm", [remove, scribble])
def test_an_index_harmed_while_it_serves_goes_on_serving(indexed, settings, harm):
    with web(settings) as address:
        before = slugs(address, "q=massage")
        harm(index_of(settings))
        # The site looks for a new generation four times a second.
        statuses = {get(f"{address}/readyz").status for _ in range(30)}
        after = slugs(address, "q=massage")

    assert before == after == ["rowan-testerly"]
    assert statuses <= {200, 503}


@pytest.mark.parametrize("harm", [remove, flip_a_bit, point_nowhere])
def test_the_indexer_that_follows_mends_a_harmed_index_with_the_next_change(
    indexed, settings, harm
):
    harm(index_of(settings))
    engine = make_engine(settings["DATABASE_URL"])
    with web(settings) as address, following(settings) as process:
        with writing(engine) as session:
            factories.listing(session, name="Sage Arrived")

        def found():
            assert process.poll() is None, "the indexer ended"
            answer = get(f"{address}/api/v1/practitioners?q=sage")
            return answer.status == 200 and answer.json["total"] == 1

        until(found, what="the new listing is found")
    engine.dispose()


def test_a_rebuild_killed_in_the_middle_is_as_if_it_had_never_been(settings, indexer):
    engine = make_engine(settings["DATABASE_URL"])
    with writing(engine) as session:
        for number in range(300):
            factories.listing(session, slug=f"sample-{number}")
    engine.dispose()
    sites.rebuild_index(Config.from_env(settings))
    root = index_of(settings)
    before = {path.name for path in root.iterdir()}

    with web(settings) as address:
        rebuild = subprocess.Popen(
            [sys.executable, "-m", "indexer", "rebuild"],
            cwd=sites.ROOT,
            env=sites.environment(**settings),
            stdout=subprocess.DEVNULL,
        )
        until(lambda: any(root.glob("building-*/*")), what="the rebuild has begun")
        os.kill(rebuild.pid, signal.SIGKILL)
        killed = rebuild.wait(10)
        half_built = [path.name for path in root.glob("building-*")]
        meanwhile = get(f"{address}/api/v1/practitioners?q=rowan").json["total"]
        ready = get(f"{address}/readyz").json["index"]["generation"]
        again = indexer("rebuild")
        until(
            lambda: get(f"{address}/readyz").json["index"]["generation"] != ready,
            what="the next rebuild serves",
        )
        afterwards = get(f"{address}/api/v1/practitioners?q=rowan").json["total"]

    assert (killed, len(half_built)) == (-signal.SIGKILL, 1)
    assert (meanwhile, afterwards) == (300, 300)
    assert again.returncode == 0, again.stderr
    left = {path.name for path in root.iterdir()}
    assert not [name for name in left if name.startswith("building") or name.endswith(".tmp")]
    # The generation before is kept for who may be reading it: one base, one manifest.
    assert len(left - before) == 2
