"""A disk that is full or lets nobody write: reading goes on, writing says so once, and nothing dies."""

import os
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError

import psutil
import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import make_url

from directory.config import Config
from directory.db import make_engine, writing
from tests import factories, sites
from tests.full import FULL

SLUG = "juniper-exampleton"
KEY = "a-key-of-this-test-alone"
SECONDS = 60 if FULL else 1
ROOM = 48 * 1024 * 1024
TYPED = "The bell is broken; please knock."
READING = ("/", "/search", "/search?q=migraine", f"/practitioners/{SLUG}", "/metrics")


def mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing may be mounted here: {done.stderr.strip()}")


@contextmanager
def mounted(kind: str, folder: Path, room: int) -> Iterator[None]:
    """A disk of its own at a folder, for as long as the block lasts."""
    if os.geteuid():
        pytest.skip("only root may mount a disk")
    folder.mkdir()
    if kind == "tmpfs":
        mount("-t", "tmpfs", "-o", f"size={room}", "none", str(folder))
    else:
        image = folder.with_suffix(".image")
        with image.open("wb") as file:
            file.truncate(room)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
        mount("-o", "loop", str(image), str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(params=["ext4", "tmpfs"] if FULL else ["ext4"])
def disk(request, database_url, tmp_path) -> Iterator[Path]:
    """A small disk that holds a site: its database and its index."""
    database = Path(make_url(database_url).database)
    folder = tmp_path / "disk"
    with mounted(request.param, folder, database.stat().st_size + ROOM):
        (folder / "var").mkdir()
        shutil.copy(database, folder / "var" / "stillpoint.db")
        yield folder


@contextmanager
def served(disk: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The site with all that it writes on this disk, its log too."""
    settings = {
        "DATA_DIR": str(disk / "var"),
        "PORT": str(sites.free_port()),
        "WEB_CONCURRENCY": "2",
        "SECRET_KEY": KEY,
    }
    config = Config.from_env(settings)
    engine = make_engine(config.database_url)
    with writing(engine) as session:
        factories.dozen(session, on=datetime.now(UTC).date())
    engine.dispose()
    sites.rebuild_index(config)
    address = f"http://127.0.0.1:{settings['PORT']}"
    with sites.process(sites.GUNICORN, disk / "web.log", settings) as web:
        sites.wait_for(f"{address}/readyz", web)
        yield address, psutil.Process(web.pid)


def fill(disk: Path) -> Path:
    """Take all the room there is, to the last byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass
    return filler


def ask(address: str, body: dict[str, str] | None = None) -> tuple[int, str]:
    """The status and the page, as a browser on a page of ours asks."""
    data = urllib.parse.urlencode(body).encode() if body else None
    sent = urllib.request.Request(address, data, {"Sec-Fetch-Site": "same-origin"})
    try:
        with urllib.request.urlopen(sent, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def reads(address: str, seconds: float) -> Counter[tuple[str, int]]:
    """What is answered to those who read, for so long."""
    found: Counter[tuple[str, int]] = Counter()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found.update((path, ask(f"{address}{path}")[0]) for path in READING)
    return found


def report(address: str) -> tuple[int, str]:
    """Say something of a listing, with a form that a person has had before them for a minute."""
    made = [SLUG, int(time.time()) - 60]
    form = URLSafeSerializer(KEY, salt="report form").dumps(made)
    words = {"form": form, "kind": "wrong", "words": TYPED}
    return ask(f"{address}/practitioners/{SLUG}/report", words)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_a_full_disk_reading_goes_on_and_writing_loses_nothing_that_was_typed(disk):
    with served(disk) as (address, web):
        workers = {one.pid for one in web.children()}
        filler = fill(disk)

        found = reads(address, SECONDS)
        status, page = report(address)
        stayed = {one.pid for one in web.children()}
        filler.unlink()
        again = report(address)

    assert {status for _, status in found} == {200}, found
    assert stayed == workers
    assert status == 503
    assert TYPED in page
    assert again[0] == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("disk", ["ext4"], indirect=True)
def test_on_a_disk_that_lets_nobody_write_any_more_reading_goes_on(disk):
    with served(disk) as (address, web):
        workers = {one.pid for one in web.children()}
        mount("-o", "remount,abort", str(disk))  # as the kernel does after a failed write

        found = reads(address, SECONDS)
        status, page = report(address)
        stayed = {one.pid for one in web.children()}

    assert {status for _, status in found} == {200}, found
    assert stayed == workers
    assert status == 503
    assert TYPED in page
