"""What each process counts and times of itself, for `/metrics`; never who, from where or what for."""

from collections.abc import Mapping
from functools import cache

from prometheus_client import Counter, Histogram

REQUESTS = Counter("stillpoint_requests", "Requests answered.", ["endpoint", "method", "status"])
SECONDS = Histogram(
    "stillpoint_request_seconds",
    "How long answers took.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
# How a search goes: its words are read, its place is found, the index ranks, listings are read
# from the database, the answer is written.
STAGES = ("words", "place", "index", "listings", "answer")
SEARCH_SECONDS = Histogram(
    "stillpoint_search_seconds",
    "How long searches took, by stage: words are read, a place is found, the index ranks,"
    " listings are read from the database, the answer is written.",
    ["stage"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1, 5),
)
# What was wrong when somebody could not sign in. "limit" is one try too many.
KINDS = ("password", "code", "passkey", "limit")
SIGN_IN_FAILURES = Counter(
    "stillpoint_sign_in_failures",
    "Sign-ins that failed, by what was wrong: password, code, passkey, or one try too many.",
    ["kind"],
)


def begin_at_zero() -> None:
    """Let all that is known in advance be there before it happens: rates need a first value."""
    for kind in KINDS:
        SIGN_IN_FAILURES.labels(kind)
    for stage in STAGES:
        SEARCH_SECONDS.labels(stage)


def searched(seconds: Mapping[str, float]) -> None:
    """A search took so many seconds in each of these stages."""
    for stage, took in seconds.items():
        _clock(stage).observe(took)


@cache
def _clock(stage: str) -> Histogram:
    """Looking a label up costs as much as counting."""
    return SEARCH_SECONDS.labels(stage)


def sign_in_failed(kind: str) -> None:
    """Somebody could not sign in, for one of the KINDS of reasons."""
    SIGN_IN_FAILURES.labels(kind).inc()
