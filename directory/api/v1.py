"""Version 1: the search, a listing, the taxonomy, suggestions."""

from dataclasses import replace

from flask import Response, request, url_for
from flask_babel import gettext as _

from directory import measured
from directory.api import bodies
from directory.api.answers import (
    ListingSchema,
    ResultsSchema,
)
from directory.api.described import described, make_blueprint
from directory.api.outside import FRESH, PRIVATE, UNKEPT, answer
from directory.api.problems import answer_errors_of
from directory.api.suggestions import SuggestionsSchema
from directory.api.terms import ConditionsSchema, CredentialsSchema, ProfessionsSchema
from directory.edge import home_of_browser, public, runtime, without_session_token
from directory.errors import Moved
from directory.models import GROUPS, Kind
from directory.said import Said, said
from directory.schemas import Parameters, read
from directory.schemas.search import SearchSchema, SuggestSchema
from directory.usecases.visitors import looking, searching, suggesting
from directory.usecases.visitors.results import Term

blueprint = make_blueprint("api", "/api/v1", "Practitioners, and the field's own words.")
answer_errors_of(blueprint)
blueprint.record(without_session_token)  # nothing here changes anything or reads a cookie


@blueprint.get("/practitioners")
@public
@described(ResultsSchema, asks=SearchSchema, fails=(422, 503))
def search() -> Response:
    """Search practitioners

    The same search as the website's: plain words, filters, a place. A parameter that is
    described as a list may be repeated; any other given twice is refused.
    """
    return _found(request.args, keep=PRIVATE)


@blueprint.post("/practitioners")
@public
@described(ResultsSchema, takes=SearchSchema, fails=(400, 413, 415, 422, 503))
def search_by_body() -> Response:
    """Search practitioners, with no word in the address

    The same search and answer: the same parameters, as a form or as JSON.
    """
    return _found(bodies.parameters(), keep=UNKEPT)


def _found(given: Parameters, *, keep: str) -> Response:
    wanted = read(SearchSchema(), given)
    here = runtime()
    with here.reading() as session:
        results = searching.find(session, here.finder(home_of_browser()), wanted)
    warned = replace(results, notes=(*results.notes, *map(_doctor_first, results.serious)))
    response = answer(ResultsSchema, warned, keep=keep, untagged="took_ms")
    response.vary.add("Accept-Language")
    results.watch.end("answer")
    measured.searched(results.watch.seconds)
    return response


def _doctor_first(condition: Term) -> Said:
    return said("%(condition)s: please see a doctor first.", condition=condition.label)


@blueprint.get("/practitioners/<slug>")
@public
@described(ListingSchema, fails=(404, 410), moves=True)
def practitioner(slug: str) -> Response:
    """Read one listing

    All that its public page shows.
    """
    here = runtime()
    try:
        with here.reading() as session:
            profile = looking.listing(session, here.finder(), slug, key=here.config.key)
    except Moved as moved:
        return Response(status=301, headers={"Location": url_for(".practitioner", slug=moved.slug)})
    return answer(ListingSchema, profile, keep=FRESH)


@blueprint.get("/professions")
@public
@described(ProfessionsSchema)
def professions() -> Response:
    """List the professions

    In the order in which the website shows them.
    """
    taxonomy = runtime().taxonomy
    found = [
        {
            "slug": term.slug,
            "label": term.label,
            "plural": term.plural,
            "nucc": term.nucc or None,
            "synonyms": taxonomy.synonyms.get((Kind.PROFESSION, term.slug), ()),
        }
        for term in taxonomy.professions.values()
    ]
    return answer(ProfessionsSchema, {"professions": found}, keep=FRESH)


@blueprint.get("/conditions")
@public
@described(ConditionsSchema)
def conditions() -> Response:
    """List the conditions

    What searchers may live with, in groups. Being listed is no claim that anything treats it.
    """
    taxonomy = runtime().taxonomy
    found = [
        {
            "slug": term.slug,
            "label": term.label,
            "group": term.group,
            "group_label": _(GROUPS.get(term.group, term.group)),
            "icd10cm": term.icd10cm or None,
            "serious": term.serious,
            "synonyms": taxonomy.synonyms.get((Kind.CONDITION, term.slug), ()),
        }
        for term in taxonomy.conditions.values()
    ]
    return answer(ConditionsSchema, {"conditions": found}, keep=FRESH)


@blueprint.get("/credentials")
@public
@described(CredentialsSchema)
def credentials() -> Response:
    """List the credentials

    Trainings and registrations, with who issues them and what kind of proof each is.
    """
    taxonomy = runtime().taxonomy
    found = [
        {
            "slug": term.slug,
            "label": term.label,
            "issuer": term.issuer,
            "kind": term.kind,
            "synonyms": taxonomy.synonyms.get((Kind.CREDENTIAL, term.slug), ()),
        }
        for term in taxonomy.credentials.values()
    ]
    return answer(CredentialsSchema, {"credentials": found}, keep=FRESH)


@blueprint.get("/suggest")
@public
@described(SuggestionsSchema, asks=SuggestSchema, fails=(422, 503))
def suggest() -> Response:
    """Suggest as somebody types

    Conditions, professions, places and practitioners that begin like `q`, in groups.
    """
    asked = read(SuggestSchema(), request.args)
    here = runtime()
    with here.reading() as session:
        groups = suggesting.suggest(session, here.finder(), asked["q"])
    return answer(SuggestionsSchema, {"groups": groups}, keep=PRIVATE)
