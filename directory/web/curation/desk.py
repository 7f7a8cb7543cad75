"""The desk: its four places with what waits in each, and one box that finds anything.

What is found is asked for by address: going back from a listing then shows it again, which no
browser does with a form that was sent and may not be kept. The words stand in no log, no other
site is told of them (no-referrer), and nothing that was found is kept (no-store).
"""

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.errors import Invalid
from directory.models import ReportState, Role
from directory.places.names import word_keys
from directory.said import said
from directory.schemas import read
from directory.schemas.curation import FindSchema
from directory.usecases.curation.finding import filling, listings, others, typed
from directory.web.curation.reports import KINDS
from directory.web.formatting.filters import say
from directory.web.responses import problems, rendered, see
from directory.web.staff import Entry, desk_places

NAMES = {
    Role.PRACTITIONER: said("practitioner"),
    Role.REVIEWER: said("reviewer"),
    Role.ADMIN: said("admin"),
}
STANDING = {
    ReportState.OPEN: said("open"),
    ReportState.TAKEN: said("somebody is on it"),
    ReportState.DONE: said("done"),
    ReportState.DISMISSED: said("dismissed"),
}

DESK = "curation.listing_desk"
blueprint = Blueprint("desk", __name__, url_prefix="/admin")


@blueprint.get("", strict_slashes=False)
@reviewer
def start() -> str:
    """All four places, and what waits in each."""
    return render_template("curation/desk.html", places=desk_places(), all_of_it=True)


@blueprint.get("/listings")
@reviewer
def about_listings() -> str:
    """What there is to do with listings."""
    return _place(url_for(".about_listings"))


@blueprint.get("/directory")
@reviewer
def about_directory() -> str:
    """What keeps the directory as a whole."""
    return _place(url_for(".about_directory"))


@blueprint.get("/find")
@reviewer
def find() -> AnyResponse:
    """Listings, accounts, reports, imports and pages of the desk that fit what was typed."""
    try:
        asked = read(FindSchema(), request.args)
    except Invalid as error:
        told = problems(error)
        return _found(error=error, errors={"find": told.get("q") or next(iter(told.values()))})
    return _itself(asked["q"]) or _found(asked["q"], asked["page"])


def _itself(text: str) -> AnyResponse | None:
    """The page at the desk of the listing whose public address was typed."""
    asked = typed.read(text)
    if "/" not in text or not asked.slug:
        return None
    with runtime().reading() as session:
        found = listings.find(session, asked, by=actor()).listings
    return see(url_for(DESK, listing_id=found[0].listing_id)) if len(found) == 1 else None


def _place(path: str) -> str:
    places = tuple(place for place in desk_places() if place.path == path)
    return render_template("curation/desk.html", places=places, all_of_it=False)


def _found(
    text: str = "",
    page: int = 1,
    *,
    error: Invalid | None = None,
    errors: dict[str, object] | None = None,
) -> Response:
    here, by, asked = runtime(), actor(), typed.read(text)
    with here.reading() as session:
        page_of = listings.find(session, asked, page=page, by=by)
        ids = [one.listing_id for one in page_of.listings]
        keepers = [one.owner_id for one in page_of.listings if one.owner_id]
        found = {
            "accounts": others.accounts(session, asked, keepers, by=by),
            "reports": others.reports(session, asked, ids, by=by),
            "imports": others.imports(session, asked, ids, by=by),
        }
        complete = filling.filled(session)
    return rendered(
        "curation/find.html",
        error,
        asked=asked,
        listings=page_of,
        found=found,
        pages=_pages(asked.text) if page == 1 else (),
        number=page,
        most=others.MOST,
        complete=complete,
        kinds=KINDS,
        roles=NAMES,
        standings=STANDING,
        errors=errors or {},
    )


def _pages(text: str) -> tuple[Entry, ...]:
    """Pages of the desk whose names have a word that begins so."""
    wanted = word_keys(text)
    entries = [entry for place in desk_places() for entry in place.pages] if wanted else []
    return tuple(
        entry
        for entry in entries
        if all(
            any(word.startswith(one) for word in word_keys(str(say(entry.label)))) for one in wanted
        )
    )
