"""The page behind an invitation to keep a listing that was made for somebody."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, for_one, runtime, signed_in
from directory.errors import Conflict
from directory.usecases.practitioners import handing_over
from directory.web.formatting.filters import saying
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("taking_over", __name__, url_prefix="/claim/invitation")
blueprint.after_request(for_one)


@blueprint.get("/<token>")
@signed_in
def show(token: str) -> Response:
    """What is offered; opening it changes nothing."""
    return _page(token)


@blueprint.post("/<token>")
@signed_in
def accept(token: str) -> AnyResponse:
    """Keep it from now on, as whoever is signed in."""
    here = runtime()
    try:
        with here.transaction() as session:
            listing_id = handing_over.accept(
                session,
                token,
                my_listing_url=f"{here.config.base_url}/my/listing",
                by=actor(),
                at=here.clock(),
            )
    except Conflict as error:
        return _page(token, error)
    return see(url_for("practitioners.overview", listing_id=listing_id))


def _page(token: str, error: Conflict | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        asked = handing_over.invitation(session, token, at=here.clock())
    return rendered(
        "practitioners/taking_over.html",
        error,
        asked=asked,
        email=actor().email,
        form=saying(problems(error, clash="")),
    )
