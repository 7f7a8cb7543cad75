"""Keeping clean: merging two listings, hiding one, asking the oldest again, the do-not-list."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.errors import Invalid, NotFound
from directory.said import said
from directory.schemas import read
from directory.schemas.curation import PairSchema
from directory.usecases.curation import merging
from directory.web.responses import problems, rendered, see
from directory.web.staff import label

blueprint = Blueprint("merging", __name__, url_prefix="/admin")


@blueprint.get("/merge")
@admin
def merge() -> Response:
    """Two listings side by side; or which ones?"""
    asked = read(PairSchema(), request.args)
    if not asked["keep"] and not asked["other"]:
        return _pair({})
    try:
        keep, other = _both(asked)
        with runtime().reading() as session:
            pair = merging.compare(session, keep, other, by=actor())
    except Invalid as error:
        return _pair(asked, error=error)
    return rendered(
        "curation/merge.html", pair=pair, label=label, answers={}, errors={}, merged=None
    )


@blueprint.post("/merge")
@admin
def do_merge() -> AnyResponse:
    """One takes the other in."""
    here = runtime()
    keep, other = _both(read(PairSchema(), request.form))
    with here.transaction() as session:
        slug = merging.merge(session, keep, other, by=actor(), at=here.clock()).slug
    return see(url_for("merging.merge", merged=slug))


def _both(asked: dict[str, str]) -> tuple[int, int]:
    """The numbers of both; Invalid names the one that there is not."""
    found, missing = {}, {}
    with runtime().reading() as session:
        for name in ("keep", "other"):
            try:
                found[name] = merging.find(session, asked[name], by=actor())
            except NotFound:
                missing[name] = [said("There is no such listing.")]
    if missing:
        raise Invalid(missing)
    return found["keep"], found["other"]


def _pair(asked: dict[str, str], error: Invalid | None = None) -> Response:
    return rendered(
        "curation/merge.html",
        error,
        pair=None,
        merged=request.args.get("merged", ""),
        answers={name: [text] for name, text in asked.items()},
        errors=problems(error),
    )
