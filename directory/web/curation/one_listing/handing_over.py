"""Handing a listing that nobody keeps over to its practitioner."""

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.errors import Conflict, Invalid
from directory.schemas import read
from directory.schemas.curation import HandOverSchema
from directory.usecases.practitioners import handing_over
from directory.web.curation.one_listing import desk
from directory.web.responses import see

blueprint = Blueprint("handing_over", __name__, url_prefix="/admin/listings/<id:listing_id>")


@blueprint.post("/hand-over")
@admin
def invite(listing_id: int) -> AnyResponse:
    """Invite somebody to keep it."""
    here = runtime()
    try:
        email = read(HandOverSchema(), request.form)["email"]
        with here.transaction() as session:
            handing_over.invite(
                session,
                listing_id,
                email,
                link_url=f"{here.config.base_url}/claim/invitation",
                by=actor(),
                at=here.clock(),
                key=here.config.key,
            )
    except (Conflict, Invalid) as error:
        return desk.shown(listing_id, error, clash="email")
    flash(_("The invitation is on its way."), "info")
    return see(url_for("curation.listing_desk", listing_id=listing_id))


@blueprint.post("/hand-over/take-back")
@admin
def take_back(listing_id: int) -> AnyResponse:
    """Nobody can accept the invitation any more."""
    here = runtime()
    with here.transaction() as session:
        handing_over.take_back(session, listing_id, by=actor(), at=here.clock())
    return see(url_for("curation.listing_desk", listing_id=listing_id))
