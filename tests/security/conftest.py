"""What the tests of our promises share: one walk through the site, one served site to talk to."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.security import crawl

_walks: list[crawl.Walk] = []


@pytest.fixture
def walk(app) -> crawl.Walk:
    """What everybody is answered everywhere; walked once a process."""
    if not _walks:
        _walks.append(crawl.walked(app))
    return _walks[0]


@pytest.fixture(scope="session")
def told(live_server) -> Callable[[bytes], bytes]:
    """Call it with bytes for gunicorn: all that comes back until the connection ends."""
    to = urlsplit(live_server)

    def ask(raw: bytes) -> bytes:
        with socket.create_connection((str(to.hostname), int(to.port or 0)), 10) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            got = b""
            while part := line.recv(65_536):
                got += part
        return got

    return ask
