"""The front page. It is the same for everybody: made once for each generation of the index, each
day, language and set of terms, and kept packed. So it costs the same however many are listed.
"""

import gzip
from typing import NamedTuple

import brotli
from flask import Response, make_response, render_template, request

from directory.edge import runtime
from directory.errors import SearchUnavailable
from directory.usecases.visitors import looking
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.results import Home
from directory.web.formatting import languages

NOBODY = Home(total=0, professions=(), groups=(), towns=(), has_demo=False)
# It is packed once for many visitors: small beats quick.
BR_QUALITY, GZIP_LEVEL = 9, 9


class Page(NamedTuple):
    """A page as it is sent: packed by either way, or plain."""

    br: bytes
    gzip: bytes
    plain: bytes


def page() -> Response:
    """The front page for this visitor; while the index rests, one that says so."""
    finder = runtime().finder()
    try:
        kept = _kept(finder)
    except SearchUnavailable:
        return make_response(_made(finder, NOBODY, resting=True))
    return _sent(kept)


def _kept(finder: Finder) -> Page:
    tag = languages.current().tag
    # The generation is asked for before anybody is counted, so that no page outlives it.
    key = ("the front page", finder.reader.generation(), finder.today, finder.taxonomy, tag)
    kept: Page | None = finder.kept.get(key)
    if kept is None:
        with runtime().reading() as session:
            home = looking.home(session, finder)
        plain = _made(finder, home).encode()
        packed = brotli.compress(plain, quality=BR_QUALITY)
        kept = Page(packed, gzip.compress(plain, GZIP_LEVEL), plain)
        finder.kept.put(key, kept)
    return kept


def _made(finder: Finder, home: Home, *, resting: bool = False) -> str:
    plurals = {slug: term.plural for slug, term in finder.taxonomy.professions.items()}
    return render_template(
        "visitors/home.html",
        home=home,
        plurals=plurals,
        resting=resting,
        has_demo=home.has_demo,
    )


def _sent(kept: Page) -> Response:
    for coding in ("br", "gzip"):
        if request.accept_encodings[coding]:
            response = Response(getattr(kept, coding), content_type="text/html; charset=utf-8")
            response.headers["Content-Encoding"] = coding
            return response
    return Response(kept.plain, content_type="text/html; charset=utf-8")
