"""Who asked, when a proxy stands in between."""

from dataclasses import replace

import pytest
from flask import request

from directory.app import create_app
from directory.edge import public


@pytest.fixture
def who(config):
    """Call it with a peer's address: whom does the site take for the client?"""
    app = create_app(replace(config, trusted_proxies=("10.0.0.0/8", "::1")))

    @app.get("/who")
    @public
    def told():
        return f"{request.remote_addr} {request.scheme}"

    def ask(peer):
        forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        answer = app.test_client().get(
            "/who", headers=forwarded, environ_base={"REMOTE_ADDR": peer}
        )
        return answer.text

    yield ask
    app.extensions["stillpoint"].engine.dispose()


@pytest.mark.parametrize("peer", ["10.1.2.3", "::1"])
def test_our_own_proxy_is_believed(who, peer):
    assert who(peer) == "203.0.113.7 https"


@pytest.mark.parametrize("peer", ["192.0.2.1", "11.0.0.1", "", "unix"])
def test_anybody_else_is_not(who, peer):
    assert who(peer) == f"{peer} http"
