"""The field's own words: terms and how people say them, and the words that found nothing."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.errors import Conflict, DirectoryError, Invalid
from directory.models import GROUPS, Kind
from directory.schemas import read
from directory.schemas.curation import (
    CREDENTIAL_KINDS,
    MergeSchema,
    RenameSchema,
    SeriousSchema,
    SynonymSchema,
    TermSchema,
)
from directory.usecases.curation import terms
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("terms", __name__, url_prefix="/admin")

KINDS = tuple(kind.value for kind in Kind)
KIND = f"<any({', '.join(KINDS)}):kind>"
TERM = f"{KIND}/<slug>"


@blueprint.get("/taxonomy")
@admin
def start() -> AnyResponse:
    """Terms begin with professions."""
    return see(url_for(".listed", kind=KINDS[0]))


@blueprint.get(f"/terms/{KIND}")
@admin
def listed(kind: str) -> Response:
    """All terms of a kind, with how many listings use each."""
    return _listed(kind)


@blueprint.post(f"/terms/{KIND}")
@admin
def add(kind: str) -> AnyResponse:
    """A new term."""
    here = runtime()
    try:
        told = read(TermSchema(), request.form)
        label = told.pop("label")
        with here.transaction() as session:
            slug = terms.add(session, Kind(kind), label, told, by=actor(), at=here.clock())
    except Invalid as error:
        return _listed(kind, error)
    return _to(kind, slug)


@blueprint.get(f"/terms/{TERM}")
@admin
def term(kind: str, slug: str) -> Response:
    """One term, with every way to say it."""
    return _term(kind, slug)


@blueprint.post(f"/terms/{TERM}/rename")
@admin
def rename(kind: str, slug: str) -> AnyResponse:
    """Call it something else."""
    here = runtime()
    try:
        told = read(RenameSchema(), request.form)
        with here.transaction() as session:
            terms.rename(
                session,
                Kind(kind),
                slug,
                told["label"],
                plural=told["plural"],
                by=actor(),
                at=here.clock(),
            )
    except Invalid as error:
        return _term(kind, slug, error)
    return _to(kind, slug)


@blueprint.post(f"/terms/{TERM}/synonyms")
@admin
def add_synonym(kind: str, slug: str) -> AnyResponse:
    """Another way to say it."""
    here = runtime()
    try:
        told = read(SynonymSchema(), request.form)
        with here.transaction() as session:
            terms.add_synonym(
                session,
                Kind(kind),
                slug,
                told["words"],
                everyday=told["everyday"],
                by=actor(),
                at=here.clock(),
            )
    except Invalid as error:
        return _term(kind, slug, error)
    return _to(kind, slug)


@blueprint.post(f"/terms/{TERM}/synonyms/<id:synonym_id>/remove")
@admin
def remove_synonym(kind: str, slug: str, synonym_id: int) -> AnyResponse:
    """Say it so no longer."""
    here = runtime()
    with here.transaction() as session:
        terms.remove_synonym(session, Kind(kind), slug, synonym_id, by=actor(), at=here.clock())
    return _to(kind, slug)


@blueprint.post(f"/terms/{TERM}/serious")
@admin
def serious(kind: str, slug: str) -> AnyResponse:
    """Whether a doctor should be seen first."""
    here, told = runtime(), read(SeriousSchema(), request.form)
    with here.transaction() as session:
        terms.set_serious(session, slug, serious=told["serious"], by=actor(), at=here.clock())
    return _to(kind, slug)


@blueprint.post(f"/terms/{TERM}/merge")
@admin
def merge(kind: str, slug: str) -> AnyResponse:
    """Let it become another term; the worker rewrites the listings."""
    here = runtime()
    try:
        into = read(MergeSchema(), request.form)["into"]
        with here.transaction() as session:
            terms.merge(session, Kind(kind), slug, into, by=actor(), at=here.clock())
    except (Invalid, Conflict) as error:
        return _term(kind, slug, error)
    return see(url_for(".listed", kind=kind))


def _to(kind: str, slug: str) -> AnyResponse:
    return see(url_for(".term", kind=kind, slug=slug))


def _listed(kind: str, error: Invalid | None = None) -> Response:
    with runtime().reading() as session:
        found = terms.entries(session, Kind(kind))
    return rendered(
        "curation/terms.html",
        error,
        kind=kind,
        kinds=KINDS,
        entries=found,
        groups=GROUPS,
        credential_kinds=CREDENTIAL_KINDS,
        typed=request.form,
        errors=problems(error),
    )


def _term(kind: str, slug: str, error: DirectoryError | None = None) -> Response:
    with runtime().reading() as session:
        found = terms.entry(session, Kind(kind), slug)
        others = [one for one in terms.entries(session, Kind(kind)) if not one.into]
    return rendered(
        "curation/term.html",
        error,
        kind=kind,
        kinds=KINDS,
        term=found,
        others=[one for one in others if one.slug != slug],
        typed=request.form,
        errors=problems(error, clash="into"),
    )
