"""What a browser would never send, against the server as it really runs."""

import socket

import pytest

from tests import sites

OWN = b"Host: find.example\r\n"
MISLED = (
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + OWN + b"Host: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + OWN + b"\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n" + OWN + b"\r\n",
    b"GET http://find.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET //evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\n" + OWN + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: find.example\r\n\r\n",
)
MEANT = (
    b"GET /about/ranking HTTP/1.1\r\n" + OWN + b"\r\n",
    b"GET http://find.example/about/ranking HTTP/1.1\r\n" + OWN + b"\r\n",
    b"GET /about/ranking HTTP/1.1\r\nhOsT:find.example\r\n\r\n",
    b"GET /about/ranking HTTP/1.1\r\n" + OWN + b"X-Forwarded-Host: evil.example\r\n\r\n",
)


def told(port: int, raw: bytes) -> tuple[int, bytes]:
    """The status of an answer, and all of it."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    return int(answer.split()[1]), answer


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Of gunicorn, with our own proxy on this machine."""
    folder, port = tmp_path_factory.mktemp("raw"), sites.free_port()
    settings = {
        "DATA_DIR": str(folder / "var"),
        "BASE_URL": "https://find.example",
        "TRUSTED_PROXIES": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    with sites.process(sites.GUNICORN, folder / "log", settings) as web:
        sites.wait_for(f"http://127.0.0.1:{port}/healthz", web)
        yield port


@pytest.mark.parametrize("raw", MISLED)
def test_a_request_that_names_another_host_or_none_or_two_gets_no_page(port, raw):
    status, answer = told(port, raw)

    assert status in (400, 421)
    assert b"Stillpoint" not in answer
    assert b"evil.example" not in answer


@pytest.mark.parametrize("raw", MEANT)
def test_one_that_names_ours_does_and_learns_of_no_other(port, raw):
    status, answer = told(port, raw)

    assert status == 200
    assert b"evil.example" not in answer


@pytest.mark.parametrize(
    "raw",
    [
        b"GET //evil.example/my/listing HTTP/1.1\r\n" + OWN + b"%s: //evil.example\r\n\r\n",
        b"GET /nowhere/about/ranking HTTP/1.1\r\n" + OWN + b"%s: /nowhere\r\n\r\n",
        b"GET /about/ranking HTTP/1.1\r\n" + OWN + b"%s: /about\r\n\r\n",
        b"GET /about/nowhere HTTP/1.1\r\n" + OWN + b"%s: /about/ranking\r\n\r\n",
    ],
)
@pytest.mark.parametrize(
    "name", [b"SCRIPT_NAME", b"script_name", b"Script-Name", b"PATH_INFO", b"Path-Info"]
)
def test_no_header_says_which_page_was_asked_for(port, raw, name):
    plain = told(port, raw.replace(b"%s", b"X-Other"))

    status, answer = told(port, raw.replace(b"%s", name))

    assert status == plain[0]
    assert b"evil.example" not in answer
    assert b"/nowhere/" not in answer
    assert b"/about/about/" not in answer


@pytest.mark.parametrize(
    "name", [b"X-Forwarded-Protocol", b"X-Forwarded-Ssl", b"X-Forwarded-Proto"]
)
@pytest.mark.parametrize("value", [b"https", b"on", b"ssl", b"http", b"evil"])
def test_no_header_of_a_proxy_is_the_servers_to_judge(port, name, value):
    raw = b"GET /about/ranking HTTP/1.1\r\n" + OWN + b"%s: %s\r\nX-Forwarded-Ssl: off\r\n\r\n"

    assert told(port, raw % (name, value))[0] == 200
