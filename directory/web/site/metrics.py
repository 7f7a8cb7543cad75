"""Prometheus metrics: how many requests, how fast, how the site does; never who or what for."""

import secrets
import time
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from directory import measured
from directory.edge import public, runtime
from directory.web.site import board
from directory.web.site.gauges import Gauges

blueprint = Blueprint("metrics", __name__)

EVERYBODYS, BOARD, GAUGES = "stillpoint metrics", "stillpoint board", "stillpoint gauges"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
# What proxies of all kinds add: names that begin so, and whole names.
FORWARDED = (
    "x-forwarded",
    "x-original",
    "x-real",
    "x-client",
    "x-cluster",
    "x-proxy",
    "x-scheme",
    "x-amz",
    "x-amzn",
    "x-azure",
    "x-arr",
    "x-appengine",
    "x-cloud",
    "x-envoy",
    "x-varnish",
    "x-request-start",
    "cf-",
    "cdn-",
    "fastly-",
    "fly-",
    "akamai-",
    "true-client",
    "client-ip",
    "proxy-",
    "tailscale-",
    "ngrok-",
)
FORWARDED_WHOLE = frozenset(
    {"forwarded", "via", "x-via", "x-host", "x-port", "x-url", "front-end-https"}
)


def init(app: Flask) -> None:
    """Count every request."""
    app.extensions[GAUGES] = Gauges()
    app.before_request(_begin)
    app.after_request(_end)


def share(app: Flask, shared: board.Board) -> None:
    """Let the workers that are forked from now on count together; to be called once, before."""
    board.count_on(shared)
    app.extensions[BOARD] = shared
    app.extensions[EVERYBODYS] = CollectorRegistry()
    app.extensions[EVERYBODYS].register(board.Sums(shared))


def _begin() -> None:
    g.metrics_began = time.perf_counter()


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    method = request.method if request.method in METHODS else "other"
    measured.REQUESTS.labels(endpoint, method, response.status_code).inc()
    if "metrics_began" in g:
        measured.SECONDS.labels(endpoint).observe(time.perf_counter() - g.metrics_began)
    return response


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """For a collector that knows the token; to everybody else there is no such page."""
    if not _may_read():
        abort(404)
    measured.begin_at_zero()
    known = current_app.extensions
    now = CollectorRegistry()
    now.register(known[GAUGES].look(runtime(), known.get(BOARD)))
    body = generate_latest(known.get(EVERYBODYS, REGISTRY)) + generate_latest(now)
    return Response(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may_read() -> bool:
    """By METRICS_TOKEN where there is one; without it at home alone, asked on this machine.

    Elsewhere a request from loopback proves nothing: a proxy that runs here sends them all so.
    """
    config = runtime().config
    if config.metrics_token:
        sent = request.headers.get("Authorization", "").encode()
        return secrets.compare_digest(sent, f"Bearer {config.metrics_token}".encode())
    return config.at_home and _from_here()


def _from_here() -> bool:
    """On loopback, and not handed on by a proxy that itself runs here."""
    try:
        near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    names = [name.lower() for name in request.headers.keys()]  # noqa: SIM118 - it holds pairs
    return near and not any(name in FORWARDED_WHOLE or name.startswith(FORWARDED) for name in names)
