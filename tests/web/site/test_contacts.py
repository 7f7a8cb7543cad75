"""Whom to tell of a weakness, by the rules of RFC 9116."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories

URL = "/.well-known/security.txt"
# Section 2.5: which must stand there, which at most once, and how those with addresses begin.
NEEDED = {"Contact", "Expires"}
ONCE = {"Expires", "Preferred-Languages"}
BEGINS = {"Contact": ("mailto:", "https://", "tel:"), "Canonical": ("https://",)}


@pytest.fixture
def told(app, runtime):
    """Call it with settings: the answer, and its fields as pairs."""

    def ask(**settings):
        runtime.config = replace(runtime.config, **settings)
        answer = app.test_client().get(URL)
        return answer, [tuple(line.split(": ", 1)) for line in answer.text.splitlines()]

    return ask


@pytest.mark.parametrize("base", ["https://find.example", "http://127.0.0.1:8000"])
def test_every_field_keeps_the_rules_of_the_rfc(told, base):
    answer, fields = told(base_url=base)

    names = [name for name, _ in fields]
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.endswith("\n")
    assert set(names) >= NEEDED
    assert all(names.count(name) == 1 for name in ONCE)
    assert all(value.startswith(BEGINS.get(name, ("",))) for name, value in fields)


def test_it_names_the_address_of_whoever_runs_the_site(told):
    _, fields = told(base_url="https://find.example", contact_email="säfe+me@find.example")

    assert dict(fields)["Contact"] == "mailto:s%C3%A4fe+me@find.example"
    assert dict(fields)["Canonical"] == f"https://find.example{URL}"
    assert dict(fields)["Preferred-Languages"] == "en"


def test_it_ends_within_a_year_and_is_the_same_all_day_long(told, runtime):
    morning, fields = told()
    runtime.clock = lambda: factories.NOW + timedelta(hours=11, minutes=59)
    evening, _ = told()
    runtime.clock = lambda: factories.NOW + timedelta(days=1)
    tomorrow, _ = told()

    ends = datetime.fromisoformat(dict(fields)["Expires"])
    assert ends.tzinfo == UTC
    assert timedelta(days=60) < ends - factories.NOW < timedelta(days=365)
    assert morning.data == evening.data != tomorrow.data


def test_it_may_be_kept_for_a_day_and_knows_nobody(told):
    answer, _ = told()

    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers
