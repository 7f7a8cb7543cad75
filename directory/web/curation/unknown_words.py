"""The words that found nothing, and teaching the directory what they mean."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, reviewer, runtime
from directory.errors import Invalid
from directory.models import Kind, Role
from directory.said import said
from directory.schemas import read
from directory.schemas.curation import WordSchema
from directory.usecases.curation import terms, unknown_words
from directory.usecases.visitors import unfound
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("unknown_words", __name__, url_prefix="/admin")

KINDS = tuple(kind.value for kind in Kind)


@blueprint.get("/unknown-words")
@reviewer
def unknown() -> Response:
    """Words that searches found nothing for, with the terms nearest to them."""
    return _unknown()


@blueprint.post("/unknown-words/dismiss")
@reviewer
def dismiss() -> AnyResponse:
    """It is nothing to add."""
    told = read(WordSchema(), request.form)
    with runtime().transaction() as session:
        unknown_words.dismiss(session, told["words"], by=actor())
    return see(url_for(".unknown"))


@blueprint.post("/unknown-words/add")
@admin
def teach() -> AnyResponse:
    """From now on the word stands for a term."""
    here, by = runtime(), actor()
    try:
        told = read(WordSchema(), request.form)
        kind, _, slug = told["term"].partition(":")
        if not slug:
            raise Invalid({"term": [said("Choose a term.")]})
        with here.transaction() as session:
            terms.add_synonym(
                session, Kind(kind), slug, told["words"], everyday=True, by=by, at=here.clock()
            )
            unknown_words.settle(session, told["words"], by=by)
    except Invalid as error:
        return _unknown(error)
    return see(url_for(".unknown"))


def _unknown(error: Invalid | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        found = unknown_words.suggestions(session)
        every = [one for kind in Kind for one in terms.entries(session, kind)]
    return rendered(
        "curation/unknown_words.html",
        error,
        kinds=KINDS,
        suggestions=found,
        every=every,
        least=unfound.LEAST_SEEN,
        may_add=actor().may(Role.ADMIN),
        errors=problems(error),
    )
