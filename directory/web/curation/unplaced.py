"""Listings that wait for a place on the map."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.errors import Conflict, DirectoryError, Invalid
from directory.schemas import read
from directory.schemas.curation import PlacingSchema
from directory.schemas.kinds import PagedSchema
from directory.usecases.curation import unplaced
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("unplaced", __name__, url_prefix="/admin")


@blueprint.get("/placing")
@reviewer
def placing() -> Response:
    """The practices that nobody can find, the longest wait first."""
    return _page()


@blueprint.post("/placing/<id:listing_id>")
@reviewer
def settle(listing_id: int) -> AnyResponse:
    """Put one on the map."""
    here = runtime()
    try:
        told = read(PlacingSchema(), request.form)
        with here.transaction() as session:
            unplaced.settle(
                session,
                listing_id,
                told["revision"],
                told["position"],
                told["where"],
                gazetteer=here.gazetteer,
                by=actor(),
                at=here.clock(),
            )
    except (Invalid, Conflict) as error:
        return _page(error, listing_id)
    return see(url_for(".placing"))


def _page(error: DirectoryError | None = None, listing_id: int = 0) -> Response:
    here, page = runtime(), read(PagedSchema(), request.args)["page"]
    with here.reading() as session:
        found = unplaced.queue(session, here.gazetteer, page=page)
        number = unplaced.count(session)
    texts = [text for told in problems(error, clash="").values() for text in told]
    return rendered(
        "curation/unplaced.html",
        error,
        found=found,
        number=number,
        page_number=page,
        pages=max(-(-number // unplaced.PER_PAGE), 1),
        wrong=listing_id,
        typed=request.form,
        errors={f"practice-{listing_id}": texts} if texts else {},
    )
