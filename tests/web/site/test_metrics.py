"""Who may read how the site does: a collector with the token, or somebody at home."""

from dataclasses import replace

import pytest

TOKEN = "0123456789abcdef-token"
AWAY = "https://find.example"
FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def asked(runtime, client):
    """Call it with settings: the status of /metrics; keywords are the client's."""

    def ask(*, base_url="http://127.0.0.1:8000", token="", **how):
        runtime.config = replace(runtime.config, base_url=base_url, metrics_token=token)
        return client.get("/metrics", **how).status_code

    return ask


def sent(words):
    return {"headers": {"Authorization": words}}


def test_metrics_count_requests_and_hold_no_word_of_them(client, indexed):
    client.get("/search?q=canaryword")

    metrics = client.get("/metrics")

    assert 'endpoint="visitors.search"' in metrics.text
    assert "canaryword" not in metrics.text
    assert metrics.headers["Cache-Control"] == "no-store"


def test_at_home_this_machine_alone_may_read_them(asked):
    assert asked() == 200
    assert asked(environ_overrides=FAR) == 404


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "Via",
        "X-Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Proto",
        "X-Forwarded-Server",
        "X-Forwarded-Ssl",
        "X-Original-Forwarded-For",
        "X-Original-Host",
        "X-Original-URL",
        "X-Real-IP",
        "X-Real-Port",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "X-ProxyUser-IP",
        "X-Scheme",
        "X-Amzn-Trace-Id",
        "X-Azure-ClientIP",
        "X-ARR-SSL",
        "X-Appengine-User-IP",
        "X-Cloud-Trace-Context",
        "X-Envoy-External-Address",
        "X-Varnish",
        "X-Request-Start",
        "Front-End-Https",
        "CF-Connecting-IP",
        "CF-Ray",
        "CDN-Loop",
        "Fastly-Client-IP",
        "Fly-Client-IP",
        "Akamai-Origin-Hop",
        "True-Client-IP",
        "Client-IP",
        "Proxy-Connection",
        "Tailscale-User-Login",
    ],
)
def test_any_header_that_a_proxy_adds_closes_them(asked, name):
    assert asked(headers={name: "203.0.113.9"}) == 404
    assert asked(headers={name.lower(): ""}) == 404


def test_what_a_collector_sends_by_itself_does_not(asked):
    own = {
        "Accept": "text/plain;version=0.0.4",
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
        "User-Agent": "Prometheus/2.53.0",
        "X-Prometheus-Scrape-Timeout-Seconds": "10",
    }

    assert asked(headers=own) == 200


def test_a_deployed_site_without_a_token_has_none_even_for_loopback(asked):
    assert asked(base_url=AWAY) == 404
    assert asked(base_url=AWAY, **sent("Bearer ")) == 404
    assert asked(base_url=AWAY, **sent(f"Bearer {TOKEN}")) == 404


@pytest.mark.parametrize("base_url", [AWAY, "http://127.0.0.1:8000"])
def test_with_a_token_whoever_sends_it_may_read_them_and_nobody_else(asked, base_url):
    where = {"base_url": base_url, "token": TOKEN}

    assert asked(**where, environ_overrides=FAR, **sent(f"Bearer {TOKEN}")) == 200
    wrong = ("", "Bearer", f"bearer{TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer é")
    assert {asked(**where, **sent(words)) for words in wrong} == {404}
