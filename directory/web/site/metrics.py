"""Prometheus metrics: how many requests, how fast; never who or what for."""

import os
import time
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, abort, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from directory.edge import public

blueprint = Blueprint("metrics", __name__)

REQUESTS = Counter("stillpoint_requests", "Requests answered.", ["endpoint", "method", "status"])
SECONDS = Histogram(
    "stillpoint_request_seconds",
    "How long answers took.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def init(app: Flask) -> None:
    """Count every request, and answer /metrics to this machine alone."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.metrics_began = time.perf_counter()


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(endpoint, method, response.status_code).inc()
    if "metrics_began" in g:
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.metrics_began)
    return response


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """For a collector on this machine; to everybody else there is no such page."""
    if not _from_here():
        abort(404)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _from_here() -> bool:
    """On loopback, and not handed on by a proxy that itself runs here."""
    try:
        near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return near and not any(name in request.headers for name in FORWARDED)
