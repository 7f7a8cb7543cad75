"""What the tests of our promises share: one walk through the site, one served site to talk to."""

import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from tests import sites
from tests.security import crawl

_walks: list[crawl.Walk] = []


@pytest.fixture
def walk(app) -> crawl.Walk:
    """What everybody is answered everywhere; walked once a process."""
    if not _walks:
        _walks.append(crawl.walked(app))
    return _walks[0]


@pytest.fixture(scope="session")
def told(templates, tmp_path_factory) -> Iterator[Callable[[bytes], bytes]]:
    """Call it with bytes for gunicorn: all that comes back until the connection ends."""
    folder = tmp_path_factory.mktemp("raw")
    with templates.copy("sqlite", folder) as url, sites.served(url, folder) as address:
        to = urlsplit(address)

        def ask(raw: bytes) -> bytes:
            with socket.create_connection((str(to.hostname), int(to.port or 0)), 10) as line:
                line.sendall(raw)
                line.shutdown(socket.SHUT_WR)
                got = b""
                while part := line.recv(65_536):
                    got += part
            return got

        yield ask
