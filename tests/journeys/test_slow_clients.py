"""Slow clients hold nobody up: heads and bodies that come by drops, under real gunicorn."""

import socket
import threading
import time
from contextlib import ExitStack
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from directory.front import patience, turns
from directory.front.patience import Coming
from tests.full import FULL

pytestmark = pytest.mark.browser  # with the live server

HEAD = b"GET /search?q=neck HTTP/1.1\r\nHost: localhost\r\n"
BODY = (
    b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nq=n"
)
LARGE = BODY.replace(b"5000", b"9000000")
CHUNKS = BODY.partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n5\r\nq=n"


@pytest.mark.parametrize("begun", [HEAD, b"", BODY, LARGE, CHUNKS], ids=repr)
def test_two_hundred_half_sent_requests_leave_the_site_as_it_is(live_server, begun):
    where = urlsplit(live_server)
    took = []
    with ExitStack() as stack:
        for _ in range(200):
            slow = stack.enter_context(
                socket.create_connection((where.hostname, where.port), timeout=5)
            )
            slow.sendall(begun)
        for path in ("/healthz", "/", "/search?q=neck", "/healthz"):
            began = time.monotonic()
            assert urlopen(live_server + path, timeout=10).status == 200
            took.append(time.monotonic() - began)

    assert max(took) < 3  # a rough guard: by threads alone it is as long as they last


@pytest.mark.skipif(not FULL, reason="it waits for as long as we do; FULL=1 does")
def test_a_head_that_comes_by_drops_is_ended_and_told(live_server):
    where = urlsplit(live_server)
    with socket.create_connection((where.hostname, where.port), timeout=20) as slow:
        slow.sendall(HEAD)
        began = time.monotonic()
        answer = slow.recv(100)

    assert answer.startswith(b"HTTP/1.1 408")
    assert patience.HEAD_WITHIN - 1 < time.monotonic() - began < patience.HEAD_WITHIN + 4


@pytest.mark.parametrize("pause", [0, 0.05])
def test_a_request_in_pieces_is_answered_whole(live_server, pause):
    where = urlsplit(live_server)
    sent = b"q=neck&near=Boulder%2C+CO"
    request = (
        b"POST /search HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(sent), sent)
    )
    with socket.create_connection((where.hostname, where.port), timeout=20) as slow:
        for start in range(0, len(request), 7):
            slow.sendall(request[start : start + 7])
            time.sleep(pause)
        answer = b"".join(iter(lambda: slow.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 200")


def test_two_requests_at_once_on_one_connection_get_two_answers(live_server):
    where = urlsplit(live_server)
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with socket.create_connection((where.hostname, where.port), timeout=20) as client:
        client.sendall(one + one + last)
        answer = b"".join(iter(lambda: client.recv(65536), b""))

    assert answer.count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\ncontent-length:  12 \r\n\r\n", 12),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", None),
    ],
)
def test_what_a_head_says_of_its_body(head, size):
    assert patience.body_size(head) == size


def test_a_request_is_whole_wherever_it_was_cut():
    request = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
    for cut in range(1, len(request)):
        coming = Coming(0)
        coming.take(request[:cut])
        early = coming.is_whole
        coming.take(request[cut:])

        assert (early, coming.is_whole) == (False, True)


def test_beyond_the_queue_the_answer_is_503_at_once_and_health_is_free():
    go = threading.Event()

    def site(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            go.wait(10)
        start_response("200 OK", [])
        return [b""]

    door, told = turns.Turns(site, at_once=2, waiting=1), []

    def ask(path):
        door({"PATH_INFO": path}, lambda status, _headers: told.append((path, status)))

    slow = [threading.Thread(target=ask, args=["/slow"]) for _ in range(3)]
    for number, one in enumerate(slow):
        one.start()
        while len(door.began) + len(door.line) <= number or (number < 2 and door.line):
            time.sleep(0.01)
    ask("/other")
    ask("/healthz")
    go.set()
    for one in slow:
        one.join()

    assert told[:2] == [("/other", "503 Service Unavailable"), ("/healthz", "200 OK")]
    assert [status for _path, status in told[2:]] == ["200 OK"] * 3


def asked(door, paths):
    """Ask for all of them, one a thread, each a little after the one before."""
    threads = []
    for path in paths:
        thread = threading.Thread(target=door, args=[{"PATH_INFO": path}, lambda *_: None])
        thread.start()
        threads.append(thread)
        time.sleep(0.005)
    return threads


def test_quick_requests_are_answered_one_after_the_other_as_they_came():
    now, most, order = 0, 0, []

    def site(environ, _start_response):
        nonlocal now, most
        now += 1
        most = max(most, now)
        order.append(environ["PATH_INFO"])
        time.sleep(0.02)
        now -= 1
        return [b""]

    paths = [f"/{number}" for number in range(12)]
    for thread in asked(turns.Turns(site), paths):
        thread.join()

    assert (most, order) == (1, paths)


def test_one_that_is_stuck_holds_up_the_others_but_for_a_moment():
    go, answered = threading.Event(), []

    def site(environ, _start_response):
        if environ["PATH_INFO"] == "/stuck":
            go.wait(10)
        answered.append(environ["PATH_INFO"])
        return [b""]

    threads = asked(turns.Turns(site, at_once=3), ["/stuck", "/stuck", *"abc"])
    for thread in threads[2:]:
        thread.join(2)
    early = list(answered)
    go.set()
    for thread in threads[:2]:
        thread.join()

    assert early == list("abc")


def test_who_waited_too_long_leaves_the_line_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(turns, "SECONDS", 0.2)
    go, told = threading.Event(), []

    def site(_environ, start_response):
        go.wait(10)
        start_response("200 OK", [])
        return [b""]

    door = turns.Turns(site, at_once=1)
    first = threading.Thread(target=door, args=[{}, lambda status, _: told.append(status)])
    first.start()
    door({}, lambda status, _: told.append(status))
    go.set()
    first.join()
    door({}, lambda status, _: told.append(status))

    assert told == ["503 Service Unavailable", "200 OK", "200 OK"]
    assert not door.line
