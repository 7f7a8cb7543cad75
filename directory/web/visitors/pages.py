"""Pages for members of the public: home, search, suggestions, a listing, the shortlist."""

from collections.abc import Collection, Iterator
from functools import partial
from typing import NamedTuple

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from directory import measured
from directory.edge import home_of_browser, public, runtime, unpacked
from directory.errors import Moved, SearchUnavailable
from directory.places import Place, uses_miles
from directory.schemas import Parameters, read
from directory.schemas.search import SearchSchema
from directory.schemas.visitors import BoxSchema, CameFromSchema, ShortlistSchema, WholeSchema
from directory.usecases.visitors import looking, profiles, searching, suggesting
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder, Key, Watch
from directory.usecases.visitors.results import Profile, SuggestionGroup
from directory.web.formatting.addresses import asked, in_body
from directory.web.formatting.filters import away, search_url, serious, url_of
from directory.web.formatting.languages import current
from directory.web.formatting.languages import gettext as _
from directory.web.responses import asks_for_fragment, attachment, rendered, unshared
from directory.web.visitors import counting, front, kept_pages
from directory.web.visitors import results as found
from directory.web.visitors.markup import person
from directory.web.visitors.vcards import vcard

blueprint = Blueprint("visitors", __name__)
# Making a schema takes longer than reading with it.
SEARCH, WHOLE, LETTERS = SearchSchema(), WholeSchema(), BoxSchema()


@blueprint.get("/")
@public
def home() -> Response:
    """The front page; it stands even while the index does not."""
    return front.page()


@blueprint.get("/search")
@public
def search() -> Response:
    """Results as a page, or only what changed when htmx asks."""
    return results_of(asked())


def results_of(given: Parameters) -> Response:
    """The answer to these parameters, wherever they stood."""
    wanted, whole = read(SEARCH, given), read(WHOLE, given)["whole"]
    finder = runtime().finder(home_of_browser())
    fragment = asks_for_fragment()
    template = "visitors/_found.html" if fragment else "visitors/search.html"
    # All that the page depends on, but for what SQL says of those found.
    key = (template, wanted, *whole, *found.typed().values(), current().tag, finder.state())
    response = _again(finder, wanted, key) or _anew(finder, wanted, key, whole)
    if fragment and not in_body() and request.headers.get("HX-Trigger-Name") != "whole":
        response.headers["HX-Push-Url"] = found.search_url(wanted)
    response.vary.add("Accept-Language")
    return unshared(response)


def _again(finder: Finder, wanted: Criteria, key: Key) -> Response | None:
    """The page as it was written down before, while SQL says the same of everybody on it."""
    watch = Watch()
    if in_body():
        return None
    with runtime().reading() as session:
        written = profiles.again(session, finder, key)
    if written is None:
        return None
    watch.end("listings")
    if wanted.page == 1:
        counting.note("found", written.shown)
    measured.searched(watch.seconds)
    return unpacked(written.packed, kept_pages.HTML)


def _anew(finder: Finder, wanted: Criteria, key: Key, whole: Collection[str]) -> Response:
    """The page, written down; kept, unless its words are nobody else's business."""
    with runtime().reading() as session:
        results = searching.find(session, finder, wanted)
        # Nobody on the page: the banner still has to say what kind of directory this is.
        has_demo = results.has_demo if results.results else looking.has_demo(session)
    if wanted.page == 1:
        counting.note("found", [result.profile.listing_id for result in results.results])
        counting.note_unfound(results)
    page = render_template(str(key[0]), has_demo=has_demo, **found.shown(results, whole))
    response = (
        make_response(page) if in_body() else kept_pages.of_search(finder, key, results, page)
    )
    results.watch.end("answer")
    measured.searched(results.watch.seconds)
    return response


@blueprint.get("/suggest")
@public
def suggest() -> Response:
    """What the letters so far may become, as the options of a listbox."""
    asked = read(LETTERS, request.args)
    here = runtime()
    with here.reading() as session:
        try:
            groups = suggesting.suggest(session, here.finder(home_of_browser()), asked["q"])
        except SearchUnavailable:
            groups = ()
    if asked["kind"]:
        groups = tuple(group for group in groups if group.kind == asked["kind"])
    kinds = {
        "condition": _("Conditions"),
        "profession": _("Professions"),
        "wish": _("Wishes"),
        "place": _("Places"),
        "practitioner": _("Practitioners"),
    }
    # For every letter: without all that a whole page is told.
    lines = current_app.jinja_env.get_template("visitors/_suggestions.html").render(
        groups=[
            (group.kind, kinds[group.kind], list(_lines(group, asked["box"]))) for group in groups
        ],
        box=asked["box"],
        found=sum(len(group.items) for group in groups),
    )
    return unshared(make_response(lines))


class Line(NamedTuple):
    """A suggestion as it is written down; choosing it writes `fill` into the box, or goes to `url`."""

    id: str
    fill: str
    url: str
    label: str
    words: str


def _lines(group: SuggestionGroup, box: str) -> Iterator[Line]:
    for number, item in enumerate(group.items, 1):
        place = item.wanted if group.kind == "place" else None
        yield Line(
            f"{box}-{group.kind}-{number}",
            place.near if place else item.label,
            url_of(item.slug) if item.slug else "",
            item.label,
            item.words,
        )


@blueprint.get("/practitioners/<slug>")
@public
def listing(slug: str) -> AnyResponse:
    """One practitioner, everything public."""
    here = runtime()
    try:
        profile = _profile(slug)
    except Moved as moved:
        return redirect(url_of(moved.slug), 301)
    counting.note("opened", [profile.listing_id])
    came_from = next(iter(read(CameFromSchema(), request.args)["from"]), None)
    if came_from:  # the page holds somebody's own words
        return unshared(rendered_listing(profile, back=search_url(came_from)))
    # All that it says stands in the profile, and how long ago that was confirmed.
    key = ("a listing's page", profile, here.today(), here.taxonomy, current().tag)
    return kept_pages.page(key, lambda: rendered_listing(profile).get_data(as_text=True))


def rendered_listing(profile: Profile, *, back: str = "") -> Response:
    """A listing's page; `back` is the address of the results that led there, if that is known."""
    address = runtime().config.base_url + url_of(profile.slug)
    return rendered(
        "visitors/listing.html",
        profile=profile,
        serious=serious(profile),
        person=person(profile, address),
        has_demo=profile.is_demo,
        back=back,
    )


@blueprint.get("/practitioners/<slug>.vcf")
@public
def card(slug: str) -> AnyResponse:
    """The same as an address-book entry (vCard 4.0)."""
    try:
        profile = _profile(slug)
    except Moved as moved:
        return redirect(f"{url_of(moved.slug)}.vcf", 301)
    response = make_response(vcard(profile, runtime().config.base_url + url_of(slug)))
    response.mimetype = "text/vcard"
    response.headers["X-Robots-Tag"] = "noindex"
    return attachment(response, f"{profile.slug}.vcf")


def _profile(slug: str) -> Profile:
    here = runtime()
    with here.reading() as session:
        return looking.listing(session, here.finder(), slug, key=here.config.key)


@blueprint.get("/shortlist")
@public
def shortlist() -> Response:
    """Practitioners side by side; the list itself lives in the visitor's browser or a link."""
    asked = read(ShortlistSchema(), request.args)
    slugs, near = asked["s"], asked["near"]
    here = runtime()
    place = here.gazetteer.resolve(near).place if near else None
    with here.reading() as session:
        people = looking.profiles(session, here.finder(), slugs) if slugs else ()
        has_demo = looking.has_demo(session)
    template = "visitors/_shortlist.html" if asks_for_fragment() else "visitors/shortlist.html"
    return unshared(
        rendered(
            template,
            profiles=people,
            missing=len(set(slugs)) - len(people),
            shared=bool(slugs),
            near=near,
            place=place,
            far=partial(_far, place) if place else None,
            has_demo=has_demo,
        )
    )


def _far(place: Place, profile: Profile) -> str:
    """How far a listing's nearest practice is, as exactly as we may tell."""
    found = looking.nearest(profile, place.point)
    return away(*found, uses_miles(place.country)) if found else "–"
