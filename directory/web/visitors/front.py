"""The front page. It is the same for everybody: made once for each generation of the index, each
day, language and set of terms. So it costs the same however many are listed.
"""

from flask import Response, make_response, render_template

from directory.edge import runtime
from directory.errors import SearchUnavailable
from directory.usecases.visitors import looking
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.results import Home
from directory.web.formatting import languages
from directory.web.visitors import kept_pages

NOBODY = Home(total=0, professions=(), groups=(), towns=(), has_demo=False)


def page() -> Response:
    """The front page; while the index rests, one that says so and is not kept."""
    finder = runtime().finder()
    tag = languages.current().tag
    try:
        # The generation is asked for before anybody is counted, so that no page outlives it.
        generation = finder.reader.generation()
        key = ("the front page", generation, finder.today, finder.taxonomy, tag)
        return kept_pages.page(key, lambda: _written(finder, _counted(finder)))
    except SearchUnavailable:
        return make_response(_written(finder, NOBODY, resting=True))


def _counted(finder: Finder) -> Home:
    with runtime().reading() as session:
        return looking.home(session, finder)


def _written(finder: Finder, home: Home, *, resting: bool = False) -> str:
    plurals = {slug: term.plural for slug, term in finder.taxonomy.professions.items()}
    return render_template(
        "visitors/home.html",
        home=home,
        plurals=plurals,
        resting=resting,
        has_demo=home.has_demo,
    )
