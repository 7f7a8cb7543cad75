"""Admins change a listing for its owner, or make one by hand: in the practitioners' own editor."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, open_for_owner, runtime
from directory.errors import Conflict
from directory.usecases.practitioners import for_owners
from directory.web.curation.one_listing import desk
from directory.web.responses import rendered, see

blueprint = Blueprint("for_owner", __name__, url_prefix="/admin/listings")


@blueprint.post("/<id:listing_id>/edit")
@admin
def begin(listing_id: int) -> AnyResponse:
    """Open the editor for somebody else's listing, in this browser and for two hours."""
    here = runtime()
    try:
        with here.transaction() as session:
            for_owners.begin(session, listing_id, by=actor(), at=here.clock())
    except Conflict as error:
        return desk.shown(listing_id, error, clash="edit")
    return _to_editor(listing_id)


@blueprint.post("/<id:listing_id>/edit/stop")
@admin
def stop(listing_id: int) -> AnyResponse:
    """Leave the editor; what was written is kept."""
    open_for_owner(None)
    return see(url_for("curation.listing_desk", listing_id=listing_id))


@blueprint.post("/<id:listing_id>/edit/throw-away")
@admin
def throw_away(listing_id: int) -> AnyResponse:
    """Let go of what was written for the owner."""
    here = runtime()
    with here.transaction() as session:
        left = for_owners.throw_away(session, listing_id, by=actor(), at=here.clock())
    open_for_owner(None)
    flash(_("What was written for its owner is gone."), "info")
    if not left:
        return see(url_for(".ask_new"))
    return see(url_for("curation.listing_desk", listing_id=listing_id))


@blueprint.get("/new")
@admin
def ask_new() -> Response:
    """Make one by hand; or go on with one that was begun."""
    with runtime().reading() as session:
        begun = for_owners.unfinished(session, by=actor())
    return rendered("curation/new_listing.html", begun=begun)


@blueprint.post("/new")
@admin
def make_new() -> AnyResponse:
    """A new listing that nobody keeps yet."""
    here = runtime()
    with here.transaction() as session:
        listing_id = for_owners.begin_new(session, by=actor(), at=here.clock()).id
    return _to_editor(listing_id)


def _to_editor(listing_id: int) -> AnyResponse:
    open_for_owner(listing_id)
    return see(url_for("practitioners.overview", listing_id=listing_id))
