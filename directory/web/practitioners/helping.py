"""Helpers of a listing: the owner's list of them, and the page behind an invitation."""

from flask import (
    Blueprint,
    Response,
    flash,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, for_one, runtime, signed_in
from directory.errors import Conflict, DirectoryError, Invalid
from directory.schemas import read
from directory.schemas.practitioners import InviteSchema
from directory.usecases.practitioners import helping
from directory.web.formatting.filters import saying
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("helping", __name__)
blueprint.after_request(for_one)


@blueprint.get("/my/listing/<id:listing_id>/helpers")
@signed_in
def show(listing_id: int) -> Response:
    """Who helps with the listing; a helper sees how to leave."""
    return _page(listing_id)


@blueprint.post("/my/listing/<id:listing_id>/helpers")
@signed_in
def invite(listing_id: int) -> AnyResponse:
    """Send an invitation."""
    here = runtime()
    try:
        email = read(InviteSchema(), request.form)["email"]
        with here.transaction() as session:
            helping.invite(
                session,
                listing_id,
                email,
                helping_url=f"{here.config.base_url}/helping",
                by=actor(),
                at=here.clock(),
            )
    except (Conflict, Invalid) as error:
        return _page(listing_id, error)
    flash(_("The invitation is on its way."), "info")
    return see(url_for(".show", listing_id=listing_id))


@blueprint.post("/my/listing/<id:listing_id>/helpers/<id:helper_id>/end")
@signed_in
def revoke(listing_id: int, helper_id: int) -> AnyResponse:
    """End somebody's help, or an invitation."""
    here = runtime()
    with here.transaction() as session:
        helping.revoke(session, listing_id, helper_id, by=actor(), at=here.clock())
    flash(_("Done: they can do nothing with your listing any more."), "info")
    return see(url_for(".show", listing_id=listing_id))


@blueprint.post("/my/listing/<id:listing_id>/helpers/leave")
@signed_in
def leave(listing_id: int) -> AnyResponse:
    """Help no longer."""
    here = runtime()
    with here.transaction() as session:
        helping.leave(session, listing_id, by=actor(), at=here.clock())
    return see(url_for("practitioners.start"))


@blueprint.get("/helping/<token>")
@signed_in
def invitation(token: str) -> Response:
    """What the invitation asks; opening it changes nothing."""
    here = runtime()
    with here.reading() as session:
        asked = helping.invitation(session, token, by=actor(), at=here.clock())
    return _invitation(asked)


@blueprint.post("/helping/<token>")
@signed_in
def accept(token: str) -> AnyResponse:
    """Begin to help, as whoever is signed in."""
    here, by = runtime(), actor()
    try:
        with here.transaction() as session:
            listing_id = helping.accept(session, token, by=by, at=here.clock())
    except Conflict as error:
        with here.reading() as session:
            asked = helping.invitation(session, token, by=by, at=here.clock())
        return _invitation(asked, error)
    return see(url_for("practitioners.overview", listing_id=listing_id))


def _invitation(asked: helping.Invitation, error: Conflict | None = None) -> Response:
    return rendered(
        "practitioners/invitation.html",
        error,
        asked=asked,
        email=actor().email,
        form=saying(problems(error, clash="")),
    )


def _page(listing_id: int, error: DirectoryError | None = None) -> Response:
    here, by = runtime(), actor()
    with here.reading() as session:
        owner = helping.owns(session, listing_id, by=by)
        found = helping.helpers(session, listing_id, by=by, at=here.clock()) if owner else ()
    return rendered(
        "practitioners/helpers.html",
        error,
        listing_id=listing_id,
        owner=owner,
        helpers=found,
        typed=request.form.get("email", ""),
        days=helping.INVITATION_HOLDS_FOR.days,
        form=saying(problems(error, clash="email")),
    )
