"""Counting that a listing was found or opened, or nothing was: one more, and nothing of the visitor."""

import re
from collections.abc import Sequence

from flask import request

from directory.edge import runtime
from directory.usecases.visitors import unfound
from directory.usecases.visitors.results import Results
from directory.usecases.visitors.tallies import What

_MACHINE = re.compile(r"bot|crawl|spider|preview|slurp|monitor|python|curl|wget", re.I)
# What browsers send when they fetch a page that nobody may ever look at.
AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Moz")


def note(what: What, listing_ids: Sequence[int]) -> None:
    """Count once more, when it looks like a person."""
    if _by_a_person():
        runtime().tallies.note(what, listing_ids)


def note_unfound(results: Results) -> None:
    """Count the words of a search that found nothing, when a person asked."""
    here = runtime()
    if (results.partial or not results.total) and _by_a_person():
        here.unfound.note(unfound.words_of(results, here.finder()))


def _by_a_person() -> bool:
    headers = request.headers
    agent = headers.get("User-Agent", "")
    ahead = any(name in headers for name in AHEAD_OF_TIME)
    return request.method == "GET" and bool(agent) and not (_MACHINE.search(agent) or ahead)
