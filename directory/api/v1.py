"""Version 1: the search, a listing, the taxonomy, suggestions."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from directory.api import bodies
from directory.api.answers.changes import ChangesSchema
from directory.api.answers.listings import ListingSchema
from directory.api.answers.results import FeaturesSchema, ResultsSchema
from directory.api.answers.suggestions import SuggestionsSchema
from directory.api.answers.terms import ConditionsSchema, CredentialsSchema, ProfessionsSchema
from directory.api.asking import NothingSchema, asked
from directory.api.described import described, make_blueprint
from directory.api.found import found
from directory.api.outside import FRESH, PRIVATE, SLOW, UNKEPT, address, answer, seen, sent, tagged
from directory.api.problems import answer_errors_of
from directory.api.sharing import hold_to_fair_use
from directory.api.written import dumps, listed, listing, schema_of
from directory.edge import home_of_browser, public, runtime, without_session_token
from directory.errors import Moved
from directory.models import GROUPS, Kind
from directory.schemas.search import ApiSearchSchema, SuggestSchema, bookmark
from directory.schemas.search import ChangesSchema as Changes
from directory.usecases.listings import news
from directory.usecases.visitors import looking, suggesting
from directory.usecases.visitors.profiles import live_profiles

blueprint = make_blueprint("api", "/api/v1", "Practitioners, and the field's own words.")
answer_errors_of(blueprint)
hold_to_fair_use(blueprint)
blueprint.record(without_session_token)  # nothing here changes anything or reads a cookie
NOTHING = NothingSchema()
TOLD_AT_ONCE = 100


@blueprint.get("/practitioners")
@public
@described(ResultsSchema, asks=ApiSearchSchema, mapped=FeaturesSchema, fails=(422, 503))
def search() -> Response:
    """Search practitioners

    The same search as the website's: plain words, filters, a place. A parameter that is
    described as a list may be repeated; any other given twice is refused.
    """
    return found(request.args, keep=PRIVATE)


@blueprint.post("/practitioners")
@public
@described(
    ResultsSchema, takes=ApiSearchSchema, mapped=FeaturesSchema, fails=(400, 413, 415, 422, 503)
)
def search_by_body() -> Response:
    """Search practitioners, with no word in the address

    The same search and answer: the same parameters, as a form or as JSON.
    """
    return found(bodies.parameters(), keep=UNKEPT)


@blueprint.get("/practitioners/<slug>")
@public
@described(ListingSchema, fails=(404, 410, 422), moves=True)
def practitioner(slug: str) -> Response:
    """Read one listing

    All that its public page shows.
    """
    here = runtime()
    asked(NOTHING, request.args)
    try:
        with here.reading() as session:
            profile = looking.listing(session, here.finder(), slug, key=here.config.key)
    except Moved as moved:
        return Response(status=301, headers={"Location": url_for(".practitioner", slug=moved.slug)})
    with seen():
        body = listing(profile)
    return sent(body, keep=FRESH)


@blueprint.get("/changes")
@public
@described(ChangesSchema, asks=Changes, fails=(422, 503))
def changes() -> Response:
    """Keep a copy

    First everybody, then what changed: follow `next` from answer to answer, and forget what is in
    `gone` at once. A listing is also to be forgotten on its `shown_until`, unless it came anew.
    """
    since = asked(schema_of(Changes), request.args)["since"]
    here = runtime()
    with here.reading() as session:
        told = news.news(session, since, most=TOLD_AT_ONCE, at=here.clock())
        numbers = list(dict.fromkeys(told.listings))
        profiles = live_profiles(session, here.finder(), numbers)
    mark = bookmark(told.reached)
    with seen():
        fields = {
            "listings": listed([listing(profiles[one]) for one in numbers if one in profiles]),
            "gone": dumps([one for one in numbers if one not in profiles]),
            "since": dumps(mark),
            "next": dumps(address(url_for(".changes", since=mark))),
            "more": dumps(told.more),
        }
    return tagged(fields, keep=FRESH)


@blueprint.get("/professions")
@public
@described(ProfessionsSchema, fails=(422,))
def professions() -> Response:
    """List the professions

    In the order in which the website shows them.
    """
    asked(NOTHING, request.args)
    taxonomy = runtime().taxonomy
    told = [
        {
            "slug": term.slug,
            "label": term.label,
            "plural": term.plural,
            "nucc": term.nucc or None,
            "synonyms": taxonomy.synonyms.get((Kind.PROFESSION, term.slug), ()),
        }
        for term in taxonomy.professions.values()
    ]
    return answer(ProfessionsSchema, {"professions": told}, keep=SLOW)


@blueprint.get("/conditions")
@public
@described(ConditionsSchema, fails=(422,))
def conditions() -> Response:
    """List the conditions

    What searchers may live with, in groups. Being listed is no claim that anything treats it.
    """
    asked(NOTHING, request.args)
    taxonomy = runtime().taxonomy
    told = [
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
    return answer(ConditionsSchema, {"conditions": told}, keep=SLOW)


@blueprint.get("/credentials")
@public
@described(CredentialsSchema, fails=(422,))
def credentials() -> Response:
    """List the credentials

    Trainings and registrations, with who issues them and what kind of proof each is.
    """
    asked(NOTHING, request.args)
    taxonomy = runtime().taxonomy
    told = [
        {
            "slug": term.slug,
            "label": term.label,
            "issuer": term.issuer,
            "kind": term.kind,
            "synonyms": taxonomy.synonyms.get((Kind.CREDENTIAL, term.slug), ()),
        }
        for term in taxonomy.credentials.values()
    ]
    return answer(CredentialsSchema, {"credentials": told}, keep=SLOW)


@blueprint.get("/suggest")
@public
@described(SuggestionsSchema, asks=SuggestSchema, fails=(422, 503))
def suggest() -> Response:
    """Suggest as somebody types

    Conditions, professions, places and practitioners that begin like `q`, in groups.
    """
    typed = asked(schema_of(SuggestSchema), request.args)
    here = runtime()
    with here.reading() as session:
        groups = suggesting.suggest(session, here.finder(home_of_browser()), typed["q"])
    return answer(SuggestionsSchema, {"groups": groups}, keep=PRIVATE)
