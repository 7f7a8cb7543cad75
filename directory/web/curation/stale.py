"""What nobody confirmed for long: ask again."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.schemas import read
from directory.schemas.curation import StaleSchema
from directory.usecases.curation import stale
from directory.web.responses import see

blueprint = Blueprint("stale", __name__, url_prefix="/admin")


@blueprint.get("/aging")
@reviewer
def oldest() -> str:
    """What nobody confirmed for longest."""
    here, asked = runtime(), read(StaleSchema(), request.args)
    with here.reading() as session:
        page = stale.oldest(session, by=actor(), on=here.today(), **asked)
    skip = asked["skip"] + stale.PAGE
    return render_template(
        "curation/stale.html",
        page=page,
        unclaimed=asked["unclaimed"],
        more=skip if skip < page.total else 0,
        asked=request.args.get("asked", ""),
    )


@blueprint.post("/aging/<id:listing_id>/ask")
@reviewer
def ask_again(listing_id: int) -> AnyResponse:
    """Queue the mail that asks whether all is still right."""
    here = runtime()
    with here.transaction() as session:
        there = stale.ask(
            session,
            listing_id,
            by=actor(),
            at=here.clock(),
            base_url=here.config.base_url,
            key=here.config.secret_key,
        )
    asked = "yes" if there else "nobody"
    return see(url_for("stale.oldest", asked=asked))
