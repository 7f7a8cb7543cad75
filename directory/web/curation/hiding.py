"""Taking a listing out of sight, and putting it back."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, reviewer, runtime
from directory.errors import DirectoryError, Invalid
from directory.schemas import read
from directory.schemas.curation import LONGEST_REASON, ReasonSchema
from directory.usecases.curation import hiding
from directory.usecases.listings import loading, pauses
from directory.web.formatting.addresses import home_of
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("hiding", __name__, url_prefix="/admin")


@blueprint.get("/hide/<id:listing_id>")
@reviewer
def ask_hide(listing_id: int) -> Response:
    """Why? Or, of one that is hidden: since when, and the way back."""
    return _hiding(listing_id)


@blueprint.post("/hide/<id:listing_id>")
@reviewer
def hide(listing_id: int) -> AnyResponse:
    """Take it out of sight."""
    here = runtime()
    try:
        reason = read(ReasonSchema(), request.form)["reason"]
        with here.transaction() as session:
            hiding.hide(
                session,
                listing_id,
                reason,
                by=actor(),
                at=here.clock(),
                my_listing_url=home_of(listing_id),
            )
    except Invalid as error:
        return _hiding(listing_id, error)
    return see(url_for("hiding.ask_hide", listing_id=listing_id))


@blueprint.post("/unhide/<id:listing_id>")
@admin
def unhide(listing_id: int) -> AnyResponse:
    """Show it again."""
    here = runtime()
    with here.transaction() as session:
        hiding.unhide(session, listing_id, by=actor(), at=here.clock())
    return see(url_for("hiding.ask_hide", listing_id=listing_id))


@blueprint.post("/show-again/<id:listing_id>")
@reviewer
def end_question(listing_id: int) -> AnyResponse:
    """Show again what was paused to ask whoever keeps it."""
    here = runtime()
    with here.transaction() as session:
        hiding.end_question(session, listing_id, by=actor(), at=here.clock())
    return see(url_for("hiding.ask_hide", listing_id=listing_id))


def _hiding(listing_id: int, error: DirectoryError | None = None) -> Response:
    with runtime().reading() as session:
        listing = hiding.look(session, listing_id, by=actor())
        title, asked = listing.title, bool(pauses.questioned(session, listing))
        hears = loading.is_heard(session, listing)
    return rendered(
        "curation/hide.html",
        error,
        listing=listing,
        title=title,
        asked=asked,
        hears=hears,
        reasons=hiding.REASONS,
        most=LONGEST_REASON,
        answers={"reason": request.form.getlist("reason")},
        errors=problems(error),
    )
