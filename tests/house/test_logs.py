"""Logs name no visitor and no word that a visitor typed."""

import io
import json
import logging

import pytest
from flask import Flask, request
from sqlalchemy import text

from directory import logs

CANARY = "zwischenstopp"


@pytest.fixture
def logged(app, monkeypatch):
    """All that the process writes to its log, as JSON lines."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("DEBUG")
    yield written
    monkeypatch.undo()
    logs.configure("WARNING")


def events(written: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def failing(own_app: Flask):
    """The site with a page that fails in the ways that carry words along."""

    def fail(kind: str):
        word = request.args["q"]
        if kind == "sql":
            with own_app.extensions["stillpoint"].engine.connect() as connection:
                connection.execute(text("SELECT nothing FROM nowhere WHERE q = :q"), {"q": word})
        raise ValueError(f"no way to read {word!r} from {request.remote_addr}")

    own_app.add_url_rule("/fail/<kind>", view_func=fail)
    own_app.testing = False
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    return own_app.test_client()


def test_a_request_is_one_line_with_its_rule_and_no_query(client, logged):
    client.get("/healthz", query_string={"q": CANARY})

    (line,) = [event for event in events(logged) if event["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/healthz", 200)
    assert line["ms"] >= 0
    assert line["request"]


def test_the_answer_carries_the_request_id_of_the_log(client, logged):
    answer = client.get("/healthz")

    assert answer.headers["X-Request-Id"] == events(logged)[-1]["request"]


@pytest.mark.parametrize(
    "path", ["/search", "/suggest", "/api/v1/practitioners", "/admin/find", "/nothing/here"]
)
def test_no_word_of_a_search_is_logged(indexed, client, logged, path):
    client.get(
        path,
        query_string={"q": f"{CANARY} migraine", "near": CANARY, "lat": CANARY},
        headers={"Referer": f"http://localhost/search?q={CANARY}", "User-Agent": CANARY},
        environ_base={"REMOTE_ADDR": "203.0.113.77"},
    )

    assert events(logged)
    assert CANARY not in logged.getvalue()
    assert "203.0.113.77" not in logged.getvalue()


@pytest.mark.parametrize("kind", ["sql", "python"])
def test_a_failure_is_logged_with_its_traceback_and_without_the_words(failing, logged, kind):
    answer = failing.get(
        f"/fail/{kind}",
        query_string={"q": CANARY},
        environ_base={"REMOTE_ADDR": "203.0.113.77"},
    )

    assert answer.status_code == 500
    (failure,) = [event for event in events(logged) if "exception" in event]
    assert "Traceback" in failure["exception"]
    assert "in fail" in failure["exception"]
    assert CANARY not in logged.getvalue()
    assert "203.0.113.77" not in logged.getvalue()


def test_what_a_library_says_of_an_address_is_blanked(logged):
    logging.getLogger("gunicorn.error").warning(
        "Invalid request from ip=%s: GET /search?q=%s", "2001:db8::7:1", CANARY
    )

    (line,) = events(logged)
    assert "2001" not in line["event"]
    assert CANARY not in line["event"]


def test_the_level_is_honoured(logged, monkeypatch):
    monkeypatch.setattr("sys.stderr", logged)
    logs.configure("ERROR")

    logging.getLogger("anything").warning("not now")
    logging.getLogger("anything").error("now")

    assert [event["event"] for event in events(logged)] == ["now"]
