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


FORM = b"application/x-www-form-urlencoded"
BODIES = (
    b"-1\r\nq=x\r\n0\r\n\r\n",
    b"0x5\r\nq=abc\r\n0\r\n\r\n",
    b"5;ext\nq=abc\r\n0\r\n\r\n",
    b"zz\r\n",
    b"\r\n\r\n",
    b"5\r\nq=abcXX0\r\n\r\n",
    b"5\r\nq=abc\r\n0\r\nbad trailer\r\n\r\n",
    b"5\r\nq=abc\r\n0\r\nX: y\nZ: w\r\n\r\n",
    b"5\r\nq=abc\r\n",
    b"ff\r\nq=abc",
)
PLACES = (b"/search", b"/api/v1/practitioners", b"/account/sign-in")


def posted(path: bytes, body: bytes, headers: bytes, kind: bytes = FORM) -> bytes:
    begin = b"POST " + path + b" HTTP/1.1\r\n" + OWN + b"Content-Type: " + kind + b"\r\n"
    return begin + headers + b"\r\n" + body


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("more", [b"", b"HX-Request: true\r\n"])
def test_a_broken_body_is_told_to_be_unreadable_in_our_words(port, path, body, more):
    status, answer = told(port, posted(path, body, more + b"Transfer-Encoding: chunked\r\n"))

    assert status == 400
    assert b"could not be read" in answer or b"cannot be read" in answer


JSON = b"application/json"
KINDS = (FORM, b"multipart/form-data; boundary=x", JSON)
# What comes in chunks is read only where it can be of use.
READ = [(path, FORM) for path in PLACES] + [(PLACES[1], JSON)]
LARGE = [(path, kind, False) for path in PLACES for kind in KINDS] + [(*one, True) for one in READ]


@pytest.mark.parametrize(("path", "kind", "chunked"), LARGE)
@pytest.mark.parametrize("more", [b"", b"HX-Request: true\r\n"])
def test_a_body_over_the_limit_is_told_to_be_too_large_in_our_words(
    port, path, kind, more, chunked
):
    large = b"q=" + b"x" * (1024 * 1024 - 1)
    if chunked:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large)
        raw = posted(path, body, more + b"Transfer-Encoding: chunked\r\n", kind)
    else:
        # The length alone tells; what is sent and not read would have the answer lost.
        raw = posted(path, large[:9], more + b"Content-Length: %d\r\n" % len(large), kind)

    status, answer = told(port, raw)

    # A page that takes forms alone need not look at how long anything else is.
    assert status in ((413,) if kind == FORM else (413, 415, 403))
    assert b"too large" in answer or b"be read" in answer or status == 403


@pytest.mark.parametrize("path", PLACES[:2])
@pytest.mark.parametrize("kind", [b"text/plain", b"application/xml", b"application/x-other"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_no_form_finds_not_everybody(port, path, kind, chunked):
    body, headers = b"q=abc", b"Content-Length: 5\r\n"
    if chunked:
        body, headers = b"5\r\nq=abc\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\n"

    assert told(port, posted(path, body, headers, kind))[0] == 415
