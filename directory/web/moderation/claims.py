"""Claims that an admin decides."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.schemas import read
from directory.schemas.moderation import VerdictSchema
from directory.usecases.practitioners import claiming
from directory.web.responses import see
from directory.web.staff import waited

blueprint = Blueprint("claims", __name__, url_prefix="/admin")


@blueprint.get("/claims")
@admin
def claims() -> str:
    """Who asks to keep a listing."""
    here = runtime()
    with here.reading() as session:
        asked = claiming.asked(session, by=actor())
    done = request.args.get("done", "")
    return render_template("moderation/claims.html", claims=asked, waited=waited, done=done)


@blueprint.post("/claims/<id:claim_id>")
@admin
def decide_claim(claim_id: int) -> AnyResponse:
    """Give the listing to whoever asks, or do not, and say why."""
    here, given = runtime(), read(VerdictSchema(), request.form)
    with here.transaction() as session:
        claiming.decide(
            session,
            claim_id,
            given["verdict"] == "grant",
            given["words"],
            my_listing_url=here.config.base_url + url_for("practitioners.start"),
            by=actor(),
            at=here.clock(),
        )
    return see(url_for(".claims", done=given["verdict"]))
