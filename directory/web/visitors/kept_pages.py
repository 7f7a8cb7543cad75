"""Pages kept packed for as long as what they are made of holds."""

import hashlib
from collections.abc import Callable

import brotli
from flask import Response, make_response, request

from directory.edge import runtime, unpacked
from directory.usecases.visitors import looking, profiles
from directory.usecases.visitors.finder import Finder, Key
from directory.usecases.visitors.results import Results
from directory.web.formatting import cards

# Packed once for many visitors: small beats quick. A search may be asked but once.
SMALL, QUICK = 7, 3
HTML = "text/html"


def make_cards(most: int) -> None:
    """Make the profiles and cards of so many in advance, and with them read in the words that
    people write with.
    """
    here = runtime()
    with here.reading() as session:
        cards.make_ready(looking.latest(session, here.finder(), most))


def page(key: Key, make: Callable[[], str]) -> Response:
    """The page that is kept under this key, or else what is made now.

    The key holds all that the page depends on, and nothing of who asks for it.
    """
    kept = runtime().kept
    found: tuple[bytes, str] | None = kept.get(key)
    if found is None:
        packed = brotli.compress(make().encode(), quality=SMALL)
        found = packed, hashlib.sha256(packed).hexdigest()[:32]
        kept.put(key, found, len(packed))
    packed, tag = found
    response = unpacked(packed, HTML)
    # Whoever keeps it asks again before it is shown: it may be gone by then.
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    response.set_etag(tag, weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]


def of_search(finder: Finder, key: Key, results: Results, written: str) -> Response:
    """A page of results, kept under this key. One that finds nobody, or not all that was asked
    for, is made anew each time: that it was asked for is counted.
    """
    if results.partial or not results.results:
        return make_response(written)
    packed = brotli.compress(written.encode(), quality=QUICK)
    return unpacked(profiles.keep(finder, key, results, packed).packed, HTML)
