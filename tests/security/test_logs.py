"""Chapter 16: nobody writes lines of their own into our log."""

import json
import logging

import pytest

from tests.house.test_logs import logged

__all__ = ["logged"]

FORGED = 'x\r\n{"event": "forged", "level": "error"}\n\x1b[2Jforged\u2028forged'


@pytest.fixture
def lines(logged):
    """Call it: what stands in the log, each line read as one event."""
    return lambda: [json.loads(line) for line in logged.getvalue().splitlines()]


def test_a_line_end_in_a_message_begins_no_line(lines):
    logging.getLogger("anything").error("Somebody said %s", FORGED)
    logging.getLogger("stillpoint").error(FORGED, extra={"forged": FORGED})

    said = lines()
    assert len(said) == 2
    assert all(one["event"] != "forged" for one in said)


def test_what_a_visitor_sends_begins_no_line_and_draws_nothing_on_a_terminal(client, logged, lines):
    client.get("/nothing%0d%0a%7b%22event%22:%22forged%22%7d", headers={"User-Agent": "forged\x1b"})
    client.get("/search", query_string={"q": FORGED, "near": FORGED})
    client.open("/about/cst", method="OPTIONS")

    assert len([one for one in lines() if one["event"] == "request"]) == 3
    assert "\x1b" not in logged.getvalue()
    assert "forged" not in logged.getvalue()
