"""Counting that a listing was found or opened: one more, in memory, and nothing of the visitor."""

import re
from collections.abc import Sequence

from flask import request

from directory.edge import runtime
from directory.usecases.tallies import What

_MACHINE = re.compile(r"bot|crawl|spider|preview|slurp|monitor|python|curl|wget", re.I)
# What browsers send when they fetch a page that nobody may ever look at.
AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Moz")


def note(what: What, listing_ids: Sequence[int]) -> None:
    """Count once more, when it looks like a person."""
    headers = request.headers
    agent = headers.get("User-Agent", "")
    ahead = any(name in headers for name in AHEAD_OF_TIME)
    if request.method == "GET" and agent and not _MACHINE.search(agent) and not ahead:
        runtime().tallies.note(what, listing_ids)
