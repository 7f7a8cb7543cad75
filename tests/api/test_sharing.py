"""Any page and program may use the API, in any encoding that it takes, within fair use."""

import pytest

from directory.api import sharing
from directory.api.sharing import MOST, WINDOW, FairUse

URL = "/api/v1/practitioners"
EVIL = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    ("path", "status"),
    [(URL, 200), (f"{URL}/nobody", 404), (f"{URL}?x=1", 422), ("/api/nothing", 404),
     ("/api/openapi.json", 200)],
)  # fmt: skip
def test_every_answer_of_the_api_can_be_read_from_any_page(indexed, client, path, status):
    answer = client.get(path, headers=EVIL)

    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_elsewhere_may_search_by_post_once_it_asked(indexed, client):
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    first = client.options(URL, headers=EVIL | asks)
    answer = client.post(URL, json={"q": "osteopath"}, headers=EVIL)

    assert "POST" in first.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in first.headers["Access-Control-Allow-Headers"]
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_nothing_but_the_api_can_be_read_or_sent_to_from_another_page(indexed, client):
    for path in ("/", "/search?q=massage", "/practitioners/maple", "/static/css/base.css"):
        answer = client.get(path, headers=EVIL, buffered=True)
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.post("/account/sign-in", data={}, headers=EVIL).status_code == 403


def test_who_asks_too_much_is_told_when_to_come_back(app, client, monkeypatch):
    stranger, other = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    monkeypatch.setattr(sharing, "MOST", 3)

    answers = [client.get("/api/v1/professions", environ_base=stranger) for _ in range(4)]
    beside = client.get("/api/v1/professions", environ_base=other)

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["RateLimit"].split(";")[1] for one in answers] == [
        "r=2",
        "r=1",
        "r=0",
        "r=0",
    ]
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= WINDOW
    assert refused.content_type == "application/problem+json"
    assert refused.json["type"].endswith("/api/docs#fair-use")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert beside.status_code == 200


def test_a_new_minute_begins_anew():
    now = [100.0]
    counts = FairUse(lambda: now[0])

    first = [counts.count("a")[0] for _ in range(MOST + 1)]
    now[0] += WINDOW

    assert (first[0], first[-2], first[-1]) == (MOST - 1, 0, -1)
    assert counts.count("a") == (MOST - 1, WINDOW)


def test_this_machine_itself_is_not_held_back(client, monkeypatch):
    monkeypatch.setattr(sharing, "MOST", 1)

    assert {client.get("/api/v1/professions").status_code for _ in range(4)} == {200}


@pytest.mark.parametrize(
    ("takes", "sent"),
    [
        ("br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity;q=0, *", "br"),
        ("identity", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/conditions", "/static/css/base.css", "/about/cst"])
def test_no_encoding_is_sent_that_was_refused(indexed, client, path, takes, sent):
    answer = client.get(path, headers={"Accept-Encoding": takes}, buffered=True)

    found = answer.headers.get("Content-Encoding")
    assert found in ((sent, None) if path.startswith("/static") else (sent,))
