"""Chapter 4: one request is one request, and what stands behind a proxy is not believed blindly."""

import re
import time

import pytest

SMUGGLED = b"GET /api/v1/professions HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNK = b"0\r\n\r\n"
# Two readings of where a message ends: a proxy may take the one and the site the other.
AMBIGUOUS = {
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n",
    "lengths in a list": b"Content-Length: 5, 5\r\n",
    "a length with a sign": b"Content-Length: +5\r\n",
    "a length with a line": b"Content-Length: 0_5\r\n",
    "a length below zero": b"Content-Length: -5\r\n",
    "a length in hex": b"Content-Length: 0x5\r\n",
    "a blank before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
    "a blank and nothing else": b"Content-Length : 5\r\n",
    "a fold and nothing else": b"Transfer-Encoding:\r\n chunked\r\n",
    "a folded line": b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
    "chunked not last": b"Transfer-Encoding: chunked, identity\r\nContent-Length: 5\r\n",
    "chunked twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "a vertical tab": b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n",
    "a null byte": b"Transfer-Encoding: chunked\x00\r\nContent-Length: 5\r\n",
    "quotes": b'Transfer-Encoding: "chunked"\r\nContent-Length: 5\r\n',
    "an underscore": b"Content_Length: 0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "a name with a blank": b"Content Length: 5\r\n",
    "a line without a name": b"Transfer-Encoding: chunked\r\n: 5\r\nContent-Length: 5\r\n",
    "a carriage return alone": b"X: y\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
}
BAD_CHUNKS = {
    "a size with a sign": b"+5\r\nabcde\r\n0\r\n\r\n",
    "a size with a line": b"0_5\r\nabcde\r\n0\r\n\r\n",
    "a size in 0x": b"0x5\r\nabcde\r\n0\r\n\r\n",
    "a size below zero": b"-1\r\nabcde\r\n0\r\n\r\n",
    "no end of the chunk": b"5\r\nabcdefghij0\r\n\r\n",
    "a size that is none": b"zz\r\nabcde\r\n0\r\n\r\n",
}
# What a search has most to do with.
WORST = (
    "(" * 200,
    "a* " * 66,
    "*a " * 66,
    "?" * 200,
    "a~9 " * 50,
    '"' * 199,
    "(a+)+$ " * 28,
    "- " * 100,
    " ".join("abcdefghijklmnopqrstuvwxyz" * 3),
    "NOT (a OR (b AND NOT c)) " * 8,
    "\U0001f468\u200d" * 99,
    "e\u0301" * 100,
    "the " * 50,
)


def statuses(answer: bytes) -> list[int]:
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def post(headers: bytes, body: bytes, line: bytes = b"POST /account/sign-in HTTP/1.1") -> bytes:
    return line + b"\r\nHost: localhost\r\n" + headers + b"\r\n" + body


def test_a_sound_connection_carries_two_requests(told):
    body = b"x" * 5

    lengths = told(post(b"Content-Length: 5\r\n", body) + SMUGGLED)
    chunks = told(post(b"Transfer-Encoding: chunked\r\n", CHUNK) + SMUGGLED)

    assert statuses(lengths)[1:] == statuses(chunks)[1:] == [200]


@pytest.mark.parametrize("headers", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_message_that_ends_in_two_places_ends_the_connection(told, headers):
    answer = told(post(headers, CHUNK + SMUGGLED))

    assert len(statuses(answer)) == 1
    assert statuses(answer)[0] in (400, 501)


@pytest.mark.parametrize("body", BAD_CHUNKS.values(), ids=BAD_CHUNKS)
def test_a_chunk_that_can_be_read_in_two_ways_carries_no_second_request(told, body):
    answer = told(post(b"Transfer-Encoding: chunked\r\n", body + SMUGGLED))

    # The form may be refused before anybody looks at its end; what follows is never carried out.
    assert 200 not in statuses(answer)
    assert statuses(answer)[-1] == 400


def test_a_length_hides_no_second_request(told):
    hidden = told(post(b"Content-Length: %d\r\n" % len(SMUGGLED), SMUGGLED))
    old = told(
        post(
            b"Transfer-Encoding: chunked\r\n", CHUNK + SMUGGLED, b"POST /account/sign-in HTTP/1.0"
        ),
    )

    assert len(statuses(hidden)) == 1
    assert 200 not in statuses(old)


@pytest.mark.parametrize("raw", [b"GET / HTTP/1.1\nHost: x\n\n", b"GET /\r\n\r\n", b"\x16\x03\x01"])
def test_what_is_no_request_is_refused(told, raw):
    assert 200 not in statuses(told(raw + b"\r\n\r\n" + SMUGGLED))


@pytest.mark.parametrize("path", ["/search", "/suggest", "/api/v1/practitioners"])
def test_the_worst_that_fits_into_the_box_is_answered_at_once(indexed, client, path, subtests):
    client.get("/suggest?q=warm")
    for words in WORST:
        with subtests.test(words[:8]):
            began = time.process_time()  # what others do on the machine is not counted

            answer = client.get(path, query_string={"q": words[:200]})

            assert time.process_time() - began < 1
            assert answer.status_code in (200, 204, 422)


@pytest.mark.parametrize("path", ["/search", "/api/v1/practitioners", "/api/v1/suggest"])
def test_more_than_fits_into_the_box_is_refused(indexed, client, path):
    assert client.get(path, query_string={"q": "a" * 201}).status_code == 422
