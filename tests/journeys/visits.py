"""What the journeys share: starting web and indexer, asking pages, looking at the index."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import sites

Settings = dict[str, str]


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: object) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


@dataclass(frozen=True)
class Answer:
    """What the site said."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def get(address: str) -> Answer:
    """Ask as somebody's browser would, whatever the status."""
    try:
        with _opener.open(address, timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read().decode())


def slugs(address: str, query: str) -> list[str]:
    """Who is found, in order."""
    found = get(f"{address}/api/v1/practitioners?{query}").json["results"]
    return [one["slug"] for one in found]


@contextmanager
def _running(settings: Settings, *words: str) -> Iterator[subprocess.Popen]:
    log = Path(settings["DATA_DIR"]).parent / f"{words[1]}.log"
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=sites.ROOT,
            env=sites.environment(**settings),
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def web(settings: Settings) -> Iterator[str]:
    """The address of the site under gunicorn, as it stands."""
    address = f"http://127.0.0.1:{settings['PORT']}"
    with _running(settings, *sites.GUNICORN) as process:
        sites.wait_for(f"{address}/healthz", process)
        yield address


@contextmanager
def following(settings: Settings) -> Iterator[subprocess.Popen]:
    """The indexer at work beside the site."""
    with _running(settings, "-m", "indexer", "follow") as process:
        yield process


def until(true: Callable[[], bool], *, seconds: float = 20, what: str) -> float:
    """Wait for something; says how long it took, or fails with `what`."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - began


def index_of(settings: Settings) -> Path:
    return Path(settings["DATA_DIR"]) / "index"
